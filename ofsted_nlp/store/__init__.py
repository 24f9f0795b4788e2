"""The store: one DuckDB file of what was read, keyed by the bytes that were read and the version that read them."""

from ofsted_nlp.store.store import CRASHED, Store, default_path, is_stale

__all__ = ["CRASHED", "Store", "default_path", "is_stale"]
