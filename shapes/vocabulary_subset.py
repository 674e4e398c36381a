"""The part of the vocabulary that the rules use: kinds of table, units, and the codes that a graph uses.

Code lists are long and a disclosure uses few codes, so names are selected for the codes in the graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ontology.codelists.editions import Edition, standing, standing_triples
from ontology.namespaces import DEF, DEFAULT_BASE, RDF, SKOS, SKOSXL
from ontology.statements import NTriples, write_ntriples
from ontology.text import clean_label

_USES = """
SELECT DISTINCT ?concept WHERE {{
  ?use <{own}function>|<{own}economic>|<{own}catalogueItem>|<{own}assetCategory>|<{own}assetClass>|<{own}explains>
    ?concept
}}"""
_PRINTED = """
SELECT DISTINCT ?name WHERE {{
  ?entry <{own}printedCode> ?code ; <{own}printedName> ?name
}}"""
_VERSIONS = """
SELECT ?version ?year WHERE {{
  ?version a <{own}DisclosureVersion> ; <{own}disclosure> ?disclosure . ?disclosure <{own}year> ?year
}}"""


class VocabularySubset(tuple[ox.Triple, ...]):
    """The part of a vocabulary that `shapes.check` uses.

    The tuple holds what every check needs: the kinds of table, what disclosures must have, and the units; `graph` is
    the same in N-Triples.
    """

    graph: NTriples
    _base: str
    _own: str
    _names: dict[str, tuple[ox.Triple, ...]]
    _named: dict[str, list[str]]
    _editions: list[Edition]

    def __new__(cls, triples: Iterable[ox.Triple], base: str = DEFAULT_BASE) -> VocabularySubset:
        """Index a vocabulary once; `about` then selects the triples for each graph."""
        own = DEF.replace(DEFAULT_BASE, base)
        said: dict[str, list[ox.Triple]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode):
                said[triple.subject.value].append(triple)
        self = super().__new__(cls, _kinds_and_units(said, own, base))
        self.graph = NTriples(write_ntriples(self))
        self._base, self._own = base, own
        self._names = {iri: names for iri, stated in said.items() if (names := _names(stated, said, own))}
        self._named = defaultdict(list)
        for iri, names in self._names.items():
            for triple in names:
                if triple.predicate.value == SKOS + "prefLabel" and isinstance(triple.object, ox.Literal):
                    self._named[clean_label(triple.object.value)].append(iri)
        self._editions = list(_editions(said, own, base))
        return self

    def about(self, store: ox.Store) -> Iterator[ox.Triple]:
        """Yield the names of codes that a graph uses or may have meant, and their standing in the editions."""
        used = {value for (value,) in _answers(store, _USES.format(own=self._own))}
        printed = {clean_label(name) for (name,) in _answers(store, _PRINTED.format(own=self._own))}
        wanted = used | {iri for name in printed for iri in self._named.get(name, ())}
        above = set(wanted)
        while wanted:
            broader = {value for iri in wanted for t in self._names.get(iri, ()) for value in _broader(t)}
            wanted = broader - above
            above |= wanted
        for iri in sorted(above):
            yield from self._names.get(iri, ())
        for version, year in _answers(store, _VERSIONS.format(own=self._own)):
            if year[:4].isdigit():
                yield from self._standings(version, int(year[:4]), sorted(used))

    def _standings(self, version: str, year: int, used: list[str]) -> Iterator[ox.Triple]:
        for iri in used:
            key = iri.removeprefix(self._base)
            listing = [e for e in self._editions if key.startswith(e.scheme + "/") and not key.endswith("/total")]
            if listing:
                yield from standing_triples(version, [(key, standing(listing, key, year))], self._base)


_OF_REQUIREMENTS = (
    *("demands", "demandsTable", "demandsTopic", "demandsDigits", "withinTable", "ofPhase", "fromYear", "certain"),
    *("restsOn", "demandsDetail", "whereSpent", "ofOrgansOnly"),
)
_NAMED_SCHEMES = ("topic", "basis", "fund", "scope")


def _kinds_and_units(said: dict[str, list[ox.Triple]], own: str, base: str) -> Iterator[ox.Triple]:
    """Yield kinds of table, units, requirements, and what messages about words and completeness name, with
    what is broader."""
    named = {SKOS + "prefLabel"}
    wanted = named | {own + "factor"} | {own + name for name in _OF_REQUIREMENTS}
    schemes = {ox.NamedNode(f"{base}code/{name}") for name in _NAMED_SCHEMES}
    for stated in said.values():
        if any(t.predicate.value == own + "factor" or _is_a(t, own, ("TableKind", "Requirement")) for t in stated):
            yield from (t for t in stated if t.predicate.value in wanted)
        elif any(t.predicate.value == SKOS + "inScheme" and t.object in schemes for t in stated):
            yield from (t for t in stated if t.predicate.value in named | {SKOS + "broader"})


def _is_a(triple: ox.Triple, own: str, classes: Iterable[str]) -> bool:
    return triple.predicate.value == RDF + "type" and triple.object in [ox.NamedNode(own + name) for name in classes]


def _broader(triple: ox.Triple) -> tuple[str, ...]:
    if triple.predicate.value == SKOS + "broader" and isinstance(triple.object, ox.NamedNode):
        return (triple.object.value,)
    return ()


_OF_CODES = ("FunctionalClass", "EconomicClass", "ProcurementItem", "AssetClass")


def _names(stated: list[ox.Triple], said: dict[str, list[ox.Triple]], own: str) -> tuple[ox.Triple, ...]:
    """Return the triples that name a code: notation, Chinese names with their years, parent code, evidence."""
    kinds = {t.object.value for t in stated if t.predicate.value == RDF + "type" and isinstance(t.object, ox.NamedNode)}
    if not kinds & {own + kind for kind in _OF_CODES}:
        return ()
    wanted = {SKOS + name for name in ("notation", "inScheme", "broader")} | {own + "evidence"}
    labels = {SKOS + "prefLabel", SKOS + "altLabel"}
    dated = {SKOSXL + "prefLabel", SKOSXL + "altLabel"}
    found: list[ox.Triple] = []
    for triple in stated:
        predicate, value = triple.predicate.value, triple.object
        if predicate in wanted or (predicate in labels and isinstance(value, ox.Literal) and value.language == "zh"):
            found.append(triple)
        elif predicate in dated and isinstance(value, ox.NamedNode):
            found += [triple, *said.get(value.value, ())]
    return tuple(found)


def _editions(said: dict[str, list[ox.Triple]], own: str, base: str) -> Iterator[Edition]:
    for iri, stated in said.items():
        values: dict[str, list[str]] = defaultdict(list)
        for triple in stated:
            if isinstance(triple.object, ox.NamedNode | ox.Literal):
                values[triple.predicate.value].append(triple.object.value.removeprefix(base))
        if scheme := next(iter(values[own + "editionOf"]), None):
            first, last = (next(iter(values[own + name]), None) for name in ("validFrom", "validUntil"))
            yield Edition(
                key=iri.removeprefix(base),
                scheme=scheme,
                first=int(first) if first else None,
                last=int(last) if last else None,
                complete=values[own + "complete"] == ["true"],
                members=frozenset(values[SKOS + "member"]),
            )


def _answers(store: ox.Store, select: str) -> Iterator[tuple[str, ...]]:
    solutions = store.query(select)
    if isinstance(solutions, ox.QuerySolutions):
        for row in solutions:
            yield tuple(term.value for term in row if isinstance(term, ox.NamedNode | ox.Literal))
