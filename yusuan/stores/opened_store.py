"""A published store, local or behind a SPARQL endpoint, whose facts, claims and query results are pandas frames."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import pyoxigraph as ox

from ontology.example_queries import load_prefixes, with_prologue
from ontology.messages import message
from ontology.namespaces import DEFAULT_BASE, QB, XSD
from ontology.tabular.published_columns import CLAIMS, FACTS, DataTable, Row
from server.dataset.published_rows import Solution, data_rows
from server.sparql.query_templates import fill_query, nodes
from yusuan.arguments import ArgumentError, listed, require_type
from yusuan.frames import TypedValue, rows_to_frame, solutions_to_frame

if TYPE_CHECKING:
    import pandas as pd

Asked = str | int | Iterable[str | int] | None
"""One value of a column, or several; None for all."""
_YEAR = ox.NamedNode(XSD + "gYear")
_SET_END = "/facts"
YEARS = "a year such as 2024, or a list of years"


class SparqlSource(Protocol):
    """Evaluates SELECT queries over a store."""

    def solutions(
        self, query: str, graphs: Sequence[str] = ()
    ) -> tuple[Sequence[str], Iterable[Sequence[TypedValue | None]]]:
        """Return the variables of a query and its solutions, over these graphs or else all current data."""


@dataclass(frozen=True)
class OpenedStore:
    """The current data of a store; `base` begins its IRIs.

    >>> store = open_store("data")  # doctest: +SKIP
    >>> store.facts(year=2024, organisation="420107/108", breakdown="total")  # doctest: +SKIP
    """

    source: SparqlSource
    base: str = DEFAULT_BASE

    def facts(self, year: Asked = None, organisation: Asked = None, breakdown: Asked = None) -> pd.DataFrame:
        """Return facts, each amount of money once; columns as in `ontology.tabular.published_columns.FACTS`.

        Each argument is one value of the column, or several. `organisation` is a full key, `420107/108`. The marks of
        facts say what adds up; `yusuan.totals` heeds them.

        Raise ArgumentError for a value of which the store has no fact; the message names those that it has.
        """
        return self._table(FACTS, year=year, organisation=organisation, breakdown=breakdown)

    def claims(self, year: Asked = None, organisation: Asked = None) -> pd.DataFrame:
        """Return claims, the printed figures; columns as in `ontology.tabular.published_columns.CLAIMS`."""
        return self._table(CLAIMS, year=year, organisation=organisation)

    def query(self, sparql: str) -> pd.DataFrame:
        """Return the solutions of a SELECT query. The prefixes of the project need no declaration.

        Raise ArgumentError for what is no text, ValueError or ServiceError for what is no SELECT query.
        """
        require_type("sparql", sparql, (str,), "a SELECT query")
        return solutions_to_frame(*self.source.solutions(with_prologue(sparql, load_prefixes(self.base))))

    def _table(self, table: DataTable, **columns: Asked) -> pd.DataFrame:
        asked = {name: _texts(name, values) for name, values in columns.items() if values is not None}
        found = [
            row
            for version in self._versions(table, asked)
            for row in data_rows(table, self._select, self.base, version)
            if _is_asked(row, asked)
        ]
        for name, values in asked.items():
            if not values <= {str(row[name]) for row in found}:
                self._refuse_unknown(name, values)
        return rows_to_frame(table, found)

    def _refuse_unknown(self, column: str, values: frozenset[str]) -> None:
        """Raise ArgumentError for a value that no fact of the store has."""
        query = f"SELECT DISTINCT ?value WHERE {{ ?fact a <{self.base}def#Fact> ; <{self.base}def#{column}> ?value }}"
        known = {row["value"].removeprefix(f"{self.base}id/org/") for row in self._select(query, ())}
        for value in sorted(values - known):
            raise ArgumentError("argument-value", argument=column, value=repr(value), known=listed(sorted(known)))

    def _select(self, query: str, graphs: Sequence[str]) -> Iterator[Solution]:
        names, solutions = self.source.solutions(query, graphs)
        for solution in solutions:
            yield {name: term[0] for name, term in zip(names, solution, strict=True) if term is not None}

    def _versions(self, table: DataTable, asked: dict[str, frozenset[str]]) -> list[str]:
        """The current versions that may have such rows."""
        if table != FACTS or not asked:
            return [row["version"] for row in self._select(fill_query("which_versions_are_current"), ())]
        patterns = " ".join(
            f"VALUES ?{name} {{ {' '.join(self._terms(name, values))} }} ?fact <{self.base}def#{name}> ?{name} ."
            for name, values in asked.items()
        )
        query = f"SELECT DISTINCT ?set WHERE {{ {patterns} ?fact <{QB}dataSet> ?set }} ORDER BY ?set"
        return list(dict.fromkeys(row["set"].rpartition(_SET_END)[0] for row in self._select(query, ())))

    def _terms(self, column: str, values: Iterable[str]) -> Iterator[str]:
        if column == "organisation":
            return map(str, nodes(f"{self.base}id/org/{value}" for value in values))
        datatype = _YEAR if column == "year" else None
        return (str(ox.Literal(value, datatype=datatype)) for value in sorted(values))


def open_store(path_or_url: str | os.PathLike[str], base: str = DEFAULT_BASE) -> OpenedStore:
    """Open a store for reading: a folder that `yusuan publish` made, or the address of a SPARQL endpoint.

    An address without a path, such as `http://127.0.0.1:8000/`, is that of a service of this project. `base` begins the
    IRIs of the store. Endpoints need the extra `remote`. Raise StoreMissingError if nothing is published in a folder,
    ArgumentError for what is neither a path nor an address.

    >>> import yusuan
    >>> yusuan.open("https://example.org/sparql").query("SELECT (COUNT(?f) AS ?n) { ?f a :Fact }")  # doctest: +SKIP
    """
    require_type("path_or_url", path_or_url, (str, os.PathLike), "a folder, or the address of a SPARQL endpoint")
    require_type("base", base, (str,), "the beginning of the IRIs of the store")
    text = os.fspath(path_or_url)
    if urlsplit(text).scheme in ("http", "https"):
        address = text if urlsplit(text).path.strip("/") else text.rstrip("/") + "/sparql"
        return OpenedStore(_Endpoint(address, base), base)
    return OpenedStore(_local_source(Path(text), base), base)


def _local_source(path: Path, base: str) -> SparqlSource:
    from yusuan.stores.local_source import LocalSource  # a store needs Linux

    return LocalSource(path, base)


@dataclass(frozen=True)
class _Endpoint:
    """A SPARQL endpoint, asked over HTTP."""

    address: str
    base: str

    def solutions(
        self, query: str, graphs: Sequence[str] = ()
    ) -> tuple[Sequence[str], Iterable[Sequence[TypedValue | None]]]:
        from SPARQLWrapper import JSON, POST, SPARQLWrapper

        client = SPARQLWrapper(self.address)
        client.setMethod(POST)
        client.setReturnFormat(JSON)
        client.setQuery(f"BASE <{self.base}>\n{query}")
        for graph in graphs:
            client.addDefaultGraph(graph)
        response = client.query()
        if (most := response.info().get("x-sparql-maxrows")) is not None:
            raise ValueError(message("endpoint-cuts", "en", endpoint=self.address, rows=most))
        answer: Any = response.convert()
        names = answer["head"]["vars"]
        return names, [[_json_to_value(row.get(name)) for name in names] for row in answer["results"]["bindings"]]


def _json_to_value(term: dict[str, str] | None) -> TypedValue | None:
    return None if term is None else (term["value"], term.get("datatype"))


def _texts(column: str, values: Asked) -> frozenset[str]:
    """The values that are asked for, as texts. Raise ArgumentError for a value of another type."""
    several = [values] if isinstance(values, str) or not isinstance(values, Iterable) else list(values)
    for value in several:
        if column == "year":
            require_type(column, value, (int, str, Integral), YEARS)
            if not str(value).isdecimal():
                raise ArgumentError("argument-type", argument=column, value=repr(value), expected=YEARS)
        else:
            require_type(column, value, (str,), "a key such as 420107/108 or total, or a list of keys")
    return frozenset(map(str, several))


def _is_asked(row: Row, asked: dict[str, frozenset[str]]) -> bool:
    return all(str(row[name]) in values for name, values in asked.items())
