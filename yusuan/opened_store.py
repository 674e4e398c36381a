"""A published store, local or behind a SPARQL endpoint, whose facts, claims and query results are pandas frames."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import pyoxigraph as ox

from ontology.example_queries import load_prefixes, with_prologue
from ontology.messages import message
from ontology.namespaces import DEFAULT_BASE, QB, XSD
from ontology.tabular.data_tables import CLAIMS, FACTS, DataTable, Row
from server.dataset.data_rows import Solution, data_rows
from server.sparql.query_templates import fill_query
from yusuan.frames import TypedValue, rows_to_frame, solutions_to_frame

if TYPE_CHECKING:
    import pandas as pd

Asked = str | int | Iterable[str | int] | None
"""One value of a column, or several; None for all."""
_YEAR = ox.NamedNode(XSD + "gYear")
_SET_END = "/facts"


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
        """Return facts, each amount of money once; columns as in `ontology.tabular.data_tables.FACTS`.

        Each argument is one value of the column, or several. `organisation` is a full key, `420107/108`. The marks of
        facts say what adds up; `yusuan.totals` heeds them.
        """
        return self._table(FACTS, year=year, organisation=organisation, breakdown=breakdown)

    def claims(self, year: Asked = None, organisation: Asked = None) -> pd.DataFrame:
        """Return claims, the printed figures; columns as in `ontology.tabular.data_tables.CLAIMS`."""
        return self._table(CLAIMS, year=year, organisation=organisation)

    def query(self, sparql: str) -> pd.DataFrame:
        """Return the solutions of a SELECT query. The prefixes of the project need no declaration."""
        return solutions_to_frame(*self.source.solutions(with_prologue(sparql, load_prefixes(self.base))))

    def _table(self, table: DataTable, **columns: Asked) -> pd.DataFrame:
        asked = {name: _texts(values) for name, values in columns.items() if values is not None}
        rows = (
            row
            for version in self._versions(table, asked)
            for row in data_rows(table, self._select, self.base, version)
        )
        return rows_to_frame(table, (row for row in rows if _is_asked(row, asked)))

    def _select(self, query: str, graphs: Sequence[str]) -> Iterator[Solution]:
        names, solutions = self.source.solutions(query, graphs)
        for solution in solutions:
            yield {name: term[0] for name, term in zip(names, solution, strict=True) if term is not None}

    def _versions(self, table: DataTable, asked: dict[str, frozenset[str]]) -> list[str]:
        """The current versions that may have such rows."""
        if table != FACTS or not asked:
            return [row["version"] for row in self._select(fill_query("which_versions_are_current"), ())]
        patterns = " ".join(
            f"VALUES ?{name} {{ {' '.join(str(self._term(name, value)) for value in sorted(values))} }} "
            f"?fact <{self.base}def#{name}> ?{name} ."
            for name, values in asked.items()
        )
        query = f"SELECT DISTINCT ?set WHERE {{ {patterns} ?fact <{QB}dataSet> ?set }} ORDER BY ?set"
        return list(dict.fromkeys(row["set"].rpartition(_SET_END)[0] for row in self._select(query, ())))

    def _term(self, column: str, value: str) -> ox.NamedNode | ox.Literal:
        if column == "organisation":
            return ox.NamedNode(f"{self.base}id/org/{value}")
        return ox.Literal(value, datatype=_YEAR if column == "year" else None)


def open_store(path_or_url: str | os.PathLike[str], base: str = DEFAULT_BASE) -> OpenedStore:
    """Open a store for reading: a folder that `yusuan publish` made, or the address of a SPARQL endpoint.

    An address without a path, such as `http://127.0.0.1:8000/`, is that of a service of this project. `base` begins the
    IRIs of the store. Endpoints need the extra `remote`. Raise StoreMissingError if nothing is published in a folder.

    >>> import yusuan
    >>> yusuan.open("https://example.org/sparql").query("SELECT (COUNT(?f) AS ?n) { ?f a :Fact }")  # doctest: +SKIP
    """
    text = os.fspath(path_or_url)
    if urlsplit(text).scheme in ("http", "https"):
        address = text if urlsplit(text).path.strip("/") else text.rstrip("/") + "/sparql"
        return OpenedStore(_Endpoint(address, base), base)
    return OpenedStore(_local_source(Path(text), base), base)


def _local_source(path: Path, base: str) -> SparqlSource:
    from yusuan.local_source import LocalSource  # a store needs Linux

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


def _texts(values: Asked) -> frozenset[str]:
    return frozenset(map(str, [values] if isinstance(values, str) or not isinstance(values, Iterable) else values))


def _is_asked(row: Row, asked: dict[str, frozenset[str]]) -> bool:
    return all(str(row[name]) in values for name, values in asked.items())
