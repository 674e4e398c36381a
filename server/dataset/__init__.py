"""Descriptions of the whole data set: counts, catalogue, site map, downloads."""
