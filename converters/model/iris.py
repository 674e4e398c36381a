"""Mint the keys (IRIs without the base) and digests of all resources."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

DIGEST_LENGTH = 16
PENDING_BASE, PENDING_VERSION = "urn:yusuan:", "_"
NARRATIVE = "n"
NARRATIVE_LINE = re.compile(r"s\d{3,}\.\d+")
"""The notation of a line that stands for one figure of the narrative: its sentence and its number there."""


def digest(text: str) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def mint_disclosure(division: str, year: int, phase: str, organisation: str, unit: bool = False) -> str:
    """Return `id/disclosure/420107/2024/budget/108`, or `…/108/unit` for the unit budget of an office.

    An office may publish both a department budget, which includes all its units, and a unit budget for itself alone.
    """
    return f"id/disclosure/{division}/{year}/{phase}/{organisation}" + ("/unit" if unit else "")


def mint_version(disclosure: str, version: str) -> str:
    """Return `id/disclosure/…/v/<digest>`."""
    return f"{disclosure}/v/{version}"


def mint_project(code: str) -> str:
    """Return `id/project/42010724108T000000100`."""
    return f"id/project/{code}"


def mint_named_project(division: str, name: str) -> str:
    """Return `id/project/<digest>`, the key of a project without a printed code."""
    return f"id/project/{digest(division + name)}"


def mint_project_category(division: str, code: str) -> str:
    """Return `id/project-category/420107/31`; category codes are defined by each division."""
    return f"id/project-category/{division}/{code}"


def mint_notice(identity: str) -> str:
    """Return `id/notice/<digest>`, the key of a procurement notice; `identity` is what tells it from all others."""
    return f"id/notice/{digest(identity)}"


def mint_procedure(number: str, buyer: str) -> str:
    """Return `id/procedure/<digest>`, the key of the purchase that a buyer announces under a number."""
    return f"id/procedure/{digest(f'{number} {buyer}')}"


def mint_supplier(name: str, code: str | None) -> str:
    """Return `id/supplier/91420100MA4KTQ2D08`; a digest of the name stands for a code that is not printed."""
    return f"id/supplier/{code or digest(name)}"


SUGGESTIONS_GRAPH = "links/suggestions"
"""The key of the graph of suggested links, which is no part of the default graph."""
DECISIONS_GRAPH = "links/decisions"
"""The key of the graph of decisions about suggested links."""


def mint_suggestion(notice: str, line: str) -> str:
    """Return `id/suggestion/<digest>`, the key of a suggested link, by the keys of notice and budget line."""
    return f"id/suggestion/{digest(f'{notice} {line}')}"


def mint_contradiction(notice: str, project: str) -> str:
    """Return `id/contradiction/<digest>`, the key of a printed project code that the buyer of a notice contradicts."""
    return f"id/contradiction/{digest(f'{notice} {project}')}"


def mint_decision(suggestion: str, moment: str) -> str:
    """Return `id/decision/<digest>`, the key of what a reviewer decided about a suggestion at a moment."""
    return f"id/decision/{digest(f'{suggestion} {moment}')}"


def mint_file(sha256: str) -> str:
    """Return `id/file/<sha256>`."""
    return f"id/file/{sha256}"


def mint_checksum(sha256: str) -> str:
    """Return `id/file/<sha256>#checksum`."""
    return f"{mint_file(sha256)}#checksum"


def mint_trial(sha256: str, number: int) -> str:
    """Return `id/trial/<first 16 digits>/<number>`, a change made to a file to prove the rules."""
    return f"id/trial/{sha256[:DIGEST_LENGTH]}/{number}"


def mint_receipt(said: str) -> str:
    """Return `id/receipt/<digest>`, the key of a check, by all that its receipt says but the time."""
    return f"id/receipt/{digest(said)}"


def mint_software(name: str) -> str:
    """Return `id/software/yusuan-0.1.0` for a program with its version."""
    return f"id/software/{name.replace(' ', '-')}"


def mint_division(code: str) -> str:
    """Return `code/division/420107`."""
    return f"code/division/{code}"


def mint_level(level: str) -> str:
    """Return `code/organisation-level/department`."""
    return f"code/organisation-level/{level}"


def mint_coordinates(coordinates: Mapping[str, str], unit: bool = False) -> str:
    """Return the key of raw coordinates, the same in every disclosure and version of a department, or of a unit."""
    return "id/coordinates/" + digest(_at_level(coordinates, unit))


def mint_series(coordinates: Mapping[str, str], unit: bool = False) -> str:
    """Return the key of coordinates without year and phase."""
    of_all_times = {d: c for d, c in coordinates.items() if d not in ("year", "phase")}
    return "id/series/" + digest(_at_level(of_all_times, unit))


def mint_point(disclosure: str, coordinates: Mapping[str, str]) -> str:
    """Return the key of effective coordinates inside one disclosure."""
    return "id/point/" + digest(disclosure + "\n" + _canonical(coordinates))


def _at_level(coordinates: Mapping[str, str], unit: bool) -> str:
    return _canonical(coordinates) + ("\nlevel unit" if unit else "")


def _canonical(coordinates: Mapping[str, str]) -> str:
    return "\n".join(f"{dimension} {coordinates[dimension]}" for dimension in sorted(coordinates))


@dataclass(frozen=True, slots=True)
class Iris:
    """Keys of the resources of one version, and full IRIs under a base."""

    base: str
    disclosure: str
    version: str

    @property
    def version_key(self) -> str:
        """The key of the version."""
        return mint_version(self.disclosure, self.version)

    @property
    def conversion(self) -> str:
        """`…/conversion`, the activity that made the version."""
        return f"{self.version_key}/conversion"

    def table(self, table: str) -> str:
        """Return `…/t05`."""
        return f"{self.version_key}/{table}"

    def record(self, table: str, row: int) -> str:
        """Return `…/t11/r6`."""
        return f"{self.table(table)}/r{row}"

    def observation(self, table: str, row: int, column: int, ordinal: int = 1) -> str:
        """Return `…/t05/r3c2`, with suffix `.2` for the second number of a cell.

        In the narrative a row is a sentence: `…/n/s014.2` is its second figure, with suffix `-2` for a second reading.
        """
        if table == NARRATIVE:
            return f"{self.sentence(row)}.{ordinal}" + (f"-{column}" if column > 1 else "")
        return f"{self.table(table)}/r{row}c{column}" + (f".{ordinal}" if ordinal > 1 else "")

    def facts(self, measure: str) -> str:
        """`…/facts`, the data set of the amounts of money, or `…/facts/headCount` for another measure."""
        return f"{self.version_key}/facts" + ("" if measure == "amount" else f"/{measure}")

    def line(self, key: str) -> str:
        """The key of a line: `code/line/3` of a list as it is, `…/n/s014.2/line` for a figure of the narrative."""
        name = key.rsplit("/", 1)[-1]
        return f"{self.table(NARRATIVE)}/{name}/line" if NARRATIVE_LINE.fullmatch(name) else key

    def sentence(self, number: int) -> str:
        """Return `…/n/s014`."""
        return f"{self.table(NARRATIVE)}/s{number:03d}"

    def explanation(self, number: int) -> str:
        """Return `…/n/g03`."""
        return f"{self.table(NARRATIVE)}/g{number:02d}"

    def passage(self, number: int) -> str:
        """Return `…/p007`, a heading, a note or a line whose words rules compare."""
        return f"{self.version_key}/p{number:03d}"

    def file(self, number: int) -> str:
        """Return `…/file/2`, a file of a disclosure published in several files."""
        return f"{self.version_key}/file/{number}"

    def full(self, key: str) -> str:
        """Return the IRI of a key."""
        return self.base + key
