"""Queries as a SPARQL service evaluates them: over the graphs in which it keeps a generation.

What stands outside of GRAPH is put into `GRAPH <current data>`. A graph that the query names is replaced by the one in
which it is stored; a variable takes the names in the registry, so that no other graph is met. FROM is resolved here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from server.errors import QueryAmbiguousError
from server.serialization.variable_order import select_variables
from server.sparql.syntax import resolve_names
from server.sparql.tokens import SparqlToken, tokens
from server.store.remote.names import NOWHERE, STORED_AS
from server.store.remote.queries.ambiguous_queries import require_one_reading

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
INNER = "yusuan"
"""What the names of variables begin with that the query does not have; a number follows."""
EXCERPT = 40


@dataclass(frozen=True)
class StoredDataset:
    """The graphs of the service that a query is about.

    `default` is the default graph, `registry` says where each named graph is stored; `named`, if not None, are the
    names of the only ones that there are. `locate` returns where a graph is stored, None for one that is not there.
    """

    default: str
    registry: str
    locate: Callable[[str], str | None]
    named: Sequence[str] | None = None

    def place_of(self, name: str) -> str:
        """Return where a graph is stored."""
        is_there = self.named is None or name in self.named
        return (self.locate(name) if is_there else None) or NOWHERE


@dataclass
class _Edits:
    """Replacements in a text, by the places where they begin and end."""

    text: str
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def replace(self, start: int, end: int, by: str) -> None:
        self.edits.append((start, end, by))

    def apply(self) -> str:
        parts, place = [], 0
        for start, end, by in sorted(self.edits):
            parts += [self.text[place:start], by]
            place = end
        return "".join([*parts, self.text[place:]])


def rewrite_query(query: str, base: str, dataset: StoredDataset, variables: Sequence[str]) -> str:
    """Return a valid query as the service is to evaluate it.

    `base` resolves relative IRIs, `variables` are those that a SELECT selects. Raise QueryAmbiguousError for a query
    that the service may read in another way.
    """
    require_one_reading(query)
    if variables:  # in the order of the engine of a folder, and without those that are added here
        query = select_variables(query, sorted(variables))
    outline = _Outline(query)
    edits = _Edits(query)
    for start, end in outline.dataset_clauses:
        edits.replace(start, end, "")
    around = f"GRAPH <{dataset.default}> {{"
    for opening, closing in outline.groups:
        edits.replace(opening.end, opening.end, f" {around}")
        edits.replace(closing.start, closing.start, "} ")
    _replace_graphs(edits, outline, base, dataset)
    if outline.form.keyword == "CONSTRUCT" and outline.template is None:
        opening, closing = outline.groups[0]
        edits.replace(outline.form.end, outline.form.end, f" {query[opening.start : closing.end]}")
    prologue = f"BASE <{base}>\n" if base else ""
    if outline.form.keyword == "DESCRIBE":
        return prologue + _describe(query, outline, edits, around)
    return prologue + edits.apply()


class _Outline:
    """The parts of a query that are rewritten: its form, the groups outside of all braces, its names of graphs."""

    def __init__(self, query: str) -> None:
        self.tokens = list(tokens(query))
        form = next((token for token in self.tokens if token.keyword in FORMS), None)
        if form is None:  # written together with the next word, as in `CONSTRUCTWHERE {`
            raise QueryAmbiguousError(text=query.strip()[:EXCERPT])
        self.form = form
        names = [token.text[1:] for token in self.tokens if token.kind == "variable"]
        self.inner = next(f"{INNER}{n}_" for n in count() if not any(name.startswith(f"{INNER}{n}_") for name in names))
        self.prologue = query[: self.form.start]
        self.template: tuple[SparqlToken, SparqlToken] | None = None
        self.groups: list[tuple[SparqlToken, SparqlToken]] = []
        self.dataset_clauses: list[tuple[int, int]] = []
        self.graph_names: list[tuple[SparqlToken, SparqlToken]] = []
        self._read()

    def _read(self) -> None:
        depth, is_data, is_template, opening = 0, False, False, self.form
        before = [self.form, self.form]
        for token in self.tokens:
            if token.start < self.form.end:
                continue
            if token.text == "{":
                if depth == 0:
                    opening, is_template = token, before[1] is self.form and self.form.keyword == "CONSTRUCT"
                depth += 1
            elif token.text == "}":
                depth -= 1
                if depth == 0:
                    self._add_group(opening, token, is_template, is_data)
                    is_data = False
            elif depth == 0:
                is_data = is_data or token.keyword == "VALUES"
                self._read_dataset(before, token)
            elif before[1].keyword == "GRAPH":
                self.graph_names.append((before[1], token))
            before = [before[1], token]

    def _add_group(self, opening: SparqlToken, closing: SparqlToken, is_template: bool, is_data: bool) -> None:
        if is_template:
            self.template = (opening, closing)
        elif not is_data:
            self.groups.append((opening, closing))

    def _read_dataset(self, before: list[SparqlToken], token: SparqlToken) -> None:
        if token.kind in ("iri", "prefixed"):
            if before[1].keyword == "FROM":
                self.dataset_clauses.append((before[1].start, token.end))
            elif before[1].keyword == "NAMED" and before[0].keyword == "FROM":
                self.dataset_clauses.append((before[0].start, token.end))


def _replace_graphs(edits: _Edits, outline: _Outline, base: str, dataset: StoredDataset) -> None:
    """Replace the graphs that the query names, and restrict the variables that stand for some."""
    written = [name.text for _, name in outline.graph_names if name.kind != "variable"]
    names = dict(zip(written, resolve_names(outline.prologue, written, base), strict=True))
    for number, (word, name) in enumerate(outline.graph_names):
        if name.kind != "variable":
            edits.replace(name.start, name.end, f"<{dataset.place_of(names[name.text])}>")
            continue
        place = f"?{outline.inner}{number}"
        if dataset.named is None:
            looked_up = f"GRAPH <{dataset.registry}> {{ {name.text} <{STORED_AS}> {place} }}"
        else:
            rows = [f"(<{graph}> <{dataset.place_of(graph)}>)" for graph in dataset.named]
            looked_up = f"VALUES ({name.text} {place}) {{ {' '.join(rows) or f'(<{NOWHERE}> <{NOWHERE}>)'} }}"
        edits.replace(word.start, name.end, f"{looked_up} GRAPH {place}")


def _describe(query: str, outline: _Outline, edits: _Edits, around: str) -> str:
    """Return a CONSTRUCT of what is said of the things that a DESCRIBE names or finds."""
    end = outline.groups[0][0].start if outline.groups else len(query)
    head = [token for token in outline.tokens if outline.form.end <= token.start < end]
    head = [t for t in head if not any(start <= t.start < stop for start, stop in outline.dataset_clauses)]
    named = [token.text for token in head if token.kind in ("iri", "prefixed")]
    asked = outline.tokens if any(token.text == "*" for token in head) else head
    found = dict.fromkeys(token.text for token in asked if token.kind == "variable")
    thing = f"?{outline.inner}s"
    parts = [f"{{ VALUES {thing} {{ {' '.join(named)} }} }}"] if named else []
    if outline.groups:
        edits.edits = [(0, end, ""), *(edit for edit in edits.edits if edit[0] >= end)]
        edits.replace(outline.tokens[-1].end, len(query), "")  # a comment would hide what follows
        rest = edits.apply()
        parts += [f"{{ {{ SELECT ({name} AS {thing}) {rest} }} FILTER(isIRI({thing})) }}" for name in found]
    said = f"{thing} ?{outline.inner}p ?{outline.inner}o"
    things = f"{{ SELECT DISTINCT {thing} {{ {' UNION '.join(parts)} }} }}"
    return f"{outline.prologue}CONSTRUCT {{ {said} }} {{ {things} {around} {said} }} }}"
