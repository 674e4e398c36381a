"""Where a text stops being SPARQL.

The engine reports the farthest place that any of its rules has looked at, often the end of the text or the middle of a
word further on. Better: the first token after which no query can follow. A text that may still become a query makes the
engine look at its very end for more; so a beginning is good if, with space after it, the complaint is about the end.
"""

import re
from bisect import bisect_left
from collections.abc import Callable

from pyoxigraph import Store

from server.errors import MalformedQueryError
from server.sparql.tokens import tokens

SPACE = "\n" + 40 * " "  # longer than any keyword
EXCERPT = 30
PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)


def malformed_query(query: str, base: str, error: SyntaxError) -> MalformedQueryError:
    """Where the query fails, an excerpt with a mark at that place, and what the engine says of it in words."""
    return _malformed(query, error, lambda text: Store().query(text, base_iri=base))


def malformed_update(update: str, base: str, error: SyntaxError) -> MalformedQueryError:
    """Where the update fails, and why, as with a query."""
    return _malformed(update, error, lambda text: Store().update(text, base_iri=base))


def _malformed(text: str, error: SyntaxError, attempt: Callable[[str], object]) -> MalformedQueryError:
    found = list(tokens(text))
    wrong = bisect_left(found, True, key=lambda token: not may_go_on(text[: token.end], attempt))
    place = found[wrong].start if wrong < len(found) else len(text.rstrip())
    line_start = text.rfind("\n", 0, place) + 1
    line = text[line_start:].partition("\n")[0]
    column = place - line_start
    excerpt = f"{line[max(0, column - EXCERPT) : column]}▲{line[column : column + EXCERPT]}".strip()
    return MalformedQueryError(
        line=text.count("\n", 0, place) + 1, column=column + 1, detail=" · ".join([excerpt, *said_in_words(error)])
    )


def may_go_on(text: str, attempt: Callable[[str], object]) -> bool:
    """Whether something right begins with the text, which ends with a whole token."""
    try:
        attempt(text + SPACE)
    except SyntaxError as error:
        found = PLACE.match(str(error))
        return found is None or int(found[2]) == len(SPACE)
    except (RuntimeError, ValueError):
        return True
    return True


def said_in_words(error: SyntaxError) -> list[str]:
    """What the engine complains of, without its lists of what could have stood there."""
    found = PLACE.match(str(error))
    parts = found[3].split(", ") if found else [str(error)]
    return [part for part in parts if re.fullmatch(r"[A-Za-z][\w']* [\w' ]+", part)]
