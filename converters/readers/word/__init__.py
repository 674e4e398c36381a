"""Word documents (DOCX): paragraphs with their list numbers, tables from the raw cells, changes as accepted."""
