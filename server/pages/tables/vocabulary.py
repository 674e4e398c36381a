"""Code lists, terms and rules as tables of data."""

from __future__ import annotations

from collections.abc import Iterable

from ontology.tabular.published_columns import DataColumn, DataTable, Row
from server.linked_data.rule_versions import RulesAddress, read_rules
from server.pages.page_context import PageContext, QueryRow
from shapes.rules import Rule, triples_to_rules

MOST_CONCEPTS = 20_000
_BOTH = ("label", "label_en", "definition", "definition_en")


def _table(name: str, key: str, *columns: str) -> DataTable:
    return DataTable(name, key, tuple(map(DataColumn, columns)))


CONCEPTS = _table("concepts", "concept", "concept", "code", "broader", *_BOTH)
TERMS = _table("terms", "term", "term", "group", *_BOTH, "code_list", "range")
RULES = _table(
    "rules",
    "rule",
    *(
        "rule",
        "iri",
        "family",
        "severity",
        "title",
        "title_en",
        "explanation",
        "explanation_en",
        "grounds",
        "grounds_en",
    ),
)


async def concept_rows(context: PageContext, scheme: str) -> list[Row]:
    """Return a row for each concept of a code list, in the order of the codes; none if it has no concepts."""
    rows = await context.select("what_are_the_concepts_of_a_scheme", scheme=scheme, limit=4 * MOST_CONCEPTS)
    return [
        {"concept": iri, "code": row.get("code"), "broader": row.get("above"), **texts}
        for iri, (row, texts) in _by_key(rows, "concept").items()
    ]


async def term_rows(context: PageContext) -> list[Row]:
    """Return a row for each class and property."""
    rows = await context.select("which_terms_are_there")
    return [
        {"term": iri, "group": row["group"], "code_list": row.get("codeList"), "range": row.get("range"), **texts}
        for iri, (row, texts) in _by_key(rows, "term").items()
    ]


async def rule_rows(context: PageContext, address: RulesAddress) -> list[Row]:
    """Return a row for each rule of a version, or for the one that is named. Raise NotFoundError."""
    triples = await read_rules(context.evaluator, context.base, address.version)
    rules = triples_to_rules(triples, context.base)
    return [_rule_row(rule) for rule in rules if address.rule in ("", rule.identifier)]


def _rule_row(rule: Rule) -> Row:
    return {
        "rule": rule.identifier,
        "iri": rule.iri,
        "family": rule.family,
        "severity": rule.severity,
        "title": rule.title["zh"],
        "title_en": rule.title["en"],
        "explanation": rule.explanation["zh"],
        "explanation_en": rule.explanation["en"],
        "grounds": rule.basis["zh"],
        "grounds_en": rule.basis["en"],
    }


def _by_key(rows: Iterable[QueryRow], key: str) -> dict[str, tuple[QueryRow, dict[str, str | None]]]:
    """Return the first row of each resource and its label and definition in both languages."""
    found: dict[str, tuple[QueryRow, dict[str, str | None]]] = {}
    for row in rows:
        _, texts = found.setdefault(row[key], (row, dict.fromkeys(_BOTH)))
        suffix = {"zh": "", "en": "_en"}.get(row.get("language", ""))
        if suffix is not None:
            texts[f"label{suffix}"] = texts[f"label{suffix}"] or row.get("label")
            texts[f"definition{suffix}"] = texts[f"definition{suffix}"] or row.get("definition")
    return found
