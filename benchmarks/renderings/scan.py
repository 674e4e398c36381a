"""Scanned pages: pictures of text and ruled tables, slightly crooked and grey, as an office scanner makes them.

Needs the extra `ocr` (for its picture library) and a Chinese typeface. `python -m benchmarks.renderings.scan FILE OUT`.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.renderings.pieces import Piece, read_pieces
from converters.model.amounts import parse_amount
from converters.model.document import Cell, Grid
from converters.readers import read_document

_DPI, _WIDTH, _HEIGHT, _MARGIN = 200, 2339, 1654, 110
_EM, _TEXT_EM, _PADDING, _LEADING = 25, 34, 7, 1.35
_CROOKED = 0.25  # degrees


def find_typeface() -> str | None:
    """The file of a Chinese typeface of this machine, None if there is none."""
    if shutil.which("fc-match") is None:
        return None
    asked = ["fc-match", "--format", "%{file}\n%{lang}", ":lang=zh-cn"]
    file, _, languages = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.partition("\n")
    return file if "zh-cn" in languages.split("|") else None


class _Pages:
    """Pages that are filled from the top; a new one begins when something does not fit."""

    def __init__(self, typeface: str) -> None:
        self.font, self.text_font = ImageFont.truetype(typeface, _EM), ImageFont.truetype(typeface, _TEXT_EM)
        self.pages: list[Any] = []
        self.y = _HEIGHT

    def room(self, height: int) -> Any:
        """What to draw on: the page, or the next one if `height` is not left."""
        if self.y + height > _HEIGHT - _MARGIN:
            self.pages.append(Image.new("L", (_WIDTH, _HEIGHT), 250))
            self.y = _MARGIN
        return ImageDraw.Draw(self.pages[-1])

    def wrap(self, text: str, width: float, font: Any = None) -> list[str]:
        """The text in lines that are not wider than `width`, in the type of tables unless another is given."""
        lines = [""]
        for character in text:
            if character == "\n" or (lines[-1] and (font or self.font).getlength(lines[-1] + character) > width):
                lines.append("")
            lines[-1] += character.strip("\n")
        return lines


def write_scan(pieces: Iterable[Piece], typeface: str) -> bytes:
    """A PDF whose pages are pictures."""
    pages = _Pages(typeface)
    for piece in pieces:
        for line in piece.heading or ((piece.text,) if piece.grid is None else ()):
            _draw_text(pages, line)
        if piece.grid is not None:
            _draw_table(pages, piece.grid)
        for line in piece.notes:
            _draw_text(pages, line)
    scanned = [_scanned(page) for page in pages.pages]
    out = io.BytesIO()
    scanned[0].save(out, "PDF", resolution=_DPI, save_all=True, append_images=scanned[1:], quality=85)
    return out.getvalue()


def _scanned(page: Any) -> Any:
    page = page.filter(ImageFilter.GaussianBlur(0.6))
    return page.rotate(_CROOKED, resample=Image.Resampling.BICUBIC, fillcolor=250)


def _draw_text(pages: _Pages, text: str) -> None:
    for line in pages.wrap(text, _WIDTH - 2 * _MARGIN, pages.text_font):
        height = round(_LEADING * _TEXT_EM) + _PADDING
        pages.room(height).text((_MARGIN, pages.y), line, font=pages.text_font, fill=40)
        pages.y += height


def _draw_table(pages: _Pages, grid: Grid) -> None:
    xs = _columns(pages, grid)
    for rows in _row_groups(grid):
        heights = {row: _row_height(pages, grid, row, xs) for row in rows}
        draw = pages.room(sum(heights.values()))
        ys = {rows[0]: pages.y}
        for row in rows:
            ys[row + 1] = ys[row] + heights[row]
        for cell in (cell for row in rows for cell in grid.row(row)):
            box = xs[cell.col - 1], ys[cell.row], xs[cell.col - 1 + cell.colspan], ys[cell.row + cell.rowspan]
            draw.rectangle(box, outline=60, width=2)
            lines = pages.wrap(cell.text, box[2] - box[0] - 2 * _PADDING)
            for number, line in enumerate(lines):
                place = box[0] + _PADDING, box[1] + _PADDING + number * _LEADING * _EM
                draw.text(place, line, font=pages.font, fill=40)
        pages.y = ys[rows[-1] + 1]


def _row_groups(grid: Grid) -> Iterator[list[int]]:
    """The rows of a table in groups that stay on one page, since cells join them."""
    group: list[int] = []
    last = 0
    for row in range(1, grid.n_rows + 1):
        group.append(row)
        last = max([last, row, *(cell.row + cell.rowspan - 1 for cell in grid.row(row))])
        if last <= row:
            yield group
            group = []
    if group:
        yield group


def _columns(pages: _Pages, grid: Grid) -> list[int]:
    """The edges of the columns: as wide as their figures, words wrapped where the page is too narrow."""
    least, wanted = [2.0 * _EM] * grid.n_cols, [2.0 * _EM] * grid.n_cols
    for cell in grid.cells:
        if cell.colspan == 1:
            width = max(map(pages.font.getlength, cell.text.split("\n"))) + 2
            wanted[cell.col - 1] = max(wanted[cell.col - 1], width)
            if parse_amount(cell.text) is not None:
                least[cell.col - 1] = max(least[cell.col - 1], width)
    available = _WIDTH - 2 * _MARGIN - 2 * _PADDING * grid.n_cols
    cap = next((c for c in range(1200, 2 * _EM, -4) if _total(least, wanted, c) <= available), 2 * _EM)
    xs = [_MARGIN]
    for low, high in zip(least, wanted, strict=True):
        xs.append(xs[-1] + round(max(low, min(high, cap))) + 2 * _PADDING)
    return xs


def _total(least: list[float], wanted: list[float], cap: float) -> float:
    return sum(max(low, min(high, cap)) for low, high in zip(least, wanted, strict=True))


def _row_height(pages: _Pages, grid: Grid, row: int, xs: list[int]) -> int:
    def lines(cell: Cell) -> int:
        return len(pages.wrap(cell.text, xs[cell.col - 1 + cell.colspan] - xs[cell.col - 1] - 2 * _PADDING))

    most = max([1, *(-(-lines(cell) // cell.rowspan) for cell in grid.row(row))])
    return round(most * _LEADING * _EM) + 2 * _PADDING


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def main(file: Path, out: Path) -> None:
    """Write FILE, a disclosure in any format that can be read, as a scanned PDF."""
    typeface = find_typeface()
    if typeface is None:
        raise click.ClickException("a Chinese typeface is needed (on Debian: fontconfig, fonts-noto-cjk)")
    out.write_bytes(write_scan(read_pieces(read_document(file)), typeface))


if __name__ == "__main__":
    main()
