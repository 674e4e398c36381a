"""Plain text with tab-separated tables: a line with a tab is a row, everything else is running text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from converters.model.document import Cell, Document, DocumentError, Grid, Issue, TextBlock
from converters.model.markup import MARKUP, strip_markup
from converters.readers.sniffing import NOT_OF_TEXTS
from converters.recognition.captions import is_caption_line, is_titled, names_form, split_notes
from converters.recognition.header_spans import recover_spans
from converters.recognition.headers import count_header_rows
from ontology.locators import Locator
from ontology.vocabulary import Vocabulary

_LINE_ENDS = re.compile(r"\r\n|\n|\r")
_PAGE_NUMBER = re.compile(r"[-\u2013\u2014\s]*\d{1,4}[-\u2013\u2014\s]*")
_NEAREST = 4
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(slots=True)
class _Run:
    """Consecutive rows, joined across blank lines and page numbers left by page breaks, and the text before them."""

    before: list[TextBlock] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    parts: int = 0


def read_text(path: Path, content: bytes, vocabulary: Vocabulary) -> Document:
    """Return a Document of the lines of a file. Raise DocumentError if it is not text in UTF-8 or GB 18030."""
    lines = _LINE_ENDS.split(_decode(path, content))
    blocks: list[TextBlock] = []
    runs = [_Run()]
    previous_was_row = False
    for number, line in enumerate(lines, start=1):
        fields = line.split("\t")
        is_row = len(fields) > 1 and not is_caption_line(fields, vocabulary, titled=_is_titled(runs[-1], vocabulary))
        if is_row:
            if len(runs) > 1 and not runs[-1].rows and all(_PAGE_NUMBER.fullmatch(b.text) for b in runs[-1].before):
                runs.pop()
            if not previous_was_row:
                runs[-1].parts += 1
            runs[-1].rows.append((number, fields))
        elif line.strip():
            block = TextBlock(strip_markup(line.strip()), Locator(line=number))
            blocks.append(block)
            if runs[-1].rows:
                runs.append(_Run())
            runs[-1].before.append(block)
        previous_was_row = is_row
    if not runs[-1].rows:
        runs.append(_Run())
    grids = tuple(_grids(runs, vocabulary))
    return Document(path, hashlib.sha256(content).hexdigest(), "text", tuple(blocks), grids, _markup_issues(grids))


def _is_titled(run: _Run, vocabulary: Vocabulary) -> bool:
    """Whether the next line stands between the title of a table and its first row; forms have labels in their rows."""
    above = run.before[-_NEAREST:]
    return (
        not run.rows and any(is_titled(block.text, vocabulary) for block in above) and not names_form(above, vocabulary)
    )


def _decode(path: Path, content: bytes) -> str:
    if b"\0" in content:
        raise _not_text(path)
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_text(path)


def _not_text(path: Path) -> DocumentError:
    """The refusal of bytes that are no text: a name that promises another format is told that it is not that format."""
    ending = path.suffix.lower()
    if ending in NOT_OF_TEXTS:
        return DocumentError("not-its-format", file=path, ending=ending.removeprefix(".").upper())
    return DocumentError("not-text", file=path)


def _grids(runs: Sequence[_Run], vocabulary: Vocabulary) -> list[Grid]:
    """Return a grid for each run of rows; the text between two runs is divided into notes and the next heading."""
    divided = [split_notes(run.before, vocabulary) for run in runs]
    grids = []
    for index, run in enumerate(runs):
        if run.rows:
            notes = divided[index + 1][0] if index + 1 < len(runs) else ()
            grids.append(_grid(run, divided[index][1], notes, vocabulary))
    return grids


def _grid(run: _Run, heading: tuple[TextBlock, ...], notes: tuple[TextBlock, ...], vocabulary: Vocabulary) -> Grid:
    texts = [[strip_markup(part.strip()) for part in fields] for _, fields in run.rows]
    width = max(map(len, texts))
    header_rows = 0 if names_form(heading, vocabulary) else count_header_rows(texts)
    spans = recover_spans([row + [""] * (width - len(row)) for row in texts[:header_rows]])
    cells = []
    for row, (line, fields) in enumerate(run.rows, start=1):
        for col in range(1, len(fields) + 1):
            rowspan, colspan = spans.get((row, col), (1, 1))
            if row > header_rows or rowspan:
                locator = Locator(line=line, field=col)
                text = texts[row - 1][col - 1]
                flags = frozenset({MARKUP} if text != fields[col - 1].strip() else ())
                cells.append(Cell(row, col, text, locator, rowspan, colspan, flags))
    return Grid(heading, notes, len(run.rows), width, header_rows, tuple(cells), run.parts, "tabs")


def _markup_issues(grids: Sequence[Grid]) -> tuple[Issue, ...]:
    cells = [cell for grid in grids for cell in grid.cells if MARKUP in cell.flags]
    return (Issue("markup-removed", cells[0].locator, {"count": len(cells)}),) if cells else ()
