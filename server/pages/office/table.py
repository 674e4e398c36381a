"""The facts of an office as a table of data."""

from __future__ import annotations

from collections.abc import Iterator

from ontology.tabular.published_columns import DECIMAL, INTEGER, DataColumn, DataTable, Row, Value, short_key
from server.pages.office.money import SPREAD, OfficeMoney

OFFICE_TABLE = DataTable(
    "office",
    "fact",
    (
        DataColumn("fact"),
        DataColumn("year", INTEGER),
        DataColumn("phase"),
        DataColumn("flow"),
        DataColumn("breakdown"),
        *(DataColumn(f"{name}{suffix}") for name in SPREAD for suffix in ("", "_name", "_name_en")),
        DataColumn("amount", DECIMAL),
        DataColumn("adds", "boolean"),
    ),
)
"""The table of an office: one row for each fact, amounts in yuan."""


def money_to_rows(money: OfficeMoney, names: dict[tuple[str, str], str], base: str) -> Iterator[Row]:
    """Return the facts of an office, the oldest first; `names` are names by IRI and language."""
    for fact in sorted(money.facts, key=lambda fact: (fact.year, fact.phase, fact.flow, fact.breakdown, fact.iri)):
        codes: dict[str, Value] = {}
        for name, iri in fact.codes.items():
            codes[name] = short_key(iri.removeprefix(base))
            codes[f"{name}_name"] = names.get((iri, "zh"))
            codes[f"{name}_name_en"] = names.get((iri, "en"))
        yield {
            "fact": fact.iri,
            "year": int(fact.year),
            "phase": short_key(fact.phase.removeprefix(base)),
            "flow": fact.flow,
            "breakdown": fact.breakdown,
            **codes,
            "amount": fact.amount,
            "adds": fact.adds,
        }
