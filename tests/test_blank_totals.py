"""Totals that are left blank while their parts have figures."""

import pytest
from small_disclosures import convert, expenditure, table

from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

ROWS = """
201 | 一般公共服务支出 | {0} | 60.00 | {1}
2010101 | 行政运行 | 60.00 | 60.00 | {2}
2010102 | 一般行政管理事务 | 40.00 | | {3}
 | 合计 | {4} | 60.00 | {1}
"""


def told(*texts: str) -> list[str]:
    """What is found of blank totals in a disclosure with these tables."""
    report = check(convert(*texts).graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    return [finding.message["zh"] for finding in report.findings if finding.rule == "total-blank"]


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (("100.00", "40.00", "", "40.00", ""), "“合计”行“合计”栏没有数字"),
        (("", "40.00", "", "40.00", "100.00"), "“201 一般公共服务支出”行“合计”栏没有数字"),
        (("100.00", "", "", "40.00", "100.00"), "“201 一般公共服务支出”行“项目支出”栏没有数字"),
    ],
)
def test_a_blank_total_of_figures_is_told_with_what_they_add_up_to(cells: tuple[str, ...], place: str) -> None:
    messages = told(expenditure(ROWS.format(*cells)))
    assert any(place in message for message in messages)
    assert all("个分项相加得" in message for message in messages)


@pytest.mark.parametrize(
    "cells",
    [
        ("100.00", "40.00", "", "40.00", "100.00"),
        ("100.00", "40.00", "", "40.00", "0.00"),
        ("60.00", "", "", "", "60.00"),
    ],
)
def test_blank_parts_and_printed_totals_are_not_told(cells: tuple[str, ...]) -> None:
    assert told(expenditure(ROWS.format(*cells))) == []


def test_a_total_printed_in_another_row_is_not_missing() -> None:
    rows = " | 合计 | | |\n201 | 一般公共服务支出 | 100.00 | 60.00 | 40.00\n | 总计 | 100.00 | 60.00 | 40.00"
    assert told(expenditure(rows)) == []


def test_a_blank_unit_price_of_a_total_is_no_blank_total() -> None:
    rows = "序号 | 采购项目 | 数量 | 单价 | 采购金额\n1 | 电脑 | 2 | 10.00 | 20.00\n | 合计 | | | 20.00"
    assert told(table(11, "政府采购预算表", rows)) == []


def test_a_blank_quantity_of_a_total_is_no_blank_total() -> None:
    rows = "采购项目 | 采购品目 | 数量 | 合计 | 一般公共预算\n合计 | | | {} | 20.00\n"
    rows += "台式机 | A02010105 台式计算机 | 2 | 10.00 | 10.00\n"
    rows += "打印机 | A02021003 激光打印机 | 1 | 10.00 | 10.00"
    assert told(table(11, "政府采购预算表", rows.format("20.00"))) == []
    assert len(told(table(11, "政府采购预算表", rows.format("")))) == 1


REVENUE = """
收入 | | 支出 |
项目名称 | 金额 | 项目名称 | 金额
一、财政拨款 | 100.00 | 一、基本支出 | 60.00
三、其他资金 | 20.00 | 二、项目支出 | 60.00
当年收入小计 | {0} | 当年支出小计 | {1}
"""


@pytest.mark.parametrize(("cells", "wrong"), [(("", "120.00"), 1), (("120.00", ""), 1), (("120.00", "120.00"), 0)])
def test_a_blank_total_of_one_half_of_a_table_is_told(cells: tuple[str, ...], wrong: int) -> None:
    assert len(told(table(1, "收支总表", REVENUE.format(*cells)))) == wrong
