"""Invented reports for the tests of the site: real authorities of the register, invented inspections and sentences."""

import datetime

from ofsted_nlp.authorities import register
from ofsted_nlp.records import Finding, Inspection, Judgement, Polarity, Recommendation, Report, Source

DAY = datetime.date.fromisoformat
SCRIPT = "<script>alert('x')</script> & <img src=x onerror=alert(1)> \u2028 co"


def entry(name):
    return register().named(name)


def report(name, end, grade="good", concerns=(), strengths=(), framework="ilacs", texts=True, url=True, items=()):
    """A report; concerns and strengths are pairs of a theme and a sentence, on pages 2, 3 ..."""
    of = entry(name)
    file = f"{of.urn}-{framework}-{end}.pdf"
    key = f"{of.urn:08}{framework}{end}"
    findings = [
        Finding(f"{key}{n}", n + 2, "body", text if texts else "", side, 0.9, (theme,), start=n, end=n + 1)
        for n, (side, (theme, text)) in enumerate(
            [(Polarity.CONCERN, pair) for pair in concerns] + [(Polarity.STRENGTH, pair) for pair in strengths]
        )
    ]
    codes = ("overall_effectiveness", "impact_of_leaders", "help_and_protection")
    return Report(
        source=Source(file, key.ljust(64, "0"), 9, f"https://files.example.org/{of.urn}-{end}" if url else None),
        framework=framework,
        authority=of.authority,
        inspection=Inspection(end=DAY(end)),
        judgements=tuple(Judgement(code, grade, "Invented", 1) for code in codes) if grade else (),
        recommendations=tuple(
            Recommendation(
                "area_for_improvement", "authority", str(n), text if texts else "", 2, themes=("assessment",)
            )
            for n, text in enumerate(items, 1)
        ),
        findings=tuple(findings),
    )


def reports(texts=True):
    """Eight authorities, two of them inspected twice, one abolished; hostile text in Darlington's latest."""
    late = [("assessment", "Invented assessments take too long."), ("leadership", SCRIPT)]
    praise = [("early_help", "Invented help arrives early."), ("assessment", "Invented plans are weighed with care.")]
    made = [
        report(
            "Darlington",
            "2018-03-20",
            "requires_improvement",
            late[:1],
            praise[:1],
            "sif",
            texts,
            items=["Be quicker."],
        ),
        report("Darlington", "2022-10-21", "good", late, praise, texts=texts, items=["Do better & soon <b>now</b>."]),
        report("Leeds", "2015-02-01", "inadequate", late, (), "sif", texts),
        report("Leeds", "2022-03-01", "outstanding", (), praise, texts=texts),
        report("Cumbria", "2017-11-10", "requires_improvement", late, praise, "sif", texts),
        report("Cumberland", "2025-02-14", "good", (), praise, texts=texts),
        report("Kent", "2026-05-20", None, late[:1], praise, texts=texts, url=False),
        report("Kent", "2022-05-20", "outstanding", (), praise[:1], texts=texts),
        report("Kent", "2024-05-20", None, (), (), "jtai", texts),
    ]
    for n, name in enumerate(("Gateshead", "Durham", "Stockton-on-Tees", "Doncaster", "Rotherham", "Wakefield")):
        grade = ("outstanding", "good", "requires_improvement", "inadequate")[n % 4]
        made.append(report(name, f"2023-0{n + 1}-15", grade, late[: n % 2 + 1], praise[: n % 3], texts=texts))
    return made
