"""Measure reading PDFs, beside pdfplumber: `python -m benchmarks.read_pdfs FOLDER_OR_FILE…`.

For each file, measured in the same run: the seconds in which pdfplumber extracts the tables; the seconds to read the
document, and to read, convert and serialise it; the ratio; the numbers that both find in cells. The fastest of several
runs counts. Without arguments the files in ../shared/disclosures are read.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pdfplumber
import pyoxigraph as ox

from converters import DocumentError, convert_document, read_document
from converters.model.amounts import parse_amount

DEFAULT = Path(__file__).parent.parent.parent / "shared" / "disclosures"
RUNS = 3


def extract_tables(path: Path) -> list[str]:
    """Return the texts of all cells that pdfplumber finds."""
    with pdfplumber.open(path) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
    return [cell or "" for table in tables for row in table for cell in row]


def read_cells(path: Path) -> list[str]:
    """The texts of all cells of the document."""
    return [cell.text for grid in read_document(path).grids for cell in grid.cells]


def convert(path: Path) -> int:
    """The size of the file's graphs as N-Quads, 0 if no table of it is recognised."""
    try:
        quads = convert_document(read_document(path)).quads()
    except DocumentError:
        return 0
    return len(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


def fastest(action: Callable[[], object], runs: int = RUNS) -> float:
    """The seconds of the fastest of some runs."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def count_numbers(texts: Iterable[str]) -> int:
    """How many of the texts are numbers."""
    return sum(1 for text in texts if parse_amount(text))


def pdf_files(arguments: list[str]) -> list[Path]:
    """The PDFs named, those in folders named, or those in the default folder."""
    places = [Path(argument) for argument in arguments] or [DEFAULT]
    return [file for place in places for file in (sorted(place.glob("*.pdf")) if place.is_dir() else [place])]


def measure(file: Path) -> tuple[list[float], list[int]]:
    """The seconds of (pdfplumber, reading, all of it) and the numbers found in cells by (pdfplumber, the reader)."""
    convert(file)
    actions = (extract_tables, read_cells, convert)
    seconds = [fastest(lambda action=action: action(file)) for action in actions]
    return seconds, [count_numbers(extract_tables(file)), count_numbers(read_cells(file))]


def show(name: str, seconds: Sequence[float], numbers: Sequence[int]) -> None:
    """Print a line: the seconds, how many times pdfplumber's all of it takes, the numbers."""
    times = "".join(f"{second:8.2f}" for second in seconds)
    sys.stdout.write(f"{name:56}{times}{seconds[2] / seconds[0]:8.2f}{numbers[0]:9}{numbers[1]:6}\n")
    sys.stdout.flush()


def main() -> None:
    """Print a line a file and one for all together."""
    logging.disable(logging.WARNING)
    head = ("plumber", "read", "all", "times")
    sys.stdout.write(f"{'file':56}{''.join(f'{word:>8}' for word in head)}{'numbers':>9}{'ours':>6}\n")
    found = []
    for file in pdf_files(sys.argv[1:]):
        found.append(measure(file))
        show(file.stem, *found[-1])
    seconds, numbers = zip(*found, strict=True)
    show(
        "together",
        [sum(each) for each in zip(*seconds, strict=True)],
        [sum(each) for each in zip(*numbers, strict=True)],
    )


if __name__ == "__main__":
    main()
