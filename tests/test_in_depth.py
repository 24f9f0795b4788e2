"""What a benchmark says beyond shares: more or less than expected, persistence, follow-up, frameworks, grades."""

import datetime
import json
import math
from collections import Counter

import pytest

from ofsted_nlp.analysis.benchmark import benchmark
from ofsted_nlp.analysis.benchmark.evidence import Evidence, Likeness, cluster_labels, cluster_of, stands_alone
from ofsted_nlp.analysis.benchmark.groups import graded
from ofsted_nlp.analysis.benchmark.persistence import persistence
from ofsted_nlp.analysis.benchmark.representation import (
    benjamini_hochberg,
    chance,
    design_effect,
    effect,
    representation,
    specific,
)
from ofsted_nlp.analysis.benchmark.tallies import Tallies
from ofsted_nlp.analysis.comparison import ACTION_LISTS
from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import national
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import Finding, Inspection, Judgement, Polarity, Recommendation, Report, Source

DAY = datetime.date.fromisoformat
DARLINGTON = register().named("Darlington")
ENGLAND = [entry for entry in register().current() if entry.urn != DARLINGTON.urn]
CONCERN, STRENGTH, MIXED = Polarity.CONCERN, Polarity.STRENGTH, Polarity.MIXED
CLUSTERS = [
    {"id": 7, "label": "Assessment (concern): late", "polarity": "concern", "theme": "assessment"},
    {"id": 8, "label": "Lost letters", "polarity": "concern", "theme": "recording"},
    {"id": 9, "label": "Early help (mixed)", "polarity": "mixed", "theme": "early_help"},
]


def report(entry, end, said, framework="ilacs", grade="good", items=()):
    """An invented report; ``said`` is rows of polarity, theme, and text, cluster, section where wanted."""
    findings = []
    for page, (polarity, theme, *rest) in enumerate(said, 2):
        text, cluster, section = [*rest, *("", None, "body")[len(rest) :]]
        name = f"{entry.urn}-{end}-{page}"
        findings.append(Finding(name, page, section, text, polarity, 0.9, (theme,), cluster=cluster))
    return Report(
        source=Source(f"{entry.urn}-{framework}-{end}.pdf", f"{entry.urn}-{end}", 99),
        framework=framework,
        authority=entry.authority,
        inspection=Inspection(start=DAY(end), end=DAY(end)),
        judgements=(Judgement("overall_effectiveness", grade, "Overall effectiveness", 1),) if grade else (),
        recommendations=tuple(items),
        findings=tuple(findings),
    )


def usual(entry, end="2022-06-30", concerns=2, **more):
    """A report of 40 findings, with so many concerns on assessment."""
    said = [(CONCERN, "assessment")] * concerns + [(STRENGTH, "adoption")] * (40 - concerns)
    return report(entry, end, said, **more)


def others(n=30, **more):
    return [usual(entry, concerns=1 + i % 3, **more) for i, entry in enumerate(ENGLAND[:n])]


def item(text="", theme="assessment", section="authority", number="1", page=5):
    return Recommendation("recommendation", section, number, text, page, themes=(theme,))


def test_a_theme_raised_far_more_often_than_by_others_is_marked_and_one_within_the_usual_range_is_not():
    own = report(DARLINGTON, "2023-01-31", [(CONCERN, "assessment")] * 14 + [(STRENGTH, "adoption")] * 26)
    rows = {(row.side, row.code): row for row in representation(own, others(), others())}
    assessment = rows[CONCERN, "assessment"]
    assert (assessment.findings, assessment.base, assessment.expected) == (14, 40, pytest.approx(2.0))
    assert (assessment.raised_by, assessment.reports) == (30, 30)
    assert assessment.odds_ratio > assessment.low > 1
    assert assessment.findings > assessment.usual[1]
    assert assessment.p <= assessment.adjusted <= 0.05
    assert assessment.verdict == "more than expected"
    assert rows[STRENGTH, "adoption"].verdict == "less than expected"
    same = {row.code: row for row in representation(usual(DARLINGTON), others(), others())}
    assert same["adoption"].verdict == "no clear difference"
    assert same["assessment"].verdict == "too few to tell", "two findings, two expected"
    assert same["assessment"].odds_ratio is None


def test_reports_of_another_framework_do_not_count_and_four_reports_are_too_few():
    own = report(DARLINGTON, "2023-01-31", [(CONCERN, "assessment")] * 14 + [(STRENGTH, "adoption")] * 26)
    rows = representation(own, others(4) + others(20, framework="sif"), others(4))
    assert {row.reports for row in rows} == {4}
    assert {row.verdict for row in rows} == {"too few to tell"}


def test_shares_of_the_concerns_alone():
    own = report(DARLINGTON, "2023-01-31", [(CONCERN, "placements")] * 6 + [(STRENGTH, "adoption")] * 34)
    rows = {(row.side, row.code): row for row in representation(own, others(), others(), of="side")}
    assert (rows[CONCERN, "placements"].base, rows[CONCERN, "placements"].expected) == (6, 0.0)
    assert rows[CONCERN, "assessment"].expected == pytest.approx(6.0)
    assert rows[STRENGTH, "adoption"].base == 34


def test_odds_ratio_and_interval_of_known_counts():
    group = [(5, 50)] * 10
    assert design_effect(group) == 1.0
    ratio, low, high = effect((10, 50), group, group)
    assert ratio == pytest.approx((10.5 / 40.5) / (50.5 / 450.5))
    error = math.sqrt(1 / 10.5 + 1 / 40.5 + 1 / 50.5 + 1 / 450.5)
    assert math.log(high / ratio) == pytest.approx(2.262157 * error, rel=1e-5), "t with nine degrees of freedom"
    assert math.log(ratio / low) == pytest.approx(math.log(high / ratio))


def test_reports_that_differ_much_from_each_other_widen_interval_and_usual_range():
    even, uneven = [(5, 50)] * 20, [(0, 50), (10, 50)] * 10
    share, total = 0.1, 1000
    variance = 20 / 19 * sum((k - share * n) ** 2 for k, n in uneven) / total**2
    assert design_effect(uneven) == pytest.approx(variance / (share * (1 - share) / total))
    narrow, wide = effect((10, 50), even, even), effect((10, 50), uneven, uneven)
    assert wide[1] < narrow[1]
    assert wide[2] > narrow[2]
    (p_even, usual_even), (p_uneven, usual_uneven) = chance((10, 50), even, even), chance((10, 50), uneven, uneven)
    assert p_even < p_uneven
    assert usual_uneven[1] > usual_even[1]


def test_chance_is_the_binomial_tail_where_reports_do_not_differ():
    group = [(100, 1000)] * 400
    n, k, share = 20, 6, 0.1
    tail = sum(math.comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(k, n + 1))
    assert chance((k, n), group, group)[0] == pytest.approx(2 * tail, rel=1e-3)


def test_benjamini_and_hochberg_by_hand():
    assert benjamini_hochberg([0.04, 0.01, 0.03, 0.5]) == pytest.approx([0.16 / 3, 0.04, 0.16 / 3, 0.5])
    assert benjamini_hochberg([]) == []


def test_what_hardly_anyone_else_raises_is_specific_where_there_are_reports_enough():
    own = report(
        DARLINGTON,
        "2023-01-31",
        [(CONCERN, "private_fostering"), (CONCERN, "assessment"), (CONCERN, "recording", "", 8)] * 2,
    )
    found = specific(own, others(60))
    assert [(row.code, len(row.evidence), len(row.others), row.reports) for row in found] == [
        ("private_fostering", 2, 0, 60),
        ("recording", 2, 0, 60),
    ]
    assert specific(own, others(20)) == [], "of 20 reports none says too little"
    clusters = specific(own, others(60), kind="cluster", tallies=Tallies(cluster_labels(CLUSTERS)), fewest=2)
    assert [(row.code, row.title, [item.finding.page for item in row.evidence]) for row in clusters] == [
        ("8", "Lost letters", [4, 7])
    ]


def test_a_finding_counts_in_a_cluster_of_its_own_side_alone():
    labels = cluster_labels(CLUSTERS)
    assert set(labels) == {7, 8}
    kinds = [(CONCERN, 7, 0.9), (STRENGTH, 7, 0.9), (MIXED, 7, 0.9), (CONCERN, 7, 0.5), (CONCERN, 99, 0.9)]
    found = [Finding("x", 1, "body", "", kind, score, (), cluster=n) for kind, n, score in kinds]
    assert [cluster_of(finding, CONCERN, labels) for finding in found] == [7, None, 7, None, None]


def test_concerns_persist_return_come_and_go_and_the_board_does_not_count():
    own = [
        report(DARLINGTON, "2015-06-30", [(CONCERN, "lado"), (CONCERN, "recording", "", None, "lscb")], "sif"),
        report(DARLINGTON, "2018-06-30", [(CONCERN, "assessment"), (CONCERN, "adoption")]),
        report(DARLINGTON, "2022-06-30", [(CONCERN, "lado"), (CONCERN, "assessment"), (CONCERN, "uasc")]),
    ]
    found = persistence(own, [])
    assert {thread.code: thread.state for thread in found.threads} == {
        "assessment": "persists",
        "lado": "returns",
        "uasc": "new",
        "adoption": "gone",
    }
    thread = found.of("persists")[0]
    assert [len(raised.findings) for raised in thread.raised] == [0, 1, 1]
    assert thread.to_dict()["raised"][1]["pages"] == [2]
    assert thread.usual_share is None
    assert thread.to_dict()["usual"]["note"] == "too few to tell"
    assert persistence(own[:1], []).threads == ()


def test_how_usual_it_is_that_a_concern_persists():
    own = [usual(DARLINGTON, "2018-06-30"), usual(DARLINGTON, "2022-06-30")]
    histories = [
        [usual(entry, "2018-06-30"), usual(entry, "2022-06-30", concerns=2 if i < 3 else 0)]
        for i, entry in enumerate(ENGLAND[:8])
    ]
    histories += [[usual(ENGLAND[9], "2018-06-30", framework="sif"), usual(ENGLAND[9], "2022-06-30")]]
    (thread,) = persistence(own, histories).of("persists")
    assert thread.usual == (3, 8), "the one inspected under other frameworks does not count"
    assert thread.usual_share == 3 / 8


def test_alike_sentences_are_paired_with_pages_and_unlike_ones_are_not():
    late = "Assessments of children are not completed in time."
    own = [
        report(DARLINGTON, "2018-06-30", [(CONCERN, "assessment", late)]),
        report(
            DARLINGTON,
            "2022-06-30",
            [
                (CONCERN, "assessment", "Too many assessments of children are not completed in time."),
                (CONCERN, "assessment", "The dentist has moved to another town."),
            ],
        ),
    ]
    found = persistence(own, [])
    assert [(pair.earlier.finding.page, pair.later.finding.page) for pair in found.pairs] == [(2, 2)]
    assert found.pairs[0].to_dict()["earlier"]["text"] == late
    assert found.texts


def test_a_concern_is_over_only_where_the_latest_report_has_praise_and_no_word_of_concern():
    before = [(CONCERN, "assessment"), (CONCERN, "assessment"), (CONCERN, "front_door"), (CONCERN, "front_door")]
    praised = [(STRENGTH, "assessment"), (STRENGTH, "front_door")]
    said = "in the latest report praised without a concern"

    def line(latest, items=()):
        own = [report(DARLINGTON, "2018-06-30", before), report(DARLINGTON, "2022-06-30", latest, items=items)]
        lines = benchmark([*own, *others(8)], "Darlington", against="england").insights
        return next((line for line in lines if said in line), "")

    assert line(praised).endswith("(perhaps in other respects): Assessment and Front door.")
    assert line([*praised, (MIXED, "assessment")]).endswith(": Front door.")
    assert line(praised, [item(theme="front_door")]).endswith(": Assessment.")
    assert line([*praised, (CONCERN, "adoption", "The front door is slow.")]).endswith(": Assessment.")
    assert line(praised[:1]).endswith(": Assessment."), "nothing is said of the other"


def test_likeness_puts_sentences_without_text_last_and_names_no_number_for_them():
    source = usual(DARLINGTON)
    found = [
        Evidence(Finding(str(i), 1, "body", text, CONCERN, 0.9), source)
        for i, text in enumerate(["", "A red bus.", "Assessments are late."])
    ]
    ranked = Likeness().to_any(["Assessments of children are late."], found)
    assert [entry.finding.id for entry in ranked] == ["2", "1", "0"]
    assert ranked[-1].likeness is None
    assert all(entry.likeness is None for entry in Likeness().to_any([""], found))
    assert [stands_alone(entry) for entry in found] == [False, True, True]


def test_what_is_comparable_across_frameworks_is_said_in_words():
    made = [
        *[usual(entry, "2016-06-30", framework="sif") for entry in ENGLAND[:6]],
        *others(8),
        usual(DARLINGTON, "2016-06-30", framework="sif", grade="inadequate"),
        usual(DARLINGTON, "2026-05-31", grade=None),
    ]
    result = benchmark(made, "Darlington", against="england")
    data = result.to_dict()["generations"]
    assert [row["framework"] for row in data["generations"]] == ["sif", "ilacs"]
    assert [row["median_evaluative_findings"] for row in data["generations"]] == [40, 40]
    (strand,) = data["strands"]
    assert (strand["comparable"], [grade["grade"] for grade in strand["grades"]]) == ("same", ["inadequate"])
    said = " ".join(data["sentences"])
    assert "of 2 kinds" in said
    assert "Inspections from April 2026 give none" in said


def test_members_whose_latest_report_is_of_another_framework_are_named():
    made = [usual(DARLINGTON), *others(6), usual(ENGLAND[7], "2016-06-30", framework="sif")]
    result = benchmark(made, "Darlington", against="england")
    assert result.generations.left_out == {"the other authorities in England": (ENGLAND[7].name,)}
    assert any(f"({ENGLAND[7].name})" in line for line in result.insights)


def test_a_group_by_grade_as_of_the_day():
    assert graded("Outstanding") == ("outstanding", "england")
    assert graded("the outstanding ones") == ("outstanding", "england")
    assert graded("requires improvement") == ("requires_improvement", "england")
    assert graded("good neighbours") == ("good", "neighbours")
    assert graded("inadequate in the region") == ("inadequate", "region")
    assert graded("Good Hope") is None
    assert graded("neighbours") is None
    neighbours = register().neighbours(DARLINGTON)
    made = [usual(DARLINGTON, grade="outstanding"), usual(neighbours[0], grade="outstanding")]
    made += [usual(ENGLAND[0], "2018-06-30", grade="outstanding"), usual(ENGLAND[0], "2022-06-30", grade="good")]
    made += [usual(ENGLAND[1], "2021-06-30", grade="outstanding"), usual(ENGLAND[1], "2026-05-31", grade=None)]
    result = benchmark(made, "Darlington", against="outstanding")
    assert {entry.urn for entry in result.group.members} == {neighbours[0].urn, ENGLAND[1].urn}
    assert result.group.title == "the other authorities in England with the overall grade outstanding"
    assert (result.to_dict()["against"], result.to_dict()["asked"]) == ("chosen", "outstanding")
    earlier = benchmark(made, "Darlington", against="outstanding", as_of=DAY("2022-06-30"))
    assert ENGLAND[0] not in earlier.group.members
    near = benchmark(made, "Darlington", against="outstanding neighbours")
    assert near.group.members == (neighbours[0],)
    with pytest.raises(UsageError, match="no authority to compare"):
        benchmark(made, "Darlington", against="inadequate")


def test_plain_data_holds_every_part_and_none_without_a_full_report():
    own = [usual(DARLINGTON, "2018-06-30", items=[item()]), usual(DARLINGTON, "2022-06-30")]
    result = benchmark([*own, *others(8)], "Darlington", against="england", clusters=CLUSTERS)
    data = json.loads(result.to_json())
    parts = {(part["group"], part["kind"], part["shares"]) for part in data["representation"]}
    assert parts == {("england", kind, of) for kind in ("theme", "cluster") for of in ("all", "side")}
    assert [row["verdict"] for row in data["follow_up"]] == ["theme a concern"]
    assert data["persistence"]["threads"][0]["state"] == "persists"
    assert set(data["methods"]) == {"representation", "persistence", "follow_up"}
    assert any("Of the 1 item of the action list" in line for line in data["insights"])
    assert result.representation["verdict"].isin({"too few to tell", "no clear difference"}).all()
    with pytest.raises(NotFoundError, match="no group 'moon'"):
        result.represented(group="moon")
    bare = benchmark([report(DARLINGTON, "2024-11-29", [], "send", None)], "Darlington")
    assert bare.insights == []
    assert bare.represented() == []
    assert bare.to_dict()["follow_up"] == []


@pytest.mark.skipif(not national.available(), reason="the package was built without national annotations")
def test_counts_on_the_national_annotations_are_those_of_the_rows_themselves():
    reports = national.reports()
    result = benchmark(reports, "Darlington", clusters=national.clusters())
    latest = result.latest.source.sha256
    neighbours = {member.source.sha256 for member in result.group.latest.values() if member.framework == "ilacs"}
    counts, bases = Counter(), Counter()
    for row in national._rows("findings", national.FOLDER):
        if row["section"] in ACTION_LISTS:
            continue
        if row["score"] >= 0.8 and row["polarity"] != "neutral" and row["sha256"] in neighbours | {latest}:
            bases[row["sha256"]] += 1
            if row["themes"]:
                counts[row["sha256"], row["polarity"], row["themes"][0]] += 1
    rows = result.represented()
    assert len(rows) > 50
    for row in rows:
        assert row.findings == counts[latest, row.side.value, row.code]
        assert row.base == bases[latest]
        assert row.reports == len(neighbours)
        mine = sum(counts[sha256, row.side.value, row.code] for sha256 in neighbours)
        assert row.expected == pytest.approx(bases[latest] * mine / sum(bases[sha256] for sha256 in neighbours))
        assert row.raised_by == sum(counts[sha256, row.side.value, row.code] > 0 for sha256 in neighbours)
    assert [row.earlier.source.file for row in result.follow_up if row.later is result.latest] == [
        result.own[-2].source.file
    ] * len(result.own[-2].recommendations)
    assert {row.basis for row in result.follow_up} <= {"theme", "none"}
    for thread in result.persistence.of("persists"):
        ids = [entry.finding.id for raised in thread.raised[-2:] for entry in raised.findings]
        assert ids
        assert all(raised.findings for raised in thread.raised[-2:])
