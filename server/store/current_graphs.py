"""How the graphs of a store are written: a version is published, superseded or retracted.

Each version has named graphs of its own. The default graph holds the vocabulary and, for each disclosure, the graph and
the catalogue of its current version, each triple once; never findings, rules or superseded versions. A thing has one
skos:prefLabel a language there: the vocabulary's, else the one of the newest disclosure.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from types import TracebackType
from typing import Self

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from ontology.namespaces import DCT, PROV, RDF, SKOS, VERSION_IRI, XSD
from server.store.batches import Batches
from server.store.published_store import BatchedReads, SharedGraphs
from server.store.triple_lines import (
    Lines,
    as_lines,
    as_stored,
    insert,
    lines_of,
    lines_to_text,
    lines_to_triples,
    lines_with,
    read_lines,
    remove,
)

TYPE = NamedNode(RDF + "type")
G_YEAR = NamedNode(XSD + "gYear")
DATE_TIME = NamedNode(XSD + "dateTime")
GENERATED = NamedNode(PROV + "generatedAtTime")
INVALIDATED = NamedNode(PROV + "invalidatedAtTime")
IS_VERSION_OF = NamedNode(DCT + "isVersionOf")
PREF_LABEL = NamedNode(SKOS + "prefLabel")
DEFAULT = DefaultGraph()
CATALOGUE, FINDINGS, RETRACTION = "/catalogue", "/findings", "/retraction"

Subject = NamedNode | BlankNode | Triple
Ranks = dict[NamedNode, tuple[int, str] | None]
"""The rank of each graph that was met while labels are chosen; None for one that takes no part."""


class CurrentGraphs:
    """The graphs of a store that is being written; `changed` says whether anything was.

    What is new is gathered and loaded in large batches, labels are chosen once for all: call `finish` in the end, and
    leave the block.
    """

    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.vocabulary = NamedNode(base + "def")
        self.rules = NamedNode(base + "rules")
        self.version_classes = {
            NamedNode(base + "def#DisclosureVersion"): NamedNode(base + "def#disclosure"),
            NamedNode(base + "def#NoticeVersion"): NamedNode(base + "def#notice"),
        }
        self.year = NamedNode(base + "def#year")
        self.changed = False
        self._batches = Batches(store)
        reads: object = store
        self._batched = reads if isinstance(reads, BatchedReads) else None
        self._sharing = reads if isinstance(reads, SharedGraphs) else None
        self._awaited: set[NamedNode] = set()
        self._newest: dict[NamedNode, NamedNode] = {}
        self._leaving: dict[NamedNode, NamedNode] = {}
        self._relabelled: set[Subject] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._batches.__exit__(kind, error, trace)

    def replace_rules(self, triples: Iterable[Triple]) -> None:
        """Replace the rules, and keep them in a graph of their version for good."""
        triples = tuple(triples)
        lines = as_stored(as_lines(triples))
        self._replace(self.rules, lines)
        for triple in triples:
            version, is_version = triple.object, triple.predicate.value == VERSION_IRI
            if is_version and isinstance(version, NamedNode) and not self.store.contains_named_graph(version):
                self._replace(version, lines)

    def replace_vocabulary(self, triples: Iterable[Triple]) -> None:
        """Replace the vocabulary."""
        after = as_stored(as_lines(triples))
        before = self._replace(self.vocabulary, after)
        self._replace_in_default(before, after, leaving=None)

    def replace_version(
        self,
        disclosure: NamedNode,
        year: int,
        version: NamedNode,
        triples: Iterable[Triple],
        catalogue: Iterable[Triple],
        findings: Iterable[Triple],
    ) -> None:
        """Make this the current version of its disclosure or notice; a superseded one keeps its named graphs.

        Raises ValueError when the triples do not say which disclosure's or notice's version this is, and of which year.
        """
        stated, catalogued, found = as_lines(triples), as_lines(catalogue), as_lines(findings)
        of_year = Triple(disclosure, self.year, Literal(str(year), datatype=G_YEAR))
        declared = (
            as_lines([Triple(version, TYPE, class_), Triple(version, of, disclosure), of_year])
            for class_, of in self.version_classes.items()
        )
        if not any(lines <= stated for lines in declared):
            raise ValueError(f"{version} is not declared as a version of {disclosure} of {year}")
        graphs = {version: stated, catalogue_of(version): catalogued, findings_of(version): found}
        if self.store.contains_named_graph(retraction_of(version)):
            self.store.remove_graph(retraction_of(version))
            self.changed = True
        superseded = self._newest.get(disclosure) or self.current_version(disclosure)
        if superseded == version:
            catalogued = graphs[catalogue_of(version)] = self._catalogue_to_write(version, catalogued)
            self._renew(version, graphs, stated | catalogued)
            return
        shared = Lines()
        if not self._awaited.isdisjoint(graphs) or any(self.store.contains_named_graph(graph) for graph in graphs):
            self._load_batches()
            for graph, lines in graphs.items():
                self._replace(graph, as_stored(lines))
        else:
            for graph, lines in graphs.items():
                self._batches.add(lines_to_text(lines, graph))
            self._awaited |= graphs.keys()
            for graph in (version, catalogue_of(version)):
                if self._sharing is not None and self._sharing.share(graph, len(graphs[graph])):
                    shared |= graphs[graph]
        if superseded is not None:
            self._leaving[superseded] = version
        self._leaving.pop(version, None)
        self._newest[disclosure] = version
        labels = lines_with(stated | catalogued, PREF_LABEL)
        self._batches.add(lines_to_text((stated | catalogued) - labels - shared))
        self._relabel(self._not_yet_given(labels))
        self.changed = True

    def retract(self, version: NamedNode, moment: datetime) -> None:
        """Remove a version; a graph remains that names its disclosure and the time of the retraction.

        If it was the current one, the newest that is left becomes current. Raises ValueError if it is not there.
        """
        self._load_batches()
        disclosure = next(self.published_as(version, version), None)
        if disclosure is None:
            raise ValueError(f"there is no version {version}")
        if self.is_current(version):
            before = self._stated(version)
            others = [other for other in self.versions_of(disclosure) if other != version]
            after = self._stated(max(others, key=self._generated)) if others else Lines()
            self._replace_in_default(before, after, leaving=version)
        for graph in (version, catalogue_of(version), findings_of(version)):
            self.store.remove_graph(graph)
        gone = [
            Triple(version, IS_VERSION_OF, disclosure),
            Triple(version, INVALIDATED, Literal(moment.isoformat(timespec="seconds"), datatype=DATE_TIME)),
        ]
        self._change(retraction_of(version), Lines(), as_lines(gone))

    def versions_of(self, disclosure: NamedNode) -> list[NamedNode]:
        """Return all versions of a disclosure or notice, retracted ones not among them."""
        quads = self._of(disclosure, None)
        return [q.subject for q in quads if isinstance(q.subject, NamedNode) and q.subject == q.graph_name]

    def published_as(self, version: NamedNode, graph: NamedNode | DefaultGraph) -> Iterator[NamedNode]:
        """Yield the disclosure or notice of a version, as a graph says it."""
        for of in self.version_classes.values():
            for quad in self.store.quads_for_pattern(version, of, None, graph):
                if isinstance(quad.object, NamedNode):
                    yield quad.object

    def _of(self, disclosure: NamedNode, graph: DefaultGraph | None) -> Iterator[Quad]:
        """Yield which versions belong to a disclosure or notice."""
        for of in self.version_classes.values():
            yield from self.store.quads_for_pattern(None, of, disclosure, graph)

    def finish(self) -> None:
        """Load what is still to be loaded, take out what is superseded, and choose the labels of what was renamed."""
        self._load_batches()
        for superseded, version in self._leaving.items():
            stated = self._stated(version)
            self._replace_in_default(self._stated(superseded) | stated, stated, leaving=superseded)
        self._leaving.clear()
        self._newest.clear()
        ranks = Ranks()
        removed, added = set[Triple](), set[Triple]()
        for labels in self._labels_of(self._relabelled):
            before, after = self._choose_labels(labels, ranks)
            removed |= before - after
            added |= after - before
        self._relabelled.clear()
        self._change(DEFAULT, as_lines(removed), as_lines(added))
        if self._batches.count > 1:
            self.store.optimize()  # queries take twice as long over the files of many batches

    def mislabelled(self) -> Iterator[Subject]:
        """Yield the things that have other labels in the default graph than they are to have."""
        ranks = Ranks()
        for thing in {quad.subject for quad in self.store.quads_for_pattern(None, PREF_LABEL, None, None)}:
            [labels] = self._labels_of([thing])
            before, after = self._choose_labels(labels, ranks)
            if before != after:
                yield thing

    def current_version(self, disclosure: NamedNode) -> NamedNode | None:
        """Return the version of a disclosure or notice that stands in the default graph."""
        for quad in self._of(disclosure, DEFAULT):
            if isinstance(quad.subject, NamedNode) and self.is_current(quad.subject):
                return quad.subject
        return None

    def _catalogue_to_write(self, version: NamedNode, catalogued: Lines) -> Lines:
        """Return the catalogue as it stands if the one to write differs only in the time at which it was made."""
        self._load_batches()
        before, after = read_lines(self.store, catalogue_of(version)), as_stored(catalogued)
        is_same = before - lines_with(before, GENERATED) == after - lines_with(after, GENERATED)
        return before if is_same else catalogued

    def _renew(self, version: NamedNode, graphs: dict[NamedNode, Lines], current: Lines) -> None:
        """Write the version that is current already; one of which nothing else is new keeps the time it was made."""
        self._load_batches()
        catalogue = catalogue_of(version)
        known, new = read_lines(self.store, catalogue), as_stored(graphs.get(catalogue, Lines()))
        made, made_again = lines_with(known, GENERATED), lines_with(new, GENERATED)
        if made and known - made == new - made_again:
            graphs = graphs | {catalogue: known}
            current = (as_stored(current) - made_again) | made
        before = self._stated(version)
        for graph, lines in graphs.items():
            self._replace(graph, as_stored(lines))
        self._replace_in_default(before, as_stored(current), leaving=version)

    def _stated(self, version: NamedNode) -> Lines:
        """Return what a version gives to the default graph while it is current."""
        return read_lines(self.store, version) | read_lines(self.store, catalogue_of(version))

    def _generated(self, version: NamedNode) -> tuple[str, str]:
        """Return when a version was made, and its address for those that were made at once."""
        quads = self.store.quads_for_pattern(version, GENERATED, None, catalogue_of(version))
        return max((q.object.value for q in quads if isinstance(q.object, Literal)), default=""), version.value

    def _load_batches(self) -> None:
        self._batches.finish()
        self._awaited.clear()

    def _replace(self, graph: NamedNode, after: Lines) -> Lines:
        """Make these the triples of a named graph; returns what they were."""
        before = read_lines(self.store, graph)
        self._change(graph, before - after, after - before)
        return before

    def _change(self, graph: NamedNode | DefaultGraph, removed: Lines, added: Lines) -> None:
        remove(self.store, removed, graph)
        insert(self.store, added, graph)
        self.changed = self.changed or bool(removed or added)

    def _replace_in_default(self, before: Lines, after: Lines, leaving: NamedNode | None) -> None:
        """Let the default graph say `after` instead of `before`, but keep what another source also says."""
        labels = lines_with(before ^ after, PREF_LABEL)
        gone = before - after - labels
        own = lines_of(gone, leaving) if leaving is not None else Lines()
        unshared = as_lines(t for t in lines_to_triples(gone - own) if not self._is_shared(t, leaving))
        self._change(DEFAULT, own | unshared, after - before - labels)
        self._relabel(labels)

    def _relabel(self, labels: Lines) -> None:
        """Have the labels of these things chosen in the end."""
        self._relabelled |= {triple.subject for triple in lines_to_triples(labels)}

    def _not_yet_given(self, labels: Lines) -> Lines:
        """The labels that do not stand in the default graph: one more source for one that does changes no choice.

        All of them if each look-up would be a request.
        """
        if self._batched is not None:
            return labels
        triples = lines_to_triples(labels)
        return as_lines(t for t in triples if Quad(t.subject, t.predicate, t.object, DEFAULT) not in self.store)

    def _is_shared(self, triple: Triple, leaving: NamedNode | None) -> bool:
        quads = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(self._is_source(quad.graph_name, leaving) for quad in quads)

    def _is_source(self, graph: object, leaving: NamedNode | None = None) -> bool:
        """Return whether the default graph is made from this graph."""
        if not isinstance(graph, NamedNode):
            return False
        version = version_of(graph)
        return graph == self.vocabulary or (version != leaving and self.is_current(version))

    def is_current(self, version: NamedNode) -> bool:
        """Return whether a version stands in the default graph."""
        return any(Quad(version, TYPE, class_, DEFAULT) in self.store for class_ in self.version_classes)

    def _labels_of(self, things: Collection[Subject]) -> Iterator[list[Quad]]:
        """Yield the labels of each thing in all graphs."""
        if self._batched is None:
            yield from ([*self.store.quads_for_pattern(thing, PREF_LABEL, None, None)] for thing in things)
            return
        labels: dict[Subject, list[Quad]] = {thing: [] for thing in things}
        for quad in self._batched.quads_about(things, PREF_LABEL):
            labels[quad.subject].append(quad)
        yield from labels.values()

    def _choose_labels(self, labels: Iterable[Quad], ranks: Ranks) -> tuple[set[Triple], set[Triple]]:
        """Return the labels that a thing has, and those that it is to have: of each language the highest in rank."""
        best: dict[str, tuple[tuple[int, str, str], Triple]] = {}
        before = {quad.triple for quad in labels if quad.graph_name == DEFAULT}
        for quad in labels:
            graph = quad.graph_name
            if not isinstance(graph, NamedNode) or not isinstance(quad.object, Literal):
                continue
            if graph not in ranks:
                ranks[graph] = self._age(graph) if self._is_source(graph) else None
            age = ranks[graph]
            language = quad.object.language or ""
            if age is not None and (language not in best or (*age, quad.object.value) > best[language][0]):
                best[language] = (*age, quad.object.value), quad.triple
        return before, {triple for _, triple in best.values()}

    def _age(self, graph: NamedNode) -> tuple[int, str]:
        """Return what decides between sources: the vocabulary is always the newest, then the year, then the address."""
        if graph == self.vocabulary:
            return 9999, ""
        return max(self._years(version_of(graph)), default=(0, ""))

    def _years(self, version: NamedNode) -> Iterator[tuple[int, str]]:
        for disclosure in self.published_as(version, DEFAULT):
            for said in self.store.quads_for_pattern(disclosure, self.year, None, DEFAULT):
                if isinstance(said.object, Literal) and said.object.value.isdecimal():
                    yield int(said.object.value), disclosure.value


def version_of(graph: NamedNode) -> NamedNode:
    """Return the version whose graph or catalogue this is."""
    return NamedNode(graph.value.removesuffix(CATALOGUE))


def catalogue_of(version: NamedNode) -> NamedNode:
    """Return the graph of a version's catalogue."""
    return NamedNode(version.value + CATALOGUE)


def findings_of(version: NamedNode) -> NamedNode:
    """Return the graph of a version's findings."""
    return NamedNode(version.value + FINDINGS)


def retraction_of(version: NamedNode) -> NamedNode:
    """Return the graph that says that a version was retracted."""
    return NamedNode(version.value + RETRACTION)
