"""The search index of a generation: building, files, reading."""
