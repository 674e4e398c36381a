"""Conversions as RDF: the graph of a version and its catalogue."""
