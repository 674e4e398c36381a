"""Every figure of tables 1-10 is watched: a changed yuan is noticed, a changed cent is not.

For each of the 380 figures of the example the document is changed in that one cell, converted and checked anew. What
follows table 10 is left out: it costs time and watches other figures. Only the laws that compare figures are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

import pytest

from converters import Document, convert_document, read_document
from converters.model.amounts import parse_amount
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked import rule_vocabulary

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"
LAWS = ("same", "sum", "bound", "balance")
Place = tuple[int, int, int]
"""(index of the grid, row, column)"""


def tables_1_to_10() -> Document:
    """The example up to its tenth table."""
    document = read_document(EXAMPLE)
    end = document.grids[9].cells[-1].locator.line or 0
    blocks = tuple(block for block in document.blocks if (block.locator.line or 0) <= end)
    return replace(document, grids=document.grids[:10], blocks=blocks)


def figures() -> list[tuple[Place, str]]:
    """The place and printed text of each figure of tables 1-10."""
    return [
        ((index, o.row, o.column), o.printed)
        for index, table in enumerate(convert_document(tables_1_to_10()).claims.tables)
        for o in table.observations
        if parse_amount(o.printed)
    ]


def with_cell(document: Document, place: Place, text: str) -> Document:
    """The document with one cell printed differently."""
    index, row, col = place
    grid = document.grids[index]
    cells = tuple(replace(c, text=text) if (c.row, c.col) == (row, col) else c for c in grid.cells)
    grids = [*document.grids]
    grids[index] = replace(grid, cells=cells)
    return replace(document, grids=tuple(grids))


def violations(place_text: tuple[Place, str]) -> tuple[Place, str, frozenset[str]]:
    """The rules violated once the figure at a place is printed as given."""
    place, text = place_text
    conversion = convert_document(with_cell(tables_1_to_10(), place, text))
    report = check(conversion.triples, vocabulary=rule_vocabulary(DEFAULT_BASE), families=LAWS)
    return place, text, frozenset(f.rule for f in report.findings if f.severity == "violation")


def changed(by: str) -> Iterator[tuple[Place, str]]:
    for place, printed in figures():
        amount = parse_amount(printed)
        assert amount is not None
        yield place, f"{amount.value + Decimal(by):.2f}"


@pytest.fixture(scope="module")
def usual() -> frozenset[str]:
    """The violations of the example as it stands."""
    place, printed = figures()[0]
    return violations((place, printed))[2]


def test_the_example_prints_380_figures_in_tables_1_to_10() -> None:
    assert len(figures()) == 380


def outcomes(by: str) -> list[tuple[Place, str, frozenset[str]]]:
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(violations, changed(by), chunksize=20))


def test_any_figure_changed_by_a_yuan_is_a_violation(usual: frozenset[str]) -> None:
    found = outcomes("1")
    assert len(found) == 380
    assert [(place, text) for place, text, rules in found if not rules - usual] == []


def test_no_figure_changed_by_a_cent_is_a_violation(usual: frozenset[str]) -> None:
    found = outcomes("0.01")
    assert len(found) == 380
    assert [(place, text, rules - usual) for place, text, rules in found if rules - usual] == []
