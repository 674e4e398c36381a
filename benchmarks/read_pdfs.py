"""How long reading PDFs takes beside pdfplumber: `python -m benchmarks.read_pdfs FOLDER_OR_FILE…`.

For each file: the seconds in which pdfplumber alone extracts the tables, the seconds to read it as a document, and to
read, convert and serialise it; then the numbers that both found in cells. Without arguments: ../shared/disclosures.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pdfplumber
import pyoxigraph as ox

from converters import DocumentError, convert_document, read_document
from converters.amounts import parse_amount

DEFAULT = Path(__file__).parent.parent.parent / "shared" / "disclosures"
RUNS = 3


def extract_tables(path: Path) -> list[str]:
    """The texts of all cells that pdfplumber finds."""
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


def main() -> None:
    """Print a line a file and the sums, times as multiples of pdfplumber's."""
    logging.disable(logging.WARNING)
    files = pdf_files(sys.argv[1:])
    sys.stdout.write(f"{'file':56}{'pdfplumber':>11}{'read':>8}{'all':>8}{'numbers':>9}{'ours':>6}\n")
    sums = [0.0, 0.0, 0.0]
    numbers = [0, 0]
    for file in files:
        convert(file)
        theirs = fastest(lambda file=file: extract_tables(file), 1)
        seconds = [theirs, fastest(lambda file=file: read_cells(file)), fastest(lambda file=file: convert(file))]
        found = [count_numbers(extract_tables(file)), count_numbers(read_cells(file))]
        sums = [one + other for one, other in zip(sums, seconds, strict=True)]
        numbers = [one + other for one, other in zip(numbers, found, strict=True)]
        times = f"{seconds[0]:11.2f}{seconds[1]:8.2f}{seconds[2]:8.2f}"
        sys.stdout.write(f"{file.stem:56}{times}{found[0]:9}{found[1]:6}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{'together':56}{sums[0]:11.2f}{sums[1]:8.2f}{sums[2]:8.2f}{numbers[0]:9}{numbers[1]:6}\n")
    sys.stdout.write(f"{'times pdfplumber':56}{1:11.2f}{sums[1] / sums[0]:8.2f}{sums[2] / sums[0]:8.2f}\n")


if __name__ == "__main__":
    main()
