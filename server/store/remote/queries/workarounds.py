"""Queries written anew for services that evaluate some parts of SPARQL wrongly, as `self_test` finds out.

PATHS: a path with + or * that is joined at its far end loses solutions (Virtuoso). Alone in a SELECT with a LIMIT it is
right, so one with a fixed end is put there. One that ends in a variable which the group uses elsewhere is refused.
DIVISION: the quotient of integers is an integer (Virtuoso). The dividend is multiplied by 1.0 first.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from server.errors import PathUnsupportedError
from server.sparql.tokens import SparqlToken, tokens

PATHS, DIVISION = "paths", "division"
MOST = 1_000_000
"""The solutions of a path that is put into a SELECT."""
TRANSITIVE = ("+", "*")
BREAKS = frozenset({"FILTER", "OPTIONAL", "GRAPH", "BIND", "VALUES", "MINUS", "UNION", "SELECT", "SERVICE", "WHERE"})
ENDS = ("{", "}", ".", ";", ",")


@dataclass(frozen=True)
class _Part:
    """A verb with its objects in a statement about a subject: places of tokens, ends excluded."""

    subject: int
    verb: int
    objects: int
    end: int


def work_around(query: str, flaws: Collection[str]) -> str:
    """Return a valid query as a service with these flaws evaluates it rightly; raises PathUnsupportedError."""
    if DIVISION in flaws:
        query = _divide_decimals(query)
    return _isolate_paths(query) if PATHS in flaws else query


def _divide_decimals(query: str) -> str:
    """Multiply dividends by 1.0; a slash between names is that of a path."""
    found = list(tokens(query))
    values = ("variable", "number")
    for before, slash, after in reversed(list(zip(found, found[1:], found[2:], strict=False))):
        is_division = before.kind in values or (before.text == ")" and after.kind in values)
        if slash.text == "/" and is_division:
            query = f"{query[: slash.start]}* 1.0 {query[slash.start :]}"
    return query


def _isolate_paths(query: str) -> str:
    found = list(tokens(query))
    edits: list[tuple[int, int, str]] = []
    for statement in _statements(found):
        moved = [part for part in statement if _is_transitive(found, part)]
        for part in moved:
            if (selected := _selected(found, part)) is None:
                continue
            pattern = " ".join(token.text for token in (found[part.subject], *found[part.verb : part.end]))
            last = found[statement[-1].end - 1].end
            edits.append((last, last, f" {{ SELECT DISTINCT {selected} {{ {pattern} }} LIMIT {MOST} }}"))
            edits.append((*_extent(found, statement, part), ""))
    for start, end, by in sorted(edits, reverse=True):
        query = query[:start] + by + query[end:]
    return query


def _selected(found: Sequence[SparqlToken], part: _Part) -> str | None:
    """Return the variable at the open end of a path with a fixed one; None if the path may stay where it is."""
    subject, objects = found[part.subject], found[part.objects : part.end]
    if len(objects) != 1 or subject.text in ENDS:
        raise PathUnsupportedError
    variables = [token.text for token in (subject, *objects) if token.kind == "variable"]
    if len(variables) == 1:
        return variables[0]
    if variables and _is_used_elsewhere(found, part, objects[0].text[1:]):
        raise PathUnsupportedError
    return None


def _extent(found: Sequence[SparqlToken], statement: Sequence[_Part], part: _Part) -> tuple[int, int]:
    """Return the places in the text between which a part, with the semicolon that ties it to others, is taken out."""
    number = statement.index(part)
    if len(statement) == 1:
        return found[part.subject].start, found[part.end - 1].end
    if number == 0:
        return found[part.verb].start, found[statement[1].verb].start
    return found[part.verb - 1].start, found[part.end - 1].end


def _is_used_elsewhere(found: Sequence[SparqlToken], part: _Part, name: str) -> bool:
    """Return whether a variable stands in the innermost group of a part, but outside of it.

    False for the group of a SELECT with a LIMIT, which is evaluated on its own.
    """
    start, depth = part.subject, 0
    while depth >= 0:
        start -= 1
        depth += {"}": 1, "{": -1}.get(found[start].text, 0)
    end, depth = part.end, 0
    while depth >= 0:
        depth += {"{": 1, "}": -1}.get(found[end].text, 0)
        end += 1
    if end < len(found) and found[end].keyword == "LIMIT":
        return False
    around = (*found[start : part.verb], *found[part.end : end])
    return any(token.kind == "variable" and token.text[1:] == name for token in around)


def _is_transitive(found: Sequence[SparqlToken], part: _Part) -> bool:
    return any(token.text in TRANSITIVE for token in found[part.verb : part.objects])


def _statements(found: Sequence[SparqlToken]) -> Iterator[list[_Part]]:
    """Yield the statements in groups: a subject, and verbs with their objects."""
    place = 0
    while place < len(found):
        place += 1
        if found[place - 1].text in ("{", "}", ".") and (statement := _read_statement(found, place)):
            yield statement
            place = statement[-1].end


def _read_statement(found: Sequence[SparqlToken], start: int) -> list[_Part]:
    """Return the statement that begins at a place; nothing if none does."""
    parts: list[_Part] = []
    if start >= len(found) or found[start].kind not in ("variable", "iri", "prefixed"):
        return parts
    verb = start + 1
    while verb < len(found) and found[verb].text not in ("}", "."):
        objects = _end_of_path(found, verb)
        end = objects
        while end < len(found) and found[end].text not in ("}", ".", ";", "{") and found[end].keyword not in BREAKS:
            end += 1
        parts.append(_Part(start, verb, objects, end))
        if end >= len(found) or found[end].text != ";":
            break
        verb = end + 1
    return parts


def _end_of_path(found: Sequence[SparqlToken], place: int) -> int:
    """Return where a verb, which may be a path, ends."""
    while True:
        while found[place].text in ("^", "!"):
            place += 1
        depth = 0
        while True:
            depth += {"(": 1, ")": -1}.get(found[place].text, 0)
            place += 1
            if depth == 0:
                break
        while found[place].text in (*TRANSITIVE, "?"):
            place += 1
        if found[place].text not in ("/", "|"):
            return place
        place += 1
