"""Versions of a disclosure: history, and changes of figures between versions."""
