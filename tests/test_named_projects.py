"""Tables of projects without codes, and money carried over from last year beside the funds of this year."""

from __future__ import annotations

from small_disclosures import BUREAU, convert, issues, placed, table

from converters import Conversion, find_unread
from shapes import check

FUNDS = "项目名称 | 合计 | 一般公共预算 | 政府性基金预算 | 上年结转资金"
ROWS = """
合计 | 60.00 | 50.00 | 0.00 | 10.00
校舍维修专项 | 40.00 | 30.00 | 0.00 | 10.00
教师培训经费 | 20.00 | 20.00 | 0.00 | 0.00
"""


def projects(rows: str, header: str = FUNDS) -> Conversion:
    return convert(table(10, "项目支出表", header + "\n" + rows.strip()))


def violations(conversion: Conversion) -> list[str]:
    return [f.rule for f in check(conversion.graph).findings if f.severity == "violation"]


def names(conversion: Conversion) -> dict[str | None, str]:
    """Name of a project -> key."""
    return {entity.name: entity.key for entity in conversion.entities if "/project/" in entity.key}


def test_projects_without_codes_are_placed_by_name() -> None:
    conversion = projects(ROWS)
    found = placed(conversion, "t10")
    keys = {row: places.get("project") for (row, column), places in found.items() if column == "合计"}
    assert keys["合计"] is None
    assert len({*keys.values()}) == 3
    assert find_unread(conversion) == ()


def test_money_carried_over_is_a_part_of_the_total_beside_the_funds_of_the_year() -> None:
    conversion = projects(ROWS)
    found = placed(conversion, "t10")
    assert found["合计", "上年结转资金"] == {"flow": "expenditure", "kind": "project", "vintage": "carried-over"}
    assert found["合计", "一般公共预算"]["vintage"] == "current"
    assert "vintage" not in found["合计", "合计"]
    assert "sum" not in violations(conversion)
    assert "title-header" not in violations(conversion)


def test_a_wrong_project_is_found() -> None:
    conversion = projects(ROWS.replace("教师培训经费 | 20.00 | 20.00", "教师培训经费 | 20.00 | 21.00"))
    assert "sum" in violations(conversion)


def test_the_name_is_found_beside_units_categories_and_classes() -> None:
    rows = f"""
 | 合计 | | | | 60.00 | 50.00 | 10.00
1 | {BUREAU} | 校舍维修专项 | 特定目标类 | 2050299 其他普通教育支出 | 40.00 | 30.00 | 10.00
2 | {BUREAU} | 教师培训经费 | 特定目标类 | 2050803 培训支出 | 20.00 | 20.00 | 0.00
"""
    conversion = projects(
        rows, "序号 | 项目单位 | 项目名称 | 项目类别 | 支出功能分类科目 | 合计 | 一般公共预算 | 单位资金"
    )
    found = placed(conversion, "t10")
    assert found["校舍维修专项", "合计"]["project"] != found["教师培训经费", "合计"]["project"]
    assert find_unread(conversion) == ()
    assert "sum" not in violations(conversion)


def test_names_without_marks_are_parts_of_the_marked_name_above() -> None:
    conversion = projects(
        """
合计 | 60.00 | 60.00 | 0.00 | 0.00
一、特定目标类 | 40.00 | 40.00 | 0.00 | 0.00
校舍维修专项 | 30.00 | 30.00 | 0.00 | 0.00
图书购置经费 | 10.00 | 10.00 | 0.00 | 0.00
二、其他运转类 | 20.00 | 20.00 | 0.00 | 0.00
教师培训经费 | 20.00 | 20.00 | 0.00 | 0.00
"""
    )
    keys = names(conversion)
    parents = {entity.name: entity.parent for entity in conversion.entities}
    assert parents["校舍维修专项"] == keys["特定目标类"]
    assert parents["教师培训经费"] == keys["其他运转类"]
    assert "sum" not in violations(conversion)


def test_a_name_printed_twice_is_not_placed() -> None:
    conversion = projects(ROWS.replace("教师培训经费", "校舍维修专项"))
    assert [issue.values["word"] for issue in issues(conversion, "project-row-repeated")] == ["校舍维修专项"] * 2
    assert find_unread(conversion) != ()
    assert violations(conversion) == []


def test_a_form_stands_at_the_project_that_the_table_names() -> None:
    form = """
表15 项目支出绩效目标申报表

单位：元

项目名称 | 校舍维修专项 | | |
项目起止日期 | 2023-01-01 | 至 | 2025-12-31
项目资金 | 项目总预算 | 120.00 | |
 | 当年财政拨款 | 30.00 | |
 | 上年结转资金 | 10.00 | |
"""
    conversion = convert(table(10, "项目支出表", FUNDS + "\n" + ROWS.strip()), form)
    observations = {o.row_label: o.coordinates for o in conversion.observations if o.table == "t15"}
    project = names(conversion)["校舍维修专项"]
    assert {row: (c["project"], c["period"], c["vintage"].rpartition("/")[2]) for row, c in observations.items()} == {
        "项目总预算": (project, "code/period/lifetime", "total"),
        "当年财政拨款": (project, "code/period/year", "current"),
        "上年结转资金": (project, "code/period/year", "carried-over"),
    }
