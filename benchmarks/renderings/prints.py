"""Prints of one disclosure as PDF: `python -m benchmarks.renderings.prints FILE FOLDER`.

FILE is laid out as Word documents, a workbook and web pages, most without ruling lines, and printed to FOLDER by
LibreOffice and Chromium, with tags (a structure tree) and without. Each print is then read, and a row is written:
the share of the figures of FILE that it gives at the same coordinates, the figures that FILE doesn't have, the tables
and regions that were not read, and the violations that are missing or new.

Needs LibreOffice, Chromium and a Chinese typeface. Prints that are in FOLDER already are only read.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks.renderings.pieces import Piece, read_pieces
from benchmarks.renderings.print_layouts import SHEETS, WEB, WORD, write_sheets, write_web, write_word
from converters import Conversion, conversion_to_records, convert_document, find_unread
from converters.readers import read_document
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

_WRITERS = {"docx": (write_word, tuple(WORD)), "xlsx": (write_sheets, SHEETS), "html": (write_web, tuple(WEB))}
_FILTERS = {"docx": "writer_pdf_Export", "xlsx": "calc_pdf_Export"}
_SECONDS = 300
_KEY = (
    *("table", "organisation", "year", "phase", "flow", "vintage", "fund", "function", "economic", "kind", "project"),
    *("scope", "supplier", "line", "period", "measure", "amount", "unit"),
)
HEADER = ("print", "figures", "others", "not read", "violations missing", "violations new")


def write_prints(pieces: list[Piece], folder: Path) -> Iterator[Path]:
    """Write the documents and their prints; yields the PDFs. Raise CalledProcessError if a program fails."""
    for ending, (write, layouts) in _WRITERS.items():
        for layout in layouts:
            source = folder / f"{layout}.{ending}"
            source.write_bytes(write(pieces, layout))
            for tagged in (False, True):
                target = folder / f"{layout}-{'tagged' if tagged else 'untagged'}.pdf"
                if not target.exists():
                    (_print_page if ending == "html" else _print_document)(source, target, tagged)
                yield target


def _print_document(source: Path, target: Path, tagged: bool) -> None:
    options = json.dumps({"UseTaggedPDF": {"type": "boolean", "value": str(tagged).lower()}})
    with tempfile.TemporaryDirectory() as folder:
        profile, kind = (
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            f"pdf:{_FILTERS[source.suffix[1:]]}",
        )
        asked = ["soffice", profile, "--headless", "--convert-to", f"{kind}:{options}", "--outdir", folder, str(source)]
        subprocess.run(asked, check=True, capture_output=True, timeout=_SECONDS)
        target.write_bytes(Path(folder, f"{source.stem}.pdf").read_bytes())


def _print_page(source: Path, target: Path, tagged: bool) -> None:
    asked = ["chromium", "--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={target.resolve()}"]
    asked += [] if tagged else ["--disable-pdf-tagging"]
    subprocess.run([*asked, source.resolve().as_uri()], check=True, capture_output=True, timeout=_SECONDS)


def figures_of(conversion: Conversion) -> Counter[tuple[str, ...]]:
    """The figures with their coordinates, but not their places in the file."""
    return Counter(tuple(row[key] for key in _KEY) for row in conversion_to_records(conversion))


def violations_of(conversion: Conversion) -> Counter[str]:
    """The violations by rule."""
    findings = check(conversion.triples, vocabulary=rule_vocabulary(DEFAULT_BASE)).findings
    return Counter(finding.rule for finding in findings if finding.severity == "violation")


def compare_print(print_: Conversion, figures: Counter[tuple[str, ...]], violations: Counter[str]) -> tuple[str, ...]:
    """The cells of a row about a print, compared with figures and violations of the file it was made from."""
    own, told = figures_of(print_), violations_of(print_)
    return (
        f"{(own & figures).total() / figures.total():.1%}",
        str((own - figures).total()),
        str(len(find_unread(print_))),
        _listed(violations - told),
        _listed(told - violations),
    )


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def main(file: Path, folder: Path) -> None:
    """Print FILE, a disclosure in any format that can be read, to FOLDER, and measure how the prints are read."""
    folder.mkdir(parents=True, exist_ok=True)
    document = read_document(file)
    source = convert_document(document)
    figures, violations = figures_of(source), violations_of(source)
    click.echo(f"| {' | '.join(HEADER)} |\n| {' | '.join(['---'] * len(HEADER))} |")
    for path in write_prints(list(read_pieces(document)), folder):
        row = compare_print(convert_document(read_document(path)), figures, violations)
        click.echo(f"| {' | '.join((path.stem, *row))} |")


if __name__ == "__main__":
    main()
