"""Facts as typed rows: one schema for CSV, XLSX, Parquet and data frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from converters.conversion import Conversion
from converters.cube.facts import Fact
from ontology.vocabulary import Vocabulary

Value = str | bool | int | Decimal | None
"""A value of a row; None where there is nothing to say."""

STRING, BOOLEAN, INTEGER, DECIMAL = "string", "boolean", "integer", "decimal"
CURRENCY = "CNY"
DIMENSIONS = (
    *("flow", "vintage", "fund", "function", "economic", "kind", "project", "scope", "supplier", "line", "period"),
)
"""The dimensions that have four columns each: the key, the name in Chinese and in English, and the depth."""


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column of the table of facts and the type of its values."""

    name: str
    type: str = STRING


FACT_COLUMNS = (
    *map(FactColumn, ("fact", "disclosure", "division", "organisation", "organisation_name", "organisation_name_en")),
    FactColumn("level"),
    FactColumn("own", BOOLEAN),
    FactColumn("year", INTEGER),
    FactColumn("phase"),
    FactColumn("quoted", BOOLEAN),
    FactColumn("basis"),
    FactColumn("breakdown"),
    FactColumn("adds", BOOLEAN),
    FactColumn("fund_only"),
    FactColumn("source"),
    *(
        FactColumn(f"{dimension}{suffix}", INTEGER if suffix == "_depth" else STRING)
        for dimension in DIMENSIONS
        for suffix in ("", "_name", "_name_en", "_depth")
    ),
    FactColumn("measure"),
    FactColumn("amount", DECIMAL),
    FactColumn("currency"),
    FactColumn("precision", DECIMAL),
    FactColumn("claims", INTEGER),
    FactColumn("agree", BOOLEAN),
    FactColumn("page", INTEGER),
    FactColumn("place"),
    FactColumn("file"),
)
"""The columns of the table of facts, in order. Amounts of money and their precision are in yuan."""


def conversion_to_fact_rows(conversion: Conversion) -> Iterator[dict[str, Value]]:
    """Return a row for each fact of a conversion, in the order of their first claims; its keys are FACT_COLUMNS."""
    names = {entity.key: entity.name for entity in conversion.entities if entity.name}
    for fact in conversion.facts:
        yield _row(fact, conversion, names)


def _row(fact: Fact, conversion: Conversion, names: Mapping[str, str]) -> dict[str, Value]:
    claims, vocabulary, coordinates = conversion.claims, conversion.vocabulary, fact.coordinates
    organisation, measure = coordinates["organisation"], coordinates["measure"].removeprefix("def#")
    place = fact.claim.locator
    row: dict[str, Value] = {
        "fact": conversion.iris.full(fact.key),
        "disclosure": claims.disclosure.removeprefix("id/disclosure/"),
        "division": conversion.organisations.division,
        "organisation": short_key(organisation),
        "organisation_name": names.get(organisation),
        "organisation_name_en": None,
        "level": claims.level,
        "own": fact.own,
        "year": int(coordinates["year"]),
        "phase": short_key(coordinates["phase"]),
        "quoted": fact.quoted,
        "basis": fact.basis,
        "breakdown": fact.breakdown_name,
        "adds": fact.adds,
        "fund_only": short_key(fact.fund_only),
        "source": fact.source,
    }
    for dimension in DIMENSIONS:
        key = coordinates[dimension]
        row[dimension] = short_key(key)
        row[f"{dimension}_name"], row[f"{dimension}_name_en"] = _names(key, vocabulary, names)
        row[f"{dimension}_depth"] = fact.depths[dimension]
    return row | {
        "measure": measure,
        "amount": fact.amount,
        "currency": CURRENCY if measure == "amount" else None,
        "precision": fact.precision,
        "claims": len(fact.claims),
        "agree": fact.agree,
        "page": place.page,
        "place": str(replace(place, page=None)),
        "file": conversion.file_of(place).source.name,
    }


def short_key(key: str) -> str:
    """Return what tells a concept or an organisation from others of its dimension.

    `code/function/2010101` becomes `2010101`, `id/org/420107/108` becomes `420107/108`.
    """
    return key.split("/", 2)[-1]


def _names(key: str, vocabulary: Vocabulary, names: Mapping[str, str]) -> tuple[str | None, str | None]:
    concept = vocabulary.concept(key)
    if concept is not None:
        return concept.names.get("zh"), concept.names.get("en")
    return names.get(key), None
