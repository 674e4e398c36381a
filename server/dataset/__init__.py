"""What the service says of its data as a whole: counts, catalogue, site map, downloads."""
