"""An invented report and invented stories about it, for the tests of coverage. Nothing in them is true."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from typing import Any

from ofsted_nlp.authorities import AuthorityEntry
from ofsted_nlp.documents import Source
from ofsted_nlp.records import Authority, Finding, Inspection, Judgement, Polarity, Recommendation, Report
from ofsted_nlp.stories import (
    Article,
    Claim,
    CoveredReport,
    Page,
    Paragraph,
    ParagraphKind,
    Quote,
    ReportedFigure,
    ReportedJudgement,
    ReportedRecommendation,
    Story,
)

ENTRY = AuthorityEntry(urn=1, la_code=1, gss_code="E00000001", name="Northmere")
S, C, N = Polarity.STRENGTH, Polarity.CONCERN, Polarity.NEUTRAL
SENTENCES: list[tuple[int, Polarity, str, str]] = [
    (2, C, "management_oversight", "Managers do not have a sufficient grip on the work of frontline teams."),
    (2, C, "assessment", "A small number of children wait too long for an assessment of their needs."),
    (2, C, "workforce", "Some social workers hold caseloads that are too high."),
    (2, S, "direct_work", "Social workers know their children well and visit them at home."),
    (3, C, "plans_conferences", "Plans for children are not always clear about what has to change."),
    (3, S, "care_leaver_eet", "Almost 70% of care leavers are in education or work, against 54% nationally."),
    (3, C, "assessment", "Inspectors found 94 assessments that were not finished within the agreed time."),
    (3, S, "adoption", "Adopters are prepared with great care and their children settle quickly."),
    (3, S, "adoption", "Matching of brothers and sisters with new families is patient and thorough."),
    (4, C, "front_door", "Referrals from the police lie unread for days before anyone looks at them."),
    (4, S, "foster_carers", "Foster carers praise the telephone line that is open to them at night."),
    (4, C, "leadership", "Councillors have not asked hard enough questions about missing children."),
    (4, S, "participation", "Young people helped to write the pledge and chair the panel that watches over it."),
    (4, C, "exploitation", "Return interviews are offered late and what they teach is lost."),
    (5, N, "none", "The inspection was carried out by six inspectors over four weeks."),
    (5, C, "housing", "Twelve young people were living in hostels that nobody had checked."),
]
ACTIONS = [
    "Make sure that managers check every assessment before it is signed off.",
    "Stop using hostels that have not been checked for young people of 16 and 17.",
    "Offer return interviews within three days to all children who go missing.",
    "Spread caseloads evenly between the teams so that social workers have time for children.",
]


def report() -> tuple[Report, str]:
    """The report, and its whole text."""
    lines = ["Children’s services in Northmere are inadequate", *(text for _, _, _, text in SENTENCES), *ACTIONS]
    text = "\n".join(lines)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    findings = tuple(
        Finding(
            f"f{n}",
            page,
            "help_and_protection",
            words,
            polarity,
            0.95,
            () if theme == "none" else (theme,),
            text.index(words),
            text.index(words) + len(words),
        )
        for n, (page, polarity, theme, words) in enumerate(SENTENCES)
    )
    actions = tuple(
        Recommendation("recommendation", "authority", str(n), words, 6, text.index(words), text.index(words) + 1)
        for n, words in enumerate(ACTIONS, 1)
    )
    judgements = (
        Judgement("overall_effectiveness", "inadequate", lines[0], 1, "inadequate"),
        Judgement("adoption", "good", "Adoption performance", 1, "good"),
        Judgement("care_leavers", "good", "Experiences and progress of care leavers", 1, "good"),
    )
    made = Report(
        Source("northmere.pdf", sha256, 6, "https://files.example.org/1", None),
        framework="sif",
        authority=Authority(1, 1, "E00000001", "Northmere"),
        inspection=Inspection(datetime.date(2015, 6, 1), datetime.date(2015, 6, 26), datetime.date(2015, 8, 3)),
        judgements=judgements,
        previous_judgements=(Judgement("adoption", "adequate", "Adoption", 1, "adequate"),),
        recommendations=actions,
        findings=findings,
    )
    return made, text


def bare(full: Report) -> Report:
    """The report as national annotations hold it: without words."""
    return replace(
        full,
        findings=tuple(replace(finding, text="") for finding in full.findings),
        recommendations=tuple(replace(item, text="") for item in full.recommendations),
    )


def page(
    *paragraphs: str, site: str | None = "Northmere News", day: str | None = "2015-08-05", name: str = "a"
) -> Page:
    """A page of these paragraphs."""
    made, at = [], 0
    for n, text in enumerate(paragraphs):
        made.append(Paragraph(n, ParagraphKind.PARAGRAPH, text, at, at + len(text)))
        at += len(text) + 1
    text = "\n".join(paragraphs)
    return Page(
        f"{name}.html",
        hashlib.sha256(f"{name}{text}".encode()).hexdigest(),
        text,
        tuple(made),
        title=f"Story {name}",
        site=site,
        url=f"https://{name}.example.org/1",
        published=datetime.date.fromisoformat(day) if day else None,
    )


def span(where: Page, words: str) -> dict[str, Any]:
    """The span of words on a page, as the records take it."""
    at = where.text.index(words)
    paragraph = next(p.index for p in where.paragraphs if p.start <= at < p.end)
    return {"paragraph": paragraph, "start": at, "end": at + len(words)}


def quote(where: Page, words: str, speaker: str | None = "Ofsted", kind: str = "indirect") -> Quote:
    """Words on a page that someone is reported to say."""
    return Quote(speaker, None, None, words, kind, **span(where, words))


def figure(where: Page, words: str, value: float, unit: str, about: str | None = None, **more: Any) -> ReportedFigure:
    """A figure on a page."""
    return ReportedFigure(words, value, unit, about, **more, **span(where, words))


def grade(about: str, code: str, words: str = "rated so") -> ReportedJudgement:
    """A grade that a story gives."""
    return ReportedJudgement(about, code, words)


def asked(where: Page, words: str) -> ReportedRecommendation:
    """A recommendation that a story reports."""
    return ReportedRecommendation(words, **span(where, words))


def claim(where: Page, words: str, *themes: str) -> Claim:
    """A strength or concern of a story."""
    return Claim(words, themes=themes, **span(where, words))


def story(of: Report | None, **parts: Any) -> Story:
    """A story about Northmere's report."""
    covered = CoveredReport(of.source.sha256, of.inspection.published, of.source.file) if of else None
    return Story(1, parts.pop("title", "A story"), "Northmere", 1, covered, **parts)


def article(where: Page, *stories: Story) -> Article:
    """A page with its stories."""
    return Article(where, stories)
