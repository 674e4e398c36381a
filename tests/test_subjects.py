"""An amount whose subject is not understood is a line of its own; it is never taken for that of everything."""

from __future__ import annotations

import pytest
from small_disclosures import convert, issues, table

from converters import Conversion

TABLE = table(
    3,
    "部门支出总表",
    """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
 | 合计 | 3000000.00 | 2000000.00 | 1000000.00
201 | 一般公共服务支出 | 3000000.00 | 2000000.00 | 1000000.00
""",
)


def told(sentence: str, heading: str = "一、支出预算情况说明") -> Conversion:
    return convert(TABLE, f"第三部分 2024年部门预算情况说明\n\n{heading}\n\n{sentence}\n")


def stated(conversion: Conversion) -> dict[str, str]:
    """Printed figure -> kind of outlay, for the running text that is compared with tables."""
    return {
        o.printed: conversion.vocabulary.notation(o.coordinates["kind"])
        for o in conversion.content.narrative.compared
        if o.measure == "amount"
    }


def unknown(conversion: Conversion) -> list[str]:
    """Measure, printed figure and label of the claims whose subject is not known."""
    return [
        f"{s.observation.measure} {s.observation.printed} {s.observation.row_label}"
        for s in conversion.content.narrative.statements
        if not s.compared
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "图书采购支出50万元。",
        "图书采购，支出50万元。",
        "关于图书采购的说明，本年支出50万元。",
        "其他支出50万元。",
        "本部门2024年有关支出50万元。",
        "主要支出50万元。",
        "全区支出50万元。",
        "2024年安排资金50万元，用于图书采购。",
        "2024年预算安排50万元用于图书采购。",
        "本年相关费用合计50万元。",
    ],
)
def test_an_amount_of_nobody_knows_what_is_not_that_of_everything(sentence: str) -> None:
    conversion = told(sentence)
    assert stated(conversion) == {}
    assert [issue.values["figure"] for issue in issues(conversion, "subject-not-known")] == ["50万元"]
    [claim] = [s for s in conversion.content.narrative.statements if not s.compared]
    assert claim.observation.coordinates["line"] != "code/line/total"
    assert claim.observation not in [o for point in conversion.content.points for o in point.claims]


def test_what_a_heading_names_needs_no_name_in_its_sentence() -> None:
    assert stated(told("2024年预算安排50万元。", "一、项目支出预算情况说明")) == {"50": "project"}
    assert stated(told("2024年支出预算300万元。")) == {"300": "this-year"}


def test_the_whole_of_a_list_with_an_entry_that_is_not_understood_is_not_narrowed_by_the_others() -> None:
    sentence = "2024年支出预算300万元，其中：基本支出200万元，{}100万元。"
    assert stated(told(sentence.format("图书采购支出"))) == {"300": "this-year", "200": "basic"}
    assert stated(told(sentence.format("项目支出"))) == {"300": "this-year", "200": "basic", "100": "project"}


def test_what_is_said_of_something_not_understood_is_not_said_of_the_whole() -> None:
    sentences = "2024年支出预算300万元。\n\n图书采购。年初安排50万元，支出预算比上年增加20万元。"
    assert stated(told(sentences)) == {"300": "this-year"}
    assert unknown(told(sentences)) == ["amount 50 图书采购", "change 20 图书采购"]


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("一般公共服务（类）支出", "201"),
        ("人大事务（类）", "20101"),
        ("其他人大事务（项）支出", "2010199"),
    ],
)
def test_a_class_is_known_without_its_last_word_and_by_a_name_that_only_it_has(name: str, function: str) -> None:
    conversion = told(f"{name}50万元。")
    [said] = [o for o in conversion.observations if o.table == "n"]
    assert conversion.vocabulary.notation(said.coordinates["function"]) == function


def test_a_name_of_several_classes_is_of_the_level_that_its_mark_says() -> None:
    assert issues(told("行政运行（类）50万元。"), "subject-not-known")


def test_a_change_may_name_its_subject_before_the_year_compared_with() -> None:
    conversion = told("2024年支出预算300万元。2024年支出预算比2023年减少20万元，下降6.25%。")
    changes = [o for o in conversion.observations if o.measure in ("change", "changeRate")]
    assert [o.printed for o in changes] == ["20", "6.25"]


def test_the_office_may_leave_out_its_division() -> None:
    assert stated(told("园林局2024年支出预算300万元。")) == {"300": "this-year"}


def test_behind_words_that_are_not_understood_nothing_is_said_of_an_earlier_sentence() -> None:
    sentences = "2024年支出预算300万元。按某种口径相比，本年比上年减少20万元。"
    [change] = [s for s in told(sentences).content.narrative.statements if s.observation.measure == "change"]
    assert change.change_of is None
    assert not change.compared
