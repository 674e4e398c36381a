"""Writing the disclosures of a generation, and the divisions they belong to, into the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from server.search.disclosures import IndexedDisclosure, division_of
from server.search.index.store_reader import StoreReader
from server.search.pinyin import text_to_syllables
from server.search.text_tokens import fold
from shapes.graph_reader import natural_order

COLUMNS = 14
UNCHECKED, CLEAN = "unchecked", "clean"


def write_disclosures(
    database: sqlite3.Connection, reader: StoreReader, disclosures: Sequence[IndexedDisclosure]
) -> None:
    """Insert disclosures with their verdicts, and their divisions as a tree."""
    divisions = {d.version: division_of(d.organisation, reader.base) for d in disclosures}
    database.executemany(
        f"INSERT INTO disclosure VALUES ({', '.join('?' * COLUMNS)})",
        [_row(reader, disclosure, divisions[disclosure.version]) for disclosure in disclosures],
    )
    chains = {division: reader.chain(division) for division in sorted(set(divisions.values()))}
    within = [(division, above) for division, chain in chains.items() for above in chain]
    database.executemany("INSERT INTO division_within VALUES (?, ?)", within)
    tree = {tuple(chain[: depth + 1]) for chain in chains.values() for depth in range(len(chain))}
    ordered = sorted(tree, key=lambda chain: [natural_order(iri) for iri in chain])
    database.executemany(
        "INSERT INTO division VALUES (?, ?, ?, ?, ?)",
        [
            (
                chain[-1],
                place,
                len(chain) - 1,
                reader.label(chain[-1]).get("zh", ""),
                reader.label(chain[-1]).get("en", ""),
            )
            for place, chain in enumerate(ordered)
        ],
    )


def verdict_of(counts: Mapping[str, int] | None) -> str:
    """Return the most severe kind of findings that a version has, CLEAN for none, UNCHECKED if it was not checked."""
    if counts is None:
        return UNCHECKED
    return next((severity for severity, number in counts.items() if number), CLEAN)


def _row(reader: StoreReader, disclosure: IndexedDisclosure, division: str) -> tuple[object, ...]:
    office = reader.things.get(disclosure.organisation)
    names = list(office.names) if office else []
    notation = office.notation if office else ""
    name = reader.label(disclosure.organisation).get("zh") or next(iter(names), "")
    searched = "|".join("".join(fold(text).split()) for text in (*names, notation, disclosure.title))
    counts = disclosure.counts
    return (
        disclosure.version,
        disclosure.disclosure,
        disclosure.title,
        disclosure.organisation,
        " ".join(text_to_syllables(name)) or fold(name),
        division,
        disclosure.year,
        disclosure.phase,
        disclosure.figures,
        *((None, None, None) if counts is None else (counts[s] for s in ("violation", "warning", "information"))),
        verdict_of(counts),
        searched,
    )
