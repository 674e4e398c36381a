"""Write one disclosure in every format and layout."""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks.renderings.pieces import read_pieces
from benchmarks.renderings.web import LAYOUTS as PAGES
from benchmarks.renderings.web import write_html
from benchmarks.renderings.word import LAYOUTS as DOCUMENTS
from benchmarks.renderings.word import write_docx
from benchmarks.renderings.workbooks import LAYOUTS as WORKBOOKS
from benchmarks.renderings.workbooks import write_ods, write_xls, write_xlsx
from converters.readers import read_document

WRITERS = {
    "xlsx": (write_xlsx, tuple(WORKBOOKS)),
    "xls": (write_xls, tuple(WORKBOOKS)),
    "ods": (write_ods, tuple(WORKBOOKS)),
    "docx": (write_docx, DOCUMENTS),
    "html": (write_html, PAGES),
}


def render(path: Path, folder: Path) -> list[Path]:
    """Write the disclosure in each format and layout; returns the files."""
    pieces = list(read_pieces(read_document(path)))
    written = []
    for ending, (write, layouts) in WRITERS.items():
        for layout in layouts:
            file = folder / f"{path.stem}.{layout}.{ending}"
            file.write_bytes(write(pieces, layout))
            written.append(file)
    return written


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def main(file: Path, folder: Path) -> None:
    """Write FILE, a disclosure in any format that can be read, to FOLDER in all others."""
    folder.mkdir(parents=True, exist_ok=True)
    for written in render(file, folder):
        click.echo(written)


if __name__ == "__main__":
    main()
