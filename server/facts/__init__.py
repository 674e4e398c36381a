"""The facts of a generation as Parquet, partitioned by year and division: writing, renewing, selecting."""
