"""Learning partners are those that had the concern before and have it as a strength now, neighbours first."""

import csv
import json
from dataclasses import replace

import pytest
from test_in_depth import CLUSTERS, CONCERN, DARLINGTON, DAY, ENGLAND, MIXED, STRENGTH, report
from typer.testing import CliRunner

from ofsted_nlp.analysis.inspections import FULL_FRAMEWORKS, by_authority
from ofsted_nlp.analysis.learning import learn_from
from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import national
from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.records import SURE

NEAR = register().neighbours(DARLINGTON)
FAR = [entry for entry in ENGLAND if entry not in NEAR]
LATE = "Assessments of children are not completed in time."
TIMELY = "Assessments of children are completed in time."


def history(entry, before, after, grades=("inadequate", "good")):
    return [report(entry, "2018-06-30", before, grade=grades[0]), report(entry, "2022-06-30", after, grade=grades[1])]


def reports():
    own = [report(DARLINGTON, "2022-10-21", [(CONCERN, "assessment", LATE, 7), (CONCERN, "lado", "No checks.")])]
    mended = [(CONCERN, "assessment", "The forms for assessment are long.")], [(STRENGTH, "assessment", TIMELY)]
    return [
        *own,
        *history(FAR[0], [(CONCERN, "assessment", LATE)], [(STRENGTH, "assessment", TIMELY)]),
        *history(NEAR[3], *mended),
        *history(NEAR[1], [(CONCERN, "assessment", "It is so.", 7)], [(STRENGTH, "assessment", TIMELY)] * 2),
        # Not mended: still a concern, never a concern, a strength only before, no later report.
        *history(NEAR[0], [(CONCERN, "assessment")], [(STRENGTH, "assessment"), (MIXED, "assessment")]),
        *history(NEAR[2], [(STRENGTH, "assessment")], [(STRENGTH, "assessment", TIMELY)]),
        *history(NEAR[4], [(CONCERN, "assessment", LATE, None, "lscb")], [(STRENGTH, "lado")]),
        report(NEAR[5], "2018-06-30", [(CONCERN, "assessment")]),
    ]


def bare(made):
    """The reports without their texts."""
    return [replace(one, findings=tuple(replace(f, text="") for f in one.findings)) for one in made]


def test_without_texts_neighbours_come_first_then_the_narrower_sameness():
    found = learn_from(bare(reports()), DARLINGTON, clusters=CLUSTERS)
    assert [lesson.theme for lesson in found.lessons] == ["assessment", "lado"]
    lesson = found.lesson("Assessment")
    assert lesson.clusters == ("Assessment (concern): late",)
    assert [(p.entry, p.nearness, p.basis) for p in lesson.partners] == [
        (NEAR[1], 2, "cluster"),
        (NEAR[3], 4, "theme"),
        (FAR[0], None, "theme"),
    ]
    first, last = lesson.partners[0], lesson.partners[-1]
    assert (first.strengths, first.concerns_left, first.concerns_before) == (2, 0, 1)
    assert (last.earlier.finding.page, last.grade_before, last.grade_after) == (2, "inadequate", "good")
    assert last.grades == "inadequate (ILACS, 30 June 2018) to good (ILACS, 30 June 2022)"
    assert lesson.on_theme == 0
    assert [model.entry for model in lesson.models] == [NEAR[2]]
    assert [model.entry for model in found.lesson("lado").models] == [NEAR[4]]


def test_with_texts_only_those_are_named_whose_passages_are_on_the_same_matter():
    lesson = learn_from(reports(), DARLINGTON, clusters=CLUSTERS).lesson("Assessment")
    (partner,) = lesson.partners
    assert (partner.entry, partner.basis) == (FAR[0], "wording")
    assert (partner.earlier.finding.text, partner.later.finding.text) == (LATE, TIMELY)
    assert lesson.on_theme == 2, "their concerns were long forms and something that cannot be told"
    assert [model.entry for model in lesson.models] == [NEAR[2]]
    detailed = "Assessments of children are detailed and thorough."
    made = [*reports()[:2], report(FAR[0], "2022-06-30", [(STRENGTH, "assessment", detailed)])]
    lesson = learn_from(made, DARLINGTON).lesson("assessment")
    assert (lesson.partners, lesson.on_theme) == ((), 1), "quality is not timeliness"


def test_praise_that_only_names_the_same_thing_is_marked_and_comes_after():
    suffered = "Children who suffer neglect wait too long for help."
    made = [report(DARLINGTON, "2022-10-21", [(CONCERN, "specific_risks", suffered)])]
    before = [(CONCERN, "specific_risks", "Children who suffer from neglect often wait too long for help.")]
    named = [(STRENGTH, "specific_risks", "Social workers know the signs of neglect of children who suffer.")]
    however = (CONCERN, "specific_risks", "However, this is not so everywhere.")
    made += history(FAR[0], before, named)
    made += history(FAR[1], before, [(STRENGTH, "specific_risks", "Children who suffer neglect get help quickly.")])
    made += history(FAR[2], before, [*named, however, (STRENGTH, "specific_risks", "Bruises are drawn.")])
    found = learn_from(made, DARLINGTON)
    assert [(p.entry, p.basis) for p in found.lessons[0].partners] == [(FAR[1], "wording"), (FAR[0], "thing")]
    assert found.lessons[0].on_theme == 1, "praise that the next sentence takes back"
    assert "2 authorities had a concern on the same matter before" in found.summary[1]
    assert "(1 of them perhaps in another respect of it)" in found.summary[1]


def test_items_of_the_action_list_are_concerns_to_learn_from_and_told_apart():
    listed = (CONCERN, "assessment", "Assessments in time.", None, "areas_for_improvement")
    found = learn_from([report(DARLINGTON, "2022-10-21", [(CONCERN, "assessment", LATE), listed])], DARLINGTON)
    assert "Assessment (1 finding and 1 item of the action list, pages 2 and 3):" in found.summary[1]
    assert found.lessons[0].to_dict()["listed"] == 1


def test_a_concern_left_is_counted_and_outweighed_ones_only_are_partners():
    before, after = [(CONCERN, "assessment")], [(STRENGTH, "assessment")] * 2 + [(CONCERN, "assessment")]
    made = [report(DARLINGTON, "2022-10-21", [(CONCERN, "assessment")])]
    (partner,) = learn_from([*made, *history(FAR[0], before, after)], DARLINGTON).lessons[0].partners
    assert (partner.concerns_left, partner.strengths, partner.basis) == (1, 2, "theme")
    assert learn_from([*made, *history(FAR[0], before, after[1:])], DARLINGTON).lessons[0].partners == ()


def test_as_of_goes_back_and_theme_chooses_one_concern():
    assert learn_from(reports(), "Darlington", theme="lado").lessons[0].theme == "lado"
    with pytest.raises(NotFoundError, match="no sure concern on Adoption"):
        learn_from(reports(), DARLINGTON, theme="adoption")
    with pytest.raises(NotFoundError, match="no full inspection report on Darlington"):
        learn_from(reports(), DARLINGTON, as_of=DAY("2020-01-01"))
    made = [*reports(), report(DARLINGTON, "2017-06-30", [(CONCERN, "assessment")])]
    assert learn_from(made, DARLINGTON, as_of=DAY("2020-01-01")).lessons[0].partners == ()


def test_sentences_table_and_data_say_the_same():
    found = learn_from(bare(reports()), DARLINGTON, clusters=CLUSTERS)
    assert found.summary == [
        "The latest full report on Darlington (21 October 2022) raises concerns on 2 themes.",
        "Assessment (1 finding, page 2): 3 authorities had a concern on the theme before (1 in the same cluster) and "
        "more praise than concern on it now, 3 of them without a concern left; among them are its statistical "
        f"neighbours {NEAR[1].display_name} and {NEAR[3].display_name}.",
        "Allegations against professionals (1 finding, page 3): no other authority was found that had this concern "
        "before and is praised for it now.",
    ]
    assert found.table["authority"].tolist() == [NEAR[1].display_name, NEAR[3].display_name, FAR[0].display_name]
    assert found.table["neighbour"].isna().tolist() == [False, False, True]
    data = json.loads(found.to_json())
    assert [row["partners_in_all"] for row in data["concerns"]] == [3, 0]
    assert data["concerns"][0]["partners"][0]["earlier"]["page"] == 2
    assert repr(found) == "<LearningPartners of Darlington: 2 concerns, 3 partners>"
    assert learn_from([report(DARLINGTON, "2022-10-21", [])], DARLINGTON).table.empty
    worded = learn_from(reports(), DARLINGTON, clusters=CLUSTERS).summary
    assert worded[1].endswith(
        ": 1 authority had a concern on the same matter before, by its words, and is praised for it now; 2 other "
        "authorities had a concern elsewhere on the theme before and more praise than concern on it now."
    )


def test_text_of_reports_is_no_markup_anywhere():
    made = reports()
    nasty = f"<script>alert(1)</script> *bold* | {TIMELY}"
    made[2] = report(FAR[0], "2022-06-30", [(STRENGTH, "assessment", nasty)])
    found = learn_from(made, DARLINGTON)
    assert "<script>" not in found._repr_html_()
    assert "&lt;script&gt;" in found._repr_html_()
    assert "\\<script\\>alert(1)\\</script\\> \\*bold\\* \\|" in found.to_markdown()
    assert "## Assessment" in found.to_markdown()


def test_the_command_writes_every_format(tmp_path, monkeypatch):
    import typer

    from ofsted_nlp.cli.learning import _write_csv, learn

    class Held:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def learn_from(self, authority, as_of=None, theme=None):
            return learn_from(bare(reports()), authority, as_of, theme=theme)

    monkeypatch.setattr("ofsted_nlp.corpus.Corpus.open", lambda: Held())
    app = typer.Typer()
    app.command()(learn)

    def run(*arguments):
        done = CliRunner().invoke(app, ["Darlington", *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    assert "Learning partners of Darlington" in run()
    assert json.loads(run("--format", "json", "--theme", "assessment"))["concerns"][0]["theme"] == "assessment"
    assert run("--format", "md").startswith("# Learning partners of Darlington")
    rows = list(csv.DictReader(run("--format", "csv").splitlines()))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    run("--format", "csv", "--theme", "lado", "--out", str(tmp_path / "none.csv"))
    assert (tmp_path / "none.csv").read_text(encoding="utf-8").startswith("theme,title,")
    with (tmp_path / "formula.csv").open("w", encoding="utf-8") as file:
        _write_csv([{"theme": "=1+1", "own_pages": [2, 3]}], file)
    assert "'=1+1,,,2 3" in (tmp_path / "formula.csv").read_text(encoding="utf-8")


@pytest.mark.skipif(not national.available(), reason="the package was built without national annotations")
def test_partners_on_the_national_annotations_are_those_of_the_rows_themselves():
    reports_ = national.reports()
    found = learn_from(reports_, "Croydon")
    assert len(found.lessons) > 3
    lesson = found.lessons[0]
    histories = by_authority(report for report in reports_ if report.framework in FULL_FRAMEWORKS)
    counts = {}
    for row in national._rows("findings", national.FOLDER):
        if row["score"] >= SURE and row["themes"][:1] == [lesson.theme] and row["section"] != "lscb":
            counts.setdefault(row["sha256"], []).append(row["polarity"])
    wanted = set()
    for urn, full in histories.items():
        *before, latest = [counts.get(report.source.sha256, []) for report in full]
        bad = latest.count("concern") + latest.count("mixed")
        if urn != found.entry.urn and latest.count("strength") > bad and any("concern" in one for one in before):
            wanted.add(urn)
    assert {partner.entry.urn for partner in lesson.partners} == wanted
    assert all(partner.basis in ("theme", "cluster") for partner in lesson.partners)
    places = [partner.nearness or 99 for partner in lesson.partners]
    assert places == sorted(places)
