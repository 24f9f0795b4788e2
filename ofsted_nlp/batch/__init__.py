"""Many documents through any executor: in order, in bounded memory, and no document stops the rest."""

from ofsted_nlp.batch.executors import ExecutorLostError, SameThread, dask_executor
from ofsted_nlp.batch.guard import Limits
from ofsted_nlp.batch.paths import Item, content_hash, expand, failed, name_of, walk
from ofsted_nlp.batch.reading import LOOK_AHEAD, Progress, Reader, read_document, read_many

__all__ = [
    "LOOK_AHEAD",
    "ExecutorLostError",
    "Item",
    "Limits",
    "Progress",
    "Reader",
    "SameThread",
    "content_hash",
    "dask_executor",
    "expand",
    "failed",
    "name_of",
    "read_document",
    "read_many",
    "walk",
]
