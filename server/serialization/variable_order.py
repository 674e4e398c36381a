"""The variables of SELECT * in the order of the query; the engine orders them by name.

In JSON and XML their order matters in the head of the document only, which is replaced on its way. For CSV and TSV,
whose rows have that order too, the query is written out.
"""

import io
import json
import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import QueryResultsFormat

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STAR = re.compile(r"\bselect\s+(?:(?:distinct|reduced)\s+)?(\*)", re.IGNORECASE)
VARIABLE = re.compile(r"[?$]([^\s\x00-/:-@\[-^`{-\x7f]+)")
PROLOGUE = 256
"""Bytes that may stand before the list of variables."""
HEADS = {QueryResultsFormat.JSON, QueryResultsFormat.XML}


def order_variables(query: str, selected: Sequence[str]) -> list[str]:
    """Return the selected variables in the order of a query that begins with SELECT *, else as they are.

    >>> order_variables("SELECT * { ?z ?p ?a }", ["a", "p", "z"])
    ['z', 'p', 'a']
    """
    if _star(query) is None:
        return list(selected)
    place: dict[str, int] = {}
    for name in VARIABLE.findall(query):
        place.setdefault(name, len(place))
    return sorted(selected, key=lambda name: place.get(name, len(place)))


def select_variables(query: str, variables: Sequence[str]) -> str:
    """Return the query with these variables in the place of the star of SELECT *."""
    star = _star(query)
    if star is None:
        return query
    return f"{query[:star]} {' '.join(f'?{name}' for name in variables)} {query[star + 1 :]}"


def _star(query: str) -> int | None:
    match = STAR.search(query)
    return None if match is None or "{" in query[: match.start()] else match.start(1)


class OrderedHead(io.RawIOBase):
    """A binary stream that replaces the variables in the head of a document in JSON or XML."""

    def __init__(
        self, output: BinaryIO, form: QueryResultsFormat, selected: Sequence[str], ordered: Sequence[str]
    ) -> None:
        self.output = output
        self.before, self.after = _head(form, selected), _head(form, ordered)
        self.beginning: bytes | None = b""

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Pass bytes on; those of the head are collected first."""
        size = memoryview(data).nbytes
        if self.beginning is None:
            self.output.write(data)
            return size
        self.beginning += bytes(data)
        if len(self.beginning) >= len(self.before) + PROLOGUE:
            self.finish()
        return size

    def finish(self) -> None:
        """Pass on what has been collected; a document without the expected head is passed on as it is."""
        if self.beginning:
            self.output.write(self.beginning.replace(self.before, self.after, 1))
        self.beginning = None


def _head(form: QueryResultsFormat, variables: Sequence[str]) -> bytes:
    """Return the list of variables as the engine writes it."""
    if form == QueryResultsFormat.JSON:
        return f'"vars":{json.dumps(list(variables), ensure_ascii=False, separators=(",", ":"))}'.encode()
    return "".join(f'<variable name="{escape(name)}"/>' for name in variables).encode()
