"""Both engines say the same of a disclosure, as it stands and with faults put into it.

The exhaustive set asks pySHACL every rule of the four shortest tables, as they stand and with faults, and most rules of
tables 1-10 with three faults; the `material` set of a whole disclosure. `test_shapes_cases` has cases of some families
of rules in the default set.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from converters import Document, convert_document, read_document
from ontology import DEFAULT_BASE
from shapes import Report, check, check_with_pyshacl, load_rules
from yusuan.checked_document import rule_vocabulary

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"
TABLE_WITH_SENTENCE = 7
Texts = dict[tuple[int, int, int], str]
"""(index of the grid, row, column) to the text printed there instead"""
A_TOTAL_A_PART_AND_A_BOUND: Texts = {(1, 4, 4): "14835573.30", (6, 3, 6): "20000.00", (2, 7, 4): "11105557.00"}
SHORT_TABLES = (3, 6, 7, 8)
FAULTS_OF_SHORT_TABLES: dict[str, tuple[Texts, set[str]]] = {
    "as they stand": ({}, set()),
    "totals and a part": ({(3, 3, 2): "1.00", (6, 3, 1): "20000.00", (6, 3, 2): "15.00"}, {"same", "sum", "bound"}),
    "a table without its sentence": ({}, {"empty-declared"}),
}
"""Texts, and the rules that these break besides those that the short tables break as they stand."""
BROKEN_AS_THEY_STAND = {"people-establishment", "required-table-unread", "title-header"}

WITHOUT_IDENTITIES = {rule.family for rule in load_rules()} - {"identities"}
"""For long documents: pySHACL joins the two sides of an identity pair by pair, which takes minutes there."""


def first_tables(document: Document) -> Document:
    """The document up to its tenth table."""
    end = document.grids[9].cells[-1].locator.line or 0
    blocks = tuple(block for block in document.blocks if (block.locator.line or 0) <= end)
    return replace(document, grids=document.grids[:10], blocks=blocks)


def with_texts(document: Document, texts: Texts) -> Document:
    """The document with the texts of some cells printed differently."""
    grids = [
        replace(g, cells=tuple(replace(c, text=texts.get((i, c.row, c.col), c.text)) for c in g.cells))
        for i, g in enumerate(document.grids)
    ]
    return replace(document, grids=tuple(grids))


def with_fault(fault: str, texts: Texts) -> Document:
    """Tables 1-10 of the example with other texts in some cells, or one without the sentence beside it."""
    document = with_texts(first_tables(read_document(EXAMPLE)), texts)
    if fault == "a table without its sentence":
        grids = [*document.grids]
        grids[TABLE_WITH_SENTENCE] = replace(grids[TABLE_WITH_SENTENCE], notes=())
        document = replace(document, grids=tuple(grids))
    return document


@pytest.mark.exhaustive
@pytest.mark.parametrize("fault", FAULTS_OF_SHORT_TABLES)
def test_both_engines_agree_on_the_short_tables(fault: str) -> None:
    texts, broken = FAULTS_OF_SHORT_TABLES[fault]
    document = with_fault(fault, texts)
    report = assert_agreement(replace(document, grids=tuple(document.grids[index] for index in SHORT_TABLES)))
    assert {finding.rule for finding in report.findings} == BROKEN_AS_THEY_STAND | broken


@pytest.mark.exhaustive
def test_both_engines_agree_on_rules_findings_figures_and_counts() -> None:
    assert_agreement(with_texts(first_tables(read_document(EXAMPLE)), A_TOTAL_A_PART_AND_A_BOUND), WITHOUT_IDENTITIES)


@pytest.mark.material
def test_both_engines_agree_on_a_whole_disclosure(material: Path) -> None:
    document = read_document(material / "disclosures" / "wuhan-qingshan-npc-2024.txt")
    assert_agreement(document, WITHOUT_IDENTITIES)


def assert_agreement(document: Document, families: Collection[str] | None = None) -> Report:
    triples = convert_document(document).triples
    vocabulary = rule_vocabulary(DEFAULT_BASE)
    fast = check(triples, vocabulary=vocabulary, families=families)
    reference = check_with_pyshacl(triples, vocabulary=vocabulary, families=families)
    assert fast.findings == reference.findings
    assert fast.checked == reference.checked
    assert fast.conforms is reference.conforms
    return fast
