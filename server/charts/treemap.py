"""A treemap: a whole divided into tiles whose areas are proportional to the parts (squarified)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.charts.svg import TEXT_SIZE, PictureCaption, fitting, frame, rectangle, text

WIDTH, HEIGHT = 480, 270
_EDGE, _PADDING = 1.0, 6


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a whole: its label, its amount, and the amount in words."""

    label: str
    amount: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


def treemap(tiles: Sequence[Tile], caption: PictureCaption) -> str:
    """Return the picture of tiles, the largest first. Tiles of zero or less are left out."""
    shown = sorted((tile for tile in tiles if tile.amount > 0), key=lambda tile: -tile.amount)
    areas = squarified([float(tile.amount) for tile in shown], Area(0, 0, WIDTH, HEIGHT))
    elements: list[str] = []
    for position, (tile, area) in enumerate(zip(shown, areas, strict=True)):
        tip = f"{tile.label}: {tile.words}"
        elements.append(rectangle(area.x, area.y, area.width - _EDGE, area.height - _EDGE, position, tip))
        lines = [fitting(words, area.width - 2 * _PADDING) for words in (tile.label, tile.words)]
        for number, words in enumerate(lines, 1):
            if words and area.height > number * (TEXT_SIZE + 4) + 2:
                elements.append(text(area.x + _PADDING, area.y + number * (TEXT_SIZE + 4), words, kind="inside"))
    return frame(WIDTH, HEIGHT, caption, elements)


def squarified(amounts: Sequence[float], area: Area) -> list[Area]:
    """Return the areas of positive amounts in descending order, each as near to a square as the order allows.

    The algorithm of Bruls, Huizing and van Wijk: tiles are set in rows along the shorter side as long as that improves
    the worst ratio of sides.
    """
    scale = area.width * area.height / (sum(amounts) or 1.0)
    sizes = [amount * scale for amount in amounts]
    placed: list[Area] = []
    while sizes:
        side = min(area.width, area.height)
        number = 1
        while number < len(sizes) and _worst(sizes[: number + 1], side) <= _worst(sizes[:number], side):
            number += 1
        row, sizes = sizes[:number], sizes[number:]
        tiles, area = _set_row(row, area)
        placed += tiles
    return placed


def _worst(sizes: Sequence[float], side: float) -> float:
    total = sum(sizes)
    return max(side**2 * max(sizes) / total**2, total**2 / (side**2 * min(sizes)))


def _set_row(sizes: Sequence[float], area: Area) -> tuple[list[Area], Area]:
    """The tiles of one row along the shorter side, and the area that is left."""
    upright = area.width >= area.height
    depth = sum(sizes) / (area.height if upright else area.width)
    tiles, position = [], 0.0
    for size in sizes:
        length = size / depth if depth else 0.0
        if upright:
            tiles.append(Area(area.x, area.y + position, depth, length))
        else:
            tiles.append(Area(area.x + position, area.y, length, depth))
        position += length
    if upright:
        return tiles, Area(area.x + depth, area.y, area.width - depth, area.height)
    return tiles, Area(area.x, area.y + depth, area.width, area.height - depth)
