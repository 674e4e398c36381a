"""Both engines say the same of a whole disclosure, as it stands and with faults put into it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from converters import Document, convert_document, read_document
from ontology import DEFAULT_BASE
from shapes import check, check_with_pyshacl
from yusuan.api import rule_vocabulary

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"
FAULTS = {
    "as it stands": {},
    "a total, a part and a bound": {(1, 4, 4): "14835573.30", (6, 3, 6): "20000.00", (2, 7, 4): "11105557.00"},
    "a table without its sentence": {},
}


def with_texts(document: Document, texts: dict[tuple[int, int, int], str]) -> Document:
    """The document with the texts of some cells, by (index of the grid, row, column), printed differently."""
    grids = [
        replace(g, cells=tuple(replace(c, text=texts.get((i, c.row, c.col), c.text)) for c in g.cells))
        for i, g in enumerate(document.grids)
    ]
    return replace(document, grids=tuple(grids))


@pytest.mark.parametrize("fault", FAULTS)
def test_both_engines_agree_on_rules_findings_figures_and_counts(fault: str) -> None:
    document = with_texts(read_document(EXAMPLE), FAULTS[fault])
    if fault == "a table without its sentence":
        document = replace(document, grids=(*document.grids[:7], replace(document.grids[7], notes=())))
    triples = convert_document(document).triples
    vocabulary = rule_vocabulary(DEFAULT_BASE)
    fast, reference = check(triples, vocabulary=vocabulary), check_with_pyshacl(triples, vocabulary=vocabulary)
    assert fast.findings == reference.findings
    assert fast.checked == reference.checked
    assert fast.conforms is reference.conforms is False
