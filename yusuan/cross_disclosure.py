"""Disclosures of one office beside each other: what one quotes of another year or phase, and what was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

import shapes
from converters import Conversion
from ontology.namespaces import DEF, DEFAULT_BASE, QB
from server.store.published_store import PublishedStore
from shapes.rules import SEVERITIES
from yusuan.checked import Checked, rule_vocabulary
from yusuan.inputs import SHIPPED, Inputs

FAMILIES = ("quote",)
"""The families of rules that ask several disclosures."""
_QUOTED = frozenset(
    {
        *("disclosure", "organisation", "year", "phase", "tableNumber", "tableKind", "page", "textLine", "textField"),
        *("coordinates", "series", "measure", "amount", "precision", "flow", "printed", "printedUnit", "fileNumber"),
        *("rowLabel", "columnLabel", "doubtfulReading"),
    }
)
_VERSIONS = """SELECT ?disclosure ?version WHERE {{
  ?disclosure a <{own}Disclosure> ; <{own}organisation> {office} .
  ?version a <{own}DisclosureVersion> ; <{own}disclosure> ?disclosure }}"""
_GRAVITY = {name: place for place, name in enumerate(SEVERITIES.values())}


class DisclosureSet:
    """The disclosures of each office that others of that office may quote: those put on it, and those of a store."""

    def __init__(self, base: str = DEFAULT_BASE, store: Path | None = None, known: Inputs = SHIPPED) -> None:
        self._base, self._store, self._known = base, store, known
        self._own = DEF.replace(DEFAULT_BASE, base)
        self._graphs: dict[str, dict[str, bytes]] = defaultdict(dict)

    def put(self, conversion: Conversion) -> None:
        """Keep what others may quote, in the place of an earlier version of the same disclosure."""
        office = conversion.iris.full(conversion.claims.organisation)
        quotable = ox.serialize(self._quotable(conversion.triples), format=ox.RdfFormat.N_TRIPLES) or b""
        self._graphs[office][conversion.disclosure_iri] = quotable

    def check(self, document: Checked) -> Checked:
        """The document with the findings of what it quotes, if other disclosures of its office are known."""
        conversion = document.conversion
        office = conversion.iris.full(conversion.claims.organisation)
        beside = {**self._published(office), **self._graphs.get(office, {})}
        beside.pop(conversion.disclosure_iri, None)
        if not beside:
            return document
        others = (quad.triple for graph in beside.values() for quad in ox.parse(graph, format=ox.RdfFormat.N_TRIPLES))
        vocabulary = rule_vocabulary(self._base, self._known.editions)
        report = shapes.check([*conversion.triples, *others], vocabulary=vocabulary, base=self._base, families=FAMILIES)
        return replace(document, report=_joined(document.report, report))

    def _quotable(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        """What is needed of a disclosure to compare others with it; without its class it is checked for nothing."""
        for triple in triples:
            name = triple.predicate.value
            if name == QB + "dataSet" or (name.startswith(self._own) and name.removeprefix(self._own) in _QUOTED):
                yield triple

    def _published(self, office: str) -> dict[str, bytes]:
        """What may be quoted of the current versions of an office in the store."""
        if self._store is None or not (self._store / "current").exists():
            return {}
        from server.store.generation_store import GenerationStore  # here, because a store needs Linux

        with GenerationStore(self._store, self._base).open() as store:
            return {
                disclosure: ox.serialize(self._quotable(_graph(store, version)), format=ox.RdfFormat.N_TRIPLES) or b""
                for disclosure, version in self._versions(store, office)
            }

    def _versions(self, store: PublishedStore, office: str) -> Iterator[tuple[str, ox.NamedNode]]:
        """The disclosures of an office with their current versions."""
        question = _VERSIONS.format(own=self._own, office=ox.NamedNode(office))
        solutions = store.query(question)
        assert isinstance(solutions, ox.QuerySolutions)
        for row in solutions:
            disclosure, version = row["disclosure"], row["version"]
            if isinstance(disclosure, ox.NamedNode) and isinstance(version, ox.NamedNode):
                yield disclosure.value, version


def check_beside(documents: Iterable[Checked], shelf: DisclosureSet) -> list[Checked]:
    """Each of several documents beside all the others, whatever their order."""
    documents = list(documents)
    for document in documents:
        shelf.put(document.conversion)
    return [shelf.check(document) for document in documents]


def check_in_turn(documents: Iterable[Checked], shelf: DisclosureSet) -> Iterator[Checked]:
    """Each document beside those before it, as they come."""
    for document in documents:
        shelf.put(document.conversion)
        yield shelf.check(document)


def _graph(store: PublishedStore, version: ox.NamedNode) -> Iterator[ox.Triple]:
    return (quad.triple for quad in store.quads_for_pattern(None, None, None, version))


def _joined(report: shapes.Report, beside: shapes.Report) -> shapes.Report:
    """A report with the findings and tallies of the rules that ask several disclosures, gravest first."""
    groups: list[list[shapes.Finding]] = []
    for finding in (*report.findings, *beside.findings):
        if finding.follows is None:
            groups.append([finding])
        else:
            groups[-1].append(finding)
    groups.sort(key=lambda group: _GRAVITY[group[0].severity])
    return replace(
        report,
        conforms=report.conforms and beside.conforms,
        checked={**report.checked, **beside.checked},
        findings=tuple(finding for group in groups for finding in group),
    )
