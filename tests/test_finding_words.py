"""Computed figures in messages: no negative differences, degrees of completion, and a word about units far apart."""

import pytest
from narrated import narrated

from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

FINAL = "一、一般公共预算支出决算情况\n\n"


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (
            "项目支出59.50万元，比上年69.50万元增加10.00万元。",
            "change-base",
            "照这两个数应为减少 10.00 万元，与所写相差 20.00 万元",
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
    report = check(narrated(text).triples, vocabulary=rule_vocabulary(DEFAULT_BASE))
    [message] = [finding.message["zh"] for finding in report.findings if finding.rule == rule]
    assert words in message
