"""Tables without ruling lines, read from the alignment of words and figures."""
