"""Fitted clusters: where they lie and what they are called, so that new findings join them and no old one moves.

A finding's cluster is worked out from its own text, kind and theme and from the fitted centres alone. Adding findings
therefore changes nothing for those that are there; the centres change only when ``reclustering.recluster`` is called.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.division import Division, divide
from ofsted_nlp.analysis.clustering.labels import distinctive, label, typical
from ofsted_nlp.analysis.clustering.rows import KINDS, Given, Reason
from ofsted_nlp.analysis.clustering.whole_numbers import likeness, whole
from ofsted_nlp.analysis.clustering.wording import Wording
from ofsted_nlp.errors import UsageError
from ofsted_nlp.themes import NONE, themes

if TYPE_CHECKING:
    from ofsted_nlp.encoders import Encoder

FORMAT = 1
ARRAYS, SETTINGS = "clusters.npz", "clusters.json"

UNLIKE = 0.25
"""A finding whose cosine to all findings of its kind and theme together is less is unlike all."""

APART = 0.18
"""So is one whose cosine to the nearest centre, once the middle of the theme is taken away, is less.

Read by eye, findings below it seldom belong; they are about 5% of all."""

_SHARPNESS = 10.0
_CHUNK = 8192


@dataclass(frozen=True, slots=True)
class Named:
    """What a cluster is called.

    Attributes:
        id: number, never used again for another cluster.
        kind: one of ``cluster_rows.KINDS``.
        theme: code.
        label: plain-English name.
        terms: its distinctive words and phrases, the strongest first.
        typical: ids of the findings nearest its centre when it was fitted.
    """

    id: int
    kind: str
    theme: str
    label: str
    terms: tuple[str, ...]
    typical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a part goes.

    Attributes:
        cluster: number; None if none.
        reason: why none.
        probability: see ``clusters.Assignment``.
        likeness: cosine to the centre, by which typical findings are found; None where only the number is on record.
    """

    cluster: int | None
    reason: Reason | None
    probability: float
    likeness: float | None


@dataclass
class ClusterModel:
    """Fitted clusters.

    Attributes:
        encoder: name of the encoder in whose space the centres lie.
        edition: 1 for clusters fitted afresh; one more with every reclustering.
        groups: where the clusters of each (kind, theme) lie.
        ids: the numbers of the centres of each (kind, theme).
        named: what each cluster is called, by number.
        next_id: the number that the next new cluster gets.
        retired: numbers no longer in use, and the cluster that most of their findings went to, or None.
    """

    encoder: str
    edition: int = 1
    groups: dict[tuple[str, str], Division] = field(default_factory=dict)
    ids: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    named: dict[int, Named] = field(default_factory=dict)
    next_id: int = 0
    retired: dict[int, int | None] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<ClusterModel edition {self.edition}: {len(self.named)} clusters, encoder {self.encoder}>"

    def place(self, given: Given, vectors: Any) -> list[Placed]:
        """Where each part goes.

        Args:
            given: what ``cluster_rows.read_rows`` made.
            vectors: of its parts (n x d, int16, ``whole_numbers.whole``).
        """
        placed: list[Placed | None] = [None] * len(given.parts)
        members: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, part in enumerate(given.parts):
            reason = part.reason
            if reason is None and not vectors[number].any():
                reason = Reason.TOO_SHORT
            elif reason is None and (part.kind, part.theme) not in self.groups:
                reason = Reason.NO_CLUSTER
            if reason is not None:
                placed[number] = Placed(None, reason, 0.0, 0.0)
            else:
                members[part.kind, part.theme].append(number)
        for key, numbers in members.items():
            for start in range(0, len(numbers), _CHUNK):
                some = numbers[start : start + _CHUNK]
                for number, found in zip(some, self._placed(key, vectors[some]), strict=True):
                    cluster, likely, share = found
                    if cluster is None:
                        placed[number] = Placed(None, Reason.UNLIKE_ALL, 0.0, likely)
                    else:
                        probability = round(share * given.parts[number].likely, 4)
                        placed[number] = Placed(cluster, None, probability, likely)
        return [found for found in placed if found is not None]

    def _placed(self, key: tuple[str, str], rows: Any) -> list[tuple[int | None, float, float]]:
        """Cluster, likeness to its centre and share among the centres, of each row of one kind and theme."""
        import numpy

        group = self.groups[key]
        near = group.likeness(rows)
        best = near.argmax(axis=1)
        highest = near[numpy.arange(len(rows)), best]
        fits = likeness(rows, group.whole[None])[:, 0] >= UNLIKE
        if len(group.centres) > 1:
            fits &= highest >= APART
        share = 1 / numpy.exp(_SHARPNESS * (near - highest[:, None]).astype(numpy.float64)).sum(axis=1)
        return [
            (self.ids[key][part] if fit else None, float(like), float(part_share))
            for part, fit, like, part_share in zip(best, fits, highest, share, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write ``clusters.npz`` and ``clusters.json``: numbers, labels and terms, no sentence."""
        import numpy

        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {}
        for number, key in enumerate(sorted(self.groups)):
            group = self.groups[key]
            arrays[f"{number:04}"] = numpy.vstack([group.whole[None], group.middle[None], group.centres])
        written = BytesIO()
        numpy.savez_compressed(written, **arrays)
        settings = {
            "format": FORMAT,
            "encoder": self.encoder,
            "edition": self.edition,
            "next_id": self.next_id,
            "groups": [{"kind": k, "theme": t, "ids": list(self.ids[k, t])} for k, t in sorted(self.groups)],
            "clusters": [
                {"id": c.id, "label": c.label, "terms": list(c.terms), "typical": list(c.typical)}
                for c in self.named.values()
            ],
            "retired": [{"id": old, "into": into} for old, into in sorted(self.retired.items())],
        }
        text = json.dumps(settings, ensure_ascii=False, indent=1)
        for name, content in ((ARRAYS, written.getvalue()), (SETTINGS, text.encode())):
            part = folder / f"{name}.part"
            part.write_bytes(content)
            part.replace(folder / name)

    @classmethod
    def load(cls, folder: Path) -> ClusterModel:
        """The clusters that ``save`` wrote.

        Raises:
            UsageError: there are none in the folder, or they are damaged or of another format.
        """
        import numpy

        try:
            settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
            with numpy.load(folder / ARRAYS, allow_pickle=False) as data:
                arrays = [data[name] for name in sorted(data.files)]
        except OSError as error:
            raise UsageError(f"There are no fitted clusters in {folder} ({error.strerror}).") from error
        except Exception as error:  # a damaged archive raises whatever zlib, zipfile or numpy meet in it
            raise UsageError(f"The fitted clusters in {folder} are damaged ({type(error).__name__}).") from error
        try:
            return cls._from(settings, arrays)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"The fitted clusters in {folder} are damaged or of another format.") from error

    @classmethod
    def _from(cls, settings: Mapping[str, Any], arrays: Sequence[Any]) -> ClusterModel:
        if settings["format"] != FORMAT or len(arrays) != len(settings["groups"]):
            raise ValueError("another format")
        model = cls(str(settings["encoder"]), int(settings["edition"]), next_id=int(settings["next_id"]))
        theme_of: dict[int, tuple[str, str]] = {}
        for row, array in zip(settings["groups"], arrays, strict=True):
            key = row["kind"], row["theme"]
            if array.dtype.name != "int16" or array.ndim != 2 or len(array) != 2 + len(row["ids"]):
                raise ValueError("arrays that do not fit")
            if key[0] not in KINDS or key[1] not in themes():
                raise ValueError("an unknown kind or theme")
            model.groups[key] = Division(array[0], array[1], array[2:])
            model.ids[key] = tuple(int(number) for number in row["ids"])
            theme_of |= dict.fromkeys(model.ids[key], key)
        for row in settings["clusters"]:
            number = int(row["id"])
            kind, theme = theme_of[number]
            terms, ids = tuple(row["terms"]), tuple(row["typical"])
            model.named[number] = Named(number, kind, theme, str(row["label"]), terms, ids)
        if set(model.named) != set(theme_of):
            raise ValueError("clusters without a centre")
        model.retired = {int(row["id"]): row["into"] for row in settings["retired"]}
        return model


def vectors_of(given: Given, encoder: Encoder) -> Any:
    """The vectors of the parts (n x d, int16); those that can be in no cluster get the zero vector."""
    import numpy

    out = numpy.zeros((len(given.parts), encoder.dimensions), dtype=numpy.int16)
    numbers = [number for number, part in enumerate(given.parts) if part.reason is None]
    for start in range(0, len(numbers), _CHUNK):
        some = numbers[start : start + _CHUNK]
        out[some] = whole(encoder.encode([given.parts[number].text for number in some]))
    return out


def fit(given: Given, vectors: Any, encoder: str) -> ClusterModel:
    """Fits clusters: theme by theme for each kind, then within by what findings say.

    Args:
        given: what ``cluster_rows.read_rows`` made.
        vectors: of its parts, as ``vectors_of`` gives them.
        encoder: name of the encoder.
    """
    import numpy

    model = ClusterModel(encoder)
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    usable = vectors.any(axis=1)
    for number, part in enumerate(given.parts):
        if part.reason is None and usable[number]:
            members[part.kind, part.theme].append(number)
    for key in ((kind, theme) for kind in KINDS for theme in themes() if theme != NONE):
        numbers = sorted(members.get(key, ()), key=lambda n: (given.rows[given.parts[n].row].id, given.parts[n].text))
        if not numbers:
            continue
        texts = [given.parts[n].text for n in numbers]
        wording = Wording(texts)
        group = divide(vectors[numbers], wording, [given.rows[given.parts[n].row].authority for n in numbers])
        near = group.likeness(vectors[numbers])
        best = near.argmax(axis=1)
        sizes = numpy.bincount(best, minlength=len(group.centres))
        order = sorted(range(len(sizes)), key=lambda part: (-sizes[part], part))
        group = Division(group.whole, group.middle, group.centres[order])
        model.groups[key] = group
        model.ids[key] = tuple(range(model.next_id, model.next_id + len(order)))
        model.next_id += len(order)
        title = themes()[key[1]].title
        for number, centre in zip(model.ids[key], order, strict=True):
            inside = numpy.flatnonzero(best == centre)
            terms, covered = distinctive(wording, best == centre, [texts[n] for n in inside], title=title)
            nearest = inside[numpy.argsort(-near[inside, centre], kind="stable")]
            ids = typical([given.rows[given.parts[numbers[n]].row] for n in nearest])
            model.named[number] = Named(number, *key, label(key[1], key[0], terms, covered), terms, ids)
    return model
