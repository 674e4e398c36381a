"""The page that checks an uploaded disclosure."""
