"""Whatever a file holds, reading it gives a conversion or a DocumentError, and other files go on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_disclosures import BUREAU, convert, issues, tabbed, table
from small_pdfs import PdfPage, write_pdf

from converters import DocumentError, convert_document, coverage, read_document
from converters.readers import read_content
from yusuan.commands.main import main

HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
ROWS = "201 | 一般公共服务支出 | 100.00 | 60.00 | 40.00\n20101 | 人大事务 | 100.00 | 60.00 | 40.00"
TEXT = tabbed(
    f"{BUREAU}2024年部门预算\n"
    + table(3, "支出总表", f"{HEADER}\n{ROWS}")
    + table(5, "一般公共预算支出表", f"{HEADER}\n{ROWS}")
    + f"\n{BUREAU}2024年支出预算100.00元，比2023年增加20.00元，增长25%。\n"
)
PIECES = ("\t", "\t\t", "\n", "", "￥", "9" * 20_000, "-", "\x00", "\ud800", "％", "：", "合计", "2024", "①", "٣")
BOUNDED = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(BOUNDED, max_examples=400)
changes = st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12), st.sampled_from(PIECES)), max_size=6)
spoilt = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12)


def drawn() -> bytes:
    page = PdfPage()
    page.text(60, 20, f"{BUREAU}2024年部门支出总表")
    page.text(260, 40, "单位：元")
    page.table(50, 50, (60.0, 160.0, 80.0), (("科目编码", "科目名称", "合计"), ("201", "一般公共服务支出", "350.00")))
    return write_pdf(page)


PDF = drawn()


def read_all(name: str, content: bytes) -> None:
    """Convert a file if it can be, and make everything that is made of a conversion."""
    try:
        document = read_content(Path(name), content)
        conversion = convert_document(document)
    except DocumentError:
        return
    assert conversion.triples
    assert coverage(document, conversion).counts


def read_changed_text(changed: list[tuple[int, int, str]]) -> None:
    text = TEXT
    for start, length, piece in changed:
        text = text[:start] + piece + text[start + length :]
    read_all("budget.txt", text.encode("utf-8", "surrogatepass"))


def read_spoilt_pdf(spoils: list[tuple[int, int]]) -> None:
    content = bytearray(PDF)
    for place, value in spoils:
        content[place % len(content)] = value
    read_all("budget.pdf", bytes(content))


@BOUNDED
@given(changes)
@example([(18, 8, "9" * 20_000)]).via("a title of which no word was looked up in reasonable time")
@example([(274, 6, "9" * 20_000), (30, 3, "9" * 20_000)]).via("a name that made every word as long as itself")
def test_text_with_any_change_is_read_or_refused(changed: list[tuple[int, int, str]]) -> None:
    read_changed_text(changed)


@BOUNDED
@given(spoilt)
def test_pdf_with_any_bytes_is_read_or_refused(spoils: list[tuple[int, int]]) -> None:
    read_spoilt_pdf(spoils)


@pytest.mark.exhaustive
@MORE
@given(changes)
def test_many_changed_texts_are_read_or_refused(changed: list[tuple[int, int, str]]) -> None:
    read_changed_text(changed)


@pytest.mark.exhaustive
@MORE
@given(spoilt)
def test_many_changed_pdfs_are_read_or_refused(spoils: list[tuple[int, int]]) -> None:
    read_spoilt_pdf(spoils)


FORM = """
部门名称 | 某局办公室 | | | | |
部门总体资金情况 (万元) | 总体资金情况 | | 当年预算 收支 | 占比 | 近两年收支情况 |
| | | | | 22 年 | 23 年
| 收入 构成 | 财政拨款 | 83.56 | 100% | 61.4 | 63.95
| 支出 构成 | 基本支出 | 83.56 | 100% | 64.3 | 75.95
合计 | | | 83.56 | 100% | 61.4 | 63.95
"""


def test_coordinates_that_stay_unknown_are_an_issue_with_their_place() -> None:
    conversion = convert(TEXT, table(14, "整体支出绩效目标表", FORM))
    assert [issue.locator.field for issue in issues(conversion, "coordinates-incomplete")] == [4, 5, 6, 7]
    assert len(conversion.content.tables[-1].unplaced) == 4
    assert conversion.triples


def test_number_of_twenty_thousand_digits_is_unreadable() -> None:
    conversion = convert(table(3, "支出总表", f"{HEADER}\n{ROWS}\n20102 | 政协事务 | {'9' * 20_000} | 1.00 | 1.00"))
    [issue] = issues(conversion, "unreadable-amount")
    assert issue.locator.field == 3


@pytest.mark.usefixtures("no_lists")
def test_error_in_one_file_is_its_message_and_the_other_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_text(TEXT, encoding="utf-8")

    def broken(path: Path, *_: object) -> object:
        if path == bad:
            raise KeyError("flow")
        return read_document(path)

    monkeypatch.setattr("yusuan.api.read_document", broken)
    runner = CliRunner()
    checked = runner.invoke(main, ["validate", str(bad), str(good), "--format", "json", "--lang", "en"])
    assert checked.exit_code == 2
    assert len(json.loads(checked.stdout)["documents"]) == 1
    assert "bad.txt" in checked.stderr
    store = tmp_path / "store"
    published = runner.invoke(main, ["publish", str(bad), str(good), "--store", str(store), "--lang", "en"])
    assert published.exit_code == 2
    assert published.stdout.count("id/disclosure/") == 1
    assert len(list((store / "documents").rglob("*.json*"))) == 1
