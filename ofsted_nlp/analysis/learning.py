"""From whom an authority can learn: others that had the same concern and have it as a strength in a later report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ofsted_nlp.analysis.benchmark.evidence import (
    ClusterLabel,
    Evidence,
    Likeness,
    cluster_labels,
    cluster_of,
    stands_alone,
    sure,
    surest,
)
from ofsted_nlp.analysis.benchmark.generations import grade_change
from ofsted_nlp.analysis.benchmark.persistence import ALIKE
from ofsted_nlp.analysis.inspections import FULL_FRAMEWORKS, by_authority, known_on
from ofsted_nlp.analysis.partners import BASES, LearningPartners, Lesson, Model, Partner
from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.records import Polarity, Report
from ofsted_nlp.themes import NONE, themes
from ofsted_nlp.themes import theme as theme_named


def learn_from(
    reports: Iterable[Report],
    entry: AuthorityEntry | str,
    as_of: datetime.date | None = None,
    *,
    theme: str | None = None,
    clusters: Iterable[Mapping[str, Any]] = (),
) -> LearningPartners:
    """For each concern of an authority's latest full report, those that had it and have it as a strength later.

    Args:
        reports: reports of any authorities and frameworks.
        entry: the authority, or a name of it.
        as_of: only inspections that ended by this day count.
        theme: only this theme, by code or title.
        clusters: rows with id, label, polarity and theme of the clusters that findings carry.

    Raises:
        NotFoundError: an authority or theme is not known, there is no full report of it, or the theme is no concern.
    """
    entry = register().named(entry) if isinstance(entry, str) else entry
    code = None if theme is None else theme_named(theme).code
    full = {
        urn: kept
        for urn, found in by_authority(known_on(reports, as_of)).items()
        if (kept := [report for report in found if report.framework in FULL_FRAMEWORKS])
    }
    if entry.urn not in full:
        when = f" of an inspection that ended by {as_of}" if as_of else ""
        raise NotFoundError(f"There is no full inspection report on {entry.display_name}{when}.")
    own = full.pop(entry.urn)[-1]
    likeness, labels = Likeness(), cluster_labels(clusters)
    near = {other.urn: place for place, other in enumerate(register().neighbours(entry), 1)}
    others = [(other, full[other.urn], near.get(other.urn)) for other in register() if other.urn in full]
    found: dict[str, list[Evidence]] = {}
    for item in sure(own, Polarity.CONCERN):
        if item.finding.themes and item.finding.themes[0] != NONE and code in (None, item.finding.themes[0]):
            found.setdefault(item.finding.themes[0], []).append(item)
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), list(themes()).index(pair[0])))
    lessons = tuple(_lesson(name, surest(evidence), others, labels, likeness) for name, evidence in ranked)
    made = LearningPartners(entry, as_of, own, lessons)
    if code is not None:
        made.lesson(code)
    return made


Others = Sequence[tuple[AuthorityEntry, Sequence[Report], int | None]]


def _lesson(
    theme: str, own: list[Evidence], others: Others, labels: Mapping[int, ClusterLabel], likeness: Likeness
) -> Lesson:
    numbers = {n for item in own if (n := cluster_of(item.finding, Polarity.CONCERN, labels)) is not None}
    partners, models = [], []
    for entry, reports, nearness in others:
        latest = reports[-1]
        strengths = sure(latest, Polarity.STRENGTH, theme)
        left = sure(latest, Polarity.CONCERN, theme) + sure(latest, Polarity.MIXED, theme)
        before = [(report, found) for report in reports[:-1] if (found := sure(report, Polarity.CONCERN, theme))]
        if strengths and before and len(strengths) > len(left):
            partners.append(_partner(entry, nearness, own, before, strengths, len(left), numbers, labels, likeness))
        elif strengths and not left and not before:
            models.append(_model(entry, nearness, strengths))
    order = list(BASES)
    partners.sort(
        key=lambda p: (
            p.nearness or 99,
            p.concerns_left > 0,
            order.index(p.basis),
            -(p.earlier.likeness or 0.0),
            -p.strengths,
            p.entry.name,
        )
    )
    models.sort(key=lambda m: (m.nearness or 99, not m.named, -len(m.evidence), m.entry.name))
    written = tuple(labels[number].label for number in sorted(numbers))
    return Lesson(theme, themes()[theme].title, written, tuple(own), tuple(partners), tuple(models))


def _partner(
    entry: AuthorityEntry,
    nearness: int | None,
    own: Sequence[Evidence],
    before: Sequence[tuple[Report, list[Evidence]]],
    strengths: Sequence[Evidence],
    left: int,
    numbers: set[int],
    labels: Mapping[int, ClusterLabel],
    likeness: Likeness,
) -> Partner:
    """The likest earlier concern; without texts one of the same cluster, else the surest of the report before."""
    texts = [item.finding.text for item in own]
    earlier = likeness.to_any(texts, [item for _, found in reversed(before) for item in found])
    same = [item for item in earlier if cluster_of(item.finding, Polarity.CONCERN, labels) in numbers]
    if earlier[0].likeness is not None and earlier[0].likeness >= ALIKE:
        basis, chosen = "wording", earlier[0]
    elif same:
        basis, chosen = "cluster", next((item for item in same if stands_alone(item)), same[0])
    elif earlier[0].likeness is not None:
        basis, chosen = "theme", next((item for item in earlier if stands_alone(item)), earlier[0])
    else:
        basis, chosen = "theme", surest(before[-1][1])[0]
    ranked = likeness.to_any([chosen.finding.text, *texts], strengths)
    later = next((item for item in ranked if stands_alone(item)), ranked[0])
    concerns = next(len(found) for report, found in before if report is chosen.report)
    change = grade_change(chosen.report, later.report)
    return Partner(entry, nearness, chosen, later, len(strengths), left, concerns, basis, change)


def _model(entry: AuthorityEntry, nearness: int | None, strengths: Sequence[Evidence]) -> Model:
    first = surest(strengths)
    first.sort(key=lambda item: not (item.finding.strength and item.finding.strength.named))
    named = [thing for item in first if item.finding.strength for thing, _ in item.finding.strength.known()]
    return Model(entry, nearness, tuple(first), tuple(dict.fromkeys(named)))
