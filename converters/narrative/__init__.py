"""Running text to observations: paragraphs, tokens, clause patterns, statements."""
