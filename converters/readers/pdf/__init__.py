"""The PDF reader: tables from ruling lines or aligned text, paragraphs around them, one document from all pages."""
