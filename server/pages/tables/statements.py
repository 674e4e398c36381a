"""Statements of RDF as a table of data, with the names of what they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from ontology.tabular.published_columns import DataColumn, DataTable, Row, Value
from server.linked_data.labels import LABEL, texts_of

_NAMED = ("subject", "property", "value")
STATEMENTS = DataTable(
    "statements",
    "subject",
    (
        *(DataColumn(f"{name}{suffix}") for name in _NAMED for suffix in ("", "_name", "_name_en")),
        DataColumn("language"),
    ),
)
"""The table of statements: one row each."""


def statements_to_rows(triples: Iterable[Triple], about: str = "") -> Iterator[Row]:
    """Yield the statements that have a resource as subject or value, all without one; the others only give names."""
    triples = tuple(triples)
    names = texts_of(triples)
    for triple in triples:
        terms = (triple.subject, triple.predicate, triple.object)
        if not all(isinstance(term, NamedNode | Literal) for term in terms):
            continue
        texts = [term.value for term in terms if isinstance(term, NamedNode | Literal)]
        if about and about not in (texts[0], texts[2]):
            continue
        if not about and triple.predicate == LABEL and len(names) > 1 and texts[2] in names.get(texts[0], {}).values():
            continue
        row: dict[str, Value] = {"language": triple.object.language if isinstance(triple.object, Literal) else None}
        for column, text in zip(_NAMED, texts, strict=True):
            named = names.get(text, {})
            row[column] = text
            row[f"{column}_name"] = named.get("zh") or named.get("")
            row[f"{column}_name_en"] = named.get("en")
        yield row
