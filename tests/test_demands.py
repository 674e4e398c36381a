"""What law and practice demand of a disclosure: each demand fails when its subject is taken out of the document."""

from __future__ import annotations

import re
from functools import cache

import pytest
from small_disclosures import convert

from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

TEXT = """滨河市园林局2024年度部门决算

第一部分 园林局概况

一、主要职能

负责本市的有关工作。

二、机构设置

本部门设三个科。

第二部分 2024年度部门决算情况说明

一、收支情况说明

2024年度收入总计100.00万元，比上年增加5.00万元，增长5.26%。

二、“三公”经费支出情况说明

“三公”经费支出0.50万元，比上年减少0.10万元。其中：公务接待费0.50万元，接待5批次、40人次。

三、机关运行经费支出情况

机关运行经费支出10.00万元，与上年持平。

四、政府采购支出情况

政府采购支出20.00万元，其中授予中小企业合同金额15.00万元。

五、国有资产占用情况

共有车辆1辆。

六、绩效管理情况

对2个项目开展绩效自评。

第三部分 名词解释

公务接待费：指按规定开支的各类公务接待支出。
"""
"""A final account, its text alone: what is asked of the text is all there."""

TAKEN_OUT = {
    23: ("接待5批次、40人次", "required-detail"),
    25: ("，与上年持平", "required-section"),
    28: ("，其中授予中小企业合同金额15.00万元", "required-detail"),
    30: ("五、国有资产占用情况\n\n共有车辆1辆。\n\n", "required-section"),
    31: ("六、绩效管理情况\n\n对2个项目开展绩效自评。\n\n", "required-section"),
    32: ("一、主要职能\n\n负责本市的有关工作。\n\n", "required-section"),
    34: ("第三部分 名词解释\n\n公务接待费：指按规定开支的各类公务接待支出。\n", "required-section"),
}
"""The words to take out for a demand, and the rule that then finds something."""

PUT_IN = {
    1: ("部门决算于2025年8月1日批复。\n\n公开日期：2025年10月15日。\n", "published-late"),
    18: ("填报日期：2024年2月30日。\n", "impossible-day"),
    40: ("经办人身份证号11010519491231002X。\n", "identity-number"),
}
"""Words that no disclosure should print, by demand, and the rule that finds them."""


@cache
def found(text: str) -> frozenset[str]:
    """The rules of completeness and of words that find something in a text."""
    report = check(convert(text).graph, vocabulary=rule_vocabulary(DEFAULT_BASE), families=("completeness", "words"))
    return frozenset(finding.rule for finding in report.findings)


def test_the_text_alone_lacks_only_its_tables() -> None:
    assert found(TEXT) == {"tables-published"}


@pytest.mark.parametrize("demand", TAKEN_OUT)
def test_a_demand_fails_when_its_subject_is_taken_out(demand: int) -> None:
    words, rule = TAKEN_OUT[demand]
    assert words in TEXT
    assert rule in found(TEXT.replace(words, ""))


@pytest.mark.parametrize("demand", PUT_IN)
def test_a_demand_fails_when_what_it_forbids_is_put_in(demand: int) -> None:
    words, rule = PUT_IN[demand]
    assert rule in found(TEXT + "\n" + words)


def test_a_day_broken_off_by_a_line_break_is_not_impossible() -> None:
    assert "impossible-day" not in found(TEXT + "\n填报日期：2024.01.0\n1\n")


@pytest.mark.parametrize(
    "approval",
    [
        "根据区委编办2019年3月12日批复设立本单位。",
        "区发改局2025年3月12日批复该项目。",
        "2024年度部门预算于2024年2月8日批复。",
        "部门决算于2025年9月30日批复。",
    ],
)
def test_other_approvals_begin_no_period(approval: str) -> None:
    assert "published-late" not in found(f"{TEXT}\n{approval}\n\n公开日期：2025年10月15日。\n")


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002x"]
)
def test_the_number_of_an_identity_card_is_told_but_not_kept(number: str) -> None:
    line = f"经办人身份证号{number}。"
    assert "identity-number" in found(f"{TEXT}\n{line}\n")
    conversion = convert(TEXT, f"{line}\n")
    assert any("#printed" in str(t.predicate) and "*" * 18 in str(t.object) for t in conversion.triples)
    kept = [*map(str, conversion.triples), *(block.text for d in conversion.documents for block in d.blocks)]
    assert not any(number in text or "11010519491231002X" in text for text in kept)


@pytest.mark.parametrize("number", ["110105194912310021", "110105194913310020", "1 101051 94912310 02X"])
def test_other_digits_are_no_identity_card(number: str) -> None:
    assert "identity-number" not in found(f"{TEXT}\n受理编号{number}。\n")


def test_changes_are_not_told_where_no_sentence_compares() -> None:
    level = re.sub(r"，比上年[^。]*|，与上年持平", "", TEXT)
    assert "required-section" in found(level)


def test_money_that_is_nothing_in_both_years_needs_no_comparison() -> None:
    told = "支出0.50万元，比上年减少0.10万元。其中：公务接待费0.50万元，接待5批次、40人次。"
    assert "required-section" in found(TEXT.replace(told, "支出预算10万元，支出决算10万元。"))
    assert "required-section" not in found(TEXT.replace(told, "支出预算0万元，支出决算0万元。"))


CONTENTS = """目 录

一、主要职能 ........ 1
二、政府性基金财政拨款支出预算表 ........ 2
三、{entry} ........ 3

"""


@pytest.mark.parametrize("entry", ["机构设置", "车辆情况说明"])
def test_a_title_in_other_words_is_not_missing_from_the_document(entry: str) -> None:
    text = CONTENTS.format(entry=entry) + TEXT + "\n公开10表：政府性基金支出预算表\n"
    assert ("contents-missing" in found(text)) is (entry == "车辆情况说明")
