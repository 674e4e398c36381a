"""Conversion of recognised tables to observations and records."""
