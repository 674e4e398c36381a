"""An amount whose subject is not understood is reported; it is never taken for that of everything."""

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
    """Printed figure -> kind of outlay, for the running text."""
    return {
        o.printed: conversion.vocabulary.notation(o.coordinates["kind"])
        for o in conversion.observations
        if o.table == "n"
    }


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
    assert [issue.values["figure"] for issue in issues(conversion, "figure-not-placed")] == ["50万元"]


def test_what_a_heading_names_needs_no_name_in_its_sentence() -> None:
    assert stated(told("2024年预算安排50万元。", "一、项目支出预算情况说明")) == {"50": "project"}
    assert stated(told("2024年支出预算300万元。")) == {"300": "this-year"}


def test_the_whole_of_a_list_with_an_entry_that_is_not_understood_is_not_narrowed_by_the_others() -> None:
    sentence = "2024年支出预算300万元，其中：基本支出200万元，{}100万元。"
    assert stated(told(sentence.format("图书采购支出"))) == {"300": "this-year", "200": "basic"}
    assert stated(told(sentence.format("项目支出"))) == {"300": "this-year", "200": "basic", "100": "project"}
