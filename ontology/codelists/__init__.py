"""The importer of official code lists: tables in files to editions."""
