"""The page that checks an uploaded file."""
