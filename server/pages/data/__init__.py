"""The pages of figures, organisations, codes, the catalogue and queries."""
