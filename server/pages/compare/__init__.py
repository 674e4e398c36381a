"""The page `/compare`: facts of many disclosures by any two dimensions, with a picture, downloads and the query."""
