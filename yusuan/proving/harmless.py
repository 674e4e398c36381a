"""Harmless changes by class, of which no rule may say anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from yusuan.proving.mutation import Mutate, Mutation, Subject, demanded_kinds, with_texts, without_table

_NUMERAL = re.compile(r"\d[\d,]*\.\d+")


def separators(subject: Subject) -> Iterator[Mutation]:
    """Print the figures of a table with thousands separators, or without those that they have."""
    for index, table in subject.tables():
        texts = {}
        for o in table.observations:
            if o.measure == "amount" and _NUMERAL.fullmatch(o.printed):
                decimals = len(o.printed.rpartition(".")[2])
                grouped = "" if "," in o.printed else ","
                texts[o.row, o.column] = f"{Decimal(o.printed.replace(',', '')):{grouped}.{decimals}f}"
        if texts:
            changed = with_texts(subject.document, index, texts)
            yield Mutation(changed, table.name, frozenset(), None, next(iter(texts.values())))


def blanks(subject: Subject) -> Iterator[Mutation]:
    """Put blanks around the text of every cell below the header of a table."""
    for index, table in subject.tables():
        grid = subject.document.grids[index]
        body = {(c.row, c.col): f" {c.text} " for c in grid.cells if c.text.strip() and c.row in grid.body}
        if table.observations and body:
            yield Mutation(with_texts(subject.document, index, body), table.name, frozenset(), None, "␣")


def order_of_tables(subject: Subject) -> Iterator[Mutation]:
    """Exchange two neighbouring tables that have numbers of their own."""
    grids = subject.document.grids
    for (one, first), (two, second) in pairwise(subject.tables()):
        if two == one + 1 and not first.records and not second.records:
            changed = (*grids[:one], grids[two], grids[one], *grids[two + 1 :])
            yield Mutation(replace(subject.document, grids=changed), None, frozenset(), None, f"{one + 1} ↔ {two + 1}")


def undemanded_tables(subject: Subject) -> Iterator[Mutation]:
    """Leave out a table that no requirement demands."""
    demanded = demanded_kinds(subject)
    for index, table in subject.tables():
        if table.kind not in demanded and not table.records:
            yield Mutation(without_table(subject.document, index), None, frozenset(), None, table.title[:24])


HARMLESS: Mapping[str, Mutate] = {
    "separators": separators,
    "blanks": blanks,
    "order": order_of_tables,
    "undemanded-table": undemanded_tables,
}
"""The classes of harmless changes by name."""
