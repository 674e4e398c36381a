"""Places in a file, as printed by the readers, stated in the graph and named in messages."""

from __future__ import annotations

from dataclasses import dataclass

from ontology.messages import message


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a file: page and bounding box, line and tab-separated field, cell reference of a sheet, or paragraph.

    In a word-processor file, `table` is the number of a table and `line` and `field` are row and cell of the table. All
    numbers count from 1. `file` numbers the files of a disclosure in several files, None for a single file.
    `recognised` is set on a scanned page, whose text was read by optical character recognition.
    """

    page: int | None = None
    line: int | None = None
    field: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    reference: str | None = None
    file: int | None = None
    paragraph: int | None = None
    table: int | None = None
    recognised: bool = False

    @property
    def box(self) -> str | None:
        """The bounding box as in RDF: `72,144.5,120,160`, points from the top left corner of the page."""
        return ",".join(f"{edge:g}" for edge in self.bbox) if self.bbox else None

    def __str__(self) -> str:
        """The short form used in CSV: `line=74;field=2`, `file=2;page=3`, `Sheet1!B4`, `table=3;row=4;cell=2`."""
        if self.reference is not None:
            return self.reference if self.file is None else f"file={self.file};{self.reference}"
        row, cell = ("line", "field") if self.table is None else ("row", "cell")
        parts = {
            "file": self.file,
            "page": self.page,
            "paragraph": self.paragraph,
            "table": self.table,
            row: self.line,
            cell: self.field,
            "box": self.box,
            "read": "ocr" if self.recognised else None,
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value is not None)


def locator_to_text(locator: Locator, language: str) -> str:
    """Return a place in words: `line 95, field 20`."""
    return message("place-separator", language).join(locator_to_words(locator, language))


def locator_to_words(locator: Locator, language: str) -> list[str]:
    """Return the words for each part of a place, from file to cell: `["line 95", "field 20"]`."""
    values = {
        "file": locator.file,
        "page": locator.page,
        "paragraph": locator.paragraph,
        "table": locator.table,
        "line" if locator.table is None else "row": locator.line,
        "field": locator.field,
        "cell": locator.reference,
    }
    return [message(f"place-{name}", language, value=value) for name, value in values.items() if value is not None]


def box_to_edges(box: str | None) -> tuple[float, float, float, float] | None:
    """Return the edges (left, top, right, bottom) of a bounding box as stated in RDF."""
    if box is None:
        return None
    left, top, right, bottom = map(float, box.split(","))
    return left, top, right, bottom
