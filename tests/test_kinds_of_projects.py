"""The kinds of projects of the integrated budget system, beside basic and project expenditure or in their place."""

from claims import VOCABULARY
from small_disclosures import BUREAU, convert, issues, placed, table

from converters.conversion import Conversion
from converters.cube.sums import find_sums
from converters.model.document_context import open_context
from converters.reports.unread import find_unread

TITLE = "支出总表"
ALONE = """
科目编码 | 科目名称 | 合计 | 人员类项目 | 运转类项目 | 特定目标类项目
 | 合计 | 100.00 | 50.00 | 20.00 | 30.00
213 | 农林水支出 | 100.00 | 50.00 | 20.00 | 30.00
"""
BESIDE = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 人员类 | 运转类 | 特定目标类
 | 合计 | 100.00 | 65.00 | 35.00 | 50.00 | 20.00 | 30.00
213 | 农林水支出 | 100.00 | 65.00 | 35.00 | 50.00 | 20.00 | 30.00
"""
BELOW = """
科目编码 | 科目名称 | 合计 | 基本支出 | | | 项目支出 | |
 | | | 小计 | 人员经费 | 公用经费 | 小计 | 运转类 | 特定目标类
 | 合计 | 100.00 | 65.00 | 50.00 | 15.00 | 35.00 | 5.00 | 30.00
213 | 农林水支出 | 100.00 | 65.00 | 50.00 | 15.00 | 35.00 | 5.00 | 30.00
"""
DIVIDED = """
科目编码 | 科目名称 | 合计 | 人员类 | 运转类 | | | 特定目标类
 | | | | 小计 | 公用经费 | 其他运转类 |
 | 合计 | 100.00 | 50.00 | 20.00 | 15.00 | 5.00 | 30.00
213 | 农林水支出 | 100.00 | 50.00 | 20.00 | 15.00 | 5.00 | 30.00
"""


def budget(rows: str) -> Conversion:
    """A budget with the table of expenditure."""
    return convert(f"{BUREAU}2024年部门预算", table(3, TITLE, rows, unit="单位：万元"))


def kinds(conversion: Conversion) -> dict[str, str]:
    """Column -> kind, in the row of the total."""
    found = placed(conversion, "t03")
    return {column: places.get("kind", "total") for (row, column), places in found.items() if row == "合计"}


def rows_of_sums(conversion: Conversion) -> dict[str, list[str]]:
    """Column of a total -> columns of its parts, along the row of the total."""
    sums = find_sums(conversion.content.tables, open_context(VOCABULARY))
    return {
        s.total.column_label: [part.column_label for part in s.parts]
        for s in sums
        if s.total.row_label == "合计" and s.suffix.startswith("/sum/row")
    }


def test_the_kinds_of_projects_divide_the_total() -> None:
    conversion = budget(ALONE)
    assert find_unread(conversion) == ()
    assert kinds(conversion) == {
        "合计": "this-year",
        "人员类项目": "personnel",
        "运转类项目": "running",
        "特定目标类项目": "specific-goal",
    }
    assert rows_of_sums(conversion) == {"合计": ["人员类项目", "运转类项目", "特定目标类项目"]}


def test_a_kind_of_projects_that_does_not_add_up_is_told() -> None:
    broken = budget(ALONE.replace("50.00 | 20.00", "50.00 | 21.00"))
    assert [s.holds for s in find_sums(broken.content.tables, open_context(VOCABULARY)) if s.along == ("kind",)] == [
        False,
        False,
    ]


def test_beside_basic_and_project_expenditure_the_running_of_an_office_is_part_of_both() -> None:
    conversion = budget(BESIDE)
    assert find_unread(conversion) == ()
    assert rows_of_sums(conversion) == {"合计": ["基本支出", "项目支出"]}


def test_without_one_of_the_two_that_it_is_part_of_nothing_adds_up() -> None:
    header = "科目编码 | 科目名称 | 合计 | 基本支出 | 运转类 | 特定目标类"
    conversion = budget(f"{header}\n | 合计 | 100.00 | 65.00 | 20.00 | 30.00")
    assert find_unread(conversion) == ()
    assert rows_of_sums(conversion) == {}


def test_below_project_expenditure_it_is_the_other_running_costs() -> None:
    conversion = budget(BELOW)
    assert find_unread(conversion) == ()
    assert kinds(conversion)["项目支出 运转类"] == "other-running"
    assert rows_of_sums(conversion) == {
        "合计": ["基本支出 小计", "项目支出 小计"],
        "基本支出 小计": ["基本支出 人员经费", "基本支出 公用经费"],
        "项目支出 小计": ["项目支出 运转类", "项目支出 特定目标类"],
    }


def test_it_is_divided_into_public_funds_and_other_running_costs() -> None:
    conversion = budget(DIVIDED)
    assert find_unread(conversion) == ()
    assert kinds(conversion)["运转类 公用经费"] == "public"
    assert rows_of_sums(conversion) == {
        "合计": ["人员类", "运转类 小计", "特定目标类"],
        "运转类 小计": ["运转类 公用经费", "运转类 其他运转类"],
    }


def test_a_kind_below_another_that_excludes_it_is_told() -> None:
    conversion = budget(BELOW.replace("特定目标类", "人员类"))
    assert [issue.values["word"] for issue in issues(conversion, "unknown-header")] == ["人员类"]


def test_a_fact_that_overlaps_others_is_never_added_to_them() -> None:
    facts = budget(BESIDE).facts
    adding = {f.coordinates["kind"].rsplit("/")[-1]: f.adds for f in facts if f.breakdown == ("kind",)}
    assert (adding["basic"], adding["project"], adding["running"]) == (True, True, False)
