"""Both engines say the same of tables 1-10, as they stand and with faults put into them, and of a whole disclosure.

pySHACL takes about a minute for a whole disclosure, so that is asked of the real one, with the `material` set.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from converters import Document, convert_document, read_document
from ontology import DEFAULT_BASE
from shapes import check, check_with_pyshacl
from yusuan.checked import rule_vocabulary

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"
FAULTS = {
    "as it stands": {},
    "a total, a part and a bound": {(1, 4, 4): "14835573.30", (6, 3, 6): "20000.00", (2, 7, 4): "11105557.00"},
    "a table without its sentence": {},
}


def first_tables(document: Document) -> Document:
    """The document up to its tenth table."""
    end = document.grids[9].cells[-1].locator.line or 0
    blocks = tuple(block for block in document.blocks if (block.locator.line or 0) <= end)
    return replace(document, grids=document.grids[:10], blocks=blocks)


def with_texts(document: Document, texts: dict[tuple[int, int, int], str]) -> Document:
    """The document with the texts of some cells, by (index of the grid, row, column), printed differently."""
    grids = [
        replace(g, cells=tuple(replace(c, text=texts.get((i, c.row, c.col), c.text)) for c in g.cells))
        for i, g in enumerate(document.grids)
    ]
    return replace(document, grids=tuple(grids))


@pytest.mark.parametrize("fault", FAULTS)
def test_both_engines_agree_on_rules_findings_figures_and_counts(fault: str) -> None:
    document = with_texts(first_tables(read_document(EXAMPLE)), FAULTS[fault])
    if fault == "a table without its sentence":
        document = replace(document, grids=(*document.grids[:7], replace(document.grids[7], notes=())))
    assert_agreement(document)


@pytest.mark.material
def test_both_engines_agree_on_a_whole_disclosure(material: Path) -> None:
    assert_agreement(read_document(material / "disclosures" / "wuhan-qingshan-npc-2024.txt"))


def assert_agreement(document: Document) -> None:
    triples = convert_document(document).triples
    vocabulary = rule_vocabulary(DEFAULT_BASE)
    fast, reference = check(triples, vocabulary=vocabulary), check_with_pyshacl(triples, vocabulary=vocabulary)
    assert fast.findings == reference.findings
    assert fast.checked == reference.checked
    assert fast.conforms is reference.conforms
