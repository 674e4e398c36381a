"""Queries that a SPARQL service might read in another way than the tokeniser by which they are rewritten.

Each is refused: rewritten by the wrong reading, it would reach graphs of the service that are not those of the store.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from server.errors import QueryAmbiguousError
from server.sparql.tokens import ESCAPE, SparqlToken, tokens

_WORD = "GRAPH"
_NAMES = ("iri", "prefixed", "variable")
_OPERANDS = (*_NAMES, "string", "language", "number", "word")
_IRI_ALONE = re.compile(r"<(?:[a-z][a-z0-9+.-]*://|(?!true\b|false\b)[a-z][\w-]*[/#])", re.IGNORECASE)
"""The beginning of an IRI that is no comparison: no value follows the `<`."""


def require_one_reading(query: str) -> None:
    """Raise QueryAmbiguousError for a valid query that another reader may divide into other tokens."""
    found = list(tokens(query))
    for text in (*_ambiguous_escapes(query), *_ambiguous_iris(found), *_ambiguous_graphs(found)):
        raise QueryAmbiguousError(text=text)


def _ambiguous_escapes(query: str) -> Iterator[str]:
    """Yield the escaped marks, such as quotes: some readers replace them before they look for strings."""
    for match in ESCAPE.finditer(query):
        code = int(match[1] or match[2], 16)
        if code < 128 and not chr(code).isalnum():
            yield match[0]


def _ambiguous_iris(found: Sequence[SparqlToken]) -> Iterator[str]:
    """Yield the IRIs that may be a comparison followed by a string or a comment: `?a<?b&&'>'`, `?a<?b#>`."""
    inside: list[str] = []
    before = SparqlToken("", "", 0, 0)
    for token in found:
        if token.text in ("(", "{"):
            inside.append(token.text)
        elif token.text in (")", "}") and inside:
            inside.pop()
        elif token.kind == "iri":
            is_behind_a_value = before.kind in _OPERANDS or before.text == ")"
            may_compare = inside[-1:] == ["("] and is_behind_a_value and not _IRI_ALONE.match(token.text)
            if "'" in token.text or ("#" in token.text and may_compare):
                yield token.text
        before = token


def _ambiguous_graphs(found: Sequence[SparqlToken]) -> Iterator[str]:
    """Yield the words that may end in GRAPH, or begin with it, before a name and a brace: `trueGRAPH <g> {`."""
    before = SparqlToken("", "", 0, 0)
    for name, brace in pairwise(found):
        if brace.text == "{" and name.kind in _NAMES and before.keyword != _WORD:
            if name.kind == "prefixed" and _WORD in name.text.upper():
                yield name.text
            if before.kind in ("word", "prefixed") and before.text.upper().endswith(_WORD):
                yield before.text
        before = name
