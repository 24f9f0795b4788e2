"""A report's text as a place to look things up in: by its words, by what it means, by its numbers, with the page."""

from __future__ import annotations

import bisect
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ofsted_nlp.analysis.coverage.differences import one_denies, opposite
from ofsted_nlp.documents import Document
from ofsted_nlp.extraction.figures.printed import printed_figures
from ofsted_nlp.extraction.press.wording import plain_words, stems, weights
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.records import Finding, Polarity, Recommendation, Report

ALIKE = 90
"""Likeness (0 to 100) of letters from which quoted words count as the report's."""
HELD = 0.6
"""Likeness (0 to 1) of meaning from which indirect speech counts as the report's."""
ABSENT = 0.42
"""Likeness of meaning below which the report does not say it; between both a reader must judge."""
_FEW = 6
"""Quoted words below this number must stand in the report to the letter."""
_MOST_PLACES = 30
_CUT = re.compile(r"\[[^\]]*\]|\([^)]*\)|\.\s?\.\s?\.|…|\s[–—-]{1,2}\s")
_BARE = re.compile(r"(?<![\w£.,])\d{1,3}(?:,\d{3})*(?![\w%]|[.,]\d)")
_NEGATION = frozenset(["not", "no", "never", "cannot", "without", "nor", "neither", "none", "hardly", "t"])
_BAD_ONES = (Polarity.CONCERN, Polarity.MIXED)
_AND = re.compile(r";\s+|,\s+(?:and|but|while|although|whereas|which|with)\s+|\s+(?:and|but) (?:that|also)\s+", re.I)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report: its text, span in ``ReportText.source``, page if it is known, and its finding."""

    text: str
    start: int
    end: int
    page: int | None
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the report has quoted words.

    Attributes:
        sentences: indices of the sentences in which they stand.
        likeness: 0 to 100.
        missing, added: words of the report that the quotation leaves out, and words that it has beyond them.
        replaced: stretches of the report, and what the quotation has for each; either may be "".
        denied: whether a "not" was left out or added.
        after_not: whether a "not" stands right before the words in the report.
    """

    sentences: tuple[int, ...]
    likeness: float
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    denied: bool = False
    after_not: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """A stretch of the report, one sentence or two, that may say the same as a statement.

    Attributes:
        sentences: their indices.
        likeness: 0 to 1.
        contrary: whether one of both is negated and the other is not, or one has the opposite of the other's word.
        opposites: these words, of the statement and of the report, if there are any.
    """

    sentences: tuple[int, ...]
    likeness: float
    contrary: bool
    opposites: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the report: value, unit ("" if none follows), as printed, and its sentence's index."""

    value: float
    unit: str
    text: str
    sentence: int


class ReportText:
    """What of a report's words is at hand.

    Args:
        report: the report.
        text: its whole text, or the document with it; None where only what was extracted is at hand.

    Attributes:
        source: the text; of extracted records alone, findings and recommendations, one a line.
        full: whether it is the whole text.
        sentences: its sentences.
    """

    def __init__(self, report: Report, text: str | Document | None) -> None:
        self.report = report
        self.full = text is not None
        document = text if isinstance(text, Document) else None
        if text is None:
            parts: list[Finding | Recommendation] = [*report.findings, *report.recommendations]
            self.source = "\n".join(dict.fromkeys(part.text for part in parts if part.text))
        else:
            self.source = text.text if isinstance(text, Document) else text
        self.sentences = self._cut(document)
        self._stems = [set(stems(sentence.text)) for sentence in self.sentences]

    @property
    def at_hand(self) -> bool:
        """Whether there are any words."""
        return bool(self.sentences)

    def _cut(self, document: Document | None) -> list[Sentence]:
        by_text = {finding.text: finding for finding in self.report.findings if finding.text}
        spans = sorted((f.start, f.end, f) for f in self.report.findings) if self.full else []
        firsts = [start for start, _, _ in spans]
        items: list[Finding | Recommendation] = [*self.report.findings, *self.report.recommendations]
        known = sorted((item.start, item.page) for item in items) if self.full else []
        places = [start for start, _ in known]
        pages = {item.text: item.page for item in items}
        made: list[Sentence] = []
        offset = 0
        for line in self.source.split("\n"):
            for start, end in split(line):
                words = line[start:end]
                if len(words) < 3:
                    continue
                first, last = offset + start, offset + end
                finding = by_text.get(words) if not self.full else None
                if spans:
                    at = bisect.bisect_right(firsts, first + 2) - 1
                    if at >= 0 and spans[at][1] > first:
                        finding = spans[at][2]
                if document is not None:
                    page: int | None = document.block_at(first).page_at(first)
                elif finding is not None:
                    page = finding.page
                elif self.full:
                    page = _between(known, places, first)
                else:
                    page = pages.get(line)
                made.append(Sentence(words, first, last, page, finding))
            offset += len(line) + 1
        return made

    @cached_property
    def weights(self) -> dict[str, float]:
        """How much each stem says."""
        return weights([sentence.text for sentence in self.sentences])

    @cached_property
    def _heaviest(self) -> float:
        return max(self.weights.values(), default=1.0)

    @cached_property
    def _words(self) -> tuple[str, list[int], list[tuple[int, int]]]:
        """The text as plain words, where each starts in it, and its span in ``source``."""
        spans = [match.span() for match in re.finditer(r"[^\W_]+", self.source)]
        words = [self.source[start:end].lower() for start, end in spans]
        starts, at = [], 0
        for word in words:
            starts.append(at)
            at += len(word) + 1
        return " ".join(words), starts, spans

    @cached_property
    def _tokens(self) -> list[str]:
        return self._words[0].split(" ")

    @cached_property
    def _ends(self) -> list[int]:
        return [sentence.end for sentence in self.sentences]

    def has(self, words: str) -> list[Place]:
        """Where the report has these words, give or take a few letters, cuts and a changed first word."""
        pieces = [piece for part in _CUT.split(words) if (piece := plain_words(part.replace("_", " ")))]
        if not pieces:
            return []
        found = [self._places(piece) for piece in pieces]
        if not all(found):
            return []
        if len(found) == 1:
            return found[0]
        best: list[Place] = []
        for place in found[0]:
            chosen = [place]
            for others in found[1:]:
                last = chosen[-1].sentences[-1]
                chosen.append(min(others, key=lambda other: abs(other.sentences[0] - last)))
            best.append(
                Place(
                    tuple(dict.fromkeys(n for part in chosen for n in part.sentences)),
                    min(part.likeness for part in chosen),
                    tuple(word for part in chosen for word in part.missing),
                    tuple(word for part in chosen for word in part.added),
                    tuple(pair for part in chosen for pair in part.replaced),
                    any(part.denied for part in chosen),
                    any(part.after_not for part in chosen),
                )
            )
        return sorted(best, key=lambda place: place.sentences[-1] - place.sentences[0])

    def _places(self, wanted: str) -> list[Place]:
        plain, _, _ = self._words
        exact = self._exact(wanted)
        count = len(wanted.split())
        if exact or count < 3:
            return [self._place(start, end, wanted, 100.0) for start, end in exact]
        rest = wanted.split(" ", 1)[1]
        if count >= 4 and (exact := self._exact(rest)):
            # Only the first word is another: a changed tense, or the story's own lead.
            return [self._after_other_word(start, end, wanted) for start, end in exact]
        if count < _FEW:
            return []
        from rapidfuzz import fuzz

        near = fuzz.partial_ratio_alignment(wanted, plain, score_cutoff=ALIKE - 12)
        if near is None:
            return []
        place = self._place(near.dest_start, near.dest_end, wanted, near.score)
        if near.score >= ALIKE:
            return [place]
        # Words that the report has besides, without a mark for the cut.
        kept = [word for word in wanted.split() if word not in place.added]
        return [place] if not place.added and len(kept) >= _FEW else []

    def _after_other_word(self, start: int, end: int, wanted: str) -> Place:
        """The place of words of which the first is another; that of the report counts if its sentence has one."""
        _, starts, spans = self._words
        first = bisect.bisect_right(starts, start + 1) - 1
        inside = self._in(spans[first][0], spans[first][1])
        if first and self.sentences[inside[0]].start <= spans[first - 1][0]:
            return self._place(starts[first - 1], end, wanted, 99.0)
        return self._place(start, end, wanted.split(" ", 1)[1], 100.0)

    def _exact(self, wanted: str) -> list[tuple[int, int]]:
        plain = f" {self._words[0]} "
        found: list[tuple[int, int]] = []
        at = plain.find(f" {wanted} ")
        while at >= 0 and len(found) < _MOST_PLACES:
            found.append((at, at + len(wanted)))
            at = plain.find(f" {wanted} ", at + 1)
        return found

    def _place(self, start: int, end: int, wanted: str, likeness: float) -> Place:
        _, starts, spans = self._words
        tokens = self._tokens
        first = max(bisect.bisect_right(starts, start + 1) - 1, 0)
        last = max(bisect.bisect_left(starts, end - 1) - 1, first)
        replaced: list[tuple[str, str]] = []
        if likeness < 100:
            replaced, first, last = _differing(tokens, first, last, wanted.split())
        missing = [word for theirs, _ in replaced for word in theirs.split()]
        added = [word for _, own in replaced for word in own.split()]
        denied = len(_NEGATION & set(missing)) != len(_NEGATION & set(added))
        inside = self._in(spans[first][0], spans[last][1])
        lead = tokens[max(0, first - 2) : first]
        after_not = bool(_NEGATION & set(lead)) and self.sentences[inside[0]].start <= spans[max(0, first - 1)][0]
        return Place(inside, likeness, tuple(missing), tuple(added), tuple(replaced), denied, after_not)

    def _in(self, start: int, end: int) -> tuple[int, ...]:
        at = bisect.bisect_right(self._ends, start)
        found = []
        while at < len(self.sentences) and self.sentences[at].start < end:
            found.append(at)
            at += 1
        return tuple(found) or (min(at, len(self.sentences) - 1),)

    @cached_property
    def _vectors(self):  # type: ignore[no-untyped-def]
        from ofsted_nlp.encoders import encoder

        return encoder().encode([sentence.text for sentence in self.sentences])

    def held(self, words: str, sentences: Sequence[int]) -> float:
        """The share, 0 to 1, of the weight of a text's stems that these sentences have."""
        return self._held(set(stems(words)), set().union(*(self._stems[n] for n in sentences)))

    def _held(self, wanted: set[str], there: set[str]) -> float:
        weight, top = self.weights, self._heaviest
        total = sum(weight.get(stem, top) for stem in wanted)
        return sum(weight.get(stem, top) for stem in wanted & there) / total if total else 0.0

    def means(self, statement: str, *, ignored: frozenset[str] = frozenset(), most: int = 8) -> list[Meant]:
        """The stretches of the report that come nearest to a statement, the nearest first.

        Args:
            statement: what is said to stand in the report.
            ignored: stems that say nothing here, such as those of the authority's name.
            most: how many.
        """
        from ofsted_nlp.encoders import encoder

        wanted = set(stems(statement)) - ignored
        if not wanted or not self.sentences:
            return []
        alike = self._vectors @ encoder().encode([statement])[0]
        own, both = self._shares(wanted)
        ranked: list[tuple[float, tuple[int, ...]]] = []
        ranked += [(0.5 * float(own[n]) + 0.5 * float(alike[n]), (n,)) for n in range(len(own))]
        for n in (both > own + 0.1).nonzero()[0].tolist():
            if n + 1 < len(own) and self.sentences[n + 1].start - self.sentences[n].end < 3:
                near = max(float(alike[n]), float(alike[n + 1]))
                ranked.append((0.5 * float(both[n]) + 0.5 * near - 0.02, (n, n + 1)))
        ranked.sort(key=lambda pair: (-pair[0], pair[1]))
        return [self._meant(statement, at, score) for score, at in ranked[:most]]

    @cached_property
    def _where(self) -> dict[str, list[int]]:
        """For each stem the sentences that have it."""
        found: dict[str, list[int]] = {}
        for n, there in enumerate(self._stems):
            for stem in there:
                found.setdefault(stem, []).append(n)
        return found

    def _shares(self, wanted: set[str]):  # type: ignore[no-untyped-def]
        """The share of the weight of stems that each sentence has, and that it has with the one after it."""
        import numpy

        own, both = numpy.zeros(len(self.sentences)), numpy.zeros(len(self.sentences))
        total = 0.0
        for stem in wanted:
            weight = self.weights.get(stem, self._heaviest)
            total += weight
            if places := self._where.get(stem):
                own[places] += weight
                both[list({*places, *(n - 1 for n in places if n)})] += weight
        return own / (total or 1.0), both / (total or 1.0)

    def _meant(self, statement: str, at: tuple[int, ...], likeness: float) -> Meant:
        theirs = " ".join(self.sentences[n].text for n in at)
        words = opposite(statement, theirs)
        findings = (self.sentences[n].finding for n in at)
        bad = any(finding is not None and finding.polarity in _BAD_ONES for finding in findings)
        return Meant(at, round(likeness, 3), bool(words) or one_denies(statement, theirs, bad=bad), words)

    @cached_property
    def numbers(self) -> list[Number]:
        """Every number that the report prints, years and dates left out."""
        made = []
        for n, sentence in enumerate(self.sentences):
            printed = printed_figures(sentence.text, True)
            made += [Number(f.value, f.unit, sentence.text[f.start : f.end], n) for f in printed]
            for match in _BARE.finditer(sentence.text):
                if not any(f.start <= match.start() < f.end for f in printed):
                    made.append(Number(float(match[0].replace(",", "")), "", match[0], n))
        return made


def _differing(
    words: Sequence[str], first: int, last: int, own: Sequence[str]
) -> tuple[list[tuple[str, str]], int, int]:
    """The stretches in which quoted words and those of the report differ, and the first and last word they share.

    What the report has before and after them is looked at too, since the stretch may have been cut short; there it
    counts only in place of a word that the quotation has.
    """
    before = max(0, first - 2)
    theirs = words[before : last + 4]
    matcher = difflib.SequenceMatcher(None, theirs, own, False)
    found = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or (kind == "delete" and (a == 0 or b == len(theirs))):
            continue
        start = max(a, b - (d - c)) if a == 0 else a
        end = min(b, a + d - c) if b == len(theirs) else b
        found.append((" ".join(theirs[start:end]), " ".join(own[c:d])))
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return found, first, last
    return found, before + blocks[0].a, before + blocks[-1].a + blocks[-1].size - 1


def parts_of(statement: str) -> list[str]:
    """A statement cut where one thing ends and the next begins; parts too short to be told are left together."""
    parts = [part.strip() for part in _AND.split(statement) if part and part.strip()]
    return parts if len(parts) > 1 and all(len(stems(part)) >= 3 for part in parts) else [statement]


def _between(known: Sequence[tuple[int, int]], places: Sequence[int], at: int) -> int | None:
    """The page of a place that no record covers, if the records before and after it stand on the same page."""
    after = bisect.bisect_right(places, at)
    before = known[after - 1][1] if after else None
    following = known[after][1] if after < len(known) else None
    return before if before == following else None
