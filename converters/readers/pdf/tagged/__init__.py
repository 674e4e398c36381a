"""Tables of tagged PDFs, whose structure tree names the cells."""
