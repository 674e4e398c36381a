"""Codes and names that offices, forms and systems outside the material print: found in their year, or unknown.

An empty concept means that the code is honestly unknown: no list has it, or it bears the name of something else.
"""

import csv
from pathlib import Path

import pyoxigraph as ox
import pytest

from ontology import load_vocabulary
from ontology.codelists.code_lists import goes_by

VOCABULARY = load_vocabulary()
with (Path(__file__).parent / "codes-met-elsewhere.csv").open(encoding="utf-8", newline="") as file:
    MET = list(csv.DictReader(file))


BASE = "https://w3id.org/yusuan/"
MARKED = {
    triple.subject.value.removeprefix(BASE)
    for triple in VOCABULARY.triples
    if triple.predicate.value == BASE + "def#translated" and isinstance(triple.subject, ox.NamedNode)
    if triple.object == ox.Literal("en", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#language"))
}


@pytest.mark.parametrize("met", MET, ids=lambda met: f"{met['where']}-{met['year']}-{met['code']}")
def test_a_code_met_elsewhere_is_what_it_meant_in_its_year_or_unknown(met: dict[str, str]) -> None:
    scheme, year = f"code/{met['scheme']}", int(met["year"])
    key = VOCABULARY.resolve(scheme, met["code"], year, met["name"])
    assert key == (f"{scheme}/{met['concept']}" if met["concept"] else None)
    concept = VOCABULARY.concept(key or "")
    assert concept is None or (goes_by(concept, met["name"]) and concept.may_hold_in(year))


def test_there_are_many_of_many_places_and_years() -> None:
    assert len(MET) >= 40
    assert len({met["where"] for met in MET}) >= 10
    assert {met["year"] for met in MET} >= {"2017", "2018", "2019", "2023", "2024", "2025", "2026"}
    assert {met["concept"] == "" for met in MET} == {True, False}


def test_a_class_that_began_later_is_unknown_before() -> None:
    assert VOCABULARY.resolve("code/function", "224", 2019) == "code/function/224"
    assert VOCABULARY.resolve("code/function", "224", 2018, "灾害防治及应急管理支出") is None
    assert VOCABULARY.mint_unlisted("code/function", "224", 2018) == "code/function/224-2018"


# ── Every class has an English name, ours and marked so ─────────────────────────────────────────


@pytest.mark.parametrize(
    ("scheme", "longest", "least"),
    [
        ("code/function", 3, 30),
        ("code/function", 5, 230),
        ("code/economic", 5, 104),
        ("code/government-economic", 5, 14),
    ],
)
def test_every_class_group_and_economic_class_has_an_english_name_marked_as_ours(
    scheme: str, longest: int, least: int
) -> None:
    concepts = VOCABULARY.lists.whole(scheme).concepts
    named = {key: c.names for key, c in concepts.items() if c.notation.isdigit() and len(c.notation) <= longest}
    assert len(named) >= least
    assert [key for key, names in named.items() if not names.get("en")] == []
    assert all(names["en"] == names["en"].strip() and names["en"].isascii() for names in named.values())
    assert set(named) <= MARKED
