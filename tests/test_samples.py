"""The sample documents are what their script writes, and their gold says what is printed in them."""

from __future__ import annotations

import calendar
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

GOLD = ("facts", "recommendations", "sentences", "strengths", "details")
FRAMEWORKS = {"sif", "ilacs", "ilacs_focused_visit", "ilacs_monitoring_visit", "jtai", "send"}
JUDGEMENTS = {
    "sif": {
        "overall_effectiveness",
        "help_and_protection",
        "looked_after_permanence",
        "adoption",
        "care_leavers",
        "leadership",
        "lscb",
    },
    "ilacs": {
        "overall_effectiveness",
        "impact_of_leaders",
        "help_and_protection",
        "care_and_care_leavers",
        "in_care",
        "care_leavers",
    },
    "send": {"outcome"},
}
GRADES = {
    "send": {"positive", "inconsistent", "systemic_failings"},
    "other": {"outstanding", "good", "adequate", "requires_improvement", "inadequate"},
}
THEMES = set(
    re.findall(
        r"\w+",
        """early_help front_door out_of_hours strategy_enquiries assessment plans_conferences specific_risks
        exploitation_missing pre_proceedings disabled_children homeless_16_17 private_fostering young_carers lado
        missing_education entering_care permanence adoption care_planning placements fostering health
        education_in_care family_time_identity participation uasc care_leaver_support care_leaver_accommodation
        care_leaver_eet care_leaver_health_offer leadership management_oversight performance_data quality_assurance
        workforce practice_model_training partnership direct_work recording diversity improvement ehc_plans
        send_identification send_health_waits send_education preparing_adulthood coproduction joint_commissioning
        none""",
    )
)


def read_gold(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "gold" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def squeeze(text: str) -> str:
    """Letters, figures and brackets only, so that white space, bullets and broken words do not count."""
    return re.sub(r"[^a-z0-9£%()]", "", text.lower())


def page_texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def body(text: str) -> str:
    """The text of a page without what stands in its foot."""
    lines = text.replace("\r", "").split("\n")
    foot = re.compile(
        r"\s*(Inspection of .* children’s services|Focused visit to .* children’s services"
        r"|Area SEND inspection report: .*|[\d to]+(\w+ to \d+ )?(\w+ )?\w+ 20\d\d *\d*|and|\d+)\s*"
    )
    return "\n".join(line for line in lines if not foot.fullmatch(line))


@pytest.fixture(scope="module")
def printed(samples: Path) -> dict[str, list[str]]:
    return {path.name: [squeeze(body(text)) for text in page_texts(path)] for path in samples.glob("*.pdf")}


def starts_on(wanted: str, pages: list[str]) -> list[int]:
    """The pages on which ``wanted`` begins, looking on over the end of the page; footnotes may stand between."""
    found = []
    for number, text in enumerate(pages, 1):
        following = "".join(pages[number : number + 1])
        joined = text + following
        at = joined.find(wanted)
        while at >= 0:
            if at < len(text):
                found.append(number)
            at = joined.find(wanted, at + 1)
    return found


def test_rebuilding_gives_what_is_kept(samples: Path, sample_builder: Any, tmp_path: Path) -> None:
    sample_builder.build(tmp_path)
    kept = {
        p.relative_to(samples).as_posix()
        for p in samples.rglob("*")
        if p.suffix in (".pdf", ".jsonl") and "fonts" not in p.parts
    }
    built = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert built == kept
    same_versions = sample_builder.versions() == sample_builder.BUILT_WITH
    for name in sorted(built):
        new, old = tmp_path / name, samples / name
        if same_versions or name.endswith(".jsonl") or name.startswith(("broken/html", "broken/random")):
            assert new.read_bytes() == old.read_bytes(), f"{name}: run corpus/sample/build_samples.py and commit"
        elif not name.startswith("broken/"):
            assert page_texts(new) == page_texts(old), name


def test_every_report_has_its_gold(samples: Path) -> None:
    reports = {path.name for path in samples.glob("*.pdf")}
    for name in ("facts", "recommendations", "details"):
        files = [item["file"] for item in read_gold(samples, name)]
        assert len(files) == len(set(files))
        assert set(files) == reports
    sentences = Counter(item["file"] for item in read_gold(samples, "sentences"))
    assert set(sentences) == reports
    assert sum(sentences.values()) >= 60


def test_codes_are_known(samples: Path) -> None:
    for fact in read_gold(samples, "facts"):
        framework = fact["framework"]
        assert framework in FRAMEWORKS
        assert set(fact["judgements"]) <= JUDGEMENTS.get(framework, set()), fact["file"]
        grades = GRADES["send" if framework == "send" else "other"]
        assert set(fact["judgements"].values()) <= grades, fact["file"]
        assert fact["inspection_start"] <= fact["inspection_end"]
        assert fact["published"] is None or fact["published"] > fact["inspection_end"]
    for report in read_gold(samples, "recommendations"):
        for item in report["items"]:
            assert item["kind"] in {"recommendation", "area_for_improvement", "priority_action"}
            assert item["section"] in {"authority", "lscb", "partnership"}
    sentences = read_gold(samples, "sentences")
    for sentence in sentences:
        assert sentence["polarity"] in {"strength", "concern", "mixed", "neutral"}
        assert sentence["theme"] in THEMES, sentence
        assert sentence["theme2"] is None or sentence["theme2"] in THEMES - {"none", sentence["theme"]}, sentence
        assert sentence["is_finding"] == (sentence["polarity"] != "neutral")
        assert sentence["polarity"] == "neutral" or sentence["theme"] != "none"
    assert len({s["id"] for s in sentences}) == len(sentences)
    assert {s["polarity"] for s in sentences} == {"strength", "concern", "mixed", "neutral"}


def test_sentences_stand_on_their_page(samples: Path, printed: dict[str, list[str]]) -> None:
    for sentence in read_gold(samples, "sentences"):
        pages = starts_on(squeeze(sentence["text"]), printed[sentence["file"]])
        assert pages == [sentence["page"]], sentence
        whole = "".join(printed[sentence["file"]])
        assert squeeze(sentence["prev"]) + squeeze(sentence["text"]) in whole, sentence


def test_actions_stand_on_their_page(samples: Path, printed: dict[str, list[str]]) -> None:
    for report in read_gold(samples, "recommendations"):
        pages = printed[report["file"]]
        assert report["items"] or report["file"].startswith("eastmere-monitoring")
        for item in report["items"]:
            lead, *parts = re.split(r"(?<=:) |; ", item["text"])
            number = item["number"] or ""
            wanted = squeeze(number + lead.removesuffix("."))
            assert starts_on(wanted, pages) == [item["page"]], item
            for part in parts:
                assert squeeze(part) in "".join(pages), item


def test_strengths_are_part_of_their_sentence(samples: Path) -> None:
    sentences = {s["id"]: s for s in read_gold(samples, "sentences")}
    strengths = read_gold(samples, "strengths")
    assert len(strengths) >= 20
    for strength in strengths:
        sentence = sentences[strength["id"]]
        assert sentence["polarity"] in {"strength", "mixed"}
        assert (strength["file"], strength["page"], strength["text"]) == (
            sentence["file"],
            sentence["page"],
            sentence["text"],
        )
        for words in (strength["subject"], *strength["named"]):
            assert words in sentence["text"], strength


def test_facts_are_printed(samples: Path) -> None:
    for fact in read_gold(samples, "facts"):
        whole = squeeze("".join(page_texts(samples / fact["file"])))
        for name in (fact["lead_inspector"] or "").split(" and "):
            assert squeeze(name) in whole, fact
        for key in ("inspection_end", "published"):
            if fact[key]:
                year, month, day = fact[key].split("-")
                assert squeeze(f"{int(day)} {calendar.month_name[int(month)]} {year}") in whole, fact


def test_details_are_printed(samples: Path, printed: dict[str, list[str]]) -> None:
    actions = {
        (report["file"], item["text"]) for report in read_gold(samples, "recommendations") for item in report["items"]
    }
    studies = 0
    for details in read_gold(samples, "details"):
        pages = printed[details["file"]]
        whole = "".join(pages)
        passages = details.get("next_inspection", []) + details.get("headline_findings", [])
        for text in (details["authority"], details.get("theme", ""), *passages, *details.get("inspectors", [])):
            assert squeeze(text) in whole, text
        for text, body_named in details["responsible"].items():
            assert (details["file"], text) in actions
            assert squeeze(body_named) in whole
        for study in details["practice_studies"]:
            studies += 1
            assert study["kind"] in {"strength", "improvement"}
            assert starts_on(squeeze(study["title"]), pages) == [study["page"]]
            assert squeeze(study["text"]) in whole
    assert studies == 2


def test_layout_traps_are_there(samples: Path) -> None:
    """The traps that the samples exist for have survived the last edit of their texts."""
    sif = page_texts(samples / "wexbury-sif-2015.pdf")
    assert re.search(r"protection[ \r\n]*Requires *\r\n *improvement", sif[0])
    assert "\uf06e" in sif[2] and "\uf02d" in sif[2] and "\uf0b7" in sif[3]
    assert sif[4].lstrip().startswith("\uf0b7"), "no recommendation runs over the page"
    assert "improve?1" in page_texts(samples / "wexbury-ilacs-2024.pdf")[0]
    assert "Overall effectiveness" not in page_texts(samples / "marlshire-ilacs-2026.pdf")[0]
    send = page_texts(samples / "eastmere-send-2025.pdf")
    assert re.search("[\ufffe\x02]", "".join(send)), "no word is broken at the end of a line"
    assert send[2].startswith("signs;"), "no table row runs over the page"


def test_broken_files_are_broken(samples: Path) -> None:
    broken = samples / "broken"
    assert (broken / "empty.pdf").read_bytes() == b""
    assert (broken / "html_page.pdf").read_bytes().startswith(b"<!DOCTYPE html>")
    for name in ("empty", "html_page", "random", "encrypted"):
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(broken / f"{name}.pdf")
    assert len(pypdfium2.PdfDocument(broken / "encrypted.pdf", password="sample")) == 1
    assert "".join(page_texts(broken / "image_only.pdf")).strip() == ""
    assert b"%%EOF" not in (broken / "truncated.pdf").read_bytes()
    assert "Minutes of the Environment" in page_texts(broken / "minutes.pdf")[0]


def test_long_pdf_has_its_pages(long_pdf: Path) -> None:
    document = pypdfium2.PdfDocument(long_pdf)
    assert len(document) == 2000
    document.close()


def test_samples_stay_small(samples: Path) -> None:
    kept = [p for p in samples.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert sum(p.stat().st_size for p in kept) < 3_000_000
