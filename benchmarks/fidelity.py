"""Measure the share of each disclosure that is converted: `python -m benchmarks.fidelity [--write PAGE] [PATH…]`.

For each file of the folders and files named (without any: ../shared/disclosures), as a table in Markdown: its tables
and how many were recognised; the cells with numbers and the share of them that became observations; the figures of its
text; of these the amounts of its own year, and the changes, rates, shares and amounts of other years, each as claims of
all printed ones, with the claims whose subject is known in brackets; the printed sums and how many hold; the violations
by rule. Files whose names end with `-narrative` and `-tables` and are alike otherwise are one disclosure, with a row of
its own. `--write` replaces the table in a page; `--wordings` lists the wordings of the text that are not known.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from converters import Conversion, DocumentError, Issue, Use, convert_document, coverage, join_documents, read_document
from converters.reports.coverage import cover_tables
from ontology.narrative_words import load_phrases
from shapes import check

DEFAULT = Path(__file__).parent.parent.parent / "shared" / "disclosures"
HEADER = ("disclosure", "tables", "cells", "share", "text", "amounts", "changes", "sums that hold", "violations")
AMOUNT, DERIVED = "amount", ("change", "changeRate", "share")
MONEY, SHARE = "def#amount", "def#share"
HALVES = ("-narrative", "-tables")
_TABLE = re.compile(r"^\| disclosure \|.*?(?=\n\n|\n?\Z)", re.MULTILINE | re.DOTALL)


def count_cells(conversion: Conversion) -> tuple[int, int]:
    """(cells with a number that is no label, those of them that are observations)."""
    tables = cover_tables(conversion)
    return sum(table.figures for table in tables), sum(table.converted for table in tables)


def count_text(conversion: Conversion) -> tuple[int, int]:
    """(figures of the running text: numbers with a unit, those of them that are observations)."""
    document = join_documents(conversion.documents)
    uses = Counter(number.use for number in coverage(document, conversion).numbers if number.table is None)
    return uses[Use.OBSERVATION] + uses[Use.NOT_CONVERTED], uses[Use.OBSERVATION]


def count_claims(conversion: Conversion) -> tuple[str, str]:
    """Return claims / printed figures (claims with a known subject): amounts of the year, then changes and the like.

    A figure with a unit of money or percent that is no claim counts as printed, an amount among the amounts.
    """
    claimed: Counter[tuple[bool, bool]] = Counter()
    for statement in conversion.content.narrative.statements:
        o = statement.observation
        if o.column == 1 and (o.measure in DERIVED or o.measure == AMOUNT):
            own = o.measure == AMOUNT and o.coordinates["year"] == str(conversion.content.year)
            claimed[own, statement.compared] += 1
    lost = Counter(
        measure for wording in conversion.content.narrative.wordings if (measure := _lost(wording, conversion))
    )
    rows = []
    for own, measure in ((True, MONEY), (False, SHARE)):
        known, unknown = claimed[own, True], claimed[own, False]
        rows.append(f"{known + unknown}/{known + unknown + lost[measure]} ({known})")
    return rows[0], rows[1]


def _lost(wording: Issue, conversion: Conversion) -> str | None:
    """The measure of a figure of the text that became no claim, None for one that did or that counts things."""
    if wording.key != "figure-not-placed":
        return None
    figure, vocabulary = str(wording.values["figure"]), conversion.vocabulary
    unit = next((key for label, (key, _) in vocabulary.units.items() if figure.endswith(label)), "")
    measure = load_phrases(vocabulary).unit_measures.get(unit)
    return measure if measure in (MONEY, SHARE) else None


def measure(paths: Sequence[Path]) -> tuple[str, ...]:
    """The cells of the row about one disclosure in one file or several."""
    name = paths[0].stem if len(paths) == 1 else f"{_whole(paths[0])} (both files)"
    try:
        conversion = convert_document(join_documents([read_document(path) for path in paths]))
    except DocumentError as error:
        return (name, error.key, *("-" for _ in HEADER[2:]))
    report = check(conversion.triples)
    tables = conversion.content.tables
    printed, taken = count_cells(conversion)
    told, said = count_text(conversion)
    sums = report.checked["sum"]
    violations = Counter(f.rule for f in report.findings if f.severity == "violation")
    known = sum(1 for table in tables if table.kind is not None)
    return (
        name,
        f"{known}/{len(tables)}",
        f"{taken}/{printed}",
        f"{taken / printed:.1%}" if printed else "-",
        f"{said}/{told}",
        *count_claims(conversion),
        f"{sums.passed}/{sums.passed + sums.failed}",
        ", ".join(f"{rule} {count}" for rule, count in sorted(violations.items())) or "none",
    )


def find(paths: Iterable[Path]) -> Iterator[tuple[Path, ...]]:
    """The files of each disclosure, folders in order; two halves follow one after the other, and then together."""
    files = [file for path in paths for file in (sorted(path.glob("*.*")) if path.is_dir() else [path])]
    for before, file in zip((None, *files), files, strict=False):
        yield (file,)
        if before is not None and _whole(before) == _whole(file):
            yield before, file


def list_wordings(paths: Iterable[Path]) -> None:
    """Print the wordings of each file that are not known, those of figures without a claim first."""
    for path in (files[0] for files in find(paths) if len(files) == 1):
        try:
            wordings = convert_document(read_document(path)).content.narrative.wordings
        except DocumentError:
            continue
        for wording in sorted(wordings, key=lambda wording: wording.key):
            sys.stdout.write(f"{path.name}\t{wording.key}\t{wording.values['figure']}\t{wording.values['words']}\n")


def _whole(path: Path) -> str:
    """The name of the disclosure that a file is, or is half of."""
    return next((path.stem.removesuffix(half) for half in HALVES if path.stem.endswith(half)), path.name)


def main() -> None:
    """Write a row for each disclosure, to the terminal or into a page."""
    parser = argparse.ArgumentParser(description="How much of each disclosure is converted and confirmed.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", default=[DEFAULT])
    parser.add_argument("--wordings", action="store_true", help="list the wordings of the text that are not known")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table in place of that of a Markdown page")
    arguments = parser.parse_args()
    if arguments.wordings:
        list_wordings(arguments.paths)
        return
    lines = []
    for row in (HEADER, ("---",) * len(HEADER), *map(measure, find(arguments.paths))):
        lines.append(f"| {' | '.join(row)} |")
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    if arguments.write is not None:
        page = arguments.write.read_text(encoding="utf-8")
        arguments.write.write_text(_TABLE.sub("\n".join(lines).replace("\\", r"\\"), page, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
