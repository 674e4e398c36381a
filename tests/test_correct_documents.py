"""Small correct documents in the layouts of several provinces: none of them is accused of anything.

Each file of `tests/correct` is one document, with `|` between two cells. `UNREAD` are those with figures that are left
unread, `WHOLE_DISCLOSURES` those with all the tables of a province's template; `LONG` are others that take long.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from small_disclosures import tabbed

from converters import convert_document, find_unread
from converters.readers import read_content
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

DOCUMENTS = {path.stem: path for path in sorted((Path(__file__).parent / "correct").glob("*.txt"))}
WHOLE_DISCLOSURES = (
    "beijing",
    "chongqing",
    "final-narrative",
    "guangdong",
    "henan",
    "jilin",
    "neimeng",
    "sichuan",
    "yunnan",
)
LONG = ("court-guangxi", "final-org-chongqing", "final-org-hainan", "town-henan", "town-hunan", "town-shanxi")
UNREAD = {*WHOLE_DISCLOSURES, "gov-economic", "no-codes", "of-which"} - {"final-narrative", "jilin"}


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.exhaustive if n in (*WHOLE_DISCLOSURES, *LONG) else ()) for n in DOCUMENTS],
)
def test_correct_document_has_no_violation(name: str) -> None:
    content = tabbed(DOCUMENTS[name].read_text(encoding="utf-8")).encode()
    conversion = convert_document(read_content(Path(f"{name}.txt"), content))
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    missing = "required-table"
    accused = [f.message["en"] for f in report.findings if f.severity == "violation" and f.rule != missing]
    assert accused == []
    assert conversion.content.tables
    assert name in UNREAD or all(table.kind is not None for table in conversion.content.tables)
    assert (find_unread(conversion) == ()) == (name not in UNREAD)
