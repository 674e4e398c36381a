"""The Python interface: documented objects and pandas frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from converters import COLUMNS, DocumentError
from yusuan import convert, validate
from yusuan.api import FINDING_COLUMNS


def test_convert_gives_a_frame_with_a_row_for_each_figure(ten_tables: Path) -> None:
    frame = convert(ten_tables).observations
    assert list(frame.columns) == list(COLUMNS)
    total = frame[(frame.table == "1") & (frame.row_label == "收 入 总 计")]
    assert total.amount.tolist() == [14835573.24]


def test_validate_gives_a_frame_with_a_row_for_each_finding(ten_tables: Path) -> None:
    result = validate(ten_tables)
    assert not result.conforms
    assert list(result.findings.columns) == list(FINDING_COLUMNS)
    assert "title-header" in set(result.findings[result.findings.severity == "violation"].rule)


def test_a_file_that_gives_nothing_raises_and_beside_others_is_a_failure(two_tables: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    with pytest.raises(DocumentError, match=r"missing\.txt"):
        convert(missing)
    both = validate(missing, two_tables)
    assert len(both.documents) == len(both.failures) == 1
    assert not both.conforms


def test_the_base_of_all_addresses_can_be_chosen(two_tables: Path) -> None:
    [own] = convert(two_tables, base="https://data.example.org/").conversions
    [usual] = convert(two_tables).conversions
    assert own.version_iri.startswith("https://data.example.org/id/disclosure/")
    assert own.iris.version == usual.iris.version
