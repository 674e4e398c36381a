"""Shares of a total that the words name and only a table prints."""

import pytest
from narrated import statements
from small_disclosures import convert, table

from shapes import check

GENERAL = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | {0} | 480.20 | {1}
 | 合计 | {0} | 480.20 | {1}
"""
TABLES = (
    table(3, "支出总表", GENERAL.format("580.20", "100.00"), "单位：万元"),
    table(5, "一般公共预算支出表", GENERAL.format("560.20", "80.00"), "单位：万元"),
)


def told(sentence: str) -> list[str]:
    """What is found of shares in a disclosure with two tables and this sentence."""
    text = f"第三部分 情况说明\n五、一般公共预算支出情况\n{sentence}"
    return [
        f.message["zh"] for f in check(convert(*TABLES, text).triples).findings if f.rule.startswith("change-share")
    ]


@pytest.mark.parametrize("whole", ["本年支出合计", "支出预算总额", "2024年支出总计", "总支出"])
@pytest.mark.parametrize(("share", "wrong"), [("96.55", 0), ("86.55", 1)])
def test_a_share_of_a_total_is_held_to_the_table_that_prints_it(whole: str, share: str, wrong: int) -> None:
    found = told(f"2024年一般公共预算支出560.20万元，占{whole}的{share}%。")
    assert len(found) == wrong
    assert all("560.20÷580.20" in message for message in found)


def test_a_share_that_follows_from_the_total_of_one_fund_is_not_wrong() -> None:
    assert told("2024年项目支出80.00万元，占支出合计的14.28%。") == []


def test_a_share_of_a_year_whose_total_is_not_printed_is_not_compared() -> None:
    assert told("2024年一般公共预算支出560.20万元，占2023年支出合计的86.55%。") == []


def test_no_amount_is_its_own_whole() -> None:
    text = "五、一般公共预算支出情况\n一般公共预算支出560.20万元，占支出的96.55%。"
    [share] = [s for s in statements(text) if s.observation.measure == "share"]
    assert share.share_in is None
