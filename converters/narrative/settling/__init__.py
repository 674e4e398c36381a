"""Second looks at what figures are of, once all of a text is read."""
