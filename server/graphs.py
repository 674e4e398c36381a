"""The rules of the store's default graph: what holds now, each triple once.

It holds the vocabulary and, for each disclosure, the graph and the catalogue of its current version; never findings,
rules or superseded versions, which stand in named graphs. A thing has one skos:prefLabel a language there: the
vocabulary's, else the one of the newest disclosure.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Store,
    Triple,
)

from ontology.namespaces import RDF, SKOS, XSD

TYPE = NamedNode(RDF + "type")
G_YEAR = NamedNode(XSD + "gYear")
PREF_LABEL = NamedNode(SKOS + "prefLabel")
DEFAULT = DefaultGraph()
CATALOGUE, FINDINGS = "/catalogue", "/findings"

Subject = NamedNode | BlankNode | Triple


class CurrentGraphs:
    """The graphs of a store that is being written; `changed` says whether anything was."""

    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.vocabulary = NamedNode(base + "def")
        self.rules = NamedNode(base + "rules")
        self.version_class = NamedNode(base + "def#DisclosureVersion")
        self.disclosure = NamedNode(base + "def#disclosure")
        self.year = NamedNode(base + "def#year")
        self.changed = False

    def replace_rules(self, triples: Iterable[Triple]) -> None:
        """Make these the rules."""
        self._replace(self.rules, as_stored(triples))

    def replace_vocabulary(self, triples: Iterable[Triple]) -> None:
        """Make these the vocabulary."""
        after = as_stored(triples)
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
        """Make this the current version of its disclosure; a superseded one keeps its named graphs.

        Raises ValueError when the triples do not say which disclosure's version this is, and of which year.
        """
        stated, catalogued = as_stored(triples), as_stored(catalogue)
        declared = {
            Triple(version, TYPE, self.version_class),
            Triple(version, self.disclosure, disclosure),
            Triple(disclosure, self.year, Literal(str(year), datatype=G_YEAR)),
        }
        if not declared <= stated:
            raise ValueError(f"{version} is not declared as a version of {disclosure} of {year}")
        after = stated | catalogued
        superseded = self.current_version(disclosure)
        before = set[Triple]()
        if superseded is not None:
            for graph in (superseded, catalogue_of(superseded)):
                before |= self._triples(graph)
        self._replace(version, stated)
        self._replace(catalogue_of(version), catalogued)
        self._replace(NamedNode(version.value + FINDINGS), as_stored(findings))
        self._replace_in_default(before, after, leaving=superseded)

    def current_version(self, disclosure: NamedNode) -> NamedNode | None:
        """The version of a disclosure that stands in the default graph."""
        for quad in self.store.quads_for_pattern(None, self.disclosure, disclosure, DEFAULT):
            if isinstance(quad.subject, NamedNode) and self._is_current(quad.subject):
                return quad.subject
        return None

    def _triples(self, graph: NamedNode) -> set[Triple]:
        return {quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)}

    def _replace(self, graph: NamedNode, after: set[Triple]) -> set[Triple]:
        """Make these the triples of a named graph; returns what they were."""
        before = self._triples(graph)
        self._change(graph, before - after, after - before)
        return before

    def _change(self, graph: NamedNode | DefaultGraph, removed: Iterable[Triple], added: Iterable[Triple]) -> None:
        additions = [Quad(t.subject, t.predicate, t.object, graph) for t in added]
        removals = [Quad(t.subject, t.predicate, t.object, graph) for t in removed]
        for quad in removals:
            self.store.remove(quad)
        self.store.extend(additions)
        self.changed = self.changed or bool(additions or removals)

    def _replace_in_default(self, before: set[Triple], after: set[Triple], leaving: NamedNode | None) -> None:
        """Let the default graph say `after` instead of `before`, but keep what another source also says."""
        removed = [t for t in before - after if t.predicate != PREF_LABEL and not self._is_shared(t, leaving)]
        added = [t for t in after - before if t.predicate != PREF_LABEL]
        self._change(DEFAULT, removed, added)
        for thing in {t.subject for t in before ^ after if t.predicate == PREF_LABEL}:
            self._choose_labels(thing)

    def _is_shared(self, triple: Triple, leaving: NamedNode | None) -> bool:
        """Whether another source of the default graph than the version that leaves it says this."""
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        if leaving is not None and (subject == leaving.value or subject.startswith(leaving.value + "/")):
            return False
        quads = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(self._is_source(quad.graph_name, leaving) for quad in quads)

    def _is_source(self, graph: object, leaving: NamedNode | None = None) -> bool:
        """Whether the default graph is made from this graph."""
        if not isinstance(graph, NamedNode):
            return False
        version = version_of(graph)
        return graph == self.vocabulary or (version != leaving and self._is_current(version))

    def _is_current(self, version: NamedNode) -> bool:
        return Quad(version, TYPE, self.version_class, DEFAULT) in self.store

    def _choose_labels(self, thing: Subject) -> None:
        """Give a thing the one label for each language that ranks highest."""
        best: dict[str, tuple[tuple[int, str, str], Triple]] = {}
        for quad in self.store.quads_for_pattern(thing, PREF_LABEL, None, None):
            if isinstance(quad.object, Literal) and self._is_source(quad.graph_name):
                assert isinstance(quad.graph_name, NamedNode)
                rank = (*self._age(quad.graph_name), quad.object.value)
                language = quad.object.language or ""
                if language not in best or rank > best[language][0]:
                    best[language] = rank, quad.triple
        after = {triple for _, triple in best.values()}
        before = {quad.triple for quad in self.store.quads_for_pattern(thing, PREF_LABEL, None, DEFAULT)}
        self._change(DEFAULT, before - after, after - before)

    def _age(self, graph: NamedNode) -> tuple[int, str]:
        """What decides between sources: the vocabulary is always the newest, then the year, then the address."""
        if graph == self.vocabulary:
            return 9999, ""
        return max(self._years(version_of(graph)), default=(0, ""))

    def _years(self, version: NamedNode) -> Iterator[tuple[int, str]]:
        for quad in self.store.quads_for_pattern(version, self.disclosure, None, DEFAULT):
            assert isinstance(quad.object, NamedNode)
            for said in self.store.quads_for_pattern(quad.object, self.year, None, DEFAULT):
                if isinstance(said.object, Literal) and said.object.value.isdecimal():
                    yield int(said.object.value), quad.object.value


def version_of(graph: NamedNode) -> NamedNode:
    """The version whose graph or catalogue this is."""
    return NamedNode(graph.value.removesuffix(CATALOGUE))


def catalogue_of(version: NamedNode) -> NamedNode:
    """The graph of a version's catalogue."""
    return NamedNode(version.value + CATALOGUE)


def as_stored(triples: Iterable[Triple]) -> set[Triple]:
    """The triples as the store will give them back: numbers in canonical form, blank nodes named by what they say."""
    quads = [Quad(t.subject, t.predicate, t.object) for t in triples]
    if any(isinstance(term, BlankNode) for quad in quads for term in quad.triple):
        dataset = Dataset(quads)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        quads = list(dataset)
    store = Store()
    store.extend(quads)
    return {quad.triple for quad in store}
