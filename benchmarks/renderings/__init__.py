"""One disclosure in other formats and layouts: `python -m benchmarks.renderings FILE FOLDER`.

FILE is read as it is, and written to FOLDER as workbooks, Word documents and web pages, each in several layouts. All
hold the same text and tables, so that each must give the same figures.
"""

from benchmarks.renderings.pieces import Piece, read_pieces

__all__ = ["Piece", "read_pieces"]
