"""Measure the set-based engine on a disclosure of ordinary size: `python -m benchmarks.measure_rules`."""

import statistics
import sys
import time
from decimal import Decimal
from itertools import product

import pyoxigraph as ox

from ontology import load_vocabulary
from ontology.namespaces import DEFAULT_BASE
from shapes import check, select_vocabulary
from tests.shape_graphs import DisclosureGraph

CLASSES = [f"{c}" for c in (201, 208, 210, 221)]
GROUPS = [f"{c}{k:02}" for c in CLASSES for k in (1, 2)]
ITEMS = [f"{k}{i:02}" for k in GROUPS for i in (1, 2, 3)]
ROWS = ["total", *sorted(CLASSES + GROUPS + ITEMS)]
COLUMNS = {"total": "", "basic": "total", "personnel": "basic", "public": "basic", "project": "total"}
RUNS = 20


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


def main() -> None:
    """Print the size of the graph, the tallies, and the middle of twenty timings."""
    triples = build_disclosure()
    vocabulary = select_vocabulary(load_vocabulary().triples)
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        report = check(triples, vocabulary=vocabulary)
        seconds.append(time.perf_counter() - start)
    lines = [f"{len(triples)} triples, {len(report.findings)} findings"]
    for rule, tally in report.checked.items():
        lines.append(f"{rule:24}{tally.passed:>7}{tally.failed:>5}{tally.not_applicable:>5}")

    lines += [f"median of {RUNS}: {statistics.median(seconds) * 1000:.0f} ms (fastest {min(seconds) * 1000:.0f} ms)"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
