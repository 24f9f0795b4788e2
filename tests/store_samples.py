"""Invented records that the tests of the store share."""

from __future__ import annotations

import datetime

from ofsted_nlp.records import (
    Authority,
    Clause,
    Figure,
    Finding,
    Inspection,
    Judgement,
    Missing,
    Passage,
    Polarity,
    PracticeStudy,
    Recommendation,
    Report,
    Source,
    Strength,
)
from ofsted_nlp.stories import Article, Page, Story

SHA = "ab" * 32
FULL = Report(
    source=Source("wexham-2019-03-04.pdf", SHA, 12, "https://example.org/1", datetime.date(2019, 3, 4)),
    status="partial",
    warnings=("Page 3 holds a table that could not be read.",),
    framework="ilacs",
    authority=Authority(99001, 991, "E09999991", "Wexham"),
    inspection=Inspection(
        start=datetime.date(2019, 1, 14),
        end=datetime.date(2019, 1, 25),
        published=datetime.date(2019, 3, 1),
        lead_inspector="Ann Other",
        previous=datetime.date(2015, 5, 1),
        theme="neglect",
        next_inspection="within three years",
        absent={"theme": Missing.NOT_IN_FRAMEWORK},
    ),
    judgements=(Judgement("overall_effectiveness", "good", "Overall effectiveness", 1, "Good"),),
    previous_judgements=(Judgement("overall_effectiveness", "inadequate", "Overall", 2, "Inadequate"),),
    recommendations=(
        Recommendation(
            "recommendation", "authority", "1", "Write plans.", 3, 40, 52, "The council", "soon", ("plans", "voice")
        ),
        Recommendation("priority_action", "lscb", None, "Meet; twice a year.", 4),
    ),
    findings=(
        Finding(
            id="0123456789abcdef",
            page=5,
            section="executive_summary",
            text="The Otter team’s work is “strong”.",
            polarity=Polarity.STRENGTH,
            score=0.1 + 0.2,
            themes=("early_help", "workforce"),
            start=100,
            end=133,
            strength=Strength("work", ("Otter team", "Wexham Hub"), ("Otter team", "family hub"), (None, "family hub")),
            cluster=7,
        ),
        Finding("fedcba9876543210", 6, "body", "Plans drift.", Polarity.CONCERN, 0.5),
        Finding(
            id="2222222222222222",
            page=6,
            section="body",
            text="Visits help, but few happen.",
            polarity=Polarity.MIXED,
            score=0.6,
            start=200,
            end=228,
            clauses=(
                Clause(Polarity.STRENGTH, 0.9, "Visits help", 200, 211),
                Clause(Polarity.CONCERN, 0.9, "few happen", 217, 227),
            ),
        ),
        Finding("1111111111111111", 6, "body", "Good.", Polarity.STRENGTH, 0.5, strength=Strength("all", ())),
    ),
    figures=(Figure("94 assessments", 94.5, "assessments", 5),),
    headline_findings=(Passage("Leaders listen.", 1, "headline"),),
    practice_studies=(PracticeStudy("Otters", "strength", "It works.", 4),),
)


def short(number: int, findings: int = 0) -> Report:
    sha256 = f"{number:064x}"
    return Report(
        source=Source(f"{number}.pdf", sha256, 1),
        findings=tuple(
            Finding(f"{number:08x}{i:08x}", 1, "body", f"Sentence {i}.", Polarity.NEUTRAL, 0.25, ("plans",))
            for i in range(findings)
        ),
    )


def article(number: int = 1, text: str = "Otters are good at this, it is said.") -> Article:
    """An article page with two stories."""
    page = Page(
        f"{number}.html", f"{number:064x}".replace("0", "c"), text, (), published=datetime.date(2022, 10, number)
    )
    return Article(page, (Story(1, "Otters", "Wexham", 99001), Story(2, "More otters", "Wexham", 99001)))
