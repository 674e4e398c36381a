"""Check the boxes of figures with another engine: `python -m benchmarks.check_boxes [PATH…]`.

Each figure in a table of a PDF has a page and a bounding box. The characters that pdfplumber finds inside the box must
be the printed figure. Without arguments the disclosures in ../shared/disclosures are read. Exit code 1 if a box does
not match.
"""

from __future__ import annotations

import logging
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pdfplumber

from benchmarks.read_pdfs import pdf_files
from converters import DocumentError, Observation, convert_file

MARGIN = 1.0
Character = Mapping[str, Any]


def figures(path: Path) -> dict[int, list[Observation]]:
    """Return the figures of the tables of a file by page; empty if no table is recognised."""
    found: dict[int, list[Observation]] = defaultdict(list)
    try:
        tables = convert_file(path).content.tables
    except DocumentError:
        return found
    for o in (o for table in tables for o in table.observations):
        if o.locator.page is not None and o.locator.bbox is not None and any(map(str.isdigit, o.printed)):
            found[o.locator.page].append(o)
    return found


def read_box(characters: Iterable[Character], box: tuple[float, float, float, float]) -> str:
    """The characters whose middle is inside a box, line by line, without blanks; one drawn twice counts once."""
    left, top, right, bottom = box
    inside = [
        c
        for c in characters
        if c["text"].strip()
        and left - MARGIN <= (c["x0"] + c["x1"]) / 2 <= right + MARGIN
        and top - MARGIN <= (c["top"] + c["bottom"]) / 2 <= bottom + MARGIN
    ]
    kept: list[Character] = []
    for c in sorted(inside, key=lambda c: (round(c["top"]), c["x0"])):
        if not any(_same_ink(c, other) for other in kept):
            kept.append(c)
    return "".join(c["text"] for c in kept)


def _same_ink(one: Character, other: Character) -> bool:
    near = abs(one["x0"] - other["x0"]) < MARGIN and abs(one["top"] - other["top"]) < MARGIN
    return near and bool(one["text"] == other["text"])


def differing(path: Path) -> Iterator[tuple[Observation, str | None]]:
    """The figures of a file, each with what pdfplumber finds in its place, or None if that is the same."""
    by_page = figures(path)
    with pdfplumber.open(path) as document:
        for page, found in by_page.items():
            characters: Sequence[Character] = document.pages[page - 1].chars
            for o in found:
                seen = read_box(characters, o.locator.bbox or (0, 0, 0, 0))
                yield o, None if seen == "".join(o.printed.split()) else seen


def main() -> None:
    """Print a line a file, and one for each figure that is not the same."""
    logging.disable(logging.WARNING)
    same = other = 0
    for path in pdf_files(sys.argv[1:]):
        compared = list(differing(path))
        wrong = [(o, seen) for o, seen in compared if seen is not None]
        same, other = same + len(compared) - len(wrong), other + len(wrong)
        sys.stdout.write(f"{path.stem:56}{len(compared) - len(wrong):6} of {len(compared):6}\n")
        for o, seen in wrong:
            sys.stdout.write(f"    {o.table} r{o.row}c{o.column}: {o.printed!r}, pdfplumber {seen!r}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{'together':56}{same:6} of {same + other:6}\n")
    sys.exit(1 if other else 0)


if __name__ == "__main__":
    main()
