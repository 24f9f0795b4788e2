"""Clusters of findings that say the same in different authorities, and the search for findings by meaning."""
