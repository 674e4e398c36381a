"""The table of data behind each kind of page, for downloads."""
