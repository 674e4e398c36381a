"""Tables without ruling lines, read by the alignment of their words and figures."""
