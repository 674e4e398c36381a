"""Questions to a store from the shell."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from server.store import GenerationStore

_RESULTS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
_GRAPHS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}


def answer(store: Path, query: str, form: str | None) -> bytes:
    """The answer of the store's current generation in `form`, by default CSV, or Turtle for a graph.

    SyntaxError for a bad query, ValueError for a form that does not suit the kind of query.
    """
    results = ox.Store.read_only(str(GenerationStore(store).current())).query(query)
    formats = _GRAPHS if isinstance(results, ox.QueryTriples) else _RESULTS
    chosen = form or next(iter(formats))
    if isinstance(results, ox.QueryBoolean) and chosen in ("csv", "tsv"):
        return b"true\n" if results else b"false\n"
    if chosen not in formats:
        raise ValueError(f"{chosen} does not suit this kind of query; possible: {', '.join(formats)}")
    return results.serialize(format=formats[chosen]) or b""
