"""Reports about a conversion: rows of observations, coverage, and the document as printed."""
