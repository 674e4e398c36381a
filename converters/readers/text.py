"""Plain text with tab-separated tables: a line with a tab is a row, everything else is running text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from converters.captions import split_notes
from converters.document import Block, Cell, Document, DocumentError, Grid, Locator
from converters.headers import count_header_rows

_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(slots=True)
class _Run:
    """Consecutive rows, joined over blank lines (page breaks leave them), with the text that stood before."""

    before: list[Block] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    parts: int = 0


def read_text(path: Path, content: bytes) -> Document:
    """A Document of the file's lines; DocumentError when it is no text in UTF-8 or GB 18030."""
    lines = _decode(path, content).splitlines()
    blocks: list[Block] = []
    runs = [_Run()]
    previous_was_row = False
    for number, line in enumerate(lines, start=1):
        if "\t" in line:
            if not previous_was_row:
                runs[-1].parts += 1
            runs[-1].rows.append((number, line.split("\t")))
        elif line.strip():
            block = Block(line.strip(), Locator(line=number))
            blocks.append(block)
            if runs[-1].rows:
                runs.append(_Run())
            runs[-1].before.append(block)
        previous_was_row = "\t" in line
    if not runs[-1].rows:
        runs.append(_Run())
    return Document(path, hashlib.sha256(content).hexdigest(), "text", tuple(blocks), tuple(_grids(runs)))


def _decode(path: Path, content: bytes) -> str:
    if b"\0" in content:
        raise DocumentError("not-text", file=path)
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError("not-text", file=path)


def _grids(runs: Sequence[_Run]) -> list[Grid]:
    """A grid for each run of rows; the text between two runs is divided into notes and the next heading."""
    divided = [split_notes(run.before) for run in runs]
    grids = []
    for index, run in enumerate(runs):
        if run.rows:
            notes = divided[index + 1][0] if index + 1 < len(runs) else ()
            grids.append(_grid(run, divided[index][1], notes))
    return grids


def _grid(run: _Run, heading: tuple[Block, ...], notes: tuple[Block, ...]) -> Grid:
    texts = [[part.strip() for part in fields] for _, fields in run.rows]
    width = max(map(len, texts))
    header_rows = count_header_rows(texts)
    spans = _recover_spans([row + [""] * (width - len(row)) for row in texts[:header_rows]])
    cells = []
    for row, (line, fields) in enumerate(run.rows, start=1):
        for col in range(1, len(fields) + 1):
            rowspan, colspan = spans.get((row, col), (1, 1))
            if row > header_rows or rowspan:
                locator = Locator(line=line, field=col)
                cells.append(Cell(row, col, texts[row - 1][col - 1], locator, rowspan, colspan))
    return Grid(heading, notes, len(run.rows), width, header_rows, tuple(cells), run.parts, "tabs")


def _recover_spans(header: Sequence[Sequence[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) -> (rowspan, colspan) of the header cells, (0, 0) for places under another cell's span.

    Plain text shows a merged cell as its text followed by empty fields. A label reaches right over empty fields that
    have a label below them, and down over empty fields to the end of the header.
    """
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    height = len(header)
    for top, labels in enumerate(header):
        for left, label in enumerate(labels):
            if not label:
                continue
            right = left + 1
            while right < len(labels) and not labels[right] and any(header[r][right] for r in range(top + 1, height)):
                right += 1
            below = top + 1
            while below < height and not any(header[below][left:right]):
                below += 1
            spans[top + 1, left + 1] = (below - top, right - left)
    covered = {
        (row, col)
        for (top, left), (tall, wide) in spans.items()
        for row in range(top, top + tall)
        for col in range(left, left + wide)
        if (row, col) != (top, left)
    }
    return spans | dict.fromkeys(covered - spans.keys(), (0, 0))
