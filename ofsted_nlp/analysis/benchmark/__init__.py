"""One authority against others: its grades, what is found there more or less than elsewhere, and what became of it."""

from ofsted_nlp.analysis.benchmark.authority import METHOD, Benchmark, benchmark

__all__ = ["METHOD", "Benchmark", "benchmark"]
