"""Statements that a query needs: where a graph lacks one of them, the query need not be planned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import pyoxigraph as ox

from ontology.namespaces import RDF

Needed = tuple[ox.NamedNode, ox.NamedNode | None]
"""A predicate and its object; None for any object."""

_PREFIX = re.compile(r"PREFIX\s+([\w.-]*):\s*<([^>]*)>")
_TOKEN = re.compile(
    r"""<[^<>\s]*> | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | \#[^\n]*
    | [?$]\w+ | [\w.-]*:(?:[\w.-]*\w)? | \w+ | \^\^ | \S""",
    re.VERBOSE,
)
_NAME = re.compile(r"([\w.-]*):([\w.-]*)")
_OPENING = {"(": ")", "[": "]", "{": "}"}
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_FILTERING = frozenset({"FILTER", "BIND", "OPTIONAL", "MINUS", "VALUES", "GRAPH", "SERVICE"})
_TYPE = ox.NamedNode(RDF + "type")


@lru_cache(maxsize=1024)
def needed_statements(select: str) -> frozenset[Needed]:
    """Return what a graph must state for a SELECT to have other solutions than on an empty graph.

    What stands in OPTIONAL, FILTER, BIND, MINUS, VALUES or GRAPH is not needed, nor a property path with an alternative
    or of any length; of a UNION, what every part needs is. Nothing is told of a query that the reader does not
    understand.
    """
    prefixes = dict(_PREFIX.findall(select))
    tokens = [token for token in _TOKEN.findall(select[select.index("SELECT") :]) if token[0] != "#"]
    reader = _Reader(tokens, prefixes)
    needed = reader.select(nested=False)
    return needed if reader.at_end else frozenset()


class _Reader:
    """Reads the tokens of a SELECT from left to right."""

    def __init__(self, tokens: Sequence[str], prefixes: Mapping[str, str]) -> None:
        self._tokens, self._prefixes, self._at = tokens, prefixes, 0

    @property
    def at_end(self) -> bool:
        """Whether all tokens have been read."""
        return self._at == len(self._tokens)

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _words_until(self, *marks: str) -> frozenset[str]:
        """Skip to one of the marks, or to the end, and return the words before it."""
        start = self._at
        while self._next() not in (*marks, ""):
            if self._next() == "(":
                self._skip_brackets()
            else:
                self._at += 1
        return frozenset(token.upper() for token in self._tokens[start : self._at])

    def _skip_brackets(self) -> None:
        """Skip from an opening bracket to behind its partner."""
        closing: list[str] = []
        while True:
            token = self._next()
            self._at += 1
            if token in _OPENING:
                closing.append(_OPENING[token])
            elif closing and token == closing[-1]:
                closing.pop()
            if not closing or not token:
                return

    def select(self, *, nested: bool) -> frozenset[Needed]:
        """Read a SELECT to the bracket that closes it.

        A nested aggregate without GROUP BY has a row in any case. EXISTS outside of the pattern asks the graph itself.
        """
        head = self._words_until("{")
        needed = self._group()
        tail = self._words_until("}")
        has_row = nested and bool(head & _AGGREGATES) and "GROUP" not in tail
        return frozenset() if has_row or "EXISTS" in head | tail else needed

    def _group(self) -> frozenset[Needed]:
        """Read a group, from its opening bracket to behind the closing one."""
        self._at += 1
        if self._next().upper() == "SELECT":
            needed = self.select(nested=True)
            self._at += 1
            return needed
        found: set[Needed] = set()
        while self._next() not in ("}", ""):
            if self._next() == "{":
                found |= self._alternatives()
            elif self._next().upper() in _FILTERING:
                self._skip_filter()
            else:
                found |= self._statements()
        self._at += 1
        return frozenset(found)

    def _alternatives(self) -> frozenset[Needed]:
        """Read a group, or several between which UNION stands."""
        needed = self._group()
        while self._next().upper() == "UNION":
            self._at += 1
            needed &= self._group()
        return needed

    def _skip_filter(self) -> None:
        """Skip FILTER or another clause to behind the bracket that ends it."""
        while self._next() not in (*_OPENING, ""):
            self._at += 1
        self._skip_brackets()

    def _statements(self) -> frozenset[Needed]:
        """Read the statements about one subject, to behind the full stop or up to what follows."""
        self._skip_term()
        found: set[Needed] = set()
        while True:
            predicates = self._path()
            while True:
                value = self._constant(self._next()) if len(predicates) == 1 else None
                found.update((predicate, value) for predicate in predicates)
                self._skip_term()
                if self._next() != ",":
                    break
                self._at += 1
            if self._next() != ";":
                break
            while self._next() == ";":
                self._at += 1
            if self._next() in (".", "}", ""):
                break
        if self._next() == ".":
            self._at += 1
        return frozenset(found)

    def _skip_term(self) -> None:
        """Skip a term: a name, a variable, a literal with its language or datatype, or what stands in brackets."""
        if self._next() in _OPENING:
            self._skip_brackets()
            return
        self._at += 1
        while self._next() in ("@", "^^"):
            self._at += 2

    def _path(self) -> list[ox.NamedNode]:
        """Read a predicate or property path; return the predicates that every match of it needs."""
        start = self._at
        while True:
            while self._next() in ("^", "!"):
                self._at += 1
            self._skip_term()
            while self._next() in ("*", "+", "?"):
                self._at += 1
            if self._next() not in ("/", "|"):
                break
            self._at += 1
        path = self._tokens[start : self._at]
        if any(token in ("|", "*", "?", "!", "(") for token in path):
            return []
        if path == ["a"]:
            return [_TYPE]
        return [named for token in path if (named := self._constant(token)) is not None]

    def _constant(self, token: str) -> ox.NamedNode | None:
        """Return a token as an IRI, None if it is a variable, a literal or anything else."""
        if token.startswith("<"):
            return ox.NamedNode(token[1:-1])
        name = _NAME.fullmatch(token)
        return ox.NamedNode(self._prefixes[name[1]] + name[2]) if name and name[1] in self._prefixes else None
