"""Word documents (DOCX): paragraphs with list numbers, tables from stored cells, tracked changes accepted."""
