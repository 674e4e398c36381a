"""Tables whose rows name unit and class side by side, as the integrated budget system exports them."""

from small_disclosures import BUREAU, convert, issues, placed, table

from converters.conversion import Conversion
from converters.reports.unread import find_unread

HEADER = "单位编码 | 单位名称 | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
ROWS = f"""
 | 合计 | | | 120.00 | 80.00 | 40.00
301 | {BUREAU} | | | 120.00 | 80.00 | 40.00
301001 | 局机关 | | | 90.00 | 60.00 | 30.00
301001 | 局机关 | 2130201 | 行政运行 | 60.00 | 60.00 |
301001 | 局机关 | 2130204 | 事业机构 | 30.00 | | 30.00
301002 | 林场 | | | 30.00 | 20.00 | 10.00
301002 | 林场 | 2130201 | 行政运行 | 20.00 | 20.00 |
301002 | 林场 | 2130204 | 事业机构 | 10.00 | | 10.00
"""


def budget(rows: str, title: str = "支出总表") -> Conversion:
    """A budget with one table."""
    return convert(f"{BUREAU}2024年部门预算", table(3, title, rows, unit="单位：万元"))


def units(conversion: Conversion) -> dict[str, str]:
    """Code of a unit -> its name."""
    return {code: unit.name for code, unit in conversion.organisations.by_code.items()}


def places(conversion: Conversion) -> set[tuple[str, str, str]]:
    """Unit, function and printed figure of the first column."""
    return {
        (o.coordinates["organisation"].rsplit("/")[-1], o.coordinates["function"].rsplit("/")[-1], o.printed)
        for o in conversion.observations
        if o.column_label == "合计"
    }


def test_each_row_is_a_class_within_a_unit() -> None:
    conversion = budget(f"{HEADER}{ROWS}")
    assert find_unread(conversion) == ()
    assert units(conversion) == {"301": BUREAU, "301001": "局机关", "301002": "林场"}
    read = {(unit[:6], function[:7], printed) for unit, function, printed in places(conversion)}
    assert read >= {("301001", "2130201", "60.00"), ("301002", "2130201", "20.00"), ("301002", "total", "30.00")}
    assert all(s.holds for s in conversion.content.sums)


def test_a_wrong_figure_of_a_unit_breaks_its_sum() -> None:
    conversion = budget(f"{HEADER}{ROWS.replace('| 30.00 | 20.00 | 10.00', '| 31.00 | 21.00 | 10.00')}")
    broken = [s for s in conversion.content.sums if not s.holds]
    assert {s.total.row_label for s in broken} >= {"林场"}


def test_without_rows_of_units_each_row_is_still_that_of_its_unit() -> None:
    within = "\n".join(line for line in ROWS.strip().splitlines() if " 213" in line)
    conversion = budget(f"{HEADER}\n{within}", "一般公共预算支出表")
    assert find_unread(conversion) == ()
    assert len(places(conversion)) == 4
    assert {unit[:6] for unit, _, _ in places(conversion)} == {"301001", "301002"}


def test_names_of_classes_are_those_beside_their_codes() -> None:
    header = "单位编码 | 科目编码 | 单位名称 | 科目名称 | 合计"
    conversion = budget(
        f"{header}\n301001 | 2130201 | 局机关 | 行政运行 | 60.00\n301002 | 2130201 | 林场 | 行政运行 | 20.00"
    )
    assert units(conversion) == {"301001": "局机关", "301002": "林场"}
    assert {o.row_label for o in conversion.observations} == {"行政运行"}


def test_a_unit_without_a_readable_code_is_told() -> None:
    conversion = budget(f"{HEADER}{ROWS.replace('301002 | 林场 | | |', '12 | 林场 | | |')}")
    assert [issue.values["code"] for issue in issues(conversion, "unknown-code")] == ["12"] * 3


PROJECTS = """
单位编码 | 单位名称 | 项目类别 | 项目名称 | 合计 | 一般公共预算
 | 合计 | | | 50.00 | 50.00
301001 | 局机关 | | | 30.00 | 30.00
301001 | 局机关 | 特定目标类 | 森林防火 | 20.00 | 20.00
301001 | 局机关 | 其他运转类 | 设备维护 | 10.00 | 10.00
301002 | 林场 | | | 20.00 | 20.00
301002 | 林场 | 特定目标类 | 森林防火 | 20.00 | 20.00
"""


def test_projects_of_the_same_name_are_told_apart_by_their_units() -> None:
    conversion = budget(PROJECTS, "项目支出表")
    assert find_unread(conversion) == ()
    assert units(conversion) == {"301001": "局机关", "301002": "林场"}
    fires = [o.coordinates["organisation"][-6:] for o in conversion.observations if o.row_label == "森林防火"]
    assert len(set(fires)) == 2
    assert all(s.holds for s in conversion.content.sums)


def test_projects_of_the_same_name_in_one_unit_are_told() -> None:
    conversion = budget(PROJECTS.replace("设备维护", "森林防火"), "项目支出表")
    assert [issue.values["word"] for issue in issues(conversion, "project-row-repeated")] == ["森林防火"] * 2


def test_a_table_of_one_fund_may_be_divided_by_units() -> None:
    found = placed(budget(f"{HEADER}{ROWS}", "政府性基金预算支出表"), "t03")
    assert found["林场", "合计"]["organisation"].startswith("301002")
