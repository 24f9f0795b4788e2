"""The store: one DuckDB file of what was read, keyed by the bytes that were read and the version that read them."""

from ofsted_nlp.store.store import CRASHED, MEMORY_LIMIT, QUARANTINED, TIME_LIMIT, Store, default_path, is_stale

__all__ = ["CRASHED", "MEMORY_LIMIT", "QUARANTINED", "TIME_LIMIT", "Store", "default_path", "is_stale"]
