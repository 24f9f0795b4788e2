"""The static site: pages on England, every authority, theme and cluster, and a search, for any browser."""
