"""Every printed form of an authority's name leads to the right URN, and look-alikes do not."""

import os
from pathlib import Path

import pytest

from ofsted_nlp.authorities import register
from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.records import Authority

CORPUS = Path(os.environ.get("OFSTED_NLP_CORPUS", Path(__file__).parents[1] / "../shared/corpus"))


@pytest.mark.parametrize(
    ("printed", "urn"),
    [
        ("Darlington Borough Council", 80458),
        ("darlington", 80458),
        ("841", 80458),
        ("80458", 80458),
        ("E06000005", 80458),
        ("London Borough of Barnet", 80487),
        ("Royal Borough of Kensington and Chelsea", 80544),
        ("Kensington & Chelsea", 80544),
        ("City of York Council", 80453),
        ("Bristol City Council", 80441),
        ("Bristol, City of", 80441),
        ("City and County of Bristol", 80441),
        ("County Durham", 80465),
        ("Hull", 80477),
        ("Kingston upon Hull City Council", 80477),
        ("St. Helens", 80560),
        ("St Helens", 80560),
        ("Council of the Isles of Scilly", 80455),
        ("Telford & Wrekin", 80570),
        ("Bournemouth, Christchurch & Poole", 2532287),
        ("City of London Corporation", 80450),
        ("Westminster City Council", 80519),
        ("City of Bradford Metropolitan District Council", 80449),
        ("Bradford Children and Families Trust", 80449),
        ("Birmingham Children’s Trust", 80429),
        ("Doncaster Childrens Services Trust", 80462),
        ("Slough Children First", 80553),
        ("Sandwell Children's Trust", 80549),
        ("Together for Children", 80566),
        ("Worcestershire Children First", 80584),
        ("Southend‑on‑Sea City Council", 80559),
        ("STOKE ON TRENT", 80564),
        ("Bedford Borough Council", 80428),
        ("Northamptonshire", 121939),
    ],
)
def test_any_printed_name(printed, urn):
    assert register().named(printed).urn == urn


def test_a_shared_trust_stands_for_its_authorities():
    found = register().all_named("Northamptonshire Children’s Trust")
    assert [entry.name for entry in found] == ["North Northamptonshire", "West Northamptonshire"]
    with pytest.raises(NotFoundError, match="covers North Northamptonshire and West Northamptonshire") as caught:
        register().named("Northamptonshire Children's Trust")
    assert caught.value.code == "ambiguous"


@pytest.mark.parametrize(
    ("wrong", "suggestion"),
    [("Darlingtn", "Darlington"), ("Kingston", "Kingston upon Thames"), ("Cheshire", "Cheshire East")],
)
def test_an_unknown_name_is_answered_with_suggestions(wrong, suggestion):
    with pytest.raises(NotFoundError, match=f"Did you mean .*{suggestion}"):
        register().named(wrong)


@pytest.mark.parametrize("nonsense", ["", "  ", "Atlantis", "999999"])
def test_nonsense_is_not_found(nonsense):
    with pytest.raises(NotFoundError):
        register().named(nonsense)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Cheshire West and Chester", ["Cheshire West and Chester"]),
        ("leaders in North Yorkshire say", ["North Yorkshire"]),
        ("York, Derbyshire and Derby", ["York", "Derbyshire", "Derby"]),
        ("West Northamptonshire replaced Northamptonshire", ["West Northamptonshire", "Northamptonshire"]),
        ("Redcar & Cleveland", ["Redcar and Cleveland"]),
        ("South Yorkshire Police, Greater Manchester and NHS Kent", []),
        ("Surrey Police and Essex County Fire and Rescue", []),
        ("reading is taught well. Reading and writing too. Then Reading Borough Council", ["Reading"]),
        ("children in Newcastle-under-Lyme", []),
        ("Stockton-\r\non-Tees and Stoke\u0002on\u0002Trent", ["Stockton-on-Tees", "Stoke-on-Trent"]),
        ("the Yorkshireman", []),
    ],
)
def test_mentions_in_running_text(text, names):
    assert [mention.entry.name for mention in register().find(text)] == names


def test_a_mention_spans_the_name_as_printed():
    text = "Inspection of the London Borough of Sutton council’s services"
    (mention,) = register().find(text)
    assert text[mention.start : mention.end] == "the London Borough of Sutton council"


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Inspection of Dorset local authority children’s services", ["Dorset"]),
        (
            "1 May 2020\nAnn Kent, Director of Children’s Services, Halton\nJo York, Chief Constable",
            ["Halton"],
        ),
        (
            "Inspection of Northamptonshire Children’s Trust",
            ["North Northamptonshire", "West Northamptonshire"],
        ),
        ("Northamptonshire Children’s Trust, for West Northamptonshire Council", ["West Northamptonshire"]),
        ("Minutes of the parish meeting", []),
    ],
)
def test_the_authority_that_a_title_is_about(title, names):
    assert [entry.name for entry in register().lead(title)] == names


def test_peers_regions_and_successors():
    known = register()
    darlington = known.by_la_code(841)
    assert darlington.authority == Authority(80458, 841, "E06000005", "Darlington")
    assert [entry.la_code for entry in known.neighbours(darlington)] == [
        390,
        808,
        332,
        384,
        888,
        894,
        372,
        357,
        840,
        371,
    ]
    assert len(known) == 156
    assert len(known.current()) == 153
    assert [entry.name for entry in known.abolished] == ["Cumbria", "Northamptonshire", "Poole"]
    assert len(known.in_region("North East")) == 12
    assert known.in_region("e12000001") == known.in_region("north east")
    assert [entry.name for entry in known.latest_of(135513)] == ["Cumberland", "Westmorland and Furness"]
    assert known.latest_of(80458) == (darlington,)
    assert known.by_urn(80441).display_name == "Bristol"
    with pytest.raises(NotFoundError, match="is not an English region"):
        known.in_region("Wessex")


@pytest.mark.corpus
def test_the_title_page_of_every_real_report():
    import pypdfium2

    reports = sorted((CORPUS / "reports").glob("*.pdf"))
    if not reports:
        pytest.skip(f"no reports in {CORPUS}; set OFSTED_NLP_CORPUS")
    read, wrong = 0, []
    for path in reports:
        if not path.read_bytes().startswith(b"%PDF"):
            continue
        document = pypdfium2.PdfDocument(path)
        title = document[0].get_textpage().get_text_range()
        document.close()
        read += 1
        if [entry.urn for entry in register().lead(title)] != [int(path.name.split("-")[0])]:
            wrong.append(path.name)
    assert read > 0
    assert wrong == []
