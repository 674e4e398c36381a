"""Every figure of tables 1-10 is watched: a changed yuan is noticed, a changed cent is not.

For a figure of the example the document is changed in that one cell, converted and checked anew. The exhaustive set
does so for each of the 380 figures, by a cent for figures of every row and every column; the default set for figures of
every twelfth and every sixteenth column. Tables after the tenth are left out: other rules watch their figures. Only the
laws that compare figures are asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest

from converters import Document, convert_document, read_document
from converters.model.amounts import parse_amount
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"
LAWS = ("same", "sum", "bound", "balance")
Place = tuple[int, int, int]
"""(index of the grid, row, column)"""
Figure = tuple[Place, str]
"""The place of a figure and its printed text."""


@cache
def tables_1_to_10() -> Document:
    """The example up to its tenth table."""
    document = read_document(EXAMPLE)
    end = document.grids[9].cells[-1].locator.line or 0
    blocks = tuple(block for block in document.blocks if (block.locator.line or 0) <= end)
    return replace(document, grids=document.grids[:10], blocks=blocks)


def figures() -> list[Figure]:
    """The figures of tables 1-10 in the order of the document."""
    return [
        ((index, o.row, o.column), o.printed)
        for index, table in enumerate(convert_document(tables_1_to_10()).content.tables)
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


def one_of_each_column(all_figures: Sequence[Figure]) -> list[Figure]:
    """A figure of each column of each table: of the first column the first, of the next the second, and so on."""
    columns: dict[tuple[int, int], list[Figure]] = defaultdict(list)
    for figure in all_figures:
        (index, _, column), _ = figure
        columns[index, column].append(figure)
    return [figures[n % len(figures)] for n, figures in enumerate(columns.values())]


def violations(figure: Figure) -> tuple[Place, str, frozenset[str]]:
    """The rules violated once the figure at a place is printed as given."""
    place, text = figure
    conversion = convert_document(with_cell(tables_1_to_10(), place, text))
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE), families=LAWS)
    return place, text, frozenset(f.rule for f in report.findings if f.severity == "violation")


def changed(figure: Figure, by: str) -> Figure:
    place, printed = figure
    amount = parse_amount(printed)
    assert amount is not None
    return place, f"{amount.value + Decimal(by):.2f}"


@pytest.fixture(scope="module")
def usual() -> frozenset[str]:
    """The violations of the example as it stands."""
    return violations(figures()[0])[2]


def test_the_example_prints_380_figures_in_47_columns_of_tables_1_to_10() -> None:
    every = figures()
    assert len(every) == 380
    sample = one_of_each_column(every)
    assert len(sample) == len({(index, column) for (index, _, column), _ in every}) == 47
    assert len({(index, row) for (index, row, _), _ in sample}) > 20


def test_a_figure_of_every_twelfth_column_changed_by_a_yuan_is_a_violation(usual: frozenset[str]) -> None:
    found = [violations(changed(figure, "1")) for figure in one_of_each_column(figures())[::12]]
    assert len({index for (index, _, _), _, _ in found}) == len(found) == 4
    assert [(place, text) for place, text, rules in found if not rules - usual] == []


def test_a_figure_of_every_sixteenth_column_changed_by_a_cent_is_no_violation(usual: frozenset[str]) -> None:
    found = [violations(changed(figure, "0.01")) for figure in one_of_each_column(figures())[::16]]
    assert len({index for (index, _, _), _, _ in found}) == len(found) == 3
    assert [(place, text, rules - usual) for place, text, rules in found if rules - usual] == []


def of_each_row_and_column(all_figures: Sequence[Figure]) -> list[Figure]:
    """Figures of every column and every row of each table, along the diagonals of the tables."""
    chosen = one_of_each_column(all_figures)
    rows = {(index, row) for (index, row, _), _ in chosen}
    others: dict[tuple[int, int], list[Figure]] = defaultdict(list)
    for figure in all_figures:
        (index, row, _), _ = figure
        if (index, row) not in rows:
            others[index, row].append(figure)
    return chosen + [figures[n % len(figures)] for n, figures in enumerate(others.values())]


def outcomes(by: str, chosen: Sequence[Figure]) -> list[tuple[Place, str, frozenset[str]]]:
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(violations, [changed(figure, by) for figure in chosen], chunksize=10))


@pytest.mark.exhaustive
def test_any_figure_changed_by_a_yuan_is_a_violation(usual: frozenset[str]) -> None:
    found = outcomes("1", figures())
    assert len(found) == 380
    assert [(place, text) for place, text, rules in found if not rules - usual] == []


@pytest.mark.exhaustive
def test_a_figure_of_any_row_or_column_changed_by_a_cent_is_no_violation(usual: frozenset[str]) -> None:
    every = figures()
    found = outcomes("0.01", of_each_row_and_column(every))
    for axis in (1, 2):
        assert {(place[0], place[axis]) for place, *_ in found} == {(place[0], place[axis]) for place, _ in every}
    assert [(place, text, rules - usual) for place, text, rules in found if rules - usual] == []
