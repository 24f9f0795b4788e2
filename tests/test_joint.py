"""Joint targeted area inspection letters: theme, headline findings, practice studies, on invented letters."""

import os
from pathlib import Path

import pytest

from ofsted_nlp.extraction.joint import headline_findings, practice_studies, theme_of
from ofsted_nlp.records import Block, BlockKind, Box, Document, Passage, Source, TextLine


def letter(*parts):
    """A document of (kind, page, text, other attributes of the block)."""
    blocks, texts, position = [], [], 0
    for kind, page, text, *rest in parts:
        line = TextLine(Box(page, 60, 100, 500, 112), position, position + len(text))
        values = {"level": 1, "bold": True} if kind == "heading" else {}
        values |= rest[0] if rest else {}
        blocks.append(Block(BlockKind(kind), text, position, position + len(text), (line,), size=12.0, **values))
        texts.append(text)
        position += len(text) + 1
    return Document(Source("invented.pdf", "0" * 64, 9), "\n".join(texts), tuple(blocks))


BOX = {"boxed": True}
SUMMARY = "This letter summarises the findings of the joint targeted area inspection (JTAI) of the multi-agency "


@pytest.mark.parametrize(
    ("printed", "theme"),
    [
        ("response to identification of initial need and risk in Fernshire.", "initial need and risk"),
        ("identification and response to initial need and risk in the Royal Borough of Fern.", "initial need and risk"),
        ("response to the criminal exploitation of children in Fernshire.", "criminal exploitation"),
        ("response to children who are victims of domestic abuse in Fern and Marsh.", "domestic abuse"),
        ("response to children and families in Fernshire who need help.", "children and families who need help"),
        ("response to children educated on islands in the City of Fern.", "children educated on islands"),
    ],
)
def test_the_theme_of_a_letter_with_a_summary(printed, theme):
    title = ("heading", 1, "Joint targeted area inspection of Fernshire")
    assert theme_of(letter(title, ("paragraph", 1, SUMMARY + printed))) == theme


@pytest.mark.parametrize(
    ("focus", "theme"),
    [
        ("the response to child sexual exploitation and those missing from home", "child sexual exploitation and "
         "missing children"),
        ("children between seven and 15 years old who have been neglected", "neglect"),
        ("the response to children living with domestic abuse", "domestic abuse"),
        ("children who care for a parent", "children who care for a parent"),
    ],
)  # fmt: skip
def test_the_deep_dive_tells_the_theme_where_the_title_speaks_of_abuse_and_neglect(focus, theme):
    report = letter(
        ("heading", 1, "Joint targeted area inspection of the multi-agency response to abuse and neglect in Fernshire"),
        ("paragraph", 1, "In May, the inspectorates carried out a joint inspection of the multi-agency response to "
         f"abuse and neglect in Fernshire. This inspection included a ‘deep dive’ focus on {focus}."),
    )  # fmt: skip
    assert theme_of(report) == theme


def test_the_title_of_an_older_letter_tells_the_theme():
    title = "Joint targeted area inspection of the multi-agency response to sexual abuse in the family in Fernshire"
    assert theme_of(letter(("heading", 1, title))) == "child sexual abuse in the family environment"


def test_a_letter_that_names_no_theme_has_none():
    title = ("heading", 1, "Joint targeted area inspection of Fernshire")
    assert theme_of(letter(title, ("paragraph", 4, "Neglect is recognised early."))) is None


def test_headline_findings_are_the_passages_under_their_heading():
    report = letter(
        ("heading", 1, "Headline findings"),
        ("paragraph", 1, "Most children are safe."),
        ("footnote", 1, "1 A note."),
        ("bullet", 2, "Some wait."),
        ("heading", 2, "What needs to improve?"),
        ("bullet", 2, "Recording."),
    )
    assert headline_findings(report) == (Passage("Most children are safe.", 1), Passage("Some wait.", 2))
    assert headline_findings(letter(("heading", 1, "Key strengths"), ("bullet", 1, "Staff are skilled."))) == ()


def test_studies_are_boxes_that_end_with_the_box_and_run_over_pages():
    report = letter(
        ("heading", 2, "Key strengths"),
        ("paragraph", 2, "This case study group is small."),
        ("heading", 3, "Practice study: highly effective practice", BOX),
        ("paragraph", 3, "Ana was seen alone.", BOX),
        ("footnote", 3, "1 A name was changed."),
        ("bullet", 4, "She is safe.", BOX),
        ("heading", 4, "Areas for improvement"),
        ("bullet", 4, "Recording."),
        ("paragraph", 5, "Case study: area(s) for improvement", {"boxed": True, "bold": True}),
        ("paragraph", 5, "Ben waited.", BOX),
        ("paragraph", 5, "Waits are long."),
    )
    first, second = practice_studies(report)
    assert (first.title, first.kind, first.page) == ("Practice study: highly effective practice", "strength", 3)
    assert first.text == "Ana was seen alone.\nShe is safe."
    assert (second.kind, second.page, second.text) == ("improvement", 5, "Ben waited.")


def test_neighbouring_boxes_are_studies_of_their_own():
    report = letter(
        ("heading", 3, "Practice study: effective practice", BOX),
        ("paragraph", 3, "Ana was seen alone.", BOX),
        ("heading", 3, "Practice study: areas for priority action and improvement", BOX),
        ("paragraph", 3, "Ben waited.", BOX),
        ("heading", 3, "Places and spaces: highly effective practice", BOX),
        ("paragraph", 3, "The park is lit.", BOX),
        ("heading", 3, "Next steps"),
        ("paragraph", 3, "Send us a plan."),
    )
    assert [(s.kind, s.text) for s in practice_studies(report)] == [
        ("strength", "Ana was seen alone."),
        ("improvement", "Ben waited."),
        ("strength", "The park is lit."),
    ]


def test_a_title_without_a_kind_takes_that_of_its_section():
    report = letter(
        ("heading", 2, "Areas for improvement"),
        ("heading", 3, "Case study", BOX),
        ("paragraph", 3, "Ben waited.", BOX),
    )
    assert practice_studies(report)[0].kind == "improvement"


def test_a_study_without_a_drawn_box_ends_at_the_next_heading():
    report = letter(
        ("heading", 3, "Practice study: effective practice"),
        ("paragraph", 3, "Ana was seen alone."),
        ("heading", 3, "Next steps"),
        ("paragraph", 3, "Send us a plan."),
    )
    assert [s.text for s in practice_studies(report)] == ["Ana was seen alone."]


CORPUS = Path(os.environ.get("OFSTED_NLP_CORPUS", Path(__file__).parents[1] / "../shared/corpus")) / "reports"


@pytest.mark.corpus
def test_every_real_letter_names_a_known_theme():
    files = sorted(f for f in CORPUS.glob("*-jtai-*.pdf") if "-2009-" not in f.name)
    if not files:
        pytest.skip(f"no joint inspection letters in {CORPUS}")
    from ofsted_nlp.extraction.joint import THEMES
    from ofsted_nlp.reading.pdf import read_pdf

    known = {name for _, name in THEMES}
    for file in files:
        report = read_pdf(file)
        theme, studies = theme_of(report), practice_studies(report)
        assert theme in known, file.name
        # Letters of the first generation carry a study of each kind; those on initial need and risk none.
        if not headline_findings(report):
            assert {s.kind for s in studies} == {"strength", "improvement"}, file.name
        if theme == "initial need and risk":
            assert not studies, file.name
