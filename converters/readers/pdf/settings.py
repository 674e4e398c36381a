"""The tolerances with which a page is read: lengths in PDF points, those named `…_ems` in widths of a character."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class PdfSettings:
    """One set of tolerances serves every document; a value that is not a positive number is a ValueError."""

    # Lines: a filled shape thinner than this is a line; lines closer than `snap` are one; gaps up to `join` close.
    thin: float = 3.0
    snap: float = 1.6
    join: float = 3.0
    # A line divides two cells if it covers this share of the side they have in common.
    coverage: float = 0.5
    # Lines across times upright lines: a drawing with more is a map or a chart, no table.
    densest: int = 100_000
    # An empty row or column of a grid narrower than this is a seam of the drawing, not a row or column.
    seam_ems: float = 0.8
    # Text: beyond `run` glyphs are not drawn together; beyond `space` (`letter_space` in Latin words) a space is
    # printed between them; beyond `field` the text of a line belongs to different fields of a heading.
    run_ems: float = 0.6
    space_ems: float = 0.45
    letter_space_ems: float = 0.2
    field_ems: float = 3.0
    # A field that wraps goes on within this distance below.
    field_leading_ems: float = 1.8
    # Baselines closer than this are one line.
    baseline_ems: float = 0.5
    # Glyphs on both sides of a line of the grid belong to different cells if they are further apart than this.
    cell_gap_ems: float = 0.12
    # The room that a cell keeps free beside its text: usually, and at most.
    padding_ems: float = 0.6
    margin_ems: float = 1.8
    # A line that is this many times wider than its characters is spread out.
    spread: float = 1.25
    # A line of text is full if the first word of the next and this much more had no room: the sentence goes on.
    full_ems: float = 0.8
    # The last line of a page that ends no sentence may leave this share of the width free and still go on.
    page_room: float = 0.15
    # A line that begins further than this from the left edge is indented: a paragraph begins.
    indent_ems: float = 0.8
    # Lines further apart than this multiple of the usual distance are different paragraphs.
    leading: float = 1.6
    leading_ems: float = 3.0
    # Margins of the page, as a share of its height, in which page numbers and running titles stand.
    margin: float = 0.12
    # A running title stands on this share of the pages.
    on_most_pages: float = 0.8
    # A table is one of figures if this share of its rows has any.
    mostly: float = 0.7
    # A page on which this share of the glyphs stands for no character is reported.
    nameless: float = 0.05
    # Two parts of a table have the same edges if they differ by less than this.
    edge: float = 4.0

    def __post_init__(self) -> None:
        """Refuse what is no measure."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not (isinstance(value, float | int) and math.isfinite(value) and value > 0):
                raise ValueError(f"{field.name} must be a positive number, not {value!r}")
        for name in ("coverage", "margin", "on_most_pages", "mostly", "nameless", "page_room"):
            if getattr(self, name) >= 1:
                raise ValueError(f"{name} is a share and must be below 1, not {getattr(self, name)!r}")
