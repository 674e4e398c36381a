"""Tables that only some provinces publish, in their standard columns: every figure has its place or is told."""

import pytest
from claims import VOCABULARY
from small_disclosures import BUREAU, convert, issues, placed, table

from converters.conversion import Conversion
from converters.recognition.titles import kinds_by_title
from converters.reports.unread import find_unread

ACCOUNT = f"{BUREAU}2024年度部门决算"
BY_LEVEL = f"""
项目 | | | | 总计 | 县级当年财政拨款安排 | | | | | 上级提前通知专项转移支付等 | | 上年结转安排
科目编码 | | 单位代码 | 单位名称（科目） | | 合计 | 一般公共预算拨款 | | | 政府性基金安排 | 合计 | 一般公共预算拨款 |
类 | 款 | | | | | 小计 | 基本支出 | 项目支出 | | | |
 | | | 合计 | 100.00 | 90.00 | 80.00 | 60.00 | 20.00 | 10.00 | 4.00 | 4.00 | 6.00
 | | 108001 | {BUREAU} | 100.00 | 90.00 | 80.00 | 60.00 | 20.00 | 10.00 | 4.00 | 4.00 | 6.00
 | | | 工资福利支出 | 60.00 | 60.00 | 60.00 | 60.00 | | | | |
301 | 01 | 108001 | 基本工资 | 40.00 | 40.00 | 40.00 | 40.00 | | | | |
301 | 02 | 108001 | 津贴补贴 | 20.00 | 20.00 | 20.00 | 20.00 | | | | |
 | | | 商品和服务支出 | 40.00 | 30.00 | 20.00 | | 20.00 | 10.00 | 4.00 | 4.00 | 6.00
302 | 01 | 108001 | 办公费 | 40.00 | 30.00 | 20.00 | | 20.00 | 10.00 | 4.00 | 4.00 | 6.00
"""
CLASSES_ACROSS = """
项目 | | 合计 | 工资福利支出 | | | 资本性支出（基本建设） | | 资本性支出 | |
科目编码 | 科目名称 | | 小计 | 基本工资 | 伙食补助费 | 小计 | 办公设备购置 | 小计 | 办公设备购置 | 专用设备购置
 | 合计 | 100.00 | 70.00 | 60.00 | 10.00 | 1.00 | 1.00 | 29.00 | 20.00 | 9.00
201 | 一般公共服务支出 | 100.00 | 70.00 | 60.00 | 10.00 | 1.00 | 1.00 | 29.00 | 20.00 | 9.00
20101 | 人大事务 | 100.00 | 70.00 | 60.00 | 10.00 | 1.00 | 1.00 | 29.00 | 20.00 | 9.00
2010101 | 行政运行 | 70.00 | 70.00 | 60.00 | 10.00 | | | | |
2010102 | 一般行政管理事务 | 30.00 | | | | 1.00 | 1.00 | 29.00 | 20.00 | 9.00
"""


def account(title: str, rows: str) -> Conversion:
    """A final account with one table."""
    return convert(ACCOUNT, table(5, title, rows, unit="单位：万元"))


def budget(title: str, rows: str) -> Conversion:
    """A budget with one table."""
    return convert(f"{BUREAU}2024年部门预算", table(5, title, rows, unit="单位：万元"))


def test_appropriations_by_economic_class_tell_levels_of_government_apart() -> None:
    conversion = budget("财政拨款支出预算表（部门经济分类科目）", BY_LEVEL)
    found = placed(conversion, "t05")
    assert find_unread(conversion) == ()
    assert found["合计", "总计"] == {"flow": "expenditure", "fund": "fiscal"}
    level = "县级当年财政拨款安排"
    assert found["基本工资", f"{level} 一般公共预算拨款 基本支出"] == {
        "flow": "expenditure",
        "fund": "general-public",
        "vintage": "own-level",
        "economic": "30101",
        "kind": "basic",
    }
    assert found["办公费", f"{level} 政府性基金安排"]["fund"] == "government-fund"
    above = found["商品和服务支出", "上级提前通知专项转移支付等 一般公共预算拨款"]
    assert (above["vintage"], above["economic"]) == ("from-above", "302")
    assert found["合计", "上年结转安排"]["vintage"] == "carried-over"
    assert "vintage" not in found["合计", "总计"]


def test_a_class_in_a_column_is_the_one_of_the_class_above_it() -> None:
    conversion = account("一般公共预算财政拨款支出决算明细表", CLASSES_ACROSS)
    found = placed(conversion, "t05")
    assert find_unread(conversion) == ()
    classes = {column: places.get("economic") for (row, column), places in found.items() if row == "合计"}
    assert classes == {
        "合计": None,
        "工资福利支出 小计": "301",
        "工资福利支出 基本工资": "30101",
        "工资福利支出 伙食补助费": "30106",
        "资本性支出（基本建设） 小计": "30902",
        "资本性支出（基本建设） 办公设备购置": "30902",
        "资本性支出 小计": "310",
        "资本性支出 办公设备购置": "31002",
        "资本性支出 专用设备购置": "31003",
    }
    assert found["行政运行", "工资福利支出 基本工资"]["function"] == "2010101"


def test_a_class_below_another_that_it_is_no_part_of_is_not_placed() -> None:
    header = "科目编码 | 科目名称 | 合计 | 其他工资福利支出 |\n | | | 小计 | 伙食补助费"
    conversion = account("一般公共预算财政拨款支出决算明细表", f"{header}\n2010101 | 行政运行 | 9.00 | 9.00 | 9.00")
    assert [issue.values["word"] for issue in issues(conversion, "unknown-header")] == ["伙食补助费"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("一般公共预算财政拨款基本支出预算表（部门经济分类）", "general-public-basic"),
        ("财政拨款基本支出预算表（部门经济分类）", "fiscal-basic"),
        ("财政拨款支出决算明细表", "fiscal-expenditure-economic"),
        ("政府性基金预算“三公”经费支出预算表", "three-public-government-fund"),
    ],
)
def test_titles_with_a_classification_behind_them(title: str, kind: str) -> None:
    found = next(kinds_by_title(title, VOCABULARY), None)
    assert found is not None
    assert found.key == f"code/table/{kind}"
