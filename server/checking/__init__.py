"""Checking an uploaded disclosure: the process that does it, and its result."""
