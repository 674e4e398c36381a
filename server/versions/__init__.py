"""A disclosure's versions: its history, and what became of its figures from one to another."""
