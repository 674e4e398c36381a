"""The result of checking an upload, as it passes from the checking process to the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from converters.reports.json_codec import from_json, to_json
from converters.reports.snapshot import Snapshot

MOST_FILES = 4
"""The greatest number of files in which one disclosure is uploaded."""
FORMAT = 1


@dataclass(frozen=True, slots=True)
class CheckedFinding:
    """A finding; `message` is by language, figures and others are IRIs, as in `server.pages.disclosure.findings`."""

    id: str
    severity: str
    rule: str
    message: Mapping[str, str]
    figures: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    difference: Decimal | None = None
    quote: str | None = None
    follows: str | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class CheckedMistake:
    """A likely mistake: candidate figures with the amounts that they should claim, and the findings explained."""

    candidates: tuple[tuple[str, Decimal | None], ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found in an upload, or (`error`, by language) why it cannot be read as a disclosure.

    `tallies` count, for each rule, the comparisons that passed, failed and were not applicable. `reports` are files in
    Base64, by the name of their format.
    """

    format: int = FORMAT
    error: Mapping[str, str] | None = None
    version: str = ""
    document: Snapshot = field(default_factory=Snapshot)
    findings: tuple[CheckedFinding, ...] = ()
    mistakes: tuple[CheckedMistake, ...] = ()
    tallies: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the result as UTF-8 JSON."""
        return json.dumps(to_json(self), ensure_ascii=False).encode()


def parse_result(content: bytes) -> CheckResult:
    """Return the result that `to_bytes` wrote; raises ValueError for anything else."""
    result = from_json(CheckResult, json.loads(content))
    if result.format != FORMAT:
        raise ValueError(f"a result of format {result.format}")
    return result
