"""The part of a corpus that clusters findings, finds like ones, and searches by meaning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.corpus import national
from ofsted_nlp.corpus.holdings import Day
from ofsted_nlp.corpus.reports import HeldReports
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    import pandas

    from ofsted_nlp.analysis.clustering.clusters import Assignment, Clustering
    from ofsted_nlp.analysis.clustering.model import ClusterModel
    from ofsted_nlp.analysis.clustering.reclustering import Event
    from ofsted_nlp.records import Report

NATIONAL = Path(__file__).resolve().parent.parent / "data" / "clusters"
"""Folder of the national clusters: ``ClusterModel.save`` and ``MEMBERS``."""

MEMBERS = "members.parquet"
"""Clusters of recommendations and of the strengths in mixed findings: id, kind, cluster."""

LOG = "log.jsonl"

_SHOWN = (
    "score",
    "text",
    "polarity",
    "theme",
    "authority",
    "framework",
    "inspection_end",
    "file",
    "page",
    "cluster",
    "id",
)


class ClusteredFindings(HeldReports):
    """What a ``Corpus`` says of findings that are like one another."""

    def clusters(self, polarity: str | None = None, *, anew: bool = False) -> Clustering:
        """Findings that say alike things, across authorities.

        The clusters are the national ones, or those of the last ``recluster``. Findings that are not in them yet are
        assigned; none that is there moves.

        Args:
            polarity: only clusters of "concern", "strength" or "recommendation"; a mixed finding is in one of each.
            anew: fit clusters to the texts at hand instead; their numbers mean nothing elsewhere. Without the national
                annotations, and before any ``recluster``, this is always done.

        Raises:
            UsageError: no such polarity.
        """
        from ofsted_nlp.analysis.clustering.rows import KINDS

        if polarity is not None and polarity not in KINDS:
            raise UsageError(f"There are no clusters of {polarity!r}: {', '.join(KINDS)}.")
        own = None if anew else self._own_clusters()
        fitted = own or (None if anew else self._national_clusters())
        made = self._clustered(fitted, known=fitted is not None and own is None)
        if polarity is None:
            return made
        return made.only(polarity)

    def assign(self, report: Report) -> tuple[Assignment, ...]:
        """Where the findings and the action list of a report belong among the clusters, without storing it.

        The clusters are those of the last ``recluster``, else the national ones.

        Args:
            report: what ``read_report`` gives; one that is held is assigned by its words, too.

        Raises:
            NotFoundError: there are no fitted clusters here.
        """
        from ofsted_nlp.analysis.clustering.clusters import cluster_findings
        from ofsted_nlp.analysis.clustering.rows import rows_of

        model = self._own_clusters() or self._national_clusters()
        if model is None:
            raise NotFoundError(f"{self!r} has no fitted clusters to assign to; fit some first (recluster).")
        rows = {row["id"]: row for row in reversed(list(rows_of([report])))}
        return cluster_findings(reversed(rows.values()), model).assignments

    def recluster(self) -> list[Event]:
        """Fit the clusters anew to all texts at hand, and keep them beside the store.

        Clusters that go on keep their numbers; what was born, merged and retired is returned and added to the log
        (``log.jsonl`` in the folder ``<store>.clusters``).

        Raises:
            UsageError: the store is in memory, or there is no text to cluster.
        """
        from ofsted_nlp.analysis.clustering.model import ClusterModel, vectors_of
        from ofsted_nlp.analysis.clustering.reclustering import recluster
        from ofsted_nlp.analysis.clustering.rows import read_rows
        from ofsted_nlp.encoders import encoder

        folder = self._cluster_folder()
        if folder is None:
            raise UsageError("A store in memory keeps no clusters; open one in a file.")
        rows = [row for row in self._cluster_rows() if row["text"]]
        if not rows:
            raise UsageError("There is no text to cluster: add reports first.")
        old = self._own_clusters() or self._national_clusters()
        given, named = read_rows(rows), encoder()
        model, events = recluster(old or ClusterModel(named.name, 0), given, vectors_of(given, named), named.name)
        model.save(folder)
        with (folder / LOG).open("a", encoding="utf-8") as log:
            for event in events:
                log.write(json.dumps({"edition": model.edition, **event.to_dict()}, ensure_ascii=False) + "\n")
        return events

    def search(
        self,
        words: str,
        k: int = 10,
        *,
        polarity: str | None = None,
        theme: str | None = None,
        authority: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
    ) -> pandas.DataFrame:
        """The findings that say what the words say, the best first: one row each with text, report and page.

        Only findings whose text is at hand can be found. Vectors are kept beside the store (``<store>.vectors``): the
        first search of many new reports takes longer.

        Args:
            words: what to look for.
            k: at most so many.
            polarity: see ``findings``.
            theme: code or title of a theme that they have among theirs.
            authority: see ``findings``.
            since: see ``findings``.
            as_of: see ``findings``.

        Raises:
            UsageError: there are no words, or none that is known.
            NotFoundError: there are no texts here to search.
        """
        from ofsted_nlp.analysis.clustering.search import checked, search_texts
        from ofsted_nlp.encoders import encoder

        checked(words)
        frame = self._texts(polarity=polarity, theme=theme, authority=authority, since=since, as_of=as_of)
        if frame.empty:
            raise NotFoundError("There are no such findings with their text here; add the reports (ofsted-nlp add).")
        columns = frame["text"].tolist(), self._vectors(frame), encoder()
        hits = search_texts(words, *columns, k, frame["polarity"].tolist())
        found = frame.iloc[[hit.number for hit in hits]].assign(score=[round(hit.score, 3) for hit in hits])
        return found[list(_SHOWN)].reset_index(drop=True)

    def similar(self, finding_id: str, k: int = 5, *, other_authorities: bool = True) -> pandas.DataFrame:
        """The findings most like one, the nearest first: one row each with text, report and page.

        Args:
            finding_id: its id, as in ``findings``.
            k: at most so many.
            other_authorities: leave out those of the same authority.

        Raises:
            NotFoundError: no finding with its text has this id.
        """
        from ofsted_nlp.analysis.clustering.similar import profiles
        from ofsted_nlp.analysis.clustering.whole_numbers import SCALE

        frame = self._texts()
        at = [n for n, id_ in enumerate(frame["id"]) if id_ == finding_id]
        if not at:
            raise NotFoundError(
                f"No finding {finding_id!r} with its text is here; ids are in the column id of findings()."
            )
        columns = ["id", "file", "text", "polarity", "themes", "authority"]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*(frame[name] for name in columns), strict=True)]
        made = profiles(rows, vectors=self._vectors(frame) / SCALE)
        near = made.nearest(at, k, other_authorities=other_authorities)[0]
        found = frame.iloc[[number for number, _ in near]].assign(score=[round(score, 3) for _, score in near])
        return found[list(_SHOWN)].reset_index(drop=True)

    def _texts(self, *, polarity: Any = None, theme: Any = None, **filters: Any) -> pandas.DataFrame:
        """Findings with their text; few columns, as there may be many."""
        if theme is not None:
            from ofsted_nlp.themes import theme as named

            theme = named(theme).code
        authority, since, as_of = (filters.get(name) for name in ("authority", "since", "as_of"))
        condition, values = self._holdings.condition(authority, None, since, as_of)
        columns = "t.page, polarity, themes[1] AS theme, themes, text, cluster, id"
        conditions = {"polarity = ?": polarity, "list_contains(themes, ?)": theme}
        return self._holdings.frame("findings", columns, conditions, (f"text IS NOT NULL AND {condition}", values))

    def _vectors(self, frame: pandas.DataFrame) -> Any:
        from ofsted_nlp.analysis.clustering.vectors import KeptVectors, folder_beside
        from ofsted_nlp.encoders import encoder

        documents: list[tuple[str, list[str]]] = []
        for sha256, text in zip(frame["sha256"], frame["text"], strict=True):
            if not documents or documents[-1][0] != sha256:
                documents.append((sha256, []))
            documents[-1][1].append(text)
        return KeptVectors(folder_beside(self._holdings.path), encoder()).of(documents)

    def _cluster_folder(self) -> Path | None:
        return None if self._holdings.path == ":memory:" else Path(f"{self._holdings.path}.clusters")

    def _national_clusters(self) -> ClusterModel | None:
        from ofsted_nlp.analysis.clustering.model import SETTINGS

        return national_clusters() if self._holdings.seed and (NATIONAL / SETTINGS).is_file() else None

    def _own_clusters(self) -> ClusterModel | None:
        from ofsted_nlp.analysis.clustering.model import SETTINGS, ClusterModel

        folder = self._cluster_folder()
        return ClusterModel.load(folder) if folder is not None and (folder / SETTINGS).is_file() else None

    def _cluster_rows(self, authority: str | None = None) -> list[dict[str, Any]]:
        """Findings and recommendations as rows to cluster, with the national cluster where known.

        ``authority`` limits them to those of one.
        """
        from ofsted_nlp.analysis.clustering.rows import recommendation_id

        made = []
        frame = self.findings(authority=authority)
        frame = frame[frame["framework"] != "other"]
        names = ("id", "file", "text", "polarity", "themes", "authority", "concern_clause", "strength_clause")
        columns = [frame[name].tolist() for name in names]
        clusters = [
            int(n) if known else None for n, known in zip(frame["cluster"], frame["cluster"].notna(), strict=True)
        ]
        for values, year, cluster in zip(zip(*columns, strict=True), national.years(frame), clusters, strict=True):
            row = dict(zip(names, values, strict=True))
            halves = [(kind, row.pop(f"{kind}_clause")) for kind in ("concern", "strength")]
            whole = all(isinstance(text, str) for _, text in halves)
            row["clauses"] = halves if whole else []
            made.append({**_plain(row), "year": year, "cluster": cluster})
        filters = self._holdings.condition(authority, None, None, None)
        frame = self._holdings.frame("recommendations", "t.position, kind, text, themes", {}, filters)
        items = ("sha256", "position", "file", "kind", "text", "themes", "authority")
        columns = [frame[name].tolist() for name in items]
        for values, year in zip(zip(*columns, strict=True), national.years(frame), strict=True):
            row = dict(zip(items, values, strict=True))
            row["id"] = recommendation_id(row.pop("sha256"), row.pop("position"))
            made.append({**_plain(row), "year": year, "cluster": None})
        return made

    def _clustered(self, model: ClusterModel | None, *, known: bool, authority: str | None = None) -> Clustering:
        """The clusters of all rows, or of those of an authority.

        With ``known`` the national numbers are taken where a finding has one.
        """
        from ofsted_nlp.analysis.clustering.clusters import check_encoder, describe
        from ofsted_nlp.analysis.clustering.known import place_known
        from ofsted_nlp.analysis.clustering.model import fit, vectors_of
        from ofsted_nlp.analysis.clustering.rows import read_rows
        from ofsted_nlp.encoders import encoder

        rows = self._cluster_rows(authority)
        if not known:
            rows = [row for row in rows if row["text"]]
            given, named = read_rows(rows), encoder()
            vectors = vectors_of(given, named)
            if model is None:
                model = fit(given, vectors, named.name)
            check_encoder(model, named)
            return describe(given, model, model.place(given, vectors))
        assert model is not None
        given, placed = place_known(rows, model, national_members(), encoder)
        return describe(given, model, placed)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a frame without the marks for missing values."""
    row["text"] = row["text"] if isinstance(row["text"], str) else ""
    row["authority"] = row["authority"] if isinstance(row["authority"], str) else None
    codes: Sequence[str] = row["themes"]
    return {**row, "themes": [code for code in codes if code in themes()]}


def national_clusters() -> ClusterModel:
    """The national clusters that the package carries."""
    return _clusters_in(NATIONAL)


def national_members() -> dict[tuple[str, str], int]:
    """The national clusters of recommendations and of the strengths in mixed findings, by id and kind."""
    return _members_in(NATIONAL)


@cache
def _clusters_in(folder: Path) -> ClusterModel:
    from ofsted_nlp.analysis.clustering.model import ClusterModel

    return ClusterModel.load(folder)


@cache
def _members_in(folder: Path) -> dict[tuple[str, str], int]:
    path = folder / MEMBERS
    if not path.is_file():
        return {}
    from pyarrow import parquet

    columns = parquet.read_table(path).to_pydict()
    return {
        (id_, kind): cluster
        for id_, kind, cluster in zip(columns["id"], columns["kind"], columns["cluster"], strict=True)
    }
