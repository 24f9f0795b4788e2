"""What a pull of press coverage did, as an object and in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ofsted_nlp.corpus.adding import AddResult

if TYPE_CHECKING:
    from ofsted_nlp.sources.manifest import Note
    from ofsted_nlp.sources.press_manifest import PressEntry


@dataclass(frozen=True, slots=True)
class PressResult:
    """What ``Corpus.pull_press`` did.

    Attributes:
        sources: how many sources were read.
        left_alone: sources that led to nothing lately and were not asked in this run.
        candidates: how many addresses the sources list.
        new: addresses that no earlier run had seen, those passed over too.
        fetched: addresses whose page came in this run.
        waiting: those whose page is not there; of a dry run, those that a run would ask for now.
        passed_over: of the new ones, those that what their source says of them speaks against.
        relevant: pages read in this run that cover an inspection of a chosen authority.
        irrelevant: pages read in this run that do not cover any; they are not kept.
        repeats: of the relevant ones, those that tell an earlier page's story.
        not_chosen: how many articles are left out by authority or date.
        problems: what failed: sources and pages that could not be had.
        notices: what is not as it should be, and hinders nothing.
        added: what became of the articles in the store; None of a dry run.
        requests, bytes: how many requests were sent, and how much came.
        folder: where the pages are kept, and the manifest.
        dry_run: whether only the sources were read.
    """

    sources: int
    left_alone: tuple[Note, ...]
    candidates: int
    new: tuple[PressEntry, ...]
    fetched: tuple[PressEntry, ...]
    waiting: tuple[PressEntry, ...]
    passed_over: tuple[PressEntry, ...]
    relevant: tuple[PressEntry, ...]
    irrelevant: tuple[PressEntry, ...]
    repeats: tuple[PressEntry, ...]
    not_chosen: int
    problems: tuple[Note, ...]
    notices: tuple[Note, ...]
    added: AddResult | None
    requests: int
    bytes: int
    folder: Path
    dry_run: bool

    @property
    def failed(self) -> bool:
        """Whether something went wrong in this run."""
        return bool(self.problems or (self.added and self.added.failed))

    @property
    def unreachable(self) -> bool:
        """Whether no source that was asked could be read, and nothing else was done either."""
        done = self.fetched or self.relevant or self.irrelevant
        return bool(self.problems) and not self.sources and not done

    def irrelevant_by_reason(self) -> dict[str, int]:
        """How many pages were read in vain, by reason, the commonest first."""
        return dict(Counter(str(entry.code) for entry in self.irrelevant).most_common())

    def __repr__(self) -> str:
        what = f"{len(self.waiting)} to fetch" if self.dry_run else f"{len(self.relevant)} relevant"
        return f"<PressResult: {self.sources} sources, {len(self.new)} new, {what}, {len(self.problems)} problems>"


def summary(result: PressResult) -> list[str]:
    """What a pull of the press did, in sentences; one a line."""
    lines = [
        f"Press: {result.sources} sources read, {result.candidates} articles listed, {len(result.new)} of them new."
    ]
    if result.left_alone:
        names = ", ".join(note.message.partition(" led to")[0] for note in result.left_alone)
        lines.append(f"Left alone for some days, as they led to nothing: {names}.")
    if result.passed_over:
        lines.append(
            f"{len(result.passed_over)} of the new ones are passed over by what their sources say of them"
            f"{by_reason(result.passed_over)}."
        )
    if result.not_chosen:
        lines.append(f"{result.not_chosen} articles are left out by authority or --since.")
    if result.dry_run:
        lines.append(
            f"Dry run: {len(result.waiting)} articles would be fetched into {result.folder}. "
            "Nothing was fetched or stored."
        )
        return lines
    read = len(result.relevant) + len(result.irrelevant)
    lines.append(f"{len(result.fetched)} articles fetched into {result.folder}, {read} read.")
    if read:
        partial = sum(bool(entry.partial) for entry in result.relevant)
        behind = f", {partial} only in part, as the rest is not public" if partial else ""
        lines.append(
            f"{len(result.relevant)} cover an inspection ({len(result.repeats)} repeat another article{behind}); "
            f"{len(result.irrelevant)} do not and are not kept{by_reason(result.irrelevant)}."
        )
    if result.added is not None and (result.added.new or result.added.replaced or result.added.failed):
        added = result.added
        lines.append(f"Store: {added.new} articles new, {added.replaced} read again, {len(added.failed)} failed.")
    if result.waiting:
        counts = Counter(entry.state for entry in result.waiting)
        words = {"gone": "gone", "refused": "may not be taken", "failed": "failed for now", "listed": "wait"}
        parts = [f"{number} {words[state]}" for state, number in sorted(counts.items())]
        lines.append(f"Not there: {len(result.waiting)} articles ({', '.join(parts)}).")
    lines.append(f"{result.requests} requests, {result.bytes / 2**20:.1f} MB.")
    return lines


def by_reason(entries: Iterable[PressEntry]) -> str:
    """How many entries have which reason, in brackets; nothing for none."""
    counts = Counter(str(entry.code).replace("_", " ") for entry in entries)
    return f" ({', '.join(f'{number} {reason}' for reason, number in counts.most_common())})" if counts else ""
