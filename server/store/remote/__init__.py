"""A store in a SPARQL 1.1 service: reading, publishing, and what is kept of it on this machine."""
