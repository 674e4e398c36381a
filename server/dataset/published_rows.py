"""Facts, claims and findings of published versions as typed rows, read with SPARQL from a folder or a service."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions

from ontology.locators import Locator, box_to_edges
from ontology.namespaces import SEVERITIES
from ontology.tabular.published_columns import (
    BOOLEAN,
    CLAIMS,
    CURRENCY,
    DECIMAL,
    DIMENSIONS,
    FACTS,
    FINDINGS,
    INTEGER,
    DataTable,
    Row,
    Value,
    short_key,
)
from server.sparql.query_templates import fill_query, nodes
from server.store.current_graphs import CATALOGUE
from server.store.current_graphs import FINDINGS as FINDINGS_GRAPH
from server.store.published_store import PublishedStore

Solution = Mapping[str, str]
"""The values of the bound variables of a solution, without language and datatype."""
Select = Callable[[str, Sequence[str]], Iterable[Solution]]
"""Evaluates a SELECT over the union of some named graphs."""

_TOP_KINDS = ("code/kind/this-year", "code/vintage/current")
_READERS: Mapping[str, Callable[[str], Value]] = {
    BOOLEAN: lambda text: text in ("true", "1"),
    INTEGER: int,
    DECIMAL: Decimal,
}
_KEYS = (*DIMENSIONS, "organisation", "phase")
_NUMBERS = ("file_number", "paragraph", "table", "text_line", "field")
_ORDINAL = re.compile(r"code/line/[\d.]+")
_TOPS = {"period": "year"}
"""The tops of dimensions that are not called `total`."""


def select_from(store: PublishedStore, base: str) -> Select:
    """Return the evaluation of queries over a generation of a store."""

    def select(query: str, graphs: Sequence[str]) -> Iterator[Solution]:
        default: list[NamedNode | BlankNode | DefaultGraph] = [*map(NamedNode, graphs)]
        solutions = store.query(query, base_iri=base, default_graph=default)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            found = {name: solution[name] for name in names}
            yield {n: term.value for n, term in found.items() if isinstance(term, NamedNode | Literal)}

    return select


def data_rows(table: DataTable, select: Select, base: str, version: str) -> Iterator[Row]:
    """Return the rows of a table that a version gives; `version` is its IRI."""
    return _ROWS[table.name](select, base, version)


def _fact_rows(select: Select, base: str, version: str) -> Iterator[Row]:
    concepts = _Concepts(select, base, version)
    files, shared = _file_names(select, version), _disclosure_values(FACTS, base, version)
    for found in select(fill_query("which_facts_does_a_version_have"), [version]):
        row = shared | _typed(FACTS, found) | _place(found, files)
        keys = {name: found[name].removeprefix(base) for name in _KEYS}
        for dimension in DIMENSIONS:
            key = keys[dimension]
            row[dimension] = _short(key)
            row[f"{dimension}_name"], row[f"{dimension}_name_en"] = concepts.names(key)
            row[f"{dimension}_depth"] = concepts.depth(key)
        measure = _local_name(found["measure"])
        yield row | {
            "organisation": _short(keys["organisation"]),
            "organisation_name": concepts.names(keys["organisation"])[0],
            "organisation_name_en": concepts.names(keys["organisation"])[1],
            "phase": _short(keys["phase"]),
            "fund_only": _short(found["fund_only"].removeprefix(base)) if "fund_only" in found else None,
            "adds": bool(row["adds"]),
            "agree": row["agree"] is not False,
            "measure": measure,
            "currency": CURRENCY if measure == "amount" else None,
        }


def _claim_rows(select: Select, base: str, version: str) -> Iterator[Row]:
    files, shared = _file_names(select, version), _disclosure_values(CLAIMS, base, version)
    for found in select(fill_query("which_claims_does_a_version_have"), [version]):
        row = shared | _typed(CLAIMS, found) | _place(found, files)
        keys = {name: found[name].removeprefix(base) for name in _KEYS if name in found}
        yield row | {
            **{name: _short(keys.get(name, _TOPS.get(name, "total"))) for name in _KEYS},
            "table": found.get("number"),
            "measure": _local_name(found["measure"]),
            "unit": _short(found["unit"].removeprefix(base)),
        }


def _finding_rows(select: Select, base: str, version: str) -> Iterator[Row]:
    shared = _disclosure_values(FINDINGS, base, version)
    for found in select(fill_query("which_findings_does_a_version_have"), [version + FINDINGS_GRAPH]):
        yield (
            shared
            | _typed(FINDINGS, found)
            | {"rule": _local_name(found["rule"]), "severity": SEVERITIES[found["severity"]]}
        )


_ROWS: Mapping[str, Callable[[Select, str, str], Iterator[Row]]] = {
    FACTS.name: _fact_rows,
    CLAIMS.name: _claim_rows,
    FINDINGS.name: _finding_rows,
}


class _Concepts:
    """Names and depths of what the facts of a version name."""

    def __init__(self, select: Select, base: str, version: str) -> None:
        dimensions = nodes(f"{base}def#{name}" for name in (*DIMENSIONS, "organisation"))
        query = fill_query("which_concepts_do_facts_name", dimensions=dimensions)
        self._labels: dict[tuple[str, str], str] = {}
        self._parents: dict[str, str] = {}
        for found in select(query, [version, version + CATALOGUE, f"{base}def"]):
            key = found["concept"].removeprefix(base)
            if "label" in found:
                self._labels.setdefault((key, found["language"]), found["label"])
            if "parent" in found:
                self._parents[key] = found["parent"].removeprefix(base)

    def names(self, key: str) -> tuple[str | None, str | None]:
        """Return the names in Chinese and English."""
        if _is_ordinal(key):
            return None, None
        return self._labels.get((key, "zh")), self._labels.get((key, "en"))

    def depth(self, key: str) -> int:
        """Return the number of steps below the top, or below this year's money."""
        line = [key]
        while (parent := self._parents.get(line[-1])) is not None and parent not in line:
            line.append(parent)
        return next((line.index(top) for top in _TOP_KINDS if top in line), len(line) - 1)


def _file_names(select: Select, version: str) -> Mapping[int, str]:
    found = select(fill_query("which_files_does_a_version_have", version=version), [version + CATALOGUE])
    return {int(row.get("number", "1")): row["name"] for row in found}


def _disclosure_values(table: DataTable, base: str, version: str) -> dict[str, Value]:
    """Return the columns that follow from the address of a version; None in other columns."""
    disclosure = version.removeprefix(f"{base}id/disclosure/").rpartition("/v/")[0]
    division, year, phase, organisation, *unit = disclosure.split("/")
    said = {
        "disclosure": disclosure,
        "division": division,
        "organisation": f"{division}/{organisation}",
        "level": "unit" if unit else "department",
        "year": int(year),
        "phase": phase,
    }
    return {name: said.get(name) for name in table.names}


def _typed(table: DataTable, found: Solution) -> dict[str, Value]:
    """The values of a solution that are columns of a table, by the types of these columns."""
    return {
        column.name: _READERS[column.type](found[column.name]) if column.type in _READERS else found[column.name]
        for column in table.columns
        if column.name in found
    }


def _place(found: Solution, files: Mapping[int, str]) -> dict[str, Value]:
    """The columns that say where a claim is printed."""
    number = {name: int(found[name]) for name in _NUMBERS if name in found}
    locator = Locator(
        line=number.get("text_line"),
        field=number.get("field"),
        bbox=box_to_edges(found.get("box")),
        reference=found.get("cell"),
        file=number.get("file_number"),
        paragraph=number.get("paragraph"),
        table=number.get("table"),
    )
    return {"place": str(locator), "file": files.get(number.get("file_number", 1))}


def _short(key: str) -> str:
    """The short form of a key; a line of the text has its address within a version."""
    return key.rsplit("/", 2)[-2] if key.endswith("/line") else short_key(key)


def _is_ordinal(key: str) -> bool:
    """Whether a key is that of a line in a list or in the text, which is known by its number alone."""
    return key.endswith("/line") or _ORDINAL.fullmatch(key) is not None


def _local_name(iri: str) -> str:
    return iri.rpartition("#")[2]
