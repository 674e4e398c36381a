"""The tables of data that are published: columns, types, words, and descriptions for machines."""
