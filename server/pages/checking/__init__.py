"""The page that checks an uploaded disclosure, and the process that does the work."""
