"""What the index reads from a generation of a store: query rows, and the names of things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, QuerySolutions

from ontology.namespaces import DCT, ORG, OWL, QB, RDF, RDFS, SKOS
from server.sparql.query_templates import fill_query
from server.store.published_store import PublishedStore

LINES = "code/line"
_PREFERRED = {SKOS + "prefLabel", RDFS + "label", DCT + "title"}
_CLASSES = (ORG + "Organization", SKOS + "ConceptScheme", OWL + "Class", RDF + "Property", QB + "DimensionProperty")

Texts = Mapping[str, str]
"""A text by language."""


@dataclass(slots=True)
class NamedThing:
    """A thing with its preferred names by language, all its names, its code, its code list and the thing above it."""

    iri: str
    label: dict[str, str] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    notation: str = ""
    scheme: str = ""
    above: str = ""


class StoreReader:
    """A generation of a store, and the names of what is in it."""

    def __init__(self, store: PublishedStore, base: str) -> None:
        self.store = store
        self.base = base
        self.things: dict[str, NamedThing] = {}
        self.classes: dict[str, set[str]] = {}
        ours = (f"{base}def#{name}" for name in ("Project", "ProjectCategory", "TableKind"))
        for class_ in (*_CLASSES, *ours, SKOS + "Concept"):
            self.classes[class_] = set(self._read_names(class_))
        self.by_notation: dict[str, list[NamedThing]] = defaultdict(list)
        self.by_name: dict[str, list[NamedThing]] = defaultdict(list)
        for thing in self.things.values():
            if thing.scheme:
                self.by_notation[thing.notation].append(thing)
                for name in thing.names:
                    self.by_name[name].append(thing)

    def select(
        self, question: str, graph: str | None = None, named_graphs: Sequence[str] = (), **slots: object
    ) -> Iterator[dict[str, str]]:
        """Yield the rows of a query over the default graph, one named graph, or these named graphs."""
        solutions = self.store.query(
            fill_query(question, **slots),
            base_iri=self.base,
            default_graph=[NamedNode(graph)] if graph else None,
            named_graphs=[*map(NamedNode, named_graphs)] or None,
        )
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            yield {name: term.value for name in names if isinstance(term := row[name], NamedNode | Literal)}

    def label(self, iri: str) -> Texts:
        """Return the names of a thing by language; none for a thing without name."""
        return self.things[iri].label if iri in self.things else {}

    def chain(self, iri: str) -> list[str]:
        """Return a concept and those above it, the topmost first, without the total of a code list."""
        chain: list[str] = []
        while iri in self.things and self.things[iri].notation != "total" and iri not in chain:
            chain.append(iri)
            iri = self.things[iri].above
        return chain[::-1]

    def printed_concept(self, code: str, label: str) -> NamedThing | None:
        """Return the concept of a row by its code, else by its name; None if several concepts could be meant."""
        coded = self.by_notation.get(code, []) if code else []
        named = [thing for thing in coded if label in thing.names]
        for candidates in (named, coded, [] if coded else self.by_name.get(label, [])):
            if len({thing.label.get("en") for thing in candidates}) == 1:
                return candidates[0]
        return None

    def _read_names(self, class_: str) -> Iterator[str]:
        for row in self.select("which_names_are_searched", **{"class": class_}):
            if row.get("scheme", "").removeprefix(self.base) == LINES:
                continue
            thing = self.things.setdefault(row["thing"], NamedThing(row["thing"]))
            if row["property"] in _PREFERRED:
                thing.label.setdefault(row.get("language", ""), row["name"])
            thing.names[row["name"]] = None
            thing.notation = thing.notation or row.get("notation", "")
            thing.scheme = thing.scheme or row.get("scheme", "")
            thing.above = thing.above or row.get("above", "")
            yield row["thing"]
