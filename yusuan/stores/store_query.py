"""Evaluation of a query over a store, without a service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from converters import DocumentError
from ontology.example_queries import read_example
from server.errors import FederationRefusedError, UpdateRefusedError
from server.sparql.syntax import malformed_query
from server.sparql.tokens import has_service_clause, is_update
from server.store.generation_store import open_store

T = TypeVar("T")
_RESULTS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
_GRAPHS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}


def read_query(argument: str) -> str:
    """Return the query, or for `@FILE` the query in the file (SPARQL, or the Turtle of an example).

    Raise DocumentError if the file is missing or contains no query.
    """
    if not argument.startswith("@"):
        return argument
    path = Path(argument[1:])
    try:
        return read_example(path) if path.suffix == ".ttl" else path.read_text(encoding="utf-8")
    except ValueError:
        raise DocumentError("query-file-empty", file=argument[1:]) from None
    except FileNotFoundError:
        raise DocumentError("file-missing", file=argument[1:]) from None


def answer(store: Path, query: str, form: str | None, base: str) -> bytes:
    """Evaluate a query over the current generation of a store and serialise the result.

    `form` is by default CSV, or Turtle for a graph. Raise ServiceError if nothing is published, or the query is
    malformed, an update or federated; DocumentError for a form that does not suit the result.
    """
    if is_update(query):
        raise UpdateRefusedError
    if has_service_clause(query):
        raise FederationRefusedError
    with open_store(store, base).open() as opened:
        try:
            results = opened.query(query, base_iri=base)
        except SyntaxError as error:
            raise malformed_query(query, base, error) from None
        if isinstance(results, ox.QueryTriples):
            return results.serialize(format=_suitable(_GRAPHS, form)) or b""
        if isinstance(results, ox.QueryBoolean) and form in (None, "csv", "tsv"):
            return b"true\n" if results else b"false\n"
        return results.serialize(format=_suitable(_RESULTS, form)) or b""


def _suitable(formats: Mapping[str, T], form: str | None) -> T:
    chosen = form or next(iter(formats))
    if chosen not in formats:
        raise DocumentError("form-unsuited", form=chosen, known=", ".join(formats))
    return formats[chosen]
