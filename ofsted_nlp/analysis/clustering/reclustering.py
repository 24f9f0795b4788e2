"""Fits clusters anew on purpose, keeps the numbers of those that go on, and says what became of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ofsted_nlp.analysis.clustering.model import ClusterModel, fit
from ofsted_nlp.analysis.clustering.rows import Given

GOES_ON = 1 / 3
"""A cluster goes on in a new one if they share this much of the findings that are in either of them."""

MERGED = 0.5
"""A cluster that does not go on is merged into the new one that holds this share of its findings."""

FROM = 0.2
"""A new cluster is said to come from each old one that gave it this share of its findings."""


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a cluster.

    Attributes:
        event: "kept", "born", "merged" or "retired".
        id: its number.
        label: its label, the new one for a cluster that goes on.
        before: findings in it before; 0 for one that is born.
        after: findings in it now; 0 for one that is merged or retired.
        into: of a merged cluster, the number of the one that most of its findings are in now.
        sources: of a born cluster, the numbers of the old clusters that its findings come from.
        overlap: share of the findings in either that are in both; for a merged one, share of its findings.
    """

    event: str
    id: int
    label: str
    before: int
    after: int
    into: int | None = None
    sources: tuple[int, ...] = ()
    overlap: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain data, one line of the log."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def __str__(self) -> str:
        if self.event == "merged":
            return f"{self.id} {self.label}: merged into {self.into} ({self.overlap:.0%} of {self.before} findings)"
        if self.event == "born":
            came = f", from {', '.join(map(str, self.sources))}" if self.sources else ""
            return f"{self.id} {self.label}: born with {self.after} findings{came}"
        if self.event == "retired":
            return f"{self.id} {self.label}: retired, it had {self.before} findings"
        return f"{self.id} {self.label}: kept, {self.before} findings before and {self.after} now"


def recluster(old: ClusterModel, given: Given, vectors: Any, encoder: str) -> tuple[ClusterModel, list[Event]]:
    """Fits the clusters of findings anew.

    A cluster keeps its number if it shares most with one new cluster of its kind and theme; of two that want the same
    number the one that shares more has it. Numbers no longer in use are never used again.

    Args:
        old: the clusters until now; they may be of another encoder, if ``before`` is not needed of it.
        given: all findings to fit to.
        vectors: of their parts.
        encoder: name of the encoder.

    Returns:
        The new clusters, and what became of every old and new one.
    """
    fresh = fit(given, vectors, encoder)
    was = [place.cluster for place in old.place(given, vectors)] if old.encoder == encoder else []
    now = [place.cluster for place in fresh.place(given, vectors)]
    return renumbered(old, fresh, was or [None] * len(now), now)


def renumbered(
    old: ClusterModel, fresh: ClusterModel, was: Sequence[int | None], now: Sequence[int | None]
) -> tuple[ClusterModel, list[Event]]:
    """Gives fresh clusters the numbers of the old ones that go on in them, and says what became of all.

    Args:
        old: the clusters before.
        fresh: those fitted anew.
        was: the old number of each finding, None where it is in no cluster.
        now: the fresh one.
    """
    both = Counter((a, b) for a, b in zip(was, now, strict=True) if a is not None and b is not None)
    before = Counter(a for a in was if a is not None)
    after = Counter(b for b in now if b is not None)
    shared = {(a, b): n / (before[a] + after[b] - n) for (a, b), n in both.items()}
    number: dict[int, int] = {}
    taken: set[int] = set()
    for (a, b), share in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        alike = old.named[a].kind == fresh.named[b].kind and old.named[a].theme == fresh.named[b].theme
        if share >= GOES_ON and alike and b not in number and a not in taken:
            number[b] = a
            taken.add(a)
    next_id = max(old.next_id, max(old.named, default=-1) + 1)
    events = []
    for b in fresh.named:
        label = fresh.named[b].label
        if b in number:
            a = number[b]
            events.append(Event("kept", a, label, before[a], after[b], overlap=round(shared[a, b], 4)))
        else:
            sources = tuple(sorted(a for (a, c), n in both.items() if c == b and n >= FROM * after[b]))
            number[b] = next_id
            events.append(Event("born", next_id, label, 0, after[b], sources=sources))
            next_id += 1
    retired = dict(old.retired)
    for a, named in old.named.items():
        if a in taken:
            continue
        into, most = max(((b, n) for (c, b), n in both.items() if c == a), key=lambda p: (p[1], -p[0]), default=(0, 0))
        if before[a] and most >= MERGED * before[a]:
            retired[a] = number[into]
            share = round(most / before[a], 4)
            events.append(Event("merged", a, named.label, before[a], 0, into=number[into], overlap=share))
        else:
            retired[a] = None
            events.append(Event("retired", a, named.label, before[a], 0))
    model = ClusterModel(
        fresh.encoder,
        old.edition + 1,
        fresh.groups,
        {key: tuple(number[b] for b in ids) for key, ids in fresh.ids.items()},
        {number[b]: replace(named, id=number[b]) for b, named in fresh.named.items()},
        next_id,
        retired,
    )
    return model, sorted(events, key=lambda event: event.id)
