"""Runs of glyphs on one baseline, and lines of text made of runs, with spaces restored from gaps."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from converters.readers.pdf.page_transform import Box
from converters.readers.pdf.pages import Glyph
from converters.readers.pdf.settings import PdfSettings

_SAME_PLACE = 0.2
_ONE_BASELINE = 0.3
_WIDE = frozenset("WFA")

COLONS = frozenset(":：")


@dataclass(frozen=True, slots=True)
class TextRun:
    """Adjacent glyphs on one baseline in drawing order; `em` is the width of a full-width character."""

    glyphs: tuple[Glyph, ...]
    em: float

    @property
    def x0(self) -> float:
        """The left edge."""
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        """The right edge."""
        return self.glyphs[-1].x1

    @property
    def base(self) -> float:
        """The baseline."""
        return self.glyphs[0].base

    @property
    def middle(self) -> tuple[float, float]:
        """The centre: horizontally of the advance widths, vertically of the ink."""
        top, bottom = min(g.top for g in self.glyphs), max(g.bottom for g in self.glyphs)
        return (self.x0 + self.x1) / 2, (top + bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """Runs on one baseline from left to right; `page` counts from 1."""

    runs: tuple[TextRun, ...]
    text: str
    box: Box
    em: float
    page: int

    @property
    def base(self) -> float:
        """The baseline of the first run."""
        return self.runs[0].base


def is_wide(text: str) -> bool:
    """Return whether a character is full-width, as Chinese characters are."""
    return unicodedata.east_asian_width(text) in _WIDE


def _em(glyphs: Iterable[Glyph]) -> float:
    """Return the width of a full-width character: the widest one, or twice the median width if there is none."""
    wide: list[float] = []
    narrow: list[float] = []
    for glyph in glyphs:
        (wide if is_wide(glyph.text) else narrow).append(glyph.x1 - glyph.x0)
    em = max(wide) if wide else 2 * sorted(narrow)[len(narrow) // 2]
    return em if em > 0 else 1.0


def make_run(glyphs: Sequence[Glyph]) -> TextRun:
    """Return the glyphs as one run."""
    return TextRun(tuple(glyphs), _em(glyphs))


def draw_runs(glyphs: Iterable[Glyph], settings: PdfSettings) -> list[TextRun]:
    """Return the runs of a page in drawing order; a character drawn twice in one place (for bold type) counts once."""
    runs: list[TextRun] = []
    current: list[Glyph] = []
    for glyph in glyphs:
        if current:
            last = current[-1]
            em = _em((last, glyph))
            if abs(glyph.base - last.base) > _ONE_BASELINE * em:
                follows = False
            elif glyph.text == last.text and abs(glyph.x0 - last.x0) < _SAME_PLACE * (glyph.x1 - glyph.x0):
                continue
            else:
                follows = -em < glyph.x0 - last.x1 < settings.run_ems * em and glyph.x0 > last.x0
            if not follows:
                runs.append(make_run(current))
                current = []
        current.append(glyph)
    if current:
        runs.append(make_run(current))
    return runs


def group_lines(runs: Iterable[TextRun], page: int, settings: PdfSettings) -> list[Line]:
    """Return runs as lines from top to bottom; runs on almost the same baseline form one line."""
    groups: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda run: (run.base, run.x0)):
        group = groups[-1] if groups else None
        if group and run.base - group[0].base <= settings.baseline_ems * min(run.em, group[0].em):
            group.append(run)
        else:
            groups.append([run])
    return [join_runs(group, page, settings) for group in groups]


def join_runs(group: Sequence[TextRun], page: int, settings: PdfSettings) -> Line:
    """Return the line of runs on one baseline; a run drawn twice in one place counts once."""
    runs: list[TextRun] = []
    for run in sorted(group, key=lambda run: (run.x0, -run.x1)):
        if not (runs and _drawn_again(runs[-1], run)):
            runs.append(run)
    glyphs = [glyph for run in runs for glyph in run.glyphs]
    box = (
        min(g.x0 for g in glyphs),
        min(g.top for g in glyphs),
        max(g.x1 for g in glyphs),
        max(g.bottom for g in glyphs),
    )
    return Line(tuple(runs), spaced_text(runs, settings), box, _em(glyphs), page)


def _drawn_again(one: TextRun, other: TextRun) -> bool:
    return abs(one.x0 - other.x0) < _SAME_PLACE * min(one.em, other.em) / 2 and [g.text for g in one.glyphs] == [
        g.text for g in other.glyphs
    ]


def spaced_text(runs: Iterable[TextRun], settings: PdfSettings) -> str:
    """Return the text of runs with a space for each wide gap: half a character, or less between Latin letters."""
    parts: list[str] = []
    last: Glyph | None = None
    for run in runs:
        for glyph in run.glyphs:
            if last is not None:
                letters = last.text.isascii() and last.text.isalpha() and glyph.text.isascii() and glyph.text.isalpha()
                limit = settings.letter_space_ems if letters else settings.space_ems
                if glyph.x0 - last.x1 > limit * run.em:
                    parts.append(" ")
            parts.append(glyph.text)
            last = glyph
    return "".join(parts)


def split_fields(line: Line, settings: PdfSettings) -> list[Line]:
    """Split a line at wide gaps, except after a colon: `部门：… 单位：…` are two fields."""
    pieces: list[list[TextRun]] = [[]]
    for run in line.runs:
        last = pieces[-1][-1] if pieces[-1] else None
        if (
            last is not None
            and run.x0 - last.x1 > settings.field_ems * max(run.em, last.em)
            and last.glyphs[-1].text not in COLONS
        ):
            pieces.append([])
        pieces[-1].append(run)
    return [join_runs(piece, line.page, settings) for piece in pieces]
