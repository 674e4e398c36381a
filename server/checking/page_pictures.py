"""Pictures of the pages of a PDF on which findings have figures, with contacts painted over."""

from __future__ import annotations

import io
from base64 import b64encode
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from PIL.Image import Quantize

from converters import Conversion
from converters.model.document import TextBlock
from converters.model.iris import NARRATIVE
from converters.recognition.personal_data import IDENTITY_NUMBER, MASK, WITHHELD
from ontology.locators import Locator
from server.checking.result import PagePicture, PictureBox
from server.reports.printed_places import find_figure, read_page_text

MOST_PAGES = 40
RESOLUTION = 108 / 72
"""Pixels a point."""
LARGEST_EDGE = 2200
"""Pixels of the longer edge of a picture; larger pages are drawn smaller."""
COLOURS = 32
"""An octree chooses them in a fifth of the time of the median cut, as well as pages of text need it."""
PAINT = (203, 210, 216, 255)
Edges = tuple[float, float, float, float]


def take_pictures(
    conversion: Conversion, contents: Mapping[int, bytes], figures: Collection[str]
) -> Iterator[PagePicture]:
    """Yield the pages with any of the figures, in order, at most MOST_PAGES.

    Args:
        conversion: The converted disclosure, with contacts masked.
        contents: The PDF files of the disclosure by number from 1.
        figures: The IRIs of the figures to outline.
    """
    outlined = _boxes_by_page(conversion, figures)
    wordings = _wordings_of_text(conversion, figures)
    covered = _private_places(conversion)
    wanted = [place for place in sorted(outlined) if place[0] in contents][:MOST_PAGES]
    for file in dict.fromkeys(file for file, _ in wanted):
        document = pdfium.PdfDocument(contents[file])
        try:
            for number in (number for of_file, number in wanted if of_file == file):
                page = document[number - 1]
                width, height = page.get_size()
                picture = _draw(page, covered[file, number])
                boxes = _narrowed(page, outlined[file, number], wordings)
                yield PagePicture(file, number, width, height, picture, tuple(boxes))
        finally:
            document.close()


def _boxes_by_page(conversion: Conversion, figures: Collection[str]) -> dict[tuple[int, int], list[PictureBox]]:
    """Return the boxes of figures by file and page. Those of figures of sentences are the boxes of their paragraphs."""
    iris = conversion.iris
    found: dict[tuple[int, int], list[PictureBox]] = defaultdict(list)
    for figure in conversion.observations:
        iri = iris.full(iris.observation(figure.table, figure.row, figure.column, figure.ordinal))
        place = figure.locator
        if iri in figures and place.page is not None and place.bbox is not None:
            left, top, right, bottom = place.bbox
            found[place.file or 1, place.page].append(PictureBox(iri, left, top, right - left, bottom - top))
    return found


def _wordings_of_text(conversion: Conversion, figures: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return how the figures of sentences are printed, by IRI: with the unit, and without it."""
    iris = conversion.iris
    return {
        iri: (f"{figure.printed}{figure.unit_text or ''}", figure.printed)
        for figure in conversion.observations
        if figure.table == NARRATIVE
        and (iri := iris.full(iris.observation(figure.table, figure.row, figure.column, figure.ordinal))) in figures
    }


def _narrowed(
    page: pdfium.PdfPage, boxes: Sequence[PictureBox], wordings: Mapping[str, tuple[str, ...]]
) -> Iterator[PictureBox]:
    """Yield the boxes of a page; those of figures of sentences lie on the figure where it is found."""
    text = read_page_text(page) if any(box.figure in wordings for box in boxes) else None
    for box in boxes:
        if text is None or box.figure not in wordings:
            yield box
            continue
        paragraph = (box.left, box.top, box.left + box.width, box.top + box.height)
        left, top, right, bottom = find_figure(text, paragraph, wordings[box.figure])
        yield PictureBox(box.figure, left, top, right - left, bottom - top)


def _private_places(conversion: Conversion) -> dict[tuple[int, int], list[Edges]]:
    """Return what is painted over: masked cells and text, and tables of unknown kind, which nobody has looked at."""
    places: dict[tuple[int, int], list[Edges]] = defaultdict(list)

    def cover(locator: Locator, file: int | None = None) -> None:
        if locator.page is not None and locator.bbox is not None:
            places[file or locator.file or 1, locator.page].append(locator.bbox)

    for table in conversion.content.tables:
        for cell in table.grid.cells:
            if WITHHELD in cell.flags or (table.kind is None and cell.text.strip()):
                cover(cell.locator)
        for block in (*table.grid.heading, *table.grid.notes):
            if _is_masked(block):
                cover(block.locator)
    for number, document in enumerate(conversion.documents, start=1):
        masked = [cell.locator for grid in document.grids for cell in grid.cells if WITHHELD in cell.flags]
        for locator in (*masked, *(block.locator for block in document.blocks if _is_masked(block))):
            cover(locator, number)
    return places


def _is_masked(block: TextBlock) -> bool:
    return MASK in block.text or IDENTITY_NUMBER in block.flags


def _draw(page: pdfium.PdfPage, covered: list[Edges]) -> str:
    """Return a page as PNG in Base64, with places painted over."""
    scale = min(RESOLUTION, LARGEST_EDGE / max(page.get_size()))
    bitmap = page.render(scale=scale)
    for left, top, right, bottom in covered:
        x, y = int(left * scale), int(top * scale)
        wide, high = int((right - left) * scale) + 2, int((bottom - top) * scale) + 2
        bitmap.fill_rect(PAINT, x, y, wide, high)
    buffer = io.BytesIO()
    bitmap.to_pil().convert("RGB").quantize(COLOURS, Quantize.FASTOCTREE).save(buffer, format="PNG")
    return b64encode(buffer.getvalue()).decode()
