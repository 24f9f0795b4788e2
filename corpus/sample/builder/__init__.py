"""Writes the invented sample documents and their gold annotations."""
