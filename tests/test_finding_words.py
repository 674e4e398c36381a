"""Computed figures in messages: no negative differences, degrees of completion, and a word about units far apart."""

import pytest
from narrated import narrated
from small_disclosures import convert, table

from ontology import DEFAULT_BASE
from shapes import Report, check
from yusuan.checked_document import rule_vocabulary

FINAL = "一、一般公共预算支出决算情况\n\n"


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (
            "项目支出59.50万元，比上年69.50万元增加10.00万元。",
            "change-base",
            "按 59.50−69.50 应为减少 10.00 万元，相差 20.00 万元",
        ),
        ("项目支出59.50万元，比上年69.50万元增长16.81%。", "change-base-rate", "÷69.50 应为下降 14.39%。"),
        (
            FINAL + "项目支出年初预算为10.00万元，支出决算为4.00万元，完成年初预算的50.00%。",
            "change-share",
            "完成预算的 50.00%，按 4.00÷10.00 应为 40.00%。",
        ),
        (
            FINAL + "项目支出年初预算为10.00元，支出决算为4.00万元，完成年初预算的40.00%。",
            "change-share",
            "按 4.00万元÷10.00元 应为 400000.00%（相差悬殊，请先核对两个数的单位）。",
        ),
    ],
)
def test_computed_figures_are_readable(text: str, rule: str, words: str) -> None:
    report = check(narrated(text).graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    [message] = [finding.message["zh"] for finding in report.findings if finding.rule == rule]
    assert words in message


def checked(*texts: str) -> Report:
    return check(convert(*texts).graph, vocabulary=rule_vocabulary(DEFAULT_BASE))


FUND = (
    table(8, "政府性基金预算支出表", "科目编码 | 科目名称 | 合计", "单位：万元")
    + "\n2024年无政府性基金预算支出，故此表无数据。\n"
)
PLAN = "第三部分 情况说明\n三、支出预算情况\n"


def test_the_note_of_an_empty_table_is_no_figure() -> None:
    report = checked(FUND, PLAN + "2024年政府性基金预算支出12.00万元。")
    [found] = [finding for finding in report.findings if finding.rule == "same"]
    assert "注明没有数据（即为零）" in found.message["zh"]
    assert "故此表无数据" not in found.message["zh"]
    assert all(not repair.candidates for repair in report.repairs)
    agreed = checked(FUND, PLAN + "2024年政府性基金预算支出0.00万元。")
    assert "same" not in {finding.rule for finding in agreed.findings}


@pytest.mark.parametrize(("rate", "accusations"), [("5.49", 0), ("9.45", 1)])
def test_a_rate_that_two_statements_of_a_change_contradict_is_told_once(rate: str, accusations: int) -> None:
    text = f"2024年支出预算580.20万元，比上年增加30.20万元，增长{rate}%。\n四、增减变化情况\n"
    report = checked(FUND, PLAN + text + "2024年支出预算比上年增加30.20万元。")
    rates = [finding for finding in report.findings if finding.rule == "change-rate"]
    assert len(rates) == accusations
    assert all(
        finding.right is not None and finding.right.place.line == finding.left.place.line
        for finding in rates
        if finding.left
    )
    tally = report.checked["change-rate"]
    assert tally.passed + tally.failed == 2
