"""Organisations, projects and codes that a document names, and the context in which its tables are placed."""
