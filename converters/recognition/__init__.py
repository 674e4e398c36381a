"""Recognition of grids: captions, kinds of table, column headers, row headers and forms."""
