"""Queries as a SPARQL service evaluates them: rewriting, workarounds, and what the service cannot do."""
