"""Recognised tables to observations and records."""
