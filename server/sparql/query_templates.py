"""The questions in the folders of `queries/`, one for what is asked about, their slots filled with terms."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

QUERIES = Path(__file__).parent / "queries"
_SLOT = re.compile(r"\$([a-z]\w*)")


def fill_query(question: str, **slots: object) -> str:
    """Return the query of `queries/*/<question>.rq`: a slot takes a term, several terms, a number, or an IRI as text.

    Raises ValueError for text that is no IRI, KeyError for a slot that is not given.
    """
    return _SLOT.sub(lambda slot: _written(slots[slot[1]]), _query(question))


def nodes(iris: Iterable[str]) -> tuple[NamedNode, ...]:
    """Return the IRIs as terms, in a fixed order; what is no IRI is left out."""
    return tuple(_each_node(sorted(set(iris))))


def _each_node(iris: Iterable[str]) -> Iterator[NamedNode]:
    for iri in iris:
        try:
            yield NamedNode(iri)
        except ValueError:
            continue


@cache
def _query(question: str) -> str:
    return _paths()[question].read_text(encoding="utf-8")


@cache
def _paths() -> dict[str, Path]:
    return {path.stem: path for path in QUERIES.rglob("*.rq")}


def _written(value: object) -> str:
    if isinstance(value, tuple | list):
        return " ".join(_written(item) for item in value)
    if isinstance(value, int | NamedNode | Literal):
        return str(value)
    return str(NamedNode(str(value)))
