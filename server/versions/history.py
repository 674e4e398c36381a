"""The history of a disclosure: its versions with their sources, and the differences between two versions."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from server.errors import NotFoundError
from server.execution.evaluator import Evaluator, select
from server.sparql.query_templates import fill_query, nodes
from server.versions.version_comparison import ComparedFigure, Comparison, compare_figures

SOURCE, CONVERTER, BOTH, WORDS = "source", "converter", "source-and-converter", "words"
REVISION = re.compile(r"(?P<disclosure>disclosure/.+)/(?P<older>[0-9a-f]{16})/(?P<newer>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source file of a version: its name and its IRI, which ends in its SHA-256."""

    iri: str
    name: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return self.iri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version: its creation time (xsd:dateTime), its converter and its source files."""

    iri: str
    generated: str
    converter: str
    files: tuple[SourceFile, ...]
    is_current: bool

    @property
    def digest(self) -> str:
        """The digest at the end of the IRI."""
        return self.iri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class History:
    """The versions of a disclosure, oldest first."""

    disclosure: str
    versions: tuple[VersionRecord, ...]

    @property
    def steps(self) -> list[tuple[VersionRecord, VersionRecord, str]]:
        """Each version with the next version and the cause of the change."""
        return [(older, newer, cause_of(older, newer)) for older, newer in pairwise(self.versions)]

    def version(self, digest: str) -> VersionRecord:
        """Return the version whose address ends in the digest. Raise NotFoundError if there is none."""
        for version in self.versions:
            if version.digest == digest:
                return version
        raise NotFoundError(iri=f"{self.disclosure}/v/{digest}")


@dataclass(frozen=True, slots=True)
class Revision:
    """Two versions of a disclosure and the differences between their figures; `iri` is the IRI of the comparison."""

    iri: str
    older: VersionRecord
    newer: VersionRecord
    comparison: Comparison

    @property
    def cause(self) -> str:
        """The cause of the later version."""
        return cause_of(self.older, self.newer)


def cause_of(older: VersionRecord, newer: VersionRecord) -> str:
    """Return the cause of a change: the source files, the converter, both, or the vocabulary if neither changed."""
    has_source = {file.iri for file in older.files} != {file.iri for file in newer.files}
    has_converter = older.converter != newer.converter
    if has_source:
        return BOTH if has_converter else SOURCE
    return CONVERTER if has_converter else WORDS


async def load_history(evaluator: Evaluator, base: str, disclosure: str) -> History:
    """Return the history of a disclosure. Raise NotFoundError if it never had a version."""
    if not nodes([disclosure]):
        raise NotFoundError(iri=disclosure)
    rows = await select(evaluator, fill_query("which_versions_are_in_the_history", disclosure=disclosure), base)
    if not rows:
        raise NotFoundError(iri=disclosure)
    current = await select(evaluator, fill_query("which_version_is_current", disclosure=disclosure), base)
    texts = [{name: term.value for name, term in row.items()} for row in rows]
    return History(disclosure, records_of(texts, {row["version"].value for row in current}))


def records_of(rows: Iterable[Mapping[str, str]], current: Container[str]) -> tuple[VersionRecord, ...]:
    """Return the versions from rows of (version, generated, converter, file, name), oldest first.

    A version that was superseded and became current again is last.
    """
    versions: dict[str, VersionRecord] = {}
    for row in rows:
        iri = row["version"]
        known = versions.get(iri)
        files = known.files if known else ()
        if "file" in row:
            files = tuple(dict.fromkeys((*files, SourceFile(row["file"], row.get("name", "")))))
        versions[iri] = VersionRecord(
            iri, row.get("generated", ""), row.get("converter", ""), files, is_current=iri in current
        )
    return tuple(sorted(versions.values(), key=lambda version: (version.is_current, version.generated)))


async def load_revision(evaluator: Evaluator, base: str, path: str) -> Revision:
    """Return the comparison at `diff/{path}`, the path of a disclosure and two digests.

    Raise NotFoundError if the disclosure or a version is unknown.
    """
    match = REVISION.fullmatch(path)
    if match is None:
        raise NotFoundError(iri=f"{base}diff/{path}")
    history = await load_history(evaluator, base, f"{base}id/{match['disclosure']}")
    older, newer = history.version(match["older"]), history.version(match["newer"])
    figures = [await load_figures(evaluator, base, version.iri) for version in (older, newer)]
    return Revision(f"{base}diff/{path}", older, newer, compare_figures(*figures))


async def load_figures(evaluator: Evaluator, base: str, version: str) -> list[ComparedFigure]:
    """Return the figures of a version, current or superseded."""
    figures: dict[str, ComparedFigure] = {}
    for row in await select(evaluator, fill_query("which_figures_are_compared"), base, (version,)):
        texts = {name: term.value for name, term in row.items()}
        figures[texts["figure"]] = ComparedFigure(
            iri=texts["figure"],
            place=texts["figure"].removeprefix(version + "/"),
            coordinates=texts["coordinates"],
            printed=texts["printed"],
            amount=_decimal(texts.get("amount")),
            measure=texts["measure"],
            table_number=texts.get("number", ""),
            row_code=texts.get("rowCode", ""),
            row_label=texts.get("rowLabel", ""),
            column_label=texts.get("columnLabel", ""),
            page=texts.get("page", ""),
        )
    return list(figures.values())


def _decimal(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def diff_iri(history: History, older: VersionRecord, newer: VersionRecord, base: str) -> str:
    """Return the address of the comparison of two versions."""
    return f"{base}diff/{history.disclosure.removeprefix(base + 'id/')}/{older.digest}/{newer.digest}"
