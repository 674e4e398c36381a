"""Importer of official code lists: from tables in files to editions."""
