"""Tolerances for reading pages: lengths in PDF points; those named `…_ems` in character widths."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class PdfSettings:
    """Tolerances that suit every document. Raise ValueError for a value that is not a positive number."""

    # A filled shape thinner than `thin` is a line; lines closer than `snap` are merged; gaps up to `join` are closed.
    thin: float = 3.0
    snap: float = 1.6
    join: float = 3.0
    # A line divides two cells if it covers this share of their common side.
    coverage: float = 0.5
    # Horizontal times vertical lines: a drawing with more is a map or a chart, not a table.
    densest: int = 100_000
    # The edges of an empty row or column narrower than this are merged.
    min_cell_ems: float = 0.8
    # Gaps between glyphs: beyond `run_ems` a new run begins; beyond `space_ems` (`letter_space_ems` in Latin words) the
    # gap is a space; beyond `field_ems` a new field of a heading begins.
    run_ems: float = 0.6
    space_ems: float = 0.45
    letter_space_ems: float = 0.2
    field_ems: float = 3.0
    # The greatest distance between the lines of a wrapped field.
    field_leading_ems: float = 1.8
    # Runs on baselines closer than this form one line.
    baseline_ems: float = 0.5
    # Glyphs on both sides of an edge belong to different cells if the gap between them is wider than this.
    cell_gap_ems: float = 0.12
    # The padding of a cell: usually, and at most.
    padding_ems: float = 0.6
    margin_ems: float = 1.8
    # A line this many times wider than its characters is justified.
    spread: float = 1.25
    # A line of text is full if the room left is less than the first word of the next line plus this much.
    full_ems: float = 0.8
    # The last line of a page may leave this share of the width free if its sentence continues on the next page.
    page_room: float = 0.15
    # A line that begins further than this from the left edge is indented and begins a paragraph.
    indent_ems: float = 0.8
    # Lines further apart than this multiple of the usual distance belong to different paragraphs.
    leading: float = 1.6
    leading_ems: float = 3.0
    # The top and bottom margins with page numbers and running headers, as a share of the height of the page.
    margin: float = 0.12
    # A running header stands on at least this share of the pages.
    on_most_pages: float = 0.8
    # A table holds figures if at least this share of its rows has any.
    mostly: float = 0.7
    # A page is reported if more than this share of its glyphs has no character.
    nameless: float = 0.05
    # Edges of two table fragments are the same if they differ by at most this.
    edge: float = 4.0

    def __post_init__(self) -> None:
        """Check that all values are positive and shares are below 1."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not (isinstance(value, float | int) and math.isfinite(value) and value > 0):
                raise ValueError(f"{field.name} must be a positive number, not {value!r}")
        for name in ("coverage", "margin", "on_most_pages", "mostly", "nameless", "page_room"):
            if getattr(self, name) >= 1:
                raise ValueError(f"{name} is a share and must be below 1, not {getattr(self, name)!r}")
