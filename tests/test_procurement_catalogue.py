"""The catalogue of procurement items: codes whole, names mended and marked, levels in order."""

import csv
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from ontology import load_vocabulary
from ontology.concepts import Concept

VOCABULARY = load_vocabulary()
SCHEME = "code/procurement-item"
ITEMS = VOCABULARY.lists.whole(SCHEME).concepts
BASE = "https://w3id.org/yusuan/"
DESCRIPTION = re.compile(r"[。；：—…]|[，、（(]$|入此|^(?:包括|以及)")


def with_evidence(notation: str) -> set[str]:
    """The codes of the items whose names have this evidence."""
    evidence = ox.NamedNode(f"{BASE}code/evidence/{notation}")
    subjects = {t.subject for t in VOCABULARY.triples if t.object == evidence}
    return {item.notation for key, item in ITEMS.items() if ox.NamedNode(BASE + key) in subjects}


MENDED, DOUBTFUL = with_evidence("mended"), with_evidence("doubtful")


def name_of(concept: Concept) -> str:
    return concept.names["zh"]


def test_every_code_is_there_and_what_was_mended_or_not_is_marked() -> None:
    assert len(ITEMS) == 4272
    assert (len(MENDED), len(DOUBTFUL)) == (442, 16)
    assert not MENDED & DOUBTFUL


def test_no_name_looks_like_a_description_unless_it_is_marked_doubtful() -> None:
    odd = {c.notation for c in ITEMS.values() if DESCRIPTION.search(name_of(c))}
    # A dash within a chemical name is part of it.
    assert odd - DOUBTFUL == {"A07020404"}


def levels_above(code: str) -> list[str]:
    """The codes of the levels above one: two digits fewer each, then its letter."""
    digits = code[1:]
    while digits.endswith("00"):
        digits = digits[:-2]
    return [code[0] + digits[:end].ljust(8, "0") for end in range(len(digits) - 2, 0, -2)] + [code[0]] * bool(digits)


def test_every_code_stands_under_the_next_level_that_there_is() -> None:
    codes = {c.notation for c in ITEMS.values()}
    for item in ITEMS.values():
        above = next((code for code in levels_above(item.notation) if code in codes), None)
        assert item.parent == (f"{SCHEME}/{above}" if above else None)
    assert sum(1 for code in codes if levels_above(code) and levels_above(code)[0] not in codes) == 6


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("A01010211", "教育用房"),
        ("A02030610", "警车"),
        ("A08010101", "发明专利"),
        ("C05010400", "养老服务"),
        ("C16070000", "运行维护服务"),
        ("A02051226", "起重用吊斗、铲、抓斗和夹钳"),
    ],
)
def test_a_name_ends_where_its_description_began(code: str, name: str) -> None:
    assert name_of(ITEMS[f"{SCHEME}/{code}"]) == name


@pytest.mark.material
def test_every_mended_name_is_the_beginning_of_what_the_source_has(material: Path) -> None:
    path = material / "code-lists" / "procurement-catalogue-2022.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        source = {row["code"]: row for row in csv.DictReader(file)}
    assert source.keys() == {c.notation for c in ITEMS.values()}
    for item in ITEMS.values():
        name, printed = name_of(item), source[item.notation]["name"].replace(" ", "")
        assert printed.startswith(name.replace(" ", ""))
        assert (name.replace(" ", "") != printed) == (item.notation in MENDED)
    suspected = {code for code, row in source.items() if row["name_check"] == "doubtful"}
    assert len(suspected) == 667
    assert (len(suspected & MENDED), len(suspected & DOUBTFUL)) == (432, 14)
