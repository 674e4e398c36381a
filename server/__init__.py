"""The web: a SPARQL endpoint over generations of a store, and an address for everything in it."""
