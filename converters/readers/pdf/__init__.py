"""The PDF reader: ruling lines to tables, glyphs to text, pages to one document."""
