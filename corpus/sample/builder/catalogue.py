"""Which sample documents there are: file name, page style, writer, and the facts printed in each."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import furniture, ilacs, jtai, send, sif, visits
from .layout import Sheet, Style


@dataclass(frozen=True)
class Sample:
    """A sample document.

    Attributes:
        file: its file name.
        title: the title in the PDF's metadata.
        style: makes its page style.
        write: sets its pages.
        created: the creation date in the PDF.
        facts: its line of gold/facts.jsonl, without the file name.
        details: its line of gold/details.jsonl, without the file name.
    """

    file: str
    title: str
    style: Callable[[], Style]
    write: Callable[[Sheet], None]
    created: datetime.datetime
    facts: dict[str, Any]
    details: dict[str, Any] = field(default_factory=dict)


def _when(year: int, month: int, day: int) -> datetime.datetime:
    return datetime.datetime(year, month, day, 9, 0, tzinfo=datetime.UTC)


def _facts(
    framework: str, start: str, end: str, published: str | None, lead: str | None, **judgements: str
) -> dict[str, Any]:
    return {
        "framework": framework,
        "inspection_start": start,
        "inspection_end": end,
        "published": published,
        "lead_inspector": lead,
        "judgements": judgements,
    }


SAMPLES = (
    Sample(
        "wexbury-sif-2015.pdf",
        "Wexbury - report",
        furniture.sif,
        sif.wexbury_2015,
        _when(2015, 12, 10),
        _facts(
            "sif",
            "2015-09-29",
            "2015-10-22",
            "2015-12-11",
            "Clemency Rowbotham-Iqbal",
            overall_effectiveness="requires_improvement",
            help_and_protection="requires_improvement",
            looked_after_permanence="requires_improvement",
            adoption="good",
            care_leavers="inadequate",
            leadership="requires_improvement",
            lscb="good",
        ),
        {"authority": "Wexbury"},
    ),
    Sample(
        "thornley-ilacs-2021.pdf",
        "Inspection of Thornley local authority children's services",
        lambda: furniture.ilacs(
            "Inspection of Thornley Borough local authority children’s services",
            "6 September to 17 September 2021",
            bold=True,
        ),
        ilacs.thornley_2021,
        _when(2021, 11, 5),
        _facts(
            "ilacs",
            "2021-09-06",
            "2021-09-17",
            None,
            "Rosalind Achebe-Hart",
            overall_effectiveness="good",
            impact_of_leaders="good",
            help_and_protection="requires_improvement",
            care_and_care_leavers="good",
        ),
        {"authority": "Thornley"},
    ),
    Sample(
        "wexbury-ilacs-2024.pdf",
        "Inspection of Wexbury local authority children's services",
        lambda: furniture.ilacs("Inspection of Wexbury local authority children’s services", "8 to 19 July 2024"),
        ilacs.wexbury_2024,
        _when(2024, 9, 2),
        _facts(
            "ilacs",
            "2024-07-08",
            "2024-07-19",
            None,
            "Tobias Lindqvist-Moor",
            overall_effectiveness="inadequate",
            impact_of_leaders="inadequate",
            help_and_protection="inadequate",
            in_care="requires_improvement",
            care_leavers="good",
        ),
        {"authority": "Wexbury"},
    ),
    Sample(
        "marlshire-ilacs-2026.pdf",
        "Inspection of Marlshire local authority children's services",
        lambda: furniture.ilacs(
            "Inspection of Marlshire local authority children’s services", "28 May to 12 June 2026"
        ),
        ilacs.marlshire_2026,
        _when(2026, 7, 20),
        _facts(
            "ilacs",
            "2026-05-28",
            "2026-06-12",
            None,
            "Imogen Fairweather",
            impact_of_leaders="outstanding",
            help_and_protection="good",
            in_care="outstanding",
            care_leavers="requires_improvement",
        ),
        {"authority": "Marlshire"},
    ),
    Sample(
        "marlshire-focused-visit-2023.pdf",
        "Focused visit to Marlshire children's services",
        furniture.letter,
        visits.marlshire_focused_2023,
        _when(2023, 4, 26),
        _facts("ilacs_focused_visit", "2023-03-14", "2023-03-15", "2023-04-27", "Aurelia Stannard and Kofi Drummond"),
        {
            "authority": "Marlshire",
            "theme": "children in need and children subject to a protection plan",
            "inspectors": ["Aurelia Stannard", "Kofi Drummond"],
        },
    ),
    Sample(
        "thornley-focused-visit-2024.pdf",
        "Focused visit to Thornley children's services",
        lambda: furniture.ilacs("Focused visit to Thornley children’s services", "26 and 27 November 2024"),
        visits.thornley_focused_2024,
        _when(2025, 1, 8),
        _facts("ilacs_focused_visit", "2024-11-26", "2024-11-27", None, "Ingrid Castellane"),
        {
            "authority": "Thornley",
            "theme": "the ‘front door’, including decisions about thresholds and the use of strategy meetings",
        },
    ),
    Sample(
        "eastmere-monitoring-visit-2022.pdf",
        "Monitoring visit of Eastmere children's services",
        furniture.letter,
        visits.eastmere_monitoring_2022,
        _when(2022, 6, 13),
        _facts(
            "ilacs_monitoring_visit", "2022-05-03", "2022-05-04", "2022-06-14", "Philippa Oyelaran and Magnus Thwaite"
        ),
        {"authority": "Eastmere", "inspectors": ["Philippa Oyelaran", "Magnus Thwaite"]},
    ),
    Sample(
        "marlshire-jtai-2024.pdf",
        "Joint targeted area inspection of Marlshire",
        furniture.jtai,
        jtai.marlshire_2024,
        _when(2024, 2, 5),
        _facts("jtai", "2023-12-04", "2023-12-08", "2024-02-06", None),
        {
            "authority": "Marlshire",
            "theme": "the multi-agency response to serious youth violence",
            "headline_findings": [
                "Partners in Marlshire share a conviction",
                "The help on offer is thinner in the small towns",
            ],
        },
    ),
    Sample(
        "eastmere-send-2025.pdf",
        "Area SEND inspection of Eastmere Local Area Partnership",
        lambda: furniture.send("Area SEND inspection report: Eastmere Local Area Partnership", "3 to 7 March 2025"),
        send.eastmere_2025,
        _when(2025, 5, 12),
        _facts(
            "send",
            "2025-03-03",
            "2025-03-07",
            None,
            "Hester Mbeki and Duncan Salvatore",
            outcome="systemic_failings",
        ),
        {
            "authority": "Eastmere",
            "previous": "2018-06-15",
            "next_inspection": [
                "A monitoring inspection will be carried out within approximately 18 months.",
                "The next full reinspection will be within approximately three years.",
            ],
        },
    ),
)
