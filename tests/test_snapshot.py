"""The published form of a document as printed: one model, its JSON, and its format number."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from converters import convert_file
from converters.reports.json_codec import from_json, to_json
from converters.reports.snapshot import (
    FORMAT,
    Snapshot,
    SnapshotFormatError,
    SnapshotTable,
    conversion_to_snapshot,
    parse_snapshot,
    snapshot_to_bytes,
)
from server.checking.result import FORMAT as RESULT_FORMAT
from server.checking.result import CheckedFinding, CheckedMistake, CheckResult, parse_result

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"


@dataclass(frozen=True)
class Sample:
    long_name: str
    amounts: tuple[tuple[str, Decimal | None], ...] = ()


def test_members_are_named_in_camel_case_and_amounts_are_exact() -> None:
    sample = Sample("a", (("b", Decimal("1.10")), ("c", None)))
    written = to_json(sample)
    assert written == {"longName": "a", "amounts": [["b", "1.10"], ["c", None]]}
    assert from_json(Sample, json.loads(json.dumps(written))) == sample


def test_missing_members_have_defaults_and_unknown_ones_are_ignored() -> None:
    assert from_json(Sample, {"longName": "a", "new": 1}) == Sample("a")
    mistakes: tuple[object, ...] = ({}, [], {"longName": "a", "amounts": [["b"]]}, {"longName": "a", "amounts": 1})
    for wrong in mistakes:
        with pytest.raises(ValueError, match="not a Sample"):
            from_json(Sample, wrong)


def test_a_snapshot_is_read_as_it_was_written() -> None:
    content = conversion_to_snapshot(convert_file(EXAMPLE))
    snapshot = parse_snapshot(content)
    assert snapshot.format == FORMAT == json.loads(content)["format"]
    assert len(snapshot.tables) > 5
    assert snapshot.tables[0].cells[0].row == 1
    assert snapshot_to_bytes(snapshot) == content


def test_a_snapshot_of_an_earlier_release_is_read_and_what_is_unknown_is_kept() -> None:
    snapshot = parse_snapshot(b'{"tables": [{"name": "t01", "headerRows": 2, "news": [1]}], "more": {"a": 1}}')
    assert snapshot == Snapshot(
        tables=(SnapshotTable("t01", header_rows=2, other={"news": [1]}),), other={"more": {"a": 1}}
    )


@pytest.mark.parametrize("content", [b'{"format": 99}', b"[]", b"", b'{"tables": [{"cells": [{}]}]}'])
def test_what_is_no_snapshot_of_a_known_format_is_refused(content: bytes) -> None:
    with pytest.raises(SnapshotFormatError):
        parse_snapshot(content)


def test_the_result_of_checking_an_upload_is_read_as_it_was_written() -> None:
    result = CheckResult(
        version="https://example.org/v",
        document=Snapshot(title="a", tables=(SnapshotTable("t01"),)),
        findings=(CheckedFinding("1", "violation", "sum", {"zh": "一", "en": "a"}, difference=Decimal("0.10")),),
        mistakes=(CheckedMistake((("x", Decimal("2.50"), "元"), ("y", None, "")), ("1",)),),
        tallies={"sum": (1, 2, 3)},
    )
    assert parse_result(result.to_bytes()) == result
    with pytest.raises(ValueError, match="format 99"):
        parse_result(result.to_bytes().replace(b'"format": %d' % RESULT_FORMAT, b'"format": 99', 1))
