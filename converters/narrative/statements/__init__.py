"""Statements of running text: drafts from clauses, lists, the roles of figures, and their coordinates."""
