"""Tables of data as files: CSV, Parquet and XLSX, and their descriptions for machines."""
