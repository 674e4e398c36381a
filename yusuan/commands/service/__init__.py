"""Commands that need a store: serving, querying and caring for one, and the keys of its writers."""
