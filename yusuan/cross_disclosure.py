"""Checks across disclosures of one organisation: figures quoted from another year or phase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

import shapes
from converters import Conversion
from ontology.namespaces import DEF, DEFAULT_BASE, SEVERITIES
from ontology.statements import NTriples, write_ntriples
from server.store.published_store import PublishedStore
from yusuan.checked_document import DEFAULT_CHECKS, Checked, CheckOptions, rule_vocabulary
from yusuan.inputs import SHIPPED, Inputs

FAMILIES = ("quote",)
"""The families of rules that compare disclosures."""
_QUOTED = frozenset(
    {
        *("disclosure", "organisation", "year", "phase", "tableNumber", "tableKind", "page", "textLine", "textField"),
        *("coordinates", "series", "measure", "amount", "precision", "flow", "printed", "printedUnit", "fileNumber"),
        *("cellReference", "paragraph", "tableOfFile", "fund", "vintage", "kind", "breakdown", "own", "quoted"),
        *("rowLabel", "columnLabel", "doubtfulReading", "recognised", "printedIn", "point"),
    }
)
_VERSIONS = """SELECT ?disclosure ?version WHERE {{
  ?disclosure a <{own}Disclosure> ; <{own}organisation> {office} .
  ?version a <{own}DisclosureVersion> ; <{own}disclosure> ?disclosure }}"""
_SEVERITY_RANK = {name: place for place, name in enumerate(SEVERITIES.values())}


class DisclosureSet:
    """The disclosures that others of the same organisation may quote: those added, and the current ones of a store.

    `compared` are the published versions with which a disclosure was compared.
    """

    def __init__(
        self,
        base: str = DEFAULT_BASE,
        store: Path | None = None,
        inputs: Inputs = SHIPPED,
        options: CheckOptions = DEFAULT_CHECKS,
    ) -> None:
        self._base, self._store, self._inputs, self._options = base, store, inputs, options
        self._own = DEF.replace(DEFAULT_BASE, base)
        self._quoted = {f"<{self._own}{name}>".encode() for name in _QUOTED}
        self._graphs: dict[str, dict[str, bytes]] = defaultdict(dict)
        self.compared: set[str] = set()

    def add(self, conversion: Conversion) -> None:
        """Add the quotable figures of a disclosure, in place of an earlier version of it."""
        office = conversion.iris.full(conversion.content.organisation)
        self.add_graph(office, conversion.disclosure_iri, conversion.graph)

    def add_graph(self, office: str, disclosure: str, triples: Iterable[ox.Triple]) -> None:
        """Add a disclosure by its graph, as `add` does."""
        self._graphs[office][disclosure] = self._quotable(triples)

    def check(self, document: Checked) -> Checked:
        """Return the document with the findings about figures that it quotes from the others."""
        conversion = document.conversion
        office = conversion.iris.full(conversion.content.organisation)
        report = self.check_graph(office, conversion.disclosure_iri, conversion.graph, document.report)
        return document if report is document.report else replace(document, report=report)

    def check_graph(
        self, office: str, disclosure: str, triples: Iterable[ox.Triple], known: shapes.Report
    ) -> shapes.Report:
        """Return the report of a disclosure, given by its graph, with the findings about figures that it quotes."""
        published = self._published(office)
        added = self._graphs.get(office, {})
        others = {**{name: graph for name, (_, graph) in published.items()}, **added}
        others.pop(disclosure, None)
        self.compared |= {version for name, (version, _) in published.items() if name in others and name not in added}
        if not others:
            return known
        graphs = NTriples(b"".join((write_ntriples(triples), *others.values())))
        vocabulary = rule_vocabulary(self._base, self._inputs.editions)
        report = self._options.check(graphs, vocabulary, self._base, FAMILIES)
        return _merge_reports(known, report)

    def _quotable(self, triples: Iterable[ox.Triple]) -> bytes:
        """Return the statements to compare others with; without its class the disclosure is not checked itself."""
        lines = write_ntriples(triples).splitlines(keepends=True)
        return b"".join(line for line in lines if line.split(b" ", 2)[1] in self._quoted)

    def _published(self, office: str) -> dict[str, tuple[str, bytes]]:
        """Return the current versions of an organisation in the store with their quotable statements, by disclosure."""
        if self._store is None:
            return {}
        from server.store.generation_store import open_store  # here, because a store needs Linux

        published = open_store(self._store, self._base)
        if not published.generations.pointer.exists():
            return {}
        with published.open() as store:
            return {
                disclosure: (version.value, self._quotable(_graph(store, version)))
                for disclosure, version in self._versions(store, office)
            }

    def _versions(self, store: PublishedStore, office: str) -> Iterator[tuple[str, ox.NamedNode]]:
        """Yield the disclosures of an organisation with their current versions."""
        query = _VERSIONS.format(own=self._own, office=ox.NamedNode(office))
        solutions = store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        for row in solutions:
            disclosure, version = row["disclosure"], row["version"]
            if isinstance(disclosure, ox.NamedNode) and isinstance(version, ox.NamedNode):
                yield disclosure.value, version


def check_together(documents: Iterable[Checked], disclosures: DisclosureSet) -> list[Checked]:
    """Check each document against all others."""
    documents = list(documents)
    for document in documents:
        disclosures.add(document.conversion)
    return [disclosures.check(document) for document in documents]


def check_in_order(documents: Iterable[Checked], disclosures: DisclosureSet) -> Iterator[Checked]:
    """Check each document against those before it, one by one."""
    for document in documents:
        disclosures.add(document.conversion)
        yield disclosures.check(document)


def _graph(store: PublishedStore, version: ox.NamedNode) -> Iterator[ox.Triple]:
    return (quad.triple for quad in store.quads_for_pattern(None, None, None, version))


def _merge_reports(report: shapes.Report, other: shapes.Report) -> shapes.Report:
    """Merge the findings and tallies of two reports, the most severe findings first."""
    groups: list[list[shapes.Finding]] = []
    for finding in (*report.findings, *other.findings):
        if finding.follows is None:
            groups.append([finding])
        else:
            groups[-1].append(finding)
    groups.sort(key=lambda group: _SEVERITY_RANK[group[0].severity])
    return replace(
        report,
        conforms=report.conforms and other.conforms,
        checked={**report.checked, **other.checked},
        findings=tuple(finding for group in groups for finding in group),
    )
