"""Writing the index of a generation as an SQLite database with a full-text table (FTS5)."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from server.search.disclosures import read_disclosures
from server.search.index.disclosure_writer import write_disclosures
from server.search.index.entries import KINDS, IndexEntry, read_entries
from server.search.index.store_reader import StoreReader
from server.search.pinyin import syllables_to_tokens, text_to_syllables
from server.search.text_tokens import fold, text_to_tokens
from server.store.durable_files import UNFINISHED
from server.store.published_store import PublishedStore

FORMAT = 2
"""The number of the schema and of what is written into it; files of another format are not read."""
SCHEMA = Path(__file__).parent / "schema.sql"
KIND_BITS = 32
PRECISELY_NAMED = frozenset({"office", "division", "code", "project", "supplier"})
"""Kinds whose entries are found by their whole name first, and can be reconciled."""
_SPOKEN = PRECISELY_NAMED | {"disclosure", "notice", "row", "scheme", "term"}
"""Kinds whose names are found by their pinyin."""
_PAGES = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"

EntryRow = tuple[object, ...]


def write_index(
    store: PublishedStore, base: str, about: Mapping[str, str], path: Path, listing: Path | None = None
) -> None:
    """Write the index of a generation into a new file; `about` says of which one. Raise sqlite3.Error, OSError.

    `listing` is a file that gets the list of disclosures alone, long before the index is finished.
    """
    reader = StoreReader(store, base)
    disclosures = read_disclosures(reader)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_PAGES)
        database.executescript(SCHEMA.read_text(encoding="utf-8"))
        database.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        write_disclosures(database, reader, disclosures)
        if listing is not None:
            database.commit()
            unfinished = listing.with_name(listing.name + UNFINISHED)
            database.execute("VACUUM INTO ?", [str(unfinished)])
            unfinished.replace(listing)
        _write_entries(database, read_entries(reader, disclosures), base)
        database.execute("INSERT INTO entry_text(entry_text) VALUES ('optimize')")
        database.commit()


def _write_entries(database: sqlite3.Connection, entries: Iterable[IndexEntry], base: str) -> None:
    numbers = Counter[str]()
    syllables: set[str] = set()
    codes: dict[str, int] = {}
    used: set[str] = set()
    for entry in entries:
        number = (KINDS.index(entry.kind) << KIND_BITS) + numbers[entry.kind]
        numbers[entry.kind] += 1
        if entry.kind == "code":
            codes[entry.iri] = number
        elif entry.concept:
            used.add(entry.concept)
        database.execute(f"INSERT INTO entry VALUES ({', '.join('?' * 9)})", _entry_row(number, entry))
        label = " ".join(dict.fromkeys(filter(None, (*entry.label.values(), *entry.names, entry.notation))))
        spoken = [text_to_syllables(name) for name in _spoken_names(entry)]
        syllables.update(syllable for name in spoken for syllable in name)
        database.execute(
            "INSERT INTO entry_text(rowid, label, pinyin, context) VALUES (?, ?, ?, ?)",
            (
                number,
                text_to_tokens(label),
                " ".join(map(syllables_to_tokens, spoken)),
                text_to_tokens(" ".join(dict.fromkeys((*entry.context.values(), entry.detail)))),
            ),
        )
        if entry.kind in PRECISELY_NAMED:
            names = {fold(name) for name in (*entry.names, entry.notation, entry.iri.removeprefix(base)) if name}
            database.executemany("INSERT INTO name VALUES (?, ?)", ((name, number) for name in sorted(names)))
    database.executemany("INSERT INTO used_code VALUES (?)", [(codes[iri],) for iri in sorted(used & codes.keys())])
    database.executemany("INSERT INTO syllable VALUES (?)", ((syllable,) for syllable in sorted(syllables)))


def _spoken_names(entry: IndexEntry) -> list[str]:
    if entry.kind not in _SPOKEN:
        return []
    return list(dict.fromkeys((*(text for key, text in entry.label.items() if key != "en"), *entry.names)))


def _entry_row(number: int, entry: IndexEntry) -> EntryRow:
    label = entry.label.get("zh") or entry.label.get("", "")
    english = entry.label.get("en", "")
    context = (entry.context.get("zh", ""), entry.context.get("en", ""))
    return number, entry.iri, label, english, *context, entry.notation, entry.detail, entry.scheme
