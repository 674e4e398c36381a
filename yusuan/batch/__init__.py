"""Many disclosures at once: finding files, running jobs on processes or a cluster, and what became of each."""
