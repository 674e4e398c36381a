"""The pages of figures, organisations, codes, terms, the catalogue and queries."""
