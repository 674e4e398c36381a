"""The checking process takes a disclosure in every format, or as a ZIP archive of its files."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hostile import zipped
from small_disclosures import BUREAU, tabbed, table

from benchmarks.renderings.__main__ import WRITERS
from benchmarks.renderings.pieces import read_pieces
from converters.readers import read_content
from ontology import DEFAULT_BASE
from server.checking.check_process import run
from server.checking.result import MOST_FILES, CheckResult, parse_result

TEXT = tabbed(
    f"{BUREAU}2024年部门预算\n"
    + table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1,234.50\n20101 | 人大事务 | 1,234.00")
)


def check(monkeypatch: pytest.MonkeyPatch, files: Sequence[tuple[str, bytes]]) -> CheckResult:
    arriving, leaving = (io.TextIOWrapper(io.BytesIO(b)) for b in (b"".join(content for _, content in files), b""))
    monkeypatch.setattr(sys, "stdin", arriving)
    monkeypatch.setattr(sys, "stdout", leaving)
    run(DEFAULT_BASE, None, [], [(name, "", len(content)) for name, content in files], "zh")
    return parse_result(leaving.buffer.getvalue())


@pytest.mark.parametrize("ending", WRITERS)
def test_every_format_is_checked(monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    write, layouts = WRITERS[ending]
    content = write(read_pieces(read_content(Path("budget.txt"), TEXT.encode())), layouts[0])
    result = check(monkeypatch, [("budget." + ending, content)])
    assert result.error is None
    assert result.findings[0].rule == "sum"


def test_the_files_of_an_archive_keep_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    result = check(
        monkeypatch, [("a.zip", zipped({"tables": TEXT.encode(), "words": f"{BUREAU}2024年部门预算".encode()}))]
    )
    assert result.document.files == ("tables", "words")


def test_an_archive_of_many_disclosures_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"a{number}": TEXT.encode() for number in range(MOST_FILES + 1)}
    result = check(monkeypatch, [("a.zip", zipped(files))])
    assert result.error is not None
    assert "yusuan validate" in result.error["zh"]
    assert check(monkeypatch, [("a.zip", zipped({}))]).error is not None
