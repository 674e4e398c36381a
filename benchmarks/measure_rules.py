"""Measure the check of disclosures against all rules: `python -m benchmarks.measure_rules [FILE…]`.

Without a file, a disclosure of ordinary size is made, and what each rule compares is printed. A file is read and
converted once; printed are the milliseconds of its check alone, by the clock and of processor time.
"""

import statistics
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path

import click
import pyoxigraph as ox

from ontology.namespaces import DEFAULT_BASE
from shapes import Report, check
from shapes.rules import content_families
from tests.shape_graphs import DisclosureGraph
from yusuan.api import convert_disclosure
from yusuan.checked_document import rule_vocabulary

CLASSES = [f"{c}" for c in (201, 208, 210, 221)]
GROUPS = [f"{c}{k:02}" for c in CLASSES for k in (1, 2)]
ITEMS = [f"{k}{i:02}" for k in GROUPS for i in (1, 2, 3)]
ROWS = ["total", *sorted(CLASSES + GROUPS + ITEMS)]
COLUMNS = {"total": "", "basic": "total", "personnel": "basic", "public": "basic", "project": "total"}
RUNS = 20
LINE_END = b"\n"


def parent(row: str) -> str:
    """Return the parent of a functional class; that of a 类 is the total."""
    return row[:-2] if len(row) > 3 else "total"


def build_disclosure(tables: int = 2) -> list[ox.Triple]:
    """Build tables of the same functional classes by kind of expenditure, with their sums and bounds."""
    graph = DisclosureGraph()
    leaf = {
        (r, c): Decimal(1 + i) * 1000 for i, (r, c) in enumerate(product(ITEMS, ("personnel", "public", "project")))
    }

    def amount(row: str, column: str) -> Decimal:
        rows = [i for i in ITEMS if row in ("total", i, i[:3], i[:5])]
        columns = {"total": ("personnel", "public", "project"), "basic": ("personnel", "public")}.get(column, (column,))
        return sum((leaf[r, c] for r, c in product(rows, columns)), Decimal(0))

    for number in range(3, 3 + tables):
        table = graph.table(number, "expenditure")
        for row, column in product(ROWS, COLUMNS):
            above = ([f"{table}/{parent(row)}-{column}"] if row != "total" else []) + (
                [f"{table}/{row}-{COLUMNS[column]}"] if COLUMNS[column] else []
            )
            cell = graph.observation(
                table,
                f"{row}-{column}",
                amount(row, column),
                point=f"{DEFAULT_BASE}id/point/{row}-{column}",
                coordinates=f"{DEFAULT_BASE}id/coordinates/{row}-{column}",
                labels=(row, f"科目{row}", column),
                bounded_by=above,
                function=f"function/{row}",
                kind=f"kind/{column}",
            )
            if number == 3:
                graph.point(f"{row}-{column}", cell)
            rows_below = [f"{table}/{r}-{column}" for r in ROWS if r != "total" and parent(r) == row]
            columns_below = [f"{table}/{row}-{c}" for c, above_it in COLUMNS.items() if above_it == column]
            if rows_below:
                graph.sum("column", cell, rows_below, "function")
            if columns_below:
                graph.sum("row", cell, columns_below, "kind")
    return graph.triples


@dataclass(frozen=True, slots=True)
class CheckTime:
    """The middle of several checks, and the fastest, in milliseconds: by the clock and of processor time."""

    clock: float
    processor: float
    fastest_clock: float
    fastest_processor: float

    def __str__(self) -> str:
        return (
            f"median of {RUNS}: {self.clock:.0f} ms by the clock, {self.processor:.0f} ms of processor time "
            f"(fastest {self.fastest_clock:.0f} and {self.fastest_processor:.0f})"
        )


def measure(graph: Iterable[ox.Triple], families: Collection[str] | None) -> tuple[Report, CheckTime]:
    """Check a graph once to begin with, then several times; return the report and the times."""
    vocabulary = rule_vocabulary(DEFAULT_BASE)
    report = check(graph, vocabulary=vocabulary, families=families)
    clock, processor = [], []
    for _ in range(RUNS):
        start, busy = time.perf_counter(), time.process_time()
        check(graph, vocabulary=vocabulary, families=families)
        clock.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - busy) * 1000)
    return report, CheckTime(statistics.median(clock), statistics.median(processor), min(clock), min(processor))


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def main(files: tuple[Path, ...]) -> None:
    """Print times: of each file, or of a disclosure that is made, with what each rule compares."""
    for file in files:
        graph = convert_disclosure(file).graph
        report, times = measure(graph, content_families())
        click.echo(f"{file.name}: {graph.text.count(LINE_END)} triples, {len(report.findings)} findings; {times}")
    if not files:
        triples = build_disclosure()
        report, times = measure(triples, None)
        click.echo(f"{len(triples)} triples, {len(report.findings)} findings")
        for rule, tally in report.checked.items():
            click.echo(f"{rule:24}{tally.passed:>7}{tally.failed:>5}{tally.not_applicable:>5}")
        click.echo(times)


if __name__ == "__main__":
    main()
