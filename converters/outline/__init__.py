"""The words around figures: headings, notes, titles and leftovers of templates, for the rules that compare words."""
