"""The result of checking an upload, as it passes from the checking process to a page, and from a page to a report."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from converters.reports.json_codec import from_json, to_json
from converters.reports.snapshot import Snapshot
from server.reports.model import DocumentReport
from server.reports.receipt import ReceiptInput

MOST_FILES = 4
"""The greatest number of files in which one disclosure is uploaded."""
LONGEST_STATE = 32 * 2**20
FORMAT = 4


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
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class CheckedMistake:
    """A likely mistake: candidate figures with the amounts that they should claim, and the findings explained.

    An amount is in yuan, or in the measure's own unit; the unit is that in which the figure is printed. The
    candidates are alternatives unless they are to be corrected `together`.
    """

    candidates: tuple[tuple[str, Decimal | None, str], ...]
    findings: tuple[str, ...]
    together: bool = False


@dataclass(frozen=True, slots=True)
class PictureBox:
    """The place of a figure on a page, in points from the top left."""

    figure: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page of a PDF as a picture (PNG in Base64), with the figures of findings on it; its size is in points."""

    file: int
    number: int
    width: float
    height: float
    picture: str
    boxes: tuple[PictureBox, ...]


@dataclass(frozen=True, slots=True)
class SumNode:
    """A printed figure in the tree of a total.

    `holds` is whether its parts add up to it, None where it has no printed parts. `should_be` is the amount that mends
    the finding, if this figure is a likely mistake; both are in `unit`, an IRI.
    """

    figure: str
    table: str
    row: str
    column: str
    printed: str
    unit: str
    holds: bool | None = None
    should_be: str | None = None
    parts: tuple[SumNode, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportState:
    """The data for a report in any form: the report, its JSON, its Turtle and the base of its addresses.

    `inputs` are the files that were used, and `moment` is when the check ended (ISO 8601), for the receipt.
    """

    report: DocumentReport
    document: Mapping[str, Any]
    turtle: str
    base: str
    inputs: tuple[ReceiptInput, ...] = ()
    moment: str = ""

    def to_bytes(self) -> bytes:
        """Return the state as UTF-8 JSON."""
        return json.dumps(to_json(self), ensure_ascii=False).encode()

    def to_text(self) -> str:
        """Return the state in a form that a field of a page can carry."""
        return b64encode(zlib.compress(self.to_bytes(), 6)).decode()


def parse_state(text: str) -> ReportState:
    """Return the state that `ReportState.to_text` wrote; raises ValueError for anything else."""
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(b64decode(text, validate=True), LONGEST_STATE)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not unpacker.eof:
        raise ValueError("the state is too long or incomplete")
    state = parse_state_bytes(content)
    if not state.report.files:
        raise ValueError("the state names no file")
    return state


def parse_state_bytes(content: bytes) -> ReportState:
    """Return the state that `ReportState.to_bytes` wrote; raises ValueError for anything else."""
    try:
        return from_json(ReportState, json.loads(content))
    except RecursionError as error:
        raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found in an upload, or (`error`, by language) why it cannot be read as a disclosure.

    `tallies` count, for each rule, the comparisons that passed, failed and were not applicable. `trees` are the totals
    that do not add up, by finding. `annotated` is the annotated PDF in Base64, if one was asked for and could be made.
    """

    format: int = FORMAT
    error: Mapping[str, str] | None = None
    version: str = ""
    document: Snapshot = field(default_factory=Snapshot)
    findings: tuple[CheckedFinding, ...] = ()
    mistakes: tuple[CheckedMistake, ...] = ()
    tallies: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    pictures: tuple[PagePicture, ...] = ()
    trees: Mapping[str, SumNode] = field(default_factory=dict)
    annotated: str | None = None
    state: ReportState | None = None

    def to_bytes(self) -> bytes:
        """Return the result as UTF-8 JSON."""
        return json.dumps(to_json(self), ensure_ascii=False).encode()


def parse_result(content: bytes) -> CheckResult:
    """Return the result that `to_bytes` wrote; raises ValueError for anything else."""
    result = from_json(CheckResult, json.loads(content))
    if result.format != FORMAT:
        raise ValueError(f"a result of format {result.format}")
    return result
