"""Additions to a check: earlier reports, reasons for accepted findings, and a client of a remote service."""
