"""Suggested links between procurement notices and budget lines, by probabilistic record linkage."""
