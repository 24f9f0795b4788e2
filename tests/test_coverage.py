"""A story held against its report: each verdict, what it leaves out, and the balance of strengths and concerns."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from coverage_samples import ACTIONS, asked, bare, claim, figure, grade, page, quote, report, story

import ofsted_nlp as ofs
from ofsted_nlp.analysis.coverage import StoryCoverage, Verdict, story_coverage
from ofsted_nlp.analysis.coverage.matching import ReportText, parts_of
from ofsted_nlp.analysis.coverage.verdicts import Checked

IN, OTHER, DROPS, ADDS, NOT, OWN, UNTOLD = Verdict
REPORT, TEXT = report()
NOTHING_LIKE_IT = "the council had spent two million pounds on a swimming pool nobody wanted"


def said(words: str, speaker: str | None = "Ofsted", kind: str = "indirect", around: str = "{}") -> Checked:
    """The verdict on words that a story gives as someone's."""
    where = page("Northmere was inspected by Ofsted.", around.format(words))
    told = story(REPORT, quotes=(quote(where, words, speaker, kind),))
    return story_coverage(told, where, REPORT, TEXT).items[0]


@pytest.mark.parametrize(
    ("words", "verdict", "page_"),
    [
        ("Managers do not have a sufficient grip on the work of frontline teams", IN, 2),
        ("referrals from the police lie unread … before anyone looks at them", IN, 4),
        ("referrals from the police [had lain] unread for days", IN, 4),
        ("Councillors have not asked hard enough questions about missing children", IN, 4),
        ("Managers have a sufficient grip on the work of frontline teams", NOT, 2),
        ("have a sufficient grip on the work of frontline teams", NOT, 2),
        ("Adopters are prepared with great care, and their children settle quickly", IN, 3),
        ("Managers do have a sufficient grip on the work of frontline teams", NOT, 2),
        ("Inspectors found 64 assessments that were not finished within the agreed time", OTHER, 3),
        ("children wait too long for an assessment of their needs", DROPS, 2),
        (NOTHING_LIKE_IT, NOT, None),
        ("grossly negligent", NOT, None),
    ],
)
def test_words_between_quotation_marks(words: str, verdict: Verdict, page_: int | None) -> None:
    for speaker in ("Ofsted", "the report"):
        found = said(words, speaker, "direct", "The report says “{}”.")
        assert found.verdict is verdict, found
        assert page_ is None or found.page == page_
    assert found.wrong == (verdict in (NOT, OTHER))


def test_a_not_outside_the_quotation_marks_is_heard() -> None:
    words = "have a sufficient grip on the work of frontline teams"
    assert said(words, "the report", "direct", "Managers do not “{}”, it says.").verdict is IN


def test_a_changed_first_word_and_the_number_of_another_value() -> None:
    assert said("knowing their children well and visit them at home", kind="direct").verdict is IN
    found = said("Inspectors found 64 assessments that were not finished within the agreed time", kind="direct")
    assert (found.story_value, found.report_value) == ("64", "94")


@pytest.mark.parametrize(
    ("words", "verdict", "page_"),
    [
        ("managers lack a sufficient grip on what frontline teams do", IN, 2),
        ("the work of adopters’ preparation is careful and children settle quickly with adopters", IN, 3),
        ("social workers’ caseloads are too high", DROPS, 2),
        ("a few social workers hold caseloads that are too high", IN, 2),
        ("children’s plans are not clear about what has to change", DROPS, 3),
        ("some referrals from the police lie unread for days", ADDS, 4),
        ("managers have a sufficient grip on the work of frontline teams", NOT, 2),
        (
            "foster carers praise the telephone line open at night, and councillors have not asked hard questions "
            "about missing children",
            IN,
            4,
        ),
        (NOTHING_LIKE_IT, NOT, None),
    ],
)
def test_indirect_speech(words: str, verdict: Verdict, page_: int | None) -> None:
    found = said(words, around="Ofsted said that {}.")
    assert found.verdict is verdict, found
    assert page_ is None or found.page == page_


def test_a_qualifier_outside_the_quotation_marks_is_not_dropped() -> None:
    words = "wait too long for an assessment of their needs"
    assert said(words, "the report", "direct", "A few children, the report says, “{}”.").verdict is IN
    assert said(words, "the report", "direct", "Children, the report says, “{}”.").verdict is DROPS


def test_a_qualifier_that_the_story_gives_elsewhere_is_not_dropped() -> None:
    first, second = "social workers hold caseloads that are too high", "some social workers hold caseloads too high"
    where = page(f"Ofsted said {first}.", f"Ofsted said {second}.")
    told = story(REPORT, quotes=(quote(where, first), quote(where, second)))
    items = story_coverage(told, where, REPORT, TEXT).items
    assert [item.verdict for item in items] == [IN, IN]
    assert "elsewhere" in items[0].why


def test_a_persons_words_are_the_persons_own() -> None:
    found = said("This is a dark day for Northmere and for the children we let down", "Jo Wren", "direct")
    assert (found.verdict, found.wrong, found.page) == (OWN, False, None)
    again = said("Social workers know their children well and visit them at home.", "Jo Wren", "direct")
    assert (again.verdict, again.page) == (IN, 2)
    both = said("I am sorry. Social workers know their children well and visit them at home.", "Jo Wren", "direct")
    assert (both.verdict, both.page) == (OWN, 2)
    assert said("nobody should resign over it", "Jo Wren").verdict is OWN


def test_words_of_nobody_are_compared_and_never_an_error() -> None:
    assert said("Referrals from the police lie unread for days", None, "direct").verdict is IN
    found = said("a complete and utter shambles in every way", None, "direct")
    assert (found.verdict, found.wrong) == (UNTOLD, False)
    assert "whose words" in found.why


def test_grades() -> None:
    where = page("Northmere was rated.")
    told = story(
        REPORT,
        judgements=(
            grade("overall_effectiveness", "inadequate"),
            grade("adoption", "adequate"),
            grade("in_care", "good"),
            grade("care_leavers", "outstanding"),
        ),
    )
    right, earlier, absent, other = story_coverage(told, where, REPORT, TEXT).items
    assert (right.verdict, right.page, right.report_value) == (IN, 1, "inadequate")
    assert (earlier.verdict, earlier.story_value, earlier.report_value) == (OTHER, "adequate", "good")
    assert "before" in earlier.why
    assert (absent.verdict, absent.wrong) == (NOT, True)
    assert (other.verdict, other.wrong) == (OTHER, True)
    ungraded = replace(REPORT, judgements=())
    assert {item.verdict for item in story_coverage(told, where, ungraded, TEXT).items} == {UNTOLD}


def test_recommendations_and_their_number() -> None:
    listed = ["managers must check every assessment before it is signed off", "caseloads should be spread evenly"]
    where = page(*listed, "the council must build a new leisure centre beside the harbour and paint it blue")
    told = story(
        REPORT,
        recommendations=tuple(asked(where, p.text) for p in where.paragraphs),
        recommendation_count_claimed=4,
    )
    found = story_coverage(told, where, REPORT, TEXT)
    assert [(item.verdict, item.number, item.page) for item in found.items[:2]] == [(IN, "1", 6), (IN, "4", 6)]
    assert found.items[0].report_words == ACTIONS[0]
    assert (found.items[2].verdict, found.items[3].verdict) == (NOT, IN)
    wrong = story_coverage(replace(told, recommendation_count_claimed=9), where, REPORT, TEXT).items[3]
    assert (wrong.verdict, wrong.story_value, wrong.report_value) == (OTHER, "9", "4")
    assert [p.number for p in found.left_out if p.kind == "recommendation"] == ["2", "3"]


def test_figures() -> None:
    where = page(
        "Inspectors found 94 assessments that were not finished in the agreed time.",
        "Ofsted said 70% of care leavers are in education or work, against 54% nationally.",
        "Inspectors found that fifteen young people were living in hostels that nobody had checked.",
        "The council will hire 30 social workers by the spring.",
        "“We spoke to 400 parents last year,” she said.",
        "Ofsted counted 5,000 broken windows in its offices.",
    )
    told = story(
        REPORT,
        figures=(
            figure(where, "94 assessments", 94, "assessments", "assessments that were not finished in the agreed time"),
            figure(where, "70%", 70, "%", "care leavers are in education or work"),
            figure(where, "fifteen young people", 15, "young people", "living in hostels that nobody had checked"),
            figure(where, "30 social workers", 30, "social workers"),
            figure(where, "400 parents", 400, "parents"),
            figure(where, "5,000 broken windows", 5000, "broken windows"),
        ),
        quotes=(quote(where, "We spoke to 400 parents last year", "Jo Wren", "direct"),),
        planned_actions=(claim(where, "The council will hire 30 social workers by the spring"),),
    )
    items = [item for item in story_coverage(told, where, REPORT, TEXT).items if item.kind == "figure"]
    assert [item.verdict for item in items] == [IN, DROPS, OTHER, UNTOLD, OWN, NOT]
    assert (items[0].page, items[1].qualifier, items[2].report_value) == (3, "Almost", "Twelve young people")
    assert [item.wrong for item in items] == [False, False, True, False, False, True]


def test_a_figure_compared_with_another_value() -> None:
    where = page("Almost 70% of care leavers are in education or work, against 61% nationally.")
    told = story(
        REPORT,
        figures=(
            figure(where, "70%", 70, "%", "care leavers are in education or work", comparison={"value": 61, "of": "x"}),
        ),
    )
    found = story_coverage(told, where, REPORT, TEXT).items[0]
    assert (found.verdict, found.report_value) == (OTHER, "70% against 54%")
    right = replace(told.figures[0], comparison={"value": 54, "of": "national average"})
    assert story_coverage(replace(told, figures=(right,)), where, REPORT, TEXT).items[0].verdict is IN


def full_story() -> StoryCoverage:
    where = page(
        "Ofsted rated Northmere inadequate.",
        "Managers lack a sufficient grip on what frontline teams do, it said.",
        "Adopters are prepared with great care and their children settle quickly.",
    )
    told = story(
        REPORT,
        judgements=(grade("overall_effectiveness", "inadequate"),),
        quotes=(quote(where, "Managers lack a sufficient grip on what frontline teams do"),),
        concerns=(claim(where, "Managers lack a sufficient grip on what frontline teams do", "management_oversight"),)
        * 4,
        strengths=(
            claim(where, "Adopters are prepared with great care and their children settle quickly", "adoption"),
        ),
    )
    return story_coverage(told, where, REPORT, TEXT)


def test_what_is_left_out_and_the_balance() -> None:
    found = full_story()
    strengths = [point.text for point in found.left_out if point.kind == "strength"]
    assert len(strengths) == 5
    assert not any("Adopters" in text for text in strengths)
    assert [p.text for p in found.left_out if p.kind == "judgement"] == ["Adoption: Good", "Care leavers: Good"]
    assert (found.balance.share, found.report_balance and found.report_balance.share) == (0.8, 9 / 15)
    assert found.report_balance and found.report_balance.by_theme["adoption"] == (2, 0)
    assert found.balance.by_theme == {"management_oversight": (0, 4), "adoption": (1, 0)}
    assert "the story is more critical than the report" in found.summary()[-1]
    assert found.delay == 2
    assert "2 days after publication" in found.summary()[0]


def test_without_words_only_grades_and_counts_are_compared() -> None:
    where = page("Northmere was rated inadequate.", "Managers lack a grip.", "There are 4 recommendations.")
    told = story(
        REPORT,
        judgements=(grade("overall_effectiveness", "inadequate"),),
        quotes=(quote(where, "Managers lack a grip"), quote(where, "Managers lack a grip", kind="direct")),
        recommendations=(asked(where, "Managers lack a grip"),),
        recommendation_count_claimed=4,
        concerns=(claim(where, "Managers lack a grip"),) * 4,
    )
    found = story_coverage(told, where, bare(REPORT), None)
    verdicts = [(item.kind, item.verdict) for item in found.items]
    assert verdicts == [
        ("judgement", IN),
        ("recommendation", UNTOLD),
        ("figure", IN),
        ("quotation", UNTOLD),
        ("quotation", UNTOLD),
    ]
    assert found.words_at_hand == "none"
    assert found.report_balance and found.report_balance.concerns == 9
    assert any("not at hand" in line for line in found.summary())
    # With the records of the report, but not its text, what is missing is not said to be missing.
    there = story_coverage(
        replace(told, quotes=(quote(where, "Managers lack a grip", kind="direct"),)), where, REPORT, None
    )
    assert there.words_at_hand == "records"
    assert there.items[-1].verdict is UNTOLD


def test_without_a_report_nothing_is_compared() -> None:
    where = page("Northmere was rated inadequate.", "Managers lack a grip.")
    told = story(
        None, judgements=(grade("overall_effectiveness", "inadequate"),), quotes=(quote(where, "Managers lack a grip"),)
    )
    found = story_coverage(told, where, None, None)
    assert {item.verdict for item in found.items} == {UNTOLD}
    assert found.left_out == []
    assert "not known" in found.summary()[0]


def test_a_story_without_anything() -> None:
    found = story_coverage(story(REPORT), page("Nothing."), REPORT, TEXT)
    assert found.items == ()
    assert found.table.empty
    assert json.dumps(found.to_dict())
    assert found.to_html()


def test_pages_of_a_text_and_of_a_document(samples: Path) -> None:
    document, read = ofs.read_pdf(samples / "wexbury-sif-2015.pdf"), ofs.read_report(samples / "wexbury-sif-2015.pdf")
    exact, plain = ReportText(read, document), ReportText(read, document.text)
    assert all(sentence.page for sentence in exact.sentences)
    both = [(a.page, b.page) for a, b in zip(exact.sentences, plain.sentences, strict=True) if b.page]
    assert len(both) > 40
    assert all(a == b for a, b in both)


def test_statements_are_cut_where_one_thing_ends() -> None:
    assert len(parts_of("managers have no grip on teams, and visits to children come late")) == 2
    assert len(parts_of("plans, visits and records are poor")) == 1


@pytest.fixture(scope="module")
def sample_stories(samples: Path) -> dict[str, StoryCoverage]:
    """The invented stories of the samples against the invented reports."""
    made = {}
    for name in ("thornley-tern-fm-2021", "wexbury-gazette-2015", "care-post-2024"):
        read = ofs.read_article(samples / "press" / f"{name}.html", reports=samples)
        covered = read.stories[0].report
        assert covered is not None
        file = samples / str(covered.file)
        made[name] = story_coverage(read.stories[0], read.page, ofs.read_report(file), ofs.read_pdf(file))
    return made


def test_sample_stories_against_sample_reports(sample_stories: dict[str, StoryCoverage]) -> None:
    wrong = {name: [(item.words[:9], item.report_value) for item in s.wrong] for name, s in sample_stories.items()}
    assert wrong == {"thornley-tern-fm-2021": [("six (had ", "four")], "wexbury-gazette-2015": [], "care-post-2024": []}
    gazette = sample_stories["wexbury-gazette-2015"]
    assert {item.verdict for item in gazette.items} == {IN, OWN}
    assert all(item.page for item in gazette.items if item.verdict is IN)


@pytest.mark.corpus
def test_real_texts_against_their_report(corpus_reports: Path) -> None:
    shared = corpus_reports.parent.parent / "press"
    if not shared.is_dir():
        pytest.skip(f"no press texts in {shared}")
    file = corpus_reports / "80458-darlington-la-2015-09-01.pdf"
    read, document = ofs.read_report(file), ofs.read_pdf(file)
    told = [
        story_coverage(one, article.page, read, document)
        for path in sorted(shared.glob("*-darlington-2015.txt"))
        for article in [ofs.read_article(path, reports=corpus_reports)]
        for one in article
    ]
    assert len(told) == 3
    assert [story.wrong for story in told] == [[], [], []]
    by_kind = [{(i.kind, i.verdict) for i in story.items} for story in told]
    assert ("recommendation", IN) in by_kind[0]
    assert [i.number for i in told[0].items if i.kind == "recommendation"] == ["1", "4", "5", "15", "12"]
    assert [i.number for i in told[2].items if i.kind == "recommendation"] == ["4", "3", "1"]
    assert [i.page for i in told[2].items if i.kind == "judgement"] == [1, 1, 1]
    assert sum(i.verdict is OWN for story in told for i in story.items) == 19
    assert sum(i.verdict is IN for story in told for i in story.items) == 25
