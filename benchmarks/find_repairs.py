"""Measure how often the first repair names the wrong figure: `python -m benchmarks.find_repairs [N]`.

In each of N trials one figure of tables 1-10 of the example is increased by 1 % (a zero becomes 137.00). The result is
how often the changed figure, with its original amount, is among the candidates of the first repair, and the time that
checking takes.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from converters import convert_document, read_document
from converters.model.amounts import parse_amount
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"


def main(trials: int) -> None:
    """Run the trials and print the results."""
    document = read_document(EXAMPLE)
    conversion = convert_document(document)
    figures = [(i, o) for i, t in enumerate(conversion.content.tables[:10]) for o in t.observations]
    figures = [(i, o) for i, o in figures if parse_amount(o.printed)]
    first, only, seconds = 0, 0, 0.0
    for index, figure in random.Random(0).sample(figures, trials):
        true = figure.amount or Decimal(0)
        text = f"{true * Decimal('1.01') if true else Decimal(137):.2f}"
        grid = document.grids[index]
        place = (figure.row, figure.column)
        cells = tuple(replace(c, text=text) if (c.row, c.col) == place else c for c in grid.cells)
        grids = (*document.grids[:index], replace(grid, cells=cells), *document.grids[index + 1 :])
        changed = convert_document(replace(document, grids=grids))
        start = perf_counter()
        report = check(changed.triples, vocabulary=rule_vocabulary(DEFAULT_BASE))
        seconds += perf_counter() - start
        ending = f"/{figure.table}/r{figure.row}c{figure.column}"
        hits = [
            any((o.observation or "").endswith(ending) and abs(a - true) < Decimal("0.02") for o, a in r.candidates)
            for r in report.repairs
        ]
        first += any(hits[:1])
        only += any(hits)
    sys.stdout.write(f"{trials} trials: among the first repair's candidates {first}, among all repairs' {only}\n")
    sys.stdout.write(f"checking with repairs: {seconds / trials * 1000:.0f} ms each\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
