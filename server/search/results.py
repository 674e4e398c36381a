"""Search results as JSON, as rows of a table and as statements."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from ontology.messages import message
from ontology.namespaces import DCT, RDFS, SKOS
from ontology.tabular.published_columns import STRING, DataColumn, DataTable, Row
from server.exports.csv_table import write_csv_table
from server.exports.xlsx_table import write_xlsx_table
from server.search.index.index_reader import SearchResult, SearchResults

COLUMNS = tuple(
    DataColumn(name, STRING)
    for name in ("kind", "iri", "label", "label_en", "notation", "context", "context_en", "detail")
)


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return a text in a language, else in the other one, with its language.

    >>> in_language({"zh": "培训费", "en": ""}, "en")
    ('培训费', 'zh')
    """
    other = "en" if language == "zh" else "zh"
    chosen = language if texts.get(language) else other
    return texts.get(chosen, ""), chosen


def result_to_json(result: SearchResult, language: str) -> dict[str, Any]:
    """Return a result for machines; `label` and `context` are in a language, `labels` in both."""
    return {
        "iri": result.iri,
        "kind": result.kind,
        "kind_label": message(f"search-kind-{result.kind}", language),
        "label": in_language(result.label, language)[0],
        "labels": {name: text for name, text in result.label.items() if text},
        "notation": result.notation or None,
        "context": in_language(result.context, language)[0],
        "detail": result.detail or None,
    }


def results_to_csv(found: SearchResults) -> bytes:
    """Return results as CSV in UTF-8."""
    output = io.BytesIO()
    write_csv_table(COLUMNS, map(result_to_row, found.results), output)
    return output.getvalue()


def results_to_xlsx(found: SearchResults) -> bytes:
    """Return results as a workbook."""
    output = io.BytesIO()
    write_xlsx_table(DataTable("search", "iri", COLUMNS), map(result_to_row, found.results), output, described=False)
    return output.getvalue()


def results_to_triples(found: SearchResults) -> Iterator[Triple]:
    """Yield the names of results, their notation, and in what context each stands."""
    for result in found.results:
        subject = NamedNode(result.iri)
        for property_, texts in ((RDFS + "label", result.label), (DCT + "description", result.context)):
            for language, text in texts.items():
                if text:
                    yield Triple(subject, NamedNode(property_), Literal(text, language=language))
        if result.notation:
            yield Triple(subject, NamedNode(SKOS + "notation"), Literal(result.notation))


def result_to_row(result: SearchResult) -> Row:
    """Return a result as a row of COLUMNS."""
    return {
        "kind": result.kind,
        "iri": result.iri,
        "label": result.label["zh"],
        "label_en": result.label["en"],
        "notation": result.notation,
        "context": result.context["zh"],
        "context_en": result.context["en"],
        "detail": result.detail,
    }
