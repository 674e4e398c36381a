"""Full-text search: the index of a generation, its queries, suggestions, and reconciliation."""
