"""Hard cases, each once a mistake of the converter: unknown words, odd layouts, nameless offices."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from claims import DISCLOSURE, VOCABULARY, claim, context_of
from small_disclosures import BUREAU, amounts, convert, issues, met, only_grid, placed, tabbed, table

from converters import Conversion, DocumentError, conversion_to_snapshot
from converters.model.amounts import is_blank, parse_amount
from converters.readers import read_content
from converters.recognition.captions import read_caption

KINDS = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"


def expenditure(rows: str, header: str = KINDS, unit: str = "单位：元") -> str:
    return table(3, "支出总表", f"{header}\n{rows.strip()}", unit)


def columns_of_sums(c: Conversion) -> list[tuple[str, list[str], str]]:
    return [(s.total.printed, [p.printed for p in s.parts], s.suffix) for s in c.content.sums]


# A. wrong claims ------------------------------------------------------------------------------


def test_a_total_beside_an_unknown_header_is_not_narrowed() -> None:
    c = convert(expenditure(" | 合计 | 30 | 10 | 20\n", KINDS.replace("项目支出", "杂项支出")))
    assert placed(c, "t03")["合计", "合计"].get("kind") != "basic"


def test_an_item_under_an_unknown_item_is_not_taken_for_this_years() -> None:
    rows = (
        "收入 | | 支出 |\n"
        "项目 | 预算数 | 项目 | 预算数\n"
        "一、本年收入 | 30 | 一、本年支出 | 35\n"
        "（一）一般公共预算拨款 | 30 | （一）教育支出 | 35\n"
        "二、历年余款 | 5 | |\n"
        "（一）一般公共预算拨款 | 5 | |"
    )
    c = convert(table(4, "财政拨款收支总表", rows))
    assert [o.printed for o in c.observations if o.row_label == "（一）一般公共预算拨款"] == ["30"]


def test_codes_under_an_unknown_unit_are_not_the_departments() -> None:
    rows = (
        "编码 | 名称 | 合计 | 一般公共预算\n"
        " | 合计 | 30 | 30\n"
        "108001 | 本级 | 10 | 10\n"
        "2010101 | 行政运行 | 10 | 10\n"
        "A9 | 某站 | 20 | 20\n"
        "2010101 | 行政运行 | 20 | 20"
    )
    c = convert(table(2, "收入总表", rows))
    assert [o.printed for o in c.observations if o.row_code == "2010101"] == ["10", "10"]


PROJECTS = """序号 | 项目编码 | 项目名称 | 项目单位 | 合计 | 一般公共预算
 | | | | 30 | 30
1 | 108 | 某局 | | 30 | 30
2 | 108001 | 本级 | | 30 | 30
3 | 42010724108T000000100 | 甲 | | 30 | 30"""


def test_ordinals_are_no_amounts() -> None:
    c = convert(table(10, "项目支出表", PROJECTS))
    assert {o.column_label for o in c.observations} == {"合计", "一般公共预算"}
    assert issues(c, "row-without-head") == []


def test_a_telephone_column_is_no_amount_and_leaves_nothing() -> None:
    c = convert(
        table(
            10,
            "项目支出表",
            """项目编码 | 项目名称 | 联系人 | 联系电话 | 合计
 | | | | 30
42010724108T000000100 | 甲 | 某人甲 | 86860000 | 30""",
        )
    )
    assert {o.column_label for o in c.observations} == {"合计"}
    shown = conversion_to_snapshot(c).decode()
    assert "86860000" not in shown
    assert "某人甲" not in shown


def test_a_contact_row_in_a_recognised_table_leaves_nothing() -> None:
    c = convert(expenditure("201 | 某类 | 30 | 10 | 20\n填报人：某人甲 | | 联系电话： | 86860000 | "))
    shown = conversion_to_snapshot(c).decode()
    assert "86860000" not in shown
    assert "某人甲" not in shown


def test_the_row_of_column_numbers_is_no_total() -> None:
    c = convert(expenditure(" | | 1 | 2 | 3\n | 合计 | 30 | 10 | 20"))
    assert amounts(c, "t03") == {("合计", k): Decimal(v) for k, v in [("合计", 30), ("基本支出", 10), ("项目支出", 20)]}


@pytest.mark.parametrize("text", ["1000①", "10²", "①", "₂"])
def test_circled_and_raised_digits_are_marks_not_digits(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize("title", ["国有资本经营预算收支总表", "财政拨款支出总表", "政府性基金预算项目支出表"])
def test_a_longer_title_of_another_table_is_not_cut_to_a_known_one(title: str) -> None:
    c = convert(expenditure("201 | 某类 | 30 | 10 | 20"), table(9, title, f"{KINDS}\n201 | 某类 | 30 | 10 | 20"))
    assert [t.kind for t in c.content.tables][1] is None


# B. false sums ---------------------------------------------------------------------------------


def test_a_row_that_could_not_be_placed_makes_the_sums_of_its_columns_unknown() -> None:
    c = convert(expenditure(" | 合计 | 30 | 10 | 20\n201 | 某类 | 10 | 10 | 0\n | 杂项 | 20 | 0 | 20"))
    assert [s for s in columns_of_sums(c) if s[2].startswith("/sum/column")] == []


def test_a_column_that_could_not_be_placed_makes_the_sums_of_its_rows_unknown() -> None:
    header = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 杂项支出"
    c = convert(expenditure("201 | 某类 | 30 | 10 | 15 | 5\n", header))
    assert [s for s in columns_of_sums(c) if s[2].startswith("/sum/row")] == []


def test_a_table_cut_by_a_page_number_is_one_table() -> None:
    c = convert(expenditure(" | 合计 | 30 | 10 | 20\n201 | 某类 | 10 | 10 | 0"), "12", "205 | 教育支出 | 20 | 0 | 20")
    assert ("30", ["10", "20"], "/sum/column") in columns_of_sums(c)


# C. lost figures --------------------------------------------------------------------------------


def test_a_total_written_into_the_code_column_is_a_total() -> None:
    c = convert(expenditure("合计 | | 30 | 10 | 20\n201 | 某类 | 30 | 10 | 20"))
    assert met(c) == []
    assert ("合计", "合计") in amounts(c, "t03")


@pytest.mark.parametrize(
    "line",
    [
        "部门：武汉市青山区园林局  单位：万元",
        "编制单位：武汉市青山区园林局\t\t单位：万元",
        "公开03表 单位：万元",
        "部门：武汉市青山区园林局\t金额单位：万元\t公开03表",
        "部门：武汉市青山区园林局\t2024年度\t金额单位：万元",
    ],
)
def test_the_unit_may_share_its_line(line: str) -> None:
    assert len(convert(expenditure("201 | 某类 | 30 | 10 | 20", unit=line)).observations) == 3


def test_a_code_in_square_brackets_may_stand_before_the_name() -> None:
    rows = "项目 | 合计 | 基本支出 | 项目支出\n合计 | 30 | 10 | 20\n[201]一般公共服务支出 | 30 | 10 | 20"
    c = convert(expenditure(rows, header=""))
    assert {o.coordinates["function"] for o in c.observations} == {"code/function/total", "code/function/201"}
    assert met(c) == []


def test_a_number_and_a_year_with_a_space_between_are_two_numbers() -> None:
    assert read_caption(only_grid("表3 2024年支出总表", "编码 | 合计"), VOCABULARY).number == "3"


def test_a_repeated_header_is_no_row() -> None:
    c = convert(
        expenditure(f" | 合计 | 30 | 10 | 20\n201 | 某类 | 10 | 10 | 0\n\n{KINDS}\n205 | 教育支出 | 20 | 0 | 20")
    )
    assert met(c) == []


@pytest.mark.parametrize("text", ["－", "–", "−", "／", "…"])
def test_every_dash_is_blank(text: str) -> None:
    assert is_blank(text)


def test_the_total_row_of_table_3_may_be_called_total_expenditure() -> None:
    c = convert(expenditure("| 支出总计 | 30 | 10 | 20"))
    assert met(c) == []


# D. who and when ---------------------------------------------------------------------------------

BARE = "\n支出总表\n{}\n单位：元\n" + KINDS + "\n | 合计 | 30 | 10 | 20\n"


def test_offices_whose_titles_name_nobody_do_not_share_one_address() -> None:
    one, other = (convert("2024年部门预算", BARE.format(f"部门：武汉市青山区{n}局")) for n in "甲乙")
    assert one.disclosure_iri != other.disclosure_iri


@pytest.mark.parametrize(
    "texts",
    [
        ("武汉市青山区甲局2024年部门预算", BARE.format("")),
        (
            "2024年武汉市青山区甲局部门预算",
            "2024年武汉市青山区甲局支出总表\n单位：元\n" + KINDS + "\n | 合计 | 30 | 10 | 20\n",
        ),
        ("2024年部门预算", BARE.format("部门：武汉市青山区甲局")),
    ],
)
def test_the_office_is_found_on_the_cover_after_the_year_and_in_its_own_line(texts: tuple[str, ...]) -> None:
    assert convert(*texts).organisation_name == "武汉市青山区甲局"


def test_a_name_that_wraps_on_the_cover_is_whole_where_the_text_prints_it_whole() -> None:
    c = convert("中共武汉市青山区委", "社会工作部2024年部门预算", "中共武汉市青山区委社会工作部概况", BARE.format(""))
    assert c.organisation_name == "中共武汉市青山区委社会工作部"
    assert c.organisations.division == "420107"


def test_a_word_for_any_office_behind_the_name_is_no_part_of_it() -> None:
    titled = "一、2024年度武汉市青山区甲局部门" + BARE.format("").strip()
    assert convert("武汉市青山区甲局2024年部门预算", titled).organisation_name == "武汉市青山区甲局"


def test_a_disclosure_of_nobody_is_refused() -> None:
    with pytest.raises(DocumentError):
        convert("2024年部门预算", BARE.format(""))


def test_a_year_in_running_text_is_not_the_budget_year() -> None:
    with pytest.raises(DocumentError):
        convert(
            "武汉市青山区甲局部门预算",
            "自2019年机构改革以来，本局有3人。",
            "武汉市青山区甲局" + BARE.format("").strip(),
        )


def test_units_are_not_names_of_the_department() -> None:
    c = convert(table(2, "收入总表", f"单位代码 | 单位名称 | 合计\n201 | {BUREAU} | 9\n201002 | 武汉市青山区苗圃 | 9"))
    assert issues(c, "several-names") == []


# E. the rest ---------------------------------------------------------------------------------------


def test_a_form_feed_is_no_line() -> None:
    text = "甲\n\f" + tabbed(expenditure("201 | 某类 | 5 | 5 | 0").lstrip())
    [grid] = read_content(Path("a.txt"), text.encode()).grids
    line = next(n for n, t in enumerate(text.split("\n"), 1) if t.startswith("201"))
    assert next(grid.row(2)).locator.line == line


def test_a_negative_part_in_one_dimension_leaves_the_other_dimensions_bounded() -> None:
    from converters.cube.containing_wholes import find_bounds
    from converters.cube.points import find_points

    known = context_of()
    cl = [
        claim("9"),
        claim("12", function="201"),
        claim("-3", function="205"),
        claim("5", fund="own"),
        claim("4", fund="fiscal"),
    ]
    pairs = find_bounds(find_points(cl, DISCLOSURE, known), known)
    assert sorted(p.printed for p, _ in pairs) == ["4", "5"]


def test_details_that_disagree_keep_part_and_whole_apart_where_no_top_is_printed() -> None:
    from converters.cube.points import find_points

    part, whole = claim("5", fund="general-public", function="201"), claim("9", fund="fiscal", function="201")
    assert len(find_points([part, whole], DISCLOSURE, context_of())) == 2


def test_an_issue_counts_all_figures_of_a_half_that_is_not_known() -> None:
    rows = (
        "来源 | | 支出 |\n"
        "项目 | 预算数 | 项目 | 预算数\n"
        "一、一般公共预算拨款收入 | 9 | 一、教育支出 | 9\n"
        "二、事业收入 | 0 | |"
    )
    [issue] = issues(convert(table(1, "收支总表", rows)), "unknown-header")
    assert issue.values["count"] == 2


def test_a_file_that_gives_no_figure_is_refused() -> None:
    with pytest.raises(DocumentError):
        convert(expenditure("201 | 某类 | 30 | 10 | 20", unit=""))


def test_where_items_are_withheld_parts_are_bounded_and_not_added_up() -> None:
    c = convert(expenditure(" | 合计 | 30 | 10 | 20\n201 | 某类 | 10 | 10 | 0"), "注：涉密项目不予公开。")
    assert [s for s in columns_of_sums(c) if s[2].startswith("/sum/column")] == []


def test_a_table_number_with_a_leading_zero_is_that_number() -> None:
    c = convert(expenditure("201 | 某类 | 30 | 10 | 20").replace("表 3.", "表03."))
    assert c.content.tables[0].number == "3"


def test_offices_of_unknown_divisions_with_one_code_do_not_share_an_address() -> None:
    one, other = (
        convert(table(2, "收入总表", f"单位代码 | 单位名称 | 合计\n108 | {n} | 9", office=n))
        for n in ("青山区甲局", "朝阳区乙局")
    )
    assert one.disclosure_iri != other.disclosure_iri
