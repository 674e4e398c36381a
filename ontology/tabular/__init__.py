"""The tables of data that are handed on: columns, types, words, and descriptions for machines."""
