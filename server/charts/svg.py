"""Elements of SVG as text: escaping, labels that fit, and the frame of an accessible picture."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

COLOURS = ("#2f6690", "#c8553d", "#5b8c5a", "#8e6c8a", "#b8860b", "#3a7d7c", "#7a5c3e", "#6b7a8f")
"""The colours of series. Classes `c0` to `c7` let a style sheet replace them, such as on a dark page."""
TEXT_SIZE = 12
_WIDE = ("W", "F")


@dataclass(frozen=True, slots=True)
class PictureCaption:
    """The words of a picture: its title, and a sentence that says what it shows to those who cannot see it."""

    title: str
    description: str


def frame(width: float, height: float, caption: PictureCaption, elements: Iterable[str]) -> str:
    """Return a picture of a size in user units: role, title and description first, then the elements."""
    content = "".join(elements)
    key = hashlib.sha256(f"{caption.title} {content}".encode()).hexdigest()[:8]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {width:g} {height:g}" '
        f'aria-labelledby="chart-{key}-title chart-{key}-desc" font-family="sans-serif" font-size="{TEXT_SIZE}">'
        f'<title id="chart-{key}-title">{escape(caption.title)}</title>'
        f'<desc id="chart-{key}-desc">{escape(caption.description)}</desc>{content}</svg>'
    )


def rectangle(x: float, y: float, width: float, height: float, series: int, tip: str) -> str:
    """Return a rectangle in the colour of a series, with a tip shown on hovering."""
    return (
        f'<rect class="c{series % len(COLOURS)}" fill="{COLOURS[series % len(COLOURS)]}" x="{x:.2f}" y="{y:.2f}" '
        f'width="{max(width, 0):.2f}" height="{max(height, 0):.2f}"><title>{escape(tip)}</title></rect>'
    )


def text(x: float, y: float, words: str, kind: str = "label") -> str:
    """Return words at a place; `kind` is the class: `label`, `value` or `inside` (on a coloured shape)."""
    fill = "#ffffff" if kind == "inside" else "#1b2228"
    return f'<text class="{kind}" fill="{fill}" x="{x:.2f}" y="{y:.2f}">{escape(words)}</text>'


def text_width(words: str, size: float = TEXT_SIZE) -> float:
    """Return the approximate width of words: full for ideographs, about half for Latin letters and digits."""
    return sum(size if unicodedata.east_asian_width(c) in _WIDE else 0.58 * size for c in words)


def fitting(words: str, width: float, size: float = TEXT_SIZE) -> str:
    """Return words shortened to a width, with an ellipsis; empty if less than two characters would remain."""
    if text_width(words, size) <= width:
        return words
    kept = words
    while kept and text_width(kept, size) + size > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…" if len(kept) > 1 else ""


def scaled(amounts: Sequence[Decimal], length: float) -> list[float]:
    """Return the lengths of amounts, the largest of which has the given length; negative amounts have none."""
    largest = max((amount for amount in amounts if amount > 0), default=Decimal(1))
    return [float(max(amount, Decimal(0)) / largest) * length for amount in amounts]
