"""Shares, ranks and sentences of a benchmark are exactly those of the reports it is made from."""

import dataclasses
import datetime
import json

import pytest

from ofsted_nlp.analysis.benchmark import benchmark
from ofsted_nlp.analysis.comparison import NO_TEXT, Profile, percentile_rank, wilson
from ofsted_nlp.authorities import register
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import Finding, Inspection, Judgement, Polarity, Recommendation, Report, Source

DAY = datetime.date.fromisoformat
DARLINGTON = register().named("Darlington")
NEIGHBOURS = register().neighbours(DARLINGTON)


def report(entry, end="2022-06-30", grade="good", concerns=(), strengths=(), framework="ilacs", **more):
    """An invented report; concerns and strengths are theme codes, one finding each on pages 2, 3 ..."""
    findings = []
    for polarity, codes in ((Polarity.CONCERN, concerns), (Polarity.STRENGTH, strengths)):
        for code in codes:
            page = len(findings) + 2
            name = f"{entry.urn}-{end}-{page}"
            findings.append(Finding(name, page, "body", f"Invented {code}.", polarity, 0.9, (code,)))
    return Report(
        source=Source(f"{entry.urn}-{framework}-{end}.pdf", f"{entry.urn:064}", 9),
        framework=framework,
        authority=entry.authority,
        inspection=Inspection(end=DAY(end)),
        judgements=(Judgement("overall_effectiveness", grade, "Overall effectiveness", 1),) if grade else (),
        findings=tuple(findings),
        **more,
    )


def reports():
    """Darlington: half assessment concerns. Of ten neighbours six with a report, two of them on assessment."""
    own = report(
        DARLINGTON,
        "2022-10-21",
        concerns=["assessment", "assessment", "placements"],
        strengths=["adoption"],
        recommendations=(
            Recommendation("area_for_improvement", "authority", "1", "Do better.", 2, themes=("assessment",)),
        ),
    )
    made = [own, report(DARLINGTON, "2018-03-22", "requires_improvement", concerns=["leadership"])]
    made.append(report(DARLINGTON, "2024-11-29", None, framework="send", concerns=["ehc_plans"]))
    for i, entry in enumerate(NEIGHBOURS[:6]):
        raised = ["assessment", "early_help"] if i < 2 else ["early_help"]
        grade = "good" if i < 4 else "inadequate"
        made.append(report(entry, "2021-06-30", grade, concerns=raised, strengths=["adoption", "lado"]))
    return made


def theme(result, code):
    return next(item for item in result.themes if item.code == code)


def test_wilson_interval_of_known_values():
    assert wilson(0, 10) == (0.0, pytest.approx(0.2775, abs=1e-4))
    assert wilson(5, 10) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))
    assert wilson(10, 10) == (pytest.approx(0.7225, abs=1e-4), 1.0)
    with pytest.raises(ValueError, match="is no share"):
        wilson(1, 0)


def test_percentile_rank_counts_equal_values_half():
    assert percentile_rank(3, [1, 2, 3, 4]) == 62.5
    assert percentile_rank(0, [1, 2]) == 0.0
    with pytest.raises(ValueError, match="no others"):
        percentile_rank(1, [])


def test_a_theme_is_compared_with_the_neighbours_latest_reports():
    result = benchmark(reports(), "Darlington")
    concern = theme(result, "assessment").concern
    assert (len(concern.findings), concern.share) == (2, 0.5)
    neighbours = concern.groups["neighbours"]
    assert (neighbours.n, neighbours.of, neighbours.lower) == (2, 6, 6)
    assert neighbours.share == pytest.approx(1 / 3)
    assert neighbours.interval == pytest.approx(wilson(2, 6))
    assert neighbours.median_share == 0.0
    assert neighbours.percentile == 100.0
    assert concern.standing("neighbours") == "too few to tell", "two findings, none expected"
    assert theme(result, "assessment").recommendations == 1
    assert theme(result, "early_help").concern.standing("neighbours") == "not raised"
    strength = theme(result, "adoption").strength
    assert strength.groups["neighbours"].n == 6
    assert strength.groups["neighbours"].median_share == pytest.approx(1 / 3)
    assert strength.groups["neighbours"].percentile == pytest.approx(100 * (2 / 2) / 6)
    assert theme(result, "leadership").concern.findings == ()


def test_what_is_more_or_less_than_most_takes_five_findings_made_or_expected():
    others = [report(entry, strengths=["adoption"] * 10 + ["lado"] * 10) for entry in NEIGHBOURS[:6]]
    own = report(DARLINGTON, strengths=["adoption"] * 2 + ["lado"] * 14 + ["recording"] * 4)
    result = benchmark([own, *others], "Darlington")
    assert theme(result, "lado").strength.standing("neighbours") == "more than most"
    assert theme(result, "adoption").strength.standing("neighbours") == "less than most", "ten were expected"
    assert theme(result, "recording").strength.standing("neighbours") == "too few to tell"
    assert any("Allegations against professionals (more of it than 6 of 6)" in line for line in result.summary)


def test_items_of_the_action_list_are_no_findings_too():
    own, *others = reports()
    listed = Finding("listed", 2, "areas_for_improvement", "Do better.", Polarity.CONCERN, 0.99, ("assessment",))
    doubtful = dataclasses.replace(listed, id="doubtful", score=0.5)
    doubled = dataclasses.replace(own, findings=(*own.findings, listed, doubtful))
    with_list, without = benchmark([doubled, *others], "Darlington"), benchmark([own, *others], "Darlington")
    assert with_list.summary == without.summary
    assert theme(with_list, "assessment") == theme(without, "assessment")
    assert with_list.represented() == without.represented()
    assert Profile(doubled).unsure == 0


def test_fewer_than_five_reports_are_too_few_to_tell():
    result = benchmark(reports()[:6], "Darlington")
    group = theme(result, "assessment").concern.groups["neighbours"]
    assert (group.n, group.of, group.share, group.interval, group.percentile) == (2, 3, None, None, None)
    assert theme(result, "assessment").concern.standing("neighbours") == "too few to tell"
    assert group.to_dict()["note"] == "too few to tell"
    assert any("too few reports" in line for line in result.summary)


def test_the_authority_is_no_member_of_its_region_or_england():
    result = benchmark(reports(), "Darlington", against="region")
    assert DARLINGTON not in result.group.members
    assert len(result.group.members) == 11
    assert len(result.groups["england"].members) == 152
    assert result.groups["england"].without_report == [
        entry for entry in result.groups["england"].members if entry not in NEIGHBOURS[:6]
    ]


def test_as_of_goes_back_in_time():
    result = benchmark(reports(), "Darlington", as_of=DAY("2020-01-01"))
    assert result.latest.source.file == "80458-ilacs-2018-03-22.pdf"
    assert result.group.latest == {}
    with pytest.raises(NotFoundError, match="no report on Darlington of an inspection that ended by 2010-01-01"):
        benchmark(reports(), "Darlington", as_of=DAY("2010-01-01"))


def test_timeline_holds_all_frameworks_and_predecessors():
    result = benchmark(reports(), DARLINGTON)
    assert result.timeline["framework"].tolist() == ["ilacs", "ilacs", "send"]
    assert result.timeline["grade"].tolist()[:2] == ["requires_improvement", "good"]
    assert result.timeline["grade"].isna().tolist() == [False, False, True]
    assert result.timeline["page"].tolist()[:2] == [1, 1]
    cumbria, cumberland = register().named("Cumbria"), register().named("Cumberland")
    later = benchmark([report(cumbria, "2019-01-31"), report(cumberland, "2024-01-31")], "Cumberland")
    assert later.timeline["authority"].tolist() == ["Cumbria", "Cumberland"]
    assert later.latest.authority.name == "Cumberland"


def test_peers_stand_below_the_authority_nearest_first():
    peers = benchmark(reports(), "Darlington").peers
    assert peers["authority"].tolist() == ["Darlington", *[entry.display_name for entry in NEIGHBOURS]]
    assert peers["overall_effectiveness"].tolist()[:7] == ["good"] * 5 + ["inadequate"] * 2
    assert peers["overall_effectiveness"].isna().sum() == 4


def test_the_summary_says_what_was_counted():
    assert benchmark(reports(), "Darlington").summary == [
        "The latest full inspection of Darlington here ended on 21 October 2022: Children's services inspection "
        "(ILACS). Overall effectiveness: good (page 1).",
        "Of its statistical neighbours, 6 have an overall grade at the latest full inspection; 4 of them are good "
        "or outstanding.",
        "Of the report's 4 evaluative sentences, as the classifier reads them, 1 praises, 3 report a concern and 0 do "
        "both (left out: the action list). Concerns are 75% of them; the median among its statistical neighbours is "
        "33%.",
        "Most often raised as a concern: Assessment (2 findings, pages 2 and 3) and Homes and placements (1 "
        "finding, page 4).",
        "Raised once each as a strength: Adoption (1 finding, page 5).",
        "Its action list has 1 item (page 2).",
        "Since then: Area SEND inspection, 29 November 2024 (see the timeline; not counted above).",
    ]


def test_findings_that_the_classifier_is_not_sure_of_do_not_count():
    findings = [
        Finding(str(score), 3, "body", "Invented.", Polarity.CONCERN, score, ("assessment",))
        for score in (0.79, 0.8, 0.95)
    ]
    profile = Profile(Report(Source("x.pdf", "0", 3), findings=tuple(findings)))
    assert (profile.evaluative, profile.unsure) == (2, 1)
    assert [finding.score for finding in profile.on(Polarity.CONCERN, "assessment")] == [0.95, 0.8]


def test_authorities_of_the_users_choice():
    result = benchmark(reports(), "Darlington", against="Gateshead, Bristol, City of, Darlington, York")
    assert [entry.display_name for entry in result.group.members] == ["Gateshead", "Bristol", "York"]
    assert set(result.groups) == {"neighbours", "region", "england", "chosen"}
    assert benchmark(reports(), "Darlington", against=[NEIGHBOURS[0], "York"]).chief == "chosen"
    with pytest.raises(NotFoundError, match="Did you mean Gateshead"):
        benchmark(reports(), "Darlington", against="Gatesheed")
    with pytest.raises(UsageError, match="no authority to compare Darlington with"):
        benchmark(reports(), "Darlington", against=[])


def test_without_a_full_report_there_is_a_timeline_and_no_claim():
    result = benchmark([report(DARLINGTON, "2024-11-29", None, framework="send")], "Darlington")
    assert result.latest is None
    assert result.summary == [
        "There is no full inspection report on Darlington here, so there is nothing to compare theme by theme.",
        "On record: Area SEND inspection, 29 November 2024 (see the timeline; not counted above).",
    ]
    assert result.to_dict()["report"] is None
    assert len(result.timeline) == 1


def test_a_report_without_findings_compares_nothing():
    result = benchmark([report(DARLINGTON), *reports()[3:]], "Darlington")
    assert theme(result, "assessment").concern.standing("neighbours") == "no findings to compare"
    assert "No evaluative findings" in result.summary[2]


def test_plain_data_round_trips_through_json_and_says_how_to_see_sentences():
    made = reports()
    bare = Finding("x", 4, "body", "", Polarity.CONCERN, 0.9, ("assessment",))
    made[0] = report(
        DARLINGTON, "2022-10-21", recommendations=(Recommendation("recommendation", "authority", None, "", 3),)
    )
    object.__setattr__(made[0], "findings", (bare,))
    data = json.loads(benchmark(made, "Darlington").to_json())
    assert data["top_concerns"] == [{"theme": "assessment", "id": "x", "page": 4, "text": NO_TEXT, "score": 0.9}]
    assert data["recommendations"][0]["text"] == NO_TEXT
    assert data["report"]["inspected"] == "2022-10-21"
    assert data["against"] == "neighbours"
    (row,) = [item for item in data["themes"] if item["code"] == "assessment"]
    assert row["concern"]["pages"] == [4]
    assert row["concern"]["groups"]["neighbours"]["share"] == 0.3333
    assert data["peers"][0]["authority"] == "Darlington"


def test_the_table_starts_with_the_greatest_concern():
    table = benchmark(reports(), "Darlington").table
    assert table["code"].tolist()[:3] == ["assessment", "placements", "adoption"]
    first = table.iloc[0]
    assert (first["concern_findings"], first["concern_share"], first["concern_percentile"]) == (2, 0.5, 100.0)
    assert first["concern_neighbours"] == pytest.approx(1 / 3)
    assert first["concern_standing"] == "too few to tell"
    assert repr(benchmark(reports(), "Darlington")) == (
        "<Benchmark of Darlington against 6 reports: its statistical neighbours>"
    )
