"""Many disclosures at once: find files, run jobs on processes or a cluster, report the outcome of each."""
