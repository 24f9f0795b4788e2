"""Figures: numbers with what they count, what they are compared with, and as of when."""
