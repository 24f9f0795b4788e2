"""From whom an authority can learn: others that had the same concern and have it as a strength in a later report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.analysis.benchmark.evidence import (
    ClusterLabel,
    Evidence,
    Likeness,
    SureFindings,
    cluster_labels,
    cluster_of,
    stands_alone,
    sure,
    surest,
    turned,
)
from ofsted_nlp.analysis.benchmark.generations import grade_change
from ofsted_nlp.analysis.benchmark.subject import Matter
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
    likeness: Likeness | None = None,
    known: SureFindings | None = None,
) -> LearningPartners:
    """For each concern of an authority's latest full report, those that had it and have it as a strength later.

    Args:
        reports: reports of any authorities and frameworks.
        entry: the authority, or a name of it.
        as_of: only inspections that ended by this day count.
        theme: only this theme, by code or title.
        clusters: rows with id, label, polarity and theme of the clusters that findings carry.
        likeness: compares sentences; with ``known``, one for many authorities spares much time.
        known: the findings of the reports by theme.

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
    mine = full.pop(entry.urn)
    own, known, labels = mine[-1], known or SureFindings(), cluster_labels(clusters)
    matter = Matter((f.text for report in mine for f in report.findings if f.text), likeness or Likeness())
    near = {other.urn: place for place, other in enumerate(register().neighbours(entry), 1)}
    others = [(other, full[other.urn], near.get(other.urn)) for other in register() if other.urn in full]
    found: dict[str, list[Evidence]] = {}
    for item in sure(own, Polarity.CONCERN):
        if item.finding.themes and item.finding.themes[0] != NONE and code in (None, item.finding.themes[0]):
            found.setdefault(item.finding.themes[0], []).append(item)
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), list(themes()).index(pair[0])))
    lessons = tuple(_lesson(name, surest(evidence), others, labels, matter, known) for name, evidence in ranked)
    made = LearningPartners(entry, as_of, own, lessons)
    if code is not None:
        made.lesson(code)
    return made


Others = Sequence[tuple[AuthorityEntry, Sequence[Report], int | None]]


@dataclass(frozen=True)
class _Candidate:
    """An authority with a concern on a theme before, and more strengths than concerns on it in its latest report."""

    entry: AuthorityEntry
    nearness: int | None
    before: Sequence[tuple[Report, list[Evidence]]]
    strengths: Sequence[Evidence]
    left: int

    @property
    def earlier(self) -> list[Evidence]:
        """Its earlier concerns, those of the later report first."""
        return [item for _, found in reversed(self.before) for item in found]

    @property
    def worded(self) -> bool:
        """Whether texts of both are at hand."""
        return any(item.finding.text for item in self.earlier) and any(item.finding.text for item in self.strengths)


def _lesson(
    theme: str,
    own: list[Evidence],
    others: Others,
    labels: Mapping[int, ClusterLabel],
    matter: Matter,
    known: SureFindings,
) -> Lesson:
    numbers = {n for item in own if (n := cluster_of(item.finding, Polarity.CONCERN, labels)) is not None}
    worded = any(item.finding.text for item in own)
    candidates, praised = [], []
    for entry, reports, nearness in others:
        latest = reports[-1]
        strengths = known.of(latest, Polarity.STRENGTH, theme)
        left = known.of(latest, Polarity.CONCERN, theme) + known.of(latest, Polarity.MIXED, theme)
        before = [(report, found) for report in reports[:-1] if (found := known.of(report, Polarity.CONCERN, theme))]
        if strengths and before and len(strengths) > len(left):
            candidates.append(_Candidate(entry, nearness, before, strengths, len(left)))
        elif strengths and not left and not before:
            praised.append((entry, nearness, strengths))
    partners, on_theme = [], 0
    same = _same_matter(own, candidates, matter) if worded else {}
    for candidate in candidates:
        if worded and candidate.worded:
            pair = same.get(candidate.entry.urn)
            on_theme += pair is None
            partners += [_partner(candidate, *pair)] if pair else []
        else:
            partners.append(_by_theme(candidate, numbers, labels))
    models = [
        _model(entry, nearness, found)
        for entry, nearness, strengths in praised
        if (found := _on_matter(own, strengths, matter) if worded and strengths[0].finding.text else strengths)
    ]
    order = list(BASES)
    partners.sort(
        key=lambda p: (
            p.nearness or 99,
            p.concerns_left > 0,
            order.index(p.basis),
            -min(p.earlier.match or 0.0, p.later.match or 0.0),
            -p.strengths,
            p.entry.name,
        )
    )
    models.sort(key=lambda m: (m.nearness or 99, not m.named, -len(m.evidence), m.entry.name))
    written = tuple(labels[number].label for number in sorted(numbers))
    return Lesson(theme, themes()[theme].title, written, tuple(own), tuple(partners), tuple(models), on_theme)


def _same_matter(
    own: Sequence[Evidence], candidates: Sequence[_Candidate], matter: Matter
) -> dict[int, tuple[str, Evidence, Evidence]]:
    """For each authority, by URN, the earlier concern and later strength that are best on the matter of one concern.

    First stands the basis: "wording" where all three are on one matter, "thing" where the strength only names the same
    thing.
    """
    best: dict[int, tuple[bool, float, Evidence, Evidence]] = {}
    owner = {id(item.report): found for found in candidates for item in (*found.earlier, *found.strengths)}
    earlier_ones = [item for candidate in candidates for item in candidate.earlier]
    strengths = [item for candidate in candidates for item in candidate.strengths if stands_alone(item)]
    for item in own:
        wanted, led = item.finding.text, item.finding.themes
        praise: dict[int, list[Evidence]] = {}
        for found in matter.on(wanted, led, strengths, behind=None) if wanted else ():
            if turned(found):
                continue
            praise.setdefault(owner[id(found.report)].entry.urn, []).append(found)
        for earlier in matter.on(wanted, led, earlier_ones, behind=None) if wanted else ():
            candidate = owner[id(earlier.report)]
            urn = candidate.entry.urn
            text, themes_ = earlier.finding.text, earlier.finding.themes
            same = {found.finding.id for found in matter.on(text, themes_, praise.get(urn, ()), behind=None)}
            both = [found for found in praise.get(urn, ()) if found.finding.id in same]
            for later in both or matter.naming(wanted, candidate.strengths):
                worst = min(earlier.match or 0.0, later.match or later.likeness or 0.0)
                if (
                    stands_alone(later)
                    and not turned(later)
                    and (urn not in best or (bool(both), worst) > best[urn][:2])
                ):
                    best[urn] = (bool(both), worst, earlier, later)
    return {urn: ("wording" if full else "thing", a, b) for urn, (full, _, a, b) in best.items()}


def _on_matter(own: Sequence[Evidence], strengths: Sequence[Evidence], matter: Matter) -> list[Evidence]:
    """The strengths on the matter of any of the concerns, the best match first."""
    best: dict[str, Evidence] = {}
    for item in own:
        for found in matter.on(item.finding.text, item.finding.themes, strengths) if item.finding.text else ():
            if (best.get(found.finding.id, found).match or 0.0) <= (found.match or 0.0):
                best[found.finding.id] = found
    return sorted(best.values(), key=lambda item: -(item.match or 0.0))


def _by_theme(candidate: _Candidate, numbers: set[int], labels: Mapping[int, ClusterLabel]) -> Partner:
    """Without texts: an earlier concern of the same cluster, else the surest of the report before."""
    same = [item for item in candidate.earlier if cluster_of(item.finding, Polarity.CONCERN, labels) in numbers]
    earlier = surest(same)[0] if same else surest(candidate.before[-1][1])[0]
    return _partner(candidate, "cluster" if same else "theme", earlier, surest(candidate.strengths)[0])


def _partner(candidate: _Candidate, basis: str, earlier: Evidence, later: Evidence) -> Partner:
    concerns = next(len(found) for report, found in candidate.before if report is earlier.report)
    return Partner(
        entry=candidate.entry,
        nearness=candidate.nearness,
        earlier=earlier,
        later=later,
        strengths=len(candidate.strengths),
        concerns_left=candidate.left,
        concerns_before=concerns,
        basis=basis,
        grades=grade_change(earlier.report, later.report),
    )


def _model(entry: AuthorityEntry, nearness: int | None, strengths: Sequence[Evidence]) -> Model:
    first = surest(strengths) if strengths[0].match is None else list(strengths)
    first.sort(key=lambda item: not (item.finding.strength and item.finding.strength.named))
    named = [thing for item in first if item.finding.strength for thing, _ in item.finding.strength.known()]
    return Model(entry, nearness, tuple(first), tuple(dict.fromkeys(named)))
