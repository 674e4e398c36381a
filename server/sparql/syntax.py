"""Find the place where a text stops being valid SPARQL.

The engine reports the farthest position that any of its grammar rules has examined, often the end of the text. A
better position is the first token after which no valid query can follow. For a prefix of a valid query the engine
reports an error at the very end; so a prefix is valid if, with space appended, the error is at the end of that space.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

from pyoxigraph import NamedNode, QuerySolutions, Store

from server.errors import MalformedQueryError, UndeclaredPrefixError
from server.sparql.tokens import tokens

SPACE = "\n" + 40 * " "  # longer than any keyword
EXCERPT = 30
UNDECLARED = "Prefix not found"
"""What the engine says of a name whose prefix is not declared."""
PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)


def malformed_query(query: str, base: str, error: SyntaxError) -> MalformedQueryError | UndeclaredPrefixError:
    """Return the error for an invalid query: its position, an excerpt marked there, and the engine's explanation."""
    return _malformed(query, error, lambda text: Store().query(text, base_iri=base))


def malformed_update(update: str, base: str, error: SyntaxError) -> MalformedQueryError | UndeclaredPrefixError:
    """Return the error for an invalid update, as for a query."""
    return _malformed(update, error, lambda text: Store().update(text, base_iri=base))


def selected_variables(query: str, base: str) -> list[str]:
    """Return the variables that a valid SELECT selects, in order."""
    solutions = Store().query(query, base_iri=base)
    assert isinstance(solutions, QuerySolutions)
    return [variable.value for variable in solutions.variables]


def resolve_names(prologue: str, written: Sequence[str], base: str) -> list[str]:
    """Return the IRIs that names written in a query stand for: the engine itself is asked."""
    columns = " ".join(f"({iri} AS ?g{number})" for number, iri in enumerate(written))
    solutions = Store().query(f"{prologue} SELECT {columns or '*'} {{}}", base_iri=base or None)
    assert isinstance(solutions, QuerySolutions)
    return [term.value for row in solutions for term in row if isinstance(term, NamedNode)]


def _malformed(
    text: str, error: SyntaxError, attempt: Callable[[str], object]
) -> MalformedQueryError | UndeclaredPrefixError:
    found = list(tokens(text))
    wrong = bisect_left(found, True, key=lambda token: not may_go_on(text[: token.end], attempt))
    place = found[wrong].start if wrong < len(found) else len(text.rstrip())
    line_start = text.rfind("\n", 0, place) + 1
    line = text[line_start:].partition("\n")[0]
    column = place - line_start
    excerpt = f"{line[max(0, column - EXCERPT) : column]}▲{line[column : column + EXCERPT]}".strip()
    values = {"line": text.count("\n", 0, place) + 1, "column": column + 1}
    said = said_in_words(error)
    if UNDECLARED in said:
        return UndeclaredPrefixError(**values, detail=excerpt)
    return MalformedQueryError(**values, detail=" · ".join([excerpt, *said]))


def may_go_on(text: str, attempt: Callable[[str], object]) -> bool:
    """Return whether a valid query or update can begin with the text, which ends with a whole token."""
    try:
        attempt(text + SPACE)
    except SyntaxError as error:
        found = PLACE.match(str(error))
        return found is None or int(found[2]) == len(SPACE)
    except (RuntimeError, ValueError):
        return True
    return True


def said_in_words(error: SyntaxError) -> list[str]:
    """Return the engine's explanation without its lists of expected tokens."""
    found = PLACE.match(str(error))
    parts = found[3].split(", ") if found else [str(error)]
    return [part for part in parts if re.fullmatch(r"[A-Za-z][\w']* [\w' ]+", part)]
