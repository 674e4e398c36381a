"""Sentences below the heading of another fund, and notes of empty tables."""

import pytest
from small_disclosures import BUREAU, convert, expenditure, table

from converters import Conversion

SPENT = expenditure("2010101 | 行政运行 | 500 | 400 | 100\n | 合计 | 500 | 400 | 100")
FUNDS, CAPITAL = "code/fund/government-fund", "code/fund/state-capital"
COPIED = "八、国有资本经营预算支出情况\n2024年没有使用政府性基金预算安排的支出。"


def section_funds(text: str) -> list[tuple[str, str]]:
    """Each sentence that stands below the heading of another fund, with that fund."""
    outline = convert(SPENT, f"第三部分 {BUREAU}2024年部门预算情况说明\n{text}").content.outline
    return [(p.text, p.section_fund) for p in outline.passages if p.section_fund is not None]


@pytest.mark.parametrize("end", ["", "\n九、机关运行经费情况\n没有使用国有资本经营预算安排的机关运行经费。"])
def test_a_sentence_of_another_section_is_told(end: str) -> None:
    assert section_funds(COPIED + end) == [("2024年没有使用政府性基金预算安排的支出。", CAPITAL)]


@pytest.mark.parametrize(
    "text",
    [
        "七、政府性基金预算支出情况\n2024年没有使用政府性基金预算安排的支出。",
        "八、国有资本经营预算支出情况\n本部门无此项支出。\n政府性基金预算支出情况：没有使用政府性基金预算安排的支出。",
        "八、国有资本经营预算支出情况\n政府性基金预算支出情况\n没有使用政府性基金预算安排的支出。",
        f"{COPIED}\n没有使用国有资本经营预算安排的支出。",
        "五、财政拨款支出情况\n2024年没有使用政府性基金预算安排的支出。",
        "八、国有资本经营预算和政府性基金预算支出情况\n没有使用政府性基金预算安排的支出。",
    ],
    ids=["own", "heading-within-the-line", "heading-without-number", "own-behind", "part-of-it", "two-funds"],
)
def test_a_section_that_may_speak_of_its_fund_is_not_told(text: str) -> None:
    assert section_funds(text) == []


def noted(*notes: str) -> Conversion:
    """A table of government funds without figures, with notes."""
    empty = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n | 合计 | | |"
    return convert(SPENT, table(8, "政府性基金预算支出表", empty) + "\n".join(notes))


def test_every_line_of_a_note_that_declares_a_table_empty_tells_its_fund() -> None:
    notes = (
        "注：本表反映本年度政府性基金预算财政拨款收支情况。",
        "无政府性基金预算支出的，仍保留该表格式。",
        "说明：本部门没有国有资本经营预算支出，故本表无数据。",
    )
    passages = noted(*notes).content.outline.passages
    assert [p.funds for p in passages if p.note] == [(FUNDS,), (CAPITAL,)]


def test_a_line_behind_other_text_is_no_note_of_the_table() -> None:
    notes = ("本部门没有政府性基金预算支出，故本表无数据。", "以下说明其他情况。", "没有国有资本经营预算支出。")
    assert [p.funds for p in noted(*notes).content.outline.passages if p.note] == [(FUNDS,)]
