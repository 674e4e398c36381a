"""A tokeniser for SPARQL, to find the operations that a public endpoint refuses.

Two readers are at work on a query, this one and the engine's, and they may disagree: in `?a<?b&&'>'='x'` one sees an
address where the other sees a comparison, and the engine reads keywords without a boundary (`trueSERVICE<x>{}`,
`SERVICE:x{}`). So a query is let through only if it is harmless in *every* reading of its text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

NAME = r"[^\s\x00-/:-@\[-^`{-\x7f]"
WORD = rf"{NAME}(?:{NAME}|[.-])*"
LOCAL = rf"(?:(?:{NAME}|:|%|\\.)(?:{NAME}|[.:%-]|\\.)*)?"
IRI = r'<[^<>"{}|^`\x00-\x20]*>'
SPACE = r"(?:\s|#[^\r\n]*(?:[\r\n]|$))*"

TOKEN = re.compile(
    rf"""
      (?P<space>    (?:\s|\#[^\r\n]*)+ )
    | (?P<iri>      {IRI} )
    | (?P<string>   '''(?:'{{0,2}}(?:[^'\\]|\\.))*''' | \"""(?:"{{0,2}}(?:[^"\\]|\\.))*\"""
                  | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*" )
    | (?P<variable> [?$]{NAME}+ )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9-]+)* )
    | (?P<number>   (?:\d+\.?\d*|\.\d+)[eE][+-]?\d+ | \d*\.\d+ | \d+ )
    | (?P<prefixed> (?:{WORD})?:{LOCAL} )
    | (?P<word>     {WORD} )
    | (?P<mark>     \\. | . )
    """,
    re.VERBOSE | re.DOTALL,
)
SERVICE_CLAUSE = re.compile(
    rf"(?=service{SPACE}(?:silent{SPACE})?(?:{IRI}|[?$]{NAME}+|(?:{WORD})?:{LOCAL}){SPACE}\{{)", re.IGNORECASE
)
"""Clauses are found by what follows a place: in `?service SERVICE:x{}` one begins within what looks like another."""
LOAD_OPERATION = re.compile(rf"(?=load{SPACE}(?:silent{SPACE})?(?:{IRI}|(?:{WORD})?:{LOCAL}))", re.IGNORECASE)
VOLATILE_CALL = re.compile(rf"(?:now|rand|uuid|struuid|bnode){SPACE}\(", re.IGNORECASE)
VOLATILE_WORDS = ("now", "rand", "uuid", "bnode")
LONG = 4096
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

PROLOGUE_WORDS = frozenset({"BASE", "PREFIX", "VERSION"})
UPDATE_WORDS = frozenset({"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"})
BEFORE_A_NAME = frozenset({"DESCRIBE", "FROM", "GRAPH", "NAMED", "PREFIX"})


class SparqlToken(NamedTuple):
    """A piece of a query: its kind (a group of `TOKEN`), its text, where it begins and where it ends."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def keyword(self) -> str:
        """The token in upper case if it can be a keyword, else nothing."""
        return self.text.upper() if self.kind == "word" else ""


def token_at(text: str, start: int) -> SparqlToken:
    """Return the token that begins at `start`, read as the SPARQL grammar says."""
    match = TOKEN.match(text, start)
    if match is None:
        raise ValueError(f"nothing to read at {start}")
    return SparqlToken(match.lastgroup or "", match.group(), start, match.end())


def tokens(text: str) -> Iterator[SparqlToken]:
    """Yield the tokens of a query, without space and comments."""
    start = 0
    while start < len(text):
        token = token_at(text, start)
        start = token.end
        if token.kind != "space":
            yield token


def is_update(query: str) -> bool:
    """Return whether the text begins like an update, or says LOAD anywhere."""
    words = (token.keyword for token in tokens(query) if token.kind == "word")
    first = next((word for word in words if word not in PROLOGUE_WORDS), "")
    return first in UPDATE_WORDS or ("load" in query.lower() and "LOAD" in words)


def has_service_clause(query: str) -> bool:
    """Return whether a SERVICE clause stands in some reading of the query."""
    return _may_hold(query, "service") and any(_some_reading_has(SERVICE_CLAUSE, text) for text in readings(query))


def has_load(update: str) -> bool:
    """Return whether a LOAD operation stands in some reading of the update, outside of all braces."""
    return _may_hold(update, "load") and any(
        _some_reading_has(LOAD_OPERATION, text, outside=True) for text in readings(update)
    )


def is_volatile(query: str) -> bool:
    """Return whether some reading of the query calls NOW, RAND, UUID, STRUUID or BNODE, which answer anew each time.

    A long query that holds one of these words, or escapes characters, is taken to call it: reading it takes too long.
    """
    if not _may_hold(query, *VOLATILE_WORDS):
        return False
    return len(query) > LONG or any(_some_reading_has(VOLATILE_CALL, text) for text in readings(query))


def _may_hold(query: str, *words: str) -> bool:
    """Return whether one of the words may stand in the query: a quick look that spares most queries a slow one."""
    lowered = query.lower()
    return "\\" in query or any(word in lowered for word in words)


def readings(query: str) -> set[str]:
    """Return the text as it stands, and with the characters that it escapes."""
    return {query, _unescaped(query)} if "\\" in query else {query}


def _unescaped(query: str) -> str:
    return ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)


def _some_reading_has(clause: re.Pattern[str], text: str, outside: bool = False) -> bool:
    """Follow all readings at once, from place to place.

    The flag says that a name is due; the depth is that of braces, where a clause counts only outside of them.
    """
    clauses = {match.start() for match in clause.finditer(text)}
    pending = [(0, False, 0)] if clauses else []
    seen: set[tuple[int, bool, int]] = set()
    while pending:
        state = start, name_due, depth = pending.pop()
        if start == len(text) or state in seen:
            continue
        seen.add(state)
        token = token_at(text, start)
        if token.kind in ("word", "prefixed") and depth == 0:
            word_end = start + len(token.text.partition(":")[0])
            if any(start < place <= word_end or (place == start and not name_due) for place in clauses):
                return True
        if token.kind == "space":
            pending.append((token.end, name_due, depth))
        else:
            deeper = {"{": 1, "}": -1}.get(token.text, 0) if outside else 0
            pending.append((token.end, token.keyword in BEFORE_A_NAME, depth + deeper))
            pending.extend((place, False, depth) for place in _other_ends(token))
    return False


def _other_ends(token: SparqlToken) -> Iterator[int]:
    """Yield where another reader may end the token: an operator, an empty string, a name before its dot."""
    if token.kind == "iri":
        yield token.start + 1
    elif token.kind == "string" and token.text.startswith(("'''", '"""')):
        yield token.start + 2
    elif token.kind == "prefixed" and "." in token.text:
        yield token.start + token.text.index(".")


def dataset_clause(query: str) -> tuple[str, list[str], list[str]]:
    """Return what stands before the query form, and the graphs after FROM and after FROM NAMED, as they are written."""
    if not _may_hold(query, "from"):
        return query, [], []
    query = _unescaped(query)
    prologue, default, named = query, list[str](), list[str]()
    before = ["", ""]
    for token in tokens(query):
        if prologue is query and token.keyword.startswith(("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")):
            prologue = query[: token.start]
        if token.kind in ("iri", "prefixed") and "FROM" in before:
            if before[1] == "FROM":
                default.append(token.text)
            elif before[1] == "NAMED":
                named.append(token.text)
        before = [before[1], token.keyword]
    return prologue, default, named
