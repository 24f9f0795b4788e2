"""One name for all ways in which a report writes the name of a service, and the kinds that authorities share."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
from pathlib import Path

import openpyxl
import pandas
import pytest

from ofsted_nlp.analysis.benchmark import benchmark
from ofsted_nlp.analysis.benchmark.named_strengths import across
from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.extraction.names.abbreviations import definitions
from ofsted_nlp.extraction.names.canonical import Thing, canonical_names, things, with_things
from ofsted_nlp.extraction.names.kinds import key, kind_of, kinds
from ofsted_nlp.reading.pdf import read_pdf
from ofsted_nlp.records import Finding, Inspection, NamedStrength, Polarity, Report, Source, Strength
from ofsted_nlp.store import Store

ANNOTATED = Path(__file__).resolve().parent.parent / "corpus" / "annotations" / "names.jsonl"


@pytest.mark.parametrize(
    ("names", "one"),
    [
        (
            ["KFT team", "Keeping Families Together (KFT) team", "Keeping Families Together"],
            "Keeping Families Together team",
        ),
        (
            ["MASH", "multi-agency safeguarding hub (MASH)", "Multi Agency Safeguarding Hub"],
            "multi-agency safeguarding hub",
        ),
        (["the virtual school", "Virtual School", "Darlington’s virtual school"], "virtual school"),
        (["Lanterns", "Lanterns team"], "Lanterns team"),
        (["‘Blue Kite’", "Blue Kite service"], "Blue Kite service"),
        (["family hubs", "Family Hub"], "family hub"),
        (
            ["LSCB", "Darlington Safeguarding Children Board", "Local Safeguarding Children’s Board"],
            "local safeguarding children board",
        ),
        (["NSCB", "Northbury Borough Safeguarding Children Board (NSCB)"], "local safeguarding children board"),
        (["NSCP", "Northbury and Southbury Safeguarding Children Partnership"], "safeguarding children partnership"),
        (["(MASH)"], "multi-agency safeguarding hub"),
        (["CiCC", "Children in Care Council (CiCC)"], "children in care council"),
        (["Staying Put", "‘staying put’"], "staying put"),
    ],
)
def test_ways_of_writing_a_name_are_one(names, one):
    assert canonical_names(names) == dict.fromkeys(names, one)


@pytest.mark.parametrize(
    "names",
    [
        ["duty team", "duty service"],
        ["Bright Lanterns team", "Bright Lanterns centre"],
        ["youth justice service", "virtual school"],
        ["ABC", "Able Blue Carers", "Action Before Crisis"],
        [],
    ],
)
def test_different_names_stay_apart(names):
    assert canonical_names(names) == {name: name for name in names}


def test_names_come_back_as_given():
    names = (name for name in ["MASH", "MASH", "Blue Kite"])
    assert canonical_names(names) == {"MASH": "multi-agency safeguarding hub", "Blue Kite": "Blue Kite"}


@pytest.mark.parametrize(
    ("names", "one"),
    [
        (["new Otter team", "Otter team", "well-run Otter service", "Workers in the Otter team"], "Otter service"),
        (["multi-agency Otter project", "Otter"], "Otter"),
        (["access and planning team", "access and planning service"], "access and planning service"),
        (["emergency duty team", "EDT", "out-of-hours service"], "emergency duty team"),
        (["leaving care team", "care leavers’ service"], "leaving care service"),
        (["York’s improvement board", "former Improvement Board"], "improvement board"),
        (["commissioned play service", "play service"], "play service"),
        (["Steady Steps", "Steady Steps (the parenting programme)"], "Steady Steps"),
        (["virtual school meeting", "Virtual Schools"], "virtual school"),
    ],
)
def test_words_that_tell_nothing_are_looked_past(names, one):
    assert canonical_names(names) == dict.fromkeys(names, one)


@pytest.mark.parametrize(
    "names",
    [
        ["corporate parenting board", "corporate parenting panel", "corporate parenting group"],
        ["virtual school", "virtual school head", "virtual college"],
        ["safeguarding adults board", "local safeguarding children board"],
        ["private fostering panel", "fostering panel"],
        ["young people", "young people’s team"],
        ["family play service", "play service"],
        ["Otter team", "Otter team and the Heron board"],
        ["edge of care service", "adolescent edge of care and play service"],
    ],
)
def test_other_bodies_stay_apart(names):
    assert len(set(canonical_names(names).values())) == len(names)


def test_abbreviations_that_only_the_text_explains():
    text = "The Family Anchor Service (FAS) is new. Staff meet the RAP (Resource and Access Panel) weekly."
    names = ["FAS", "Family Anchor Service", "RAP", "resource and access panel"]
    known = canonical_names(names, text)
    assert known["FAS"] == known["Family Anchor Service"] == "Family Anchor Service"
    assert known["RAP"] == known["resource and access panel"]
    apart = canonical_names(["RAP", "resource and access panel"])
    assert apart["RAP"] != apart["resource and access panel"]


def test_half_a_name_before_its_abbreviation_is_written_out():
    text = "Calls go to the integrated welcome desk (IWD)."
    assert canonical_names(["desk (IWD)", "IWD"], text) == dict.fromkeys(
        ["desk (IWD)", "IWD"], "integrated welcome desk"
    )


def test_one_abbreviation_for_two_ways_of_writing_it_out():
    text = "Area support circles (ASCs) help. The area safety circles (ASCs) meet. The area support circles (ASCs) act."
    names = ["area support circles (ASCs)", "ASC", "area safety circles"]
    assert len(set(canonical_names(names, text).values())) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the Multi-Agency Otter Hub (MAOH)", {"MAOH": ("Multi-Agency Otter Hub",)}),
        ("area support circles (ASCs)", {"ASC": ("area support circles",)}),
        ("the Board of Otters (BO) and the board of otters (BO) and a Board of Otters (BO)",
         {"BO": ("Board of Otters", "board of otters")}),
        ("the play and learning service (PALS)", {"PALS": ("play and learning service",)}),
        ("Children enjoy it (WELL).", {}),
        ("She left. Otters Bark (ROB)", {}),
        ("in 2019 (A) and (see page 4)", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_definitions(text, found):
    assert definitions(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Speak Up, the children in care council, is busy.",
        "They sit on the children in care council, Speak Up, which is busy.",
        "Many join ‘Speak Up’ (the Children in Care Council).",
        "The children in care council, known as Speak Up, is busy.",
        "The vibrant children in care council (Speak Up) is busy.",
    ],
)
def test_a_local_name_has_its_kind_from_the_words_beside_it(text):
    known = things(["Speak Up", "children in care council"], text)
    assert set(known.values()) == {Thing("Speak Up", "children in care council")}


def test_a_list_gives_no_kind():
    text = (
        "Speak Up, the children in care council and the Otter team help. The virtual school, Speak Up and others help."
    )
    assert things(["Speak Up"], text) == {"Speak Up": Thing("Speak Up", None)}


def test_two_local_names_leave_the_kind_alone():
    names = [
        "regional adoption agency (Adopt Otters)",
        "Adopt Herons regional adoption agency",
        "regional adoption agency",
    ]
    assert [thing.name for thing in things(names).values()] == [
        "Adopt Otters",
        "Adopt Herons",
        "regional adoption agency",
    ]
    assert {thing.kind for thing in things(names).values()} == {"regional adoption agency"}


def test_the_board_of_a_report_that_reviews_it():
    text = "The Local Safeguarding Children Board (LSCB) is good."
    assert things(["Board"], text)["Board"].kind == "local safeguarding children board"
    assert things(["Board"])["Board"] == Thing("Board", None)


def test_no_form_belongs_to_two_kinds():
    owners: dict[str, set[str]] = {}
    for kind in kinds().values():
        for form in (kind.name, *kind.sure, *kind.forms):
            owners.setdefault(key(form), set()).add(kind.name)
    assert [owner for owner in owners.values() if len(owner) > 1] == []
    assert kind_of("Multi Agency Safeguarding Hubs team") == "multi-agency safeguarding hub"


@pytest.mark.parametrize("name", ["", "(", "()", "’", "The", "and", "A" * 5000, "(((MASH", "& &", "the the the"])
def test_odd_names_do_not_fail(name):
    assert set(canonical_names([name, "MASH"], f"{name}, the virtual school, ({name})")) == {name, "MASH"}


def finding(number: int, named: tuple[str, ...], page: int = 2, polarity: Polarity = Polarity.STRENGTH) -> Finding:
    strength = Strength("work", named) if polarity is not Polarity.CONCERN else None
    return Finding(f"{number:016x}", page, "body", f"Sentence {number}.", polarity, 0.9, strength=strength)


def report(number: int, authority: str, *named: tuple[str, ...]) -> Report:
    made = tuple(finding(number * 100 + at, names, at + 1) for at, names in enumerate(named))
    entry = register().named(authority)
    return Report(
        Source(f"{number}.pdf", f"{number:064x}", 4), authority=entry.authority, findings=with_things(made, "")
    )


def test_findings_get_things_in_the_order_of_their_names():
    made = with_things([finding(1, ("Otter team", "MASH")), finding(2, ()), finding(3, (), 2, Polarity.CONCERN)], "")
    assert made[0].strength == Strength(
        "work", ("Otter team", "MASH"), ("Otter team", "multi-agency safeguarding hub"),
        (None, "multi-agency safeguarding hub"),
    )  # fmt: skip
    assert made[1].strength == Strength("work")
    assert made[2].strength is None


def test_named_strengths_of_a_report():
    one = report(1, "York", ("MASH",), ("multi-agency safeguarding hub", "Otter team"), ("MASH", "MASH team"))
    rows = one.named_strengths()
    assert rows[0] == NamedStrength(
        "multi-agency safeguarding hub",
        "multi-agency safeguarding hub",
        ("MASH", "multi-agency safeguarding hub", "MASH team"),
        tuple(item.id for item in one.findings),
        (1, 2, 3),
    )
    assert [(row.name, row.kind, row.pages) for row in rows[1:]] == [("Otter team", None, (2,))]


def test_named_strengths_of_a_report_kept_without_things():
    old = Report(Source("1.pdf", "a" * 64, 1), findings=(finding(1, ("KFT team", "Keeping Families Together (KFT)")),))
    assert [(row.name, row.kind) for row in old.named_strengths()] == [
        ("KFT team", None),
        ("Keeping Families Together (KFT)", None),
    ]


def test_things_survive_plain_data_and_the_store():
    one = report(1, "York", ("MASH", "Otter team"), ())
    assert Report.from_dict(json.loads(json.dumps(one.to_dict()))) == one
    assert one.to_dict()["findings"][0]["strength"]["things"] == ["multi-agency safeguarding hub", "Otter team"]
    with Store.open(":memory:") as store:
        store.add(one, extractor_version="1")
        assert store.report(one.source.sha256) == one


def test_data_of_an_older_version_is_read():
    data = report(1, "York", ("MASH",)).to_dict()
    for name in ("things", "kinds"):
        del data["findings"][0]["strength"][name]
    assert Report.from_dict(data).findings[0].strength == Strength("work", ("MASH",))


@pytest.fixture
def stored(tmp_path: Path) -> Corpus:
    path = tmp_path / "store.duckdb"
    with Store.open(path) as store:
        store.add(report(1, "York", ("MASH",), ("Otter team", "MASH team")), extractor_version="1")
        store.add(report(2, "York", ("Multi-Agency Safeguarding Hub",)), extractor_version="1")
        store.add(report(3, "Darlington", ("MASH", "Speak Up children in care council")), extractor_version="1")
        store.add(
            Report(Source("4.pdf", "f" * 64, 1), findings=(finding(9, (), 1, Polarity.CONCERN),)), extractor_version="1"
        )
    return Corpus.open(path, seed=False)


def test_named_strengths_across_authorities(stored: Corpus):
    frame = stored.named_strengths().set_index("thing")
    assert frame.loc["multi-agency safeguarding hub", ["authorities", "reports", "findings"]].tolist() == [2, 3, 4]
    assert frame.loc["multi-agency safeguarding hub", "where"] == ["Darlington", "York"]
    assert frame.loc["Otter team", ["authorities", "findings"]].tolist() == [1, 1]
    assert frame.loc["Speak Up", "kind"] == "children in care council"
    assert frame.loc["Otter team", "kind"] is None
    assert frame.attrs["reports_without"] == 1


def test_named_strengths_of_one_authority_count_the_others_too(stored: Corpus):
    frame = stored.named_strengths("Darlington").set_index("thing")
    assert sorted(frame.index) == ["Speak Up", "multi-agency safeguarding hub"]
    assert frame.loc["multi-agency safeguarding hub", ["authorities", "reports"]].tolist() == [2, 1]


def test_named_strengths_by_kind(stored: Corpus):
    frame = stored.named_strengths(by="kind")
    assert "children in care council" in set(frame["thing"])
    with pytest.raises(UsageError, match="thing or by kind"):
        stored.named_strengths(by="sort")


def test_a_kind_told_in_one_report_holds_in_the_others():
    rows = [
        {"authority": "A", "urn": 1, "sha256": "1", "id": "a", "named": ["Speak Up"], "things": ["Speak Up"],
         "kinds": ["children in care council"]},
        {"authority": "B", "urn": 2, "sha256": "2", "id": "b", "named": ["Speak up"], "things": None,
         "kinds": None},
    ]  # fmt: skip
    frame = across(pandas.DataFrame(rows), [2020, None])
    assert frame[["kind", "authorities"]].values.tolist() == [["children in care council", 2]]
    assert frame["years"][0] == [2020]


def test_without_stored_names_it_says_so(tmp_path: Path):
    path = tmp_path / "store.duckdb"
    bare = report(1, "York", ("MASH",))
    with Store.open(path) as store:
        store.add(
            dataclasses.replace(bare, findings=(dataclasses.replace(bare.findings[0], strength=None),)),
            extractor_version="1",
        )
    with pytest.raises(NotFoundError, match="--strengths"):
        Corpus.open(path, seed=False).named_strengths()


def test_the_workbook_names_what_is_praised(tmp_path: Path):
    one = dataclasses.replace(
        report(1, "York", ("MASH", "MASH team"), ()),
        framework="ilacs",
        inspection=Inspection(end=datetime.date(2023, 1, 31)),
    )
    benchmark([one], "York").to_xlsx(tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    findings, named = (list(book[sheet].iter_rows(values_only=True)) for sheet in ("Findings", "Named"))
    assert findings[1][findings[0].index("Praised")] == "work"
    assert named[0][:3] == ("Name", "Kind", "Finding")
    assert {row[0] for row in named[1:]} == {"multi-agency safeguarding hub"}
    assert named[1][2] == findings[1][findings[0].index("Id")]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("half", "least_precision", "least_recall"), [("development", 0.97, 0.93), ("held_out", 0.97, 0.8)]
)
def test_names_of_real_reports_are_put_together(corpus_reports: Path, half, least_precision, least_recall):
    right = wrong = missed = 0
    for line in ANNOTATED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["set"] != half:
            continue
        names = [name for group in row["groups"] for name in group]
        known = canonical_names(names, read_pdf(corpus_reports / row["file"]).text)
        same = {frozenset(pair) for group in row["groups"] for pair in itertools.combinations(group, 2)}
        put = {frozenset((a, b)) for a, b in itertools.combinations(names, 2) if known[a] == known[b]}
        right, wrong, missed = right + len(put & same), wrong + len(put - same), missed + len(same - put)
    assert right / (right + wrong) >= least_precision
    assert right / (right + missed) >= least_recall
