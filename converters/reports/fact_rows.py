"""Facts as typed rows of the table of facts (`ontology.tabular.published_columns.FACTS`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from converters.conversion import Conversion
from converters.cube.facts import Fact
from ontology.tabular.published_columns import CURRENCY, DIMENSIONS, Value, short_key
from ontology.vocabulary import Vocabulary


def conversion_to_fact_rows(conversion: Conversion) -> Iterator[dict[str, Value]]:
    """Return a row for each fact of a conversion, in the order of their first claims; its keys are `FACTS.names`."""
    names = {entity.key: entity.name for entity in conversion.entities if entity.name}
    for fact in conversion.facts:
        yield _row(fact, conversion, names)


def _row(fact: Fact, conversion: Conversion, names: Mapping[str, str]) -> dict[str, Value]:
    claims, vocabulary, coordinates = conversion.content, conversion.vocabulary, fact.coordinates
    organisation, measure = coordinates["organisation"], coordinates["measure"].removeprefix("def#")
    is_money = measure == "amount"
    place = fact.claim.locator
    row: dict[str, Value] = {
        "fact": conversion.iris.full(fact.key),
        "disclosure": claims.disclosure.removeprefix("id/disclosure/"),
        "division": claims.disclosure.split("/")[2],
        "organisation": short_key(organisation),
        "organisation_name": names.get(organisation),
        "organisation_name_en": conversion.organisations.english.get(organisation),
        "level": claims.level,
        "own": fact.own,
        "year": int(coordinates["year"]),
        "phase": short_key(coordinates["phase"]),
        "quoted": fact.quoted,
        "basis": fact.basis if is_money else None,
        "breakdown": fact.breakdown_name,
        "adds": is_money and fact.adds,
        "fund_only": short_key(fact.fund_only) if is_money else None,
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
        "currency": CURRENCY if is_money else None,
        "precision": fact.precision,
        "claims": len(fact.claims),
        "agree": fact.agree,
        "page": place.page,
        "place": str(replace(place, page=None)),
        "file": conversion.file_of(place).source.name,
    }


def _names(key: str, vocabulary: Vocabulary, names: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The names in Chinese and English; a numbered line has none."""
    concept = vocabulary.concept(key)
    if concept is not None:
        return concept.names.get("zh"), concept.names.get("en")
    return None if key.startswith("code/line/") else names.get(key), None
