"""What a new report or article says that is new of its authority: grades then and now, concerns, clusters."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.rows import recommendation_id
from ofsted_nlp.analysis.inspections import inspected, published
from ofsted_nlp.records import SURE, Polarity, Report, plain_values

if TYPE_CHECKING:
    from ofsted_nlp.analysis.clustering.clusters import Clustering
    from ofsted_nlp.store.articles import KeptArticle

KINDS = ("concern", "strength", "recommendation")


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A judgement of a new report beside the latest earlier one of the same code.

    Attributes:
        code, grade, page: of the judgement.
        before: the earlier grade; None if there is none.
        before_on: when that inspection ended; None if the new report itself tells the earlier grade.
    """

    code: str
    grade: str
    page: int
    before: str | None = None
    before_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A concern or an item of an action list, as it stands on its page; ``cluster`` is the label of its cluster."""

    text: str
    page: int
    cluster: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class NewCluster:
    """A cluster in which an authority had nothing before: its number, polarity, label, findings, and one of them."""

    id: int
    polarity: str
    label: str
    findings: int
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Change:
    """A report or an article page that no update has told of yet.

    Attributes:
        id: stable name of the change, a URN.
        kind: "report" or "article".
        found: when it came into the store (UTC).
        sha256, file, url: of the document or page.
        authorities: names of those it is about.
        published: the day of publication, if known.
        title: of an article its headline.
        framework, start, end: of a report its framework and the days of the inspection.
        latest: whether no later inspection of the authority is known.
        error: why it could not be read, if so.
        grades: its judgements, each with the one before.
        concerns, strengths: how many findings are surely that (``records.SURE``).
        new_concerns: sure concerns in clusters in which the authority had no concern before.
        recommendations: the action list.
        clusters: clusters that are new for the authority.
        compared: how many earlier reports on the authority are known.
        site, tone: of an article the newspaper, and what it makes of the inspection.
        differing: how many judgements it tells otherwise than the report does.
    """

    id: str
    kind: str
    found: datetime.datetime
    sha256: str
    file: str
    url: str | None = None
    authorities: tuple[str, ...] = ()
    published: datetime.date | None = None
    title: str | None = None
    framework: str | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    latest: bool = True
    error: str | None = None
    grades: tuple[GradeChange, ...] = ()
    concerns: int = 0
    strengths: int = 0
    new_concerns: tuple[Statement, ...] = ()
    recommendations: tuple[Statement, ...] = ()
    clusters: tuple[NewCluster, ...] = ()
    compared: int = 0
    site: str | None = None
    tone: str | None = None
    differing: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        from dataclasses import asdict

        values: dict[str, Any] = plain_values(asdict(self))
        return values


def change_id(sha256: str) -> str:
    """The name of the change that a document or page is, the same on every machine."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:ofsted-nlp:change:{sha256}").urn


def report_change(
    report: Report, others: Iterable[Report], found: datetime.datetime, clusters: Clusters | None = None
) -> Change:
    """What a report brings that is new.

    Args:
        report: the new one.
        others: the other reports on its authority, of any day.
        found: when it came into the store (UTC).
        clusters: where findings of this authority went; without, new clusters and concerns are not worked out.
    """
    when = _place(report)
    known = [item for item in others if item.source.sha256 != report.source.sha256]
    earlier = sorted((item for item in known if _place(item) < when), key=_place)
    sure = [item for item in report.findings if item.score >= SURE]
    news = clusters.news(report, earlier) if clusters else ((), ())
    return Change(
        id=change_id(report.source.sha256),
        kind="report",
        found=found,
        sha256=report.source.sha256,
        file=report.source.file,
        url=report.source.url,
        authorities=(report.authority.name,) if report.authority else (),
        published=published(report),
        framework=report.framework,
        start=report.inspection.start,
        end=report.inspection.end,
        latest=len(earlier) == len(known),
        error=report.error.message if report.error else None,
        grades=tuple(_grades(report, earlier)),
        concerns=sum(item.polarity is Polarity.CONCERN for item in sure),
        strengths=sum(item.polarity is Polarity.STRENGTH for item in sure),
        new_concerns=news[0],
        recommendations=tuple(Statement(i.text, i.page, number=i.number) for i in report.recommendations),
        clusters=news[1],
        compared=len(earlier),
    )


def _place(report: Report) -> tuple[datetime.date, datetime.date, str]:
    """Where a report stands in time; an undated one is the first."""
    first = datetime.date.min
    return inspected(report) or first, published(report) or first, report.source.sha256


def _grades(report: Report, earlier: Sequence[Report]) -> Iterable[GradeChange]:
    told = {judgement.code: judgement.grade for judgement in report.previous_judgements}
    for judgement in report.judgements:
        before, day = told.get(judgement.code), None
        for item in earlier:
            grade = item.grade(judgement.code)
            if grade is not None:
                before, day = grade, inspected(item)
        yield GradeChange(judgement.code, judgement.grade, judgement.page, before, day)


@dataclass(frozen=True)
class Clusters:
    """Where the findings and recommendations of an authority went: (polarity, cluster) by their id, and the labels."""

    of: Mapping[str, tuple[tuple[str, int], ...]]
    labels: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def from_clustering(cls, made: Clustering) -> Clusters:
        """Those of a clustering."""
        found = {}
        for item in made.assignments:
            parts = item.halves or (item,)
            found[item.finding_id] = tuple((part.polarity, part.cluster) for part in parts if part.cluster is not None)
        return cls(found, {cluster.id: cluster.label for cluster in made})

    def news(self, report: Report, earlier: Iterable[Report]) -> tuple[tuple[Statement, ...], tuple[NewCluster, ...]]:
        """The sure concerns in clusters that none of the earlier reports is in, and all such clusters."""
        before = {pair for item in earlier for id_, *_ in _statements(item) for pair in self.of.get(id_, ())}
        concerns: list[Statement] = []
        members: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for id_, text, page, is_sure in _statements(report):
            for kind, cluster in self.of.get(id_, ()):
                if (kind, cluster) in before or kind not in KINDS or not is_sure:
                    continue
                members.setdefault((kind, cluster), []).append((text, page))
                if kind == "concern":
                    concerns.append(Statement(text, page, self.labels.get(cluster)))
        order = sorted(members.items(), key=lambda item: (KINDS.index(item[0][0]), -len(item[1]), item[0][1]))
        return tuple(concerns), tuple(
            NewCluster(cluster, kind, self.labels.get(cluster, ""), len(some), *some[0])
            for (kind, cluster), some in order
        )


def _statements(report: Report) -> Iterable[tuple[str, str, int, bool]]:
    """Id, text, page and whether it is sure, of findings and of the items of the action list."""
    for item in report.findings:
        yield item.id, item.text, item.page, item.score >= SURE
    for position, point in enumerate(report.recommendations):
        yield recommendation_id(report.source.sha256, position), point.text, point.page, True


def article_change(kept: KeptArticle, found: datetime.datetime) -> Change:
    """What an article page brings that is new."""
    page = kept.article.page
    stories = list(kept.article)
    return Change(
        id=change_id(page.sha256),
        kind="article",
        found=found,
        sha256=page.sha256,
        file=page.file,
        url=kept.url or page.url,
        authorities=tuple(dict.fromkeys(story.authority for story in stories if story.authority)),
        published=page.published,
        title=page.title,
        site=page.site,
        tone=next((story.tone for story in stories if story.tone), None),
        differing=sum(item.agrees_with_report is False for story in stories for item in story.judgements),
    )
