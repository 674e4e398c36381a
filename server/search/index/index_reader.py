"""Reading an index: ranked results by kind, counts of each kind, exact names."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from server.errors import QueryTimeoutError
from server.search.index.entries import KINDS
from server.search.index.index_writer import FORMAT, KIND_BITS
from server.search.text_tokens import fold, query_to_loose_match, query_to_match, query_to_split_match

MOST_RANKED = 5000
"""Entries of a kind that are ranked; more of them are listed in the order of the index."""
STEPS = 2000
_COUNTS = f"SELECT rowid >> {KIND_BITS}, COUNT(*) FROM entry_text WHERE entry_text MATCH ? GROUP BY 1"
_FOUND = """
SELECT rowid FROM entry_text WHERE entry_text MATCH ? AND rowid BETWEEN ? AND ?
ORDER BY rowid IN (SELECT entry FROM name WHERE folded = ?) DESC, rowid IN (SELECT entry FROM used_code) DESC, {rank}
LIMIT ? OFFSET ?
"""
_RANK = "bm25(entry_text, 10.0, 5.0, 1.0), rowid"
_ENTRIES = "SELECT * FROM entry WHERE id IN ({})"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """An entry that was found; `label` and `context` by language, empty where there is none."""

    iri: str
    kind: str
    label: Mapping[str, str]
    context: Mapping[str, str]
    notation: str
    detail: str
    scheme: str


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A slice of the results, the number of all results by kind, and whether they match only in part."""

    results: tuple[SearchResult, ...]
    counts: Mapping[str, int]
    partial: bool = False


@dataclass(frozen=True)
class SearchIndex:
    """The index in a file. Every method opens the file anew, so it may be called in any thread.

    A method that takes longer than `seconds` raises QueryTimeoutError.
    """

    path: Path
    seconds: float = 5.0

    @cached_property
    def about(self) -> Mapping[str, str]:
        """What the index says of itself: format, base, store and generation. Empty for a file that is no index."""
        try:
            with self.open() as database:
                return dict(database.execute("SELECT name, value FROM about"))
        except sqlite3.DatabaseError:
            return {}

    @property
    def generation(self) -> str:
        """The generation that was indexed."""
        return self.about.get("generation", "")

    def is_of(self, store: str, base: str) -> bool:
        """Return whether this is an index of the present format, of the store with this identity and base."""
        wanted = {"format": str(FORMAT), "store": store, "base": base}
        return all(self.about.get(name) == value for name, value in wanted.items())

    @cached_property
    def syllables(self) -> frozenset[str]:
        """The syllables of pinyin in the index."""
        with self.open() as database:
            return frozenset(text for (text,) in database.execute("SELECT text FROM syllable"))

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for reading while the block lasts. Raise QueryTimeoutError."""
        end = time.monotonic() + self.seconds
        with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.set_progress_handler(lambda: time.monotonic() > end, STEPS)
            try:
                yield database
            except sqlite3.OperationalError as error:
                if time.monotonic() > end:
                    raise QueryTimeoutError(seconds=self.seconds) from error
                raise

    def search(
        self,
        query: str,
        kinds: Sequence[str] = KINDS,
        *,
        limit: int,
        offset: int = 0,
        complete: bool = False,
    ) -> SearchResults:
        """Return entries that contain everything in a query, kind by kind, the best first.

        If there are none of these kinds, entries that contain a part of it, unless `complete`. `counts` covers all
        kinds.
        """
        matches = [query_to_match(query, self.syllables), query_to_split_match(query)]
        loose = "" if complete else query_to_loose_match(query)
        counts: dict[str, int] = {}
        partial = False
        with self.open() as database:
            for match in filter(None, (*matches, loose)):
                partial = match == loose
                counts = _count(database, match)
                if any(counts.get(kind) for kind in kinds):
                    break
            else:
                return SearchResults((), {})
            found = list(_find(database, match, fold(query), {k: counts.get(k, 0) for k in kinds}, limit, offset))
            return SearchResults(tuple(_read(database, found)), counts, partial)

    def named(self, name: str, kinds: Sequence[str]) -> list[SearchResult]:
        """Return the entries of these kinds that have exactly this name or code, in any case and width."""
        with self.open() as database:
            rows = database.execute("SELECT entry FROM name WHERE folded = ? ORDER BY entry", (fold(name),))
            return list(_read(database, [n for (n,) in rows if KINDS[n >> KIND_BITS] in kinds]))


def _count(database: sqlite3.Connection, match: str) -> dict[str, int]:
    return {KINDS[kind]: number for kind, number in sorted(database.execute(_COUNTS, (match,)))}


def _find(
    database: sqlite3.Connection, match: str, exact: str, counts: Mapping[str, int], limit: int, offset: int
) -> Iterator[int]:
    """Yield the ids of a slice of the entries of these kinds."""
    for kind, number in counts.items():
        if limit <= 0:
            return
        if offset >= number:
            offset -= number
            continue
        first = KINDS.index(kind) << KIND_BITS
        query = _FOUND.format(rank=_RANK if number <= MOST_RANKED else "rowid")
        last = first + (1 << KIND_BITS) - 1
        ids = [n for (n,) in database.execute(query, (match, first, last, exact, limit, offset))]
        yield from ids
        limit, offset = limit - len(ids), 0


def _read(database: sqlite3.Connection, ids: Sequence[int]) -> Iterator[SearchResult]:
    rows = {row[0]: row for row in database.execute(_ENTRIES.format(", ".join("?" * len(ids))), ids)}
    for number in ids:
        _, iri, label_zh, label_en, context_zh, context_en, notation, detail, scheme = rows[number]
        yield SearchResult(
            iri=iri,
            kind=KINDS[number >> KIND_BITS],
            label={"zh": label_zh, "en": label_en},
            context={"zh": context_zh, "en": context_en},
            notation=notation,
            detail=detail,
            scheme=scheme,
        )
