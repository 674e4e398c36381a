"""The SPARQL language: tokens, syntax errors, and the queries of the service."""
