"""SPARQL updates read as tokens: what is refused, and the dataset that a request names, written into the text.

The engine takes no dataset beside an update, and it does not merge the graphs of several USING clauses: a triple that
stands in two of them is matched twice. So the clauses are written into each operation, and several graphs are merged
in one graph of their own for as long as the operation takes. Nor does it take a prologue between two operations: there
the update is divided.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pyoxigraph import NamedNode

from server.errors import DatasetConflictError, FederationRefusedError, InvalidIriError, LoadRefusedError
from server.sparql.tokens import PROLOGUE_WORDS, SparqlToken, has_load, has_service_clause, tokens

MERGED = "urn:yusuan:merged"
BEGINNINGS = frozenset({"DELETE", "INSERT", "WITH"})


@dataclass(frozen=True)
class Operation:
    """One operation of an update: its text, where it begins, and what stands in it outside of all braces."""

    text: str
    start: int
    outer: tuple[SparqlToken, ...]

    @property
    def prologue(self) -> str:
        """Its BASE and PREFIX, in one line."""
        words = takewhile(lambda token: token.kind != "word" or token.keyword in PROLOGUE_WORDS, self.outer)
        return "".join(f"{token.text} " for token in words)

    @property
    def using(self) -> list[str]:
        """The graphs that USING names, as they are written."""
        pairs = zip(self.outer, self.outer[1:], strict=False)
        return [after.text for word, after in pairs if word.keyword == "USING" and after.keyword != "NAMED"]

    def place_of(self, *keywords: str) -> int | None:
        """Return where the first of these words stands."""
        return next((token.start for token in self.outer if token.keyword in keywords), None)


def refuse_calls(update: str) -> None:
    """Raise FederationRefusedError or LoadRefusedError for an update that would fetch something."""
    if has_service_clause(update):
        raise FederationRefusedError
    if has_load(update):
        raise LoadRefusedError


def with_dataset(update: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> list[str]:
    """Return the updates to be done one after the other, with the dataset of the request: what its WHERE clauses match.

    Lines and, but for the first line, columns are those of the given text. Raises DatasetConflictError if the text
    names a dataset too, InvalidIriError.
    """
    clauses = [f"USING {_iri(graph)}" for graph in default_graphs]
    clauses += [f"USING NAMED {_iri(graph)}" for graph in named_graphs]
    updates: list[str] = []
    prologue = ""
    for operation in operations(update):
        text = _with_clauses(operation, clauses)
        if not updates:
            updates.append(text)
        elif operation.prologue:
            before = update[: operation.start]
            column = operation.start - before.rfind("\n") - 1
            updates.append(prologue + "\n" * before.count("\n") + " " * column + text)
        else:
            updates[-1] += ";" + text
        prologue += operation.prologue
    return updates


def operations(update: str) -> Iterator[Operation]:
    """Yield the operations of an update, each with the prologue that stands before it."""
    depth, start = 0, 0
    outer: list[SparqlToken] = []
    for token in tokens(update):
        if depth == 0 and token.text == ";":
            yield Operation(update[start : token.start], start, tuple(outer))
            start, outer = token.end, []
            continue
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0 or (depth == 1 and token.text == "{"):
            outer.append(SparqlToken(token.kind, token.text, token.start - start, token.end - start))
    yield Operation(update[start:], start, tuple(outer))


def _with_clauses(operation: Operation, clauses: Sequence[str]) -> str:
    if clauses and operation.place_of("USING", "WITH") is not None:
        raise DatasetConflictError
    where = operation.place_of("WHERE")
    if where is None:
        return operation.text
    graphs = [clause.removeprefix("USING ") for clause in clauses if not clause.startswith("USING NAMED")]
    graphs = operation.using or graphs
    if len(graphs) < 2:
        return _insert_clauses(operation, where, clauses) if clauses else operation.text
    if not clauses:
        operation = next(operations(_without_using(operation)))
        where = operation.place_of("WHERE") or 0
    named = [clause for clause in clauses if clause.startswith("USING NAMED")]
    text = _insert_clauses(operation, where, [f"USING <{MERGED}>", *named])
    start = operation.place_of(*BEGINNINGS) or 0
    union = " UNION ".join(f"{{ GRAPH {graph} {{ ?s ?p ?o }} }}" for graph in dict.fromkeys(graphs))
    merging = f"INSERT {{ GRAPH <{MERGED}> {{ ?s ?p ?o }} }} WHERE {{ {union} }} ;"
    return f"{text[:start]}{merging}\n{text[start:]}; DROP SILENT GRAPH <{MERGED}>"


def _insert_clauses(operation: Operation, where: int, clauses: Sequence[str]) -> str:
    """Return the operation with clauses before its WHERE; DELETE WHERE, which takes none, is written out."""
    text = operation.text
    before = [token for token in operation.outer if token.start < where]
    pattern = ""
    if before and before[-1].keyword == "DELETE":
        pattern = text[where + len("WHERE") :] + "\n"
    return f"{text[:where]}{pattern}{' '.join(clauses)} {text[where:]}"


def _without_using(operation: Operation) -> str:
    """Return the operation without its USING clauses for the default graph."""
    text = operation.text
    for word, after in reversed(list(zip(operation.outer, operation.outer[1:], strict=False))):
        if word.keyword == "USING" and after.keyword != "NAMED":
            text = text[: word.start] + text[after.end :]
    return text


def _iri(graph: str) -> str:
    try:
        return str(NamedNode(graph))
    except ValueError as error:
        raise InvalidIriError(iri=graph) from error
