"""Vectors of whole numbers, whose sums and products are exact: every machine and every order gives the same ones.

A likeness of two vectors is a sum of 256 products. In floating point its last digits depend on the processor, the
number of threads and the library that multiplies matrices, and where two clusters are almost equally near they decide.
Here vectors are brought to the length ``SCALE`` and rounded to whole numbers. No sum of their products exceeds
``SCALE`` squared by much, which is far below 2 to the 24th, the first whole number that float32 cannot tell from the
next: so float32 holds every intermediate sum exactly, whatever the order in which it is made.
"""

from __future__ import annotations

from typing import Any

SCALE = 2048
"""Length of a vector of whole numbers."""


def whole(vectors: Any) -> Any:
    """Vectors of unit length (n x d) as whole numbers: int16."""
    import numpy

    return numpy.rint(numpy.asarray(vectors, dtype=numpy.float64) * SCALE).astype(numpy.int16)


def directions(sums: Any) -> Any:
    """Vectors of whole numbers (n x d) brought to the length ``SCALE`` and rounded: int16; zero ones stay zero.

    The sum of squares is exact, and root, quotient and rounding are prescribed to the last digit by IEEE 754.
    """
    import numpy

    sums = numpy.atleast_2d(numpy.asarray(sums)).astype(numpy.int64)
    lengths = numpy.sqrt((sums * sums).sum(axis=1).astype(numpy.float64))
    scaled = sums.astype(numpy.float64) * SCALE / numpy.where(lengths > 0, lengths, 1)[:, None]
    return numpy.rint(scaled).astype(numpy.int16)


def mean(rows: Any) -> Any:
    """The mean of vectors of whole numbers, rounded: int16."""
    import numpy

    total = rows.sum(axis=0, dtype=numpy.int64)
    return numpy.rint(total / max(len(rows), 1)).astype(numpy.int16)


def beside(rows: Any, middle: Any) -> Any:
    """What sets each row apart from ``middle``, as directions: n x d, int16."""
    import numpy

    parts = [
        directions(rows[k : k + 4096].astype(numpy.int32) - middle.astype(numpy.int32))
        for k in range(0, len(rows), 4096)
    ]
    return numpy.concatenate(parts) if parts else rows.copy()


def likeness(rows: Any, others: Any) -> Any:
    """Cosines of rows (n x d) and others (k x d), both of whole numbers: n x k, float32, from -1 to 1."""
    import numpy

    exact = rows.astype(numpy.float32) @ others.astype(numpy.float32).T
    return exact / numpy.float32(SCALE * SCALE)
