"""Horizontal bars: one group for each row, one bar for each series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.charts.svg import PictureCaption, fitting, frame, rectangle, scaled, text, text_width

WIDTH = 480
BAR, GAP, LABEL_HEIGHT, LEGEND_HEIGHT = 13, 2, 17, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: the position of its series, its amount, and the amount in words."""

    series: int
    amount: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    """The bars of one row under its label."""

    label: str
    bars: tuple[Bar, ...]


def bar_chart(groups: Sequence[BarGroup], series: Sequence[str], caption: PictureCaption) -> str:
    """Return bars whose lengths are proportional to their amounts; the value stands behind each bar.

    A legend names the series if there are several. The label of a group stands above its bars, so that the picture can
    be read on a narrow screen.
    """
    legend_lines, elements = _legend(series) if len(series) > 1 else (0, [])
    y = float(legend_lines * LEGEND_HEIGHT)
    room = max((text_width(bar.words) for group in groups for bar in group.bars), default=0) + 8
    lengths = iter(scaled([bar.amount for group in groups for bar in group.bars], WIDTH - room))
    for group in groups:
        elements.append(text(0, y + LABEL_HEIGHT - 4, fitting(group.label, WIDTH)))
        y += LABEL_HEIGHT
        for bar in group.bars:
            length = next(lengths)
            tip = f"{group.label} {series[bar.series]}: {bar.words}"
            elements.append(rectangle(0, y, length, BAR, bar.series, tip))
            elements.append(text(length + 5, y + BAR - 2, bar.words, kind="value"))
            y += BAR + GAP
        y += 6
    return frame(WIDTH, y, caption, elements)


def _legend(series: Sequence[str]) -> tuple[int, list[str]]:
    """The lines of the legend and its elements."""
    x, line, elements = 0.0, 0, []
    for position, name in enumerate(series):
        width = text_width(name) + 32
        if x and x + width > WIDTH:
            x, line = 0.0, line + 1
        top = line * LEGEND_HEIGHT
        elements.append(rectangle(x, top + 2, 12, 12, position, name))
        elements.append(text(x + 16, top + 12, fitting(name, WIDTH - 16)))
        x += width
    return line + 1, elements
