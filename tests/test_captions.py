"""What is printed above a table: its number, title, unit, organisation and year."""

import pytest
from claims import VOCABULARY
from small_disclosures import BUREAU, only_grid, read

from converters.model.document import TextBlock
from converters.recognition.captions import (
    Caption,
    find_year,
    is_caption_line,
    organisation_in,
    read_caption,
    without_code,
)
from converters.recognition.cover import read_cover
from converters.recognition.titles import kinds_by_title
from ontology.locators import Locator

ROWS = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 5"


def caption(*lines: str) -> Caption:
    return read_caption(only_grid(*lines, ROWS), VOCABULARY)


def kind_of(title: str) -> str | None:
    kind = next(kinds_by_title(title, VOCABULARY), None)
    return kind.key.removeprefix("code/table/") if kind else None


def test_a_caption_gives_number_title_kind_and_year() -> None:
    read = caption("表 3. 武汉市青山区园林局 2024 年支出总表", "单位：元")
    assert read.kind is not None
    assert (read.number, read.title, read.kind.key, read.year) == (
        "3",
        "表 3. 武汉市青山区园林局 2024 年支出总表",
        "code/table/expenditure",
        2024,
    )


@pytest.mark.parametrize("number", ["表 3.", "表3、", "附表3：", "公开表 3："])
def test_a_table_number_is_written_in_several_ways(number: str) -> None:
    assert caption(f"{number}2024年支出总表").number == "3"


@pytest.mark.parametrize(
    "line",
    [
        "支出决算表 公开03表 部门：武汉市青山区园林局 金额单位：万元",
        "公开03表 支出决算表 部门：武汉市青山区园林局 单位：万元",
        "支出决算表　　　公开03表　　　部门：武汉市青山区园林局　　单位：万元",
    ],
)
def test_title_number_office_and_unit_may_stand_in_one_line(line: str) -> None:
    read = caption(line)
    assert read.kind is not None
    assert (read.number, read.unit, read.organisation) == ("3", "万元", BUREAU)
    assert read.kind.key == "code/table/expenditure"


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("表3：支出决算表（单位：万元）", "万元"),
        ("表3 支出决算表(单位:元)", "元"),
        ("表3、支出决算表 （金额单位：万元）", "万元"),
        ("表3 支出决算表（单位：万元，保留两位小数）", "万元"),
        ("表3 支出决算表（万元）", "万元"),
    ],
)
def test_the_unit_may_stand_in_brackets_behind_the_title(line: str, unit: str) -> None:
    read = caption(line)
    assert read.kind is not None
    assert (read.number, read.unit, read.kind.key) == ("3", unit, "code/table/expenditure")
    assert kind_of(line) == "expenditure"


def test_brackets_that_state_no_unit_are_part_of_the_title() -> None:
    assert kind_of("表3 支出决算表（单位自有资金）") is None
    assert caption("表3 支出决算表（分地区）", "单位：元").unit == "元"


def test_a_title_broken_over_two_lines_is_one_title() -> None:
    read = caption("表 7. 武汉市青山区园林局 2024 年一般公共预算“三公”经费", "支出表", "单位：元")
    assert read.kind is not None
    assert read.kind.key == "code/table/three-public"
    assert read.title == "表 7. 武汉市青山区园林局 2024 年一般公共预算“三公”经费支出表"


def test_a_title_known_only_on_its_second_line_names_the_kind() -> None:
    read = caption("表 3. 武汉市青山区园林局", "支出总表", "单位：元")
    assert read.kind is not None
    assert (read.number, read.kind.key) == ("3", "code/table/expenditure")


def test_an_unknown_title_is_kept_and_names_no_kind() -> None:
    read = caption("表 9. 2024 年树木总表", "单位：元")
    assert (read.title, read.kind) == ("表 9. 2024 年树木总表", None)


@pytest.mark.parametrize("unit", ["单位：元", "单位:元", "单位: 元", "单 位：元", "金额单位：元"])
def test_the_unit_is_spelt_in_several_ways(unit: str) -> None:
    assert caption("表 3. 2024 年支出总表", unit).unit == "元"


def test_a_line_for_the_organisation_is_no_unit_of_money() -> None:
    read = caption("表 3. 2024 年支出总表", "部门/单位：武汉市青山区园林局", "单位：万元")
    assert (read.organisation, read.unit) == ("武汉市青山区园林局", "万元")


def test_an_empty_line_for_the_organisation_names_nobody() -> None:
    assert caption("表 3. 2024 年支出总表", "部门/单位：").organisation is None


def test_a_table_without_unit_line_has_no_unit() -> None:
    assert caption("表 3. 2024 年支出总表").unit is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("收支总表", "revenue-and-expenditure"),
        ("财政拨款收支总表", "fiscal-summary"),
        ("一般公共预算支出表", "general-public"),
        ("一般公共预算基本支出表", "general-public-basic"),
        ("一般公共预算“三公”经费支出表", "three-public"),
        ('一般公共预算"三公"经费支出表', "three-public"),
        ("项目支出表", "projects"),
        ("项目支出树木表", None),
        ("支出总", None),
        ("财政拨款（含一般公共预算）“三公”经费支出表", None),
        ("“三公”经费支出表（一般公共预算）", "three-public"),
        ("“三公”经费支出表（政府性基金预算）", None),
        ("“三公”经费支出表（公开）", None),
    ],
)
def test_the_longest_title_at_the_end_names_the_kind(title: str, kind: str | None) -> None:
    assert kind_of(f"表 1. 武汉市青山区园林局 2024 年{title}") == kind


def test_text_above_the_last_table_number_belongs_to_the_table_before() -> None:
    first, second = read(
        "表 1. 2024 年收支总表", ROWS, "注：本表不含上级资金。", "表 3. 2024 年支出总表", "单位：元", ROWS
    ).grids
    assert [note.text for note in first.notes] == ["注：本表不含上级资金。"]
    assert [line.text for line in second.heading] == ["表 3. 2024 年支出总表", "单位：元"]


def test_without_table_numbers_the_heading_begins_at_the_last_known_title() -> None:
    first, second = read("收支总表", ROWS, "注：本表不含上级资金。", "支出总表", "单位：元", ROWS).grids
    assert [note.text for note in first.notes] == ["注：本表不含上级资金。"]
    assert [line.text for line in second.heading] == ["支出总表", "单位：元"]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024 年支出总表", 2024),
        ("2024年度部门预算", 2024),
        ("编号 2024", None),
        ("10240 年", None),
        ("二〇二四年", None),
    ],
)
def test_a_year_is_four_digits_before_the_word_for_year(text: str, year: int | None) -> None:
    assert find_year(text, VOCABULARY) == year


@pytest.mark.parametrize(
    ("title", "organisation"),
    [
        ("表 3. 武汉市青山区园林局 2024 年支出总表", "武汉市青山区园林局"),
        ("武汉市青山区园林局2024年度支出总表", "武汉市青山区园林局"),
        ("表 3. 2024 年支出总表", None),
        ("支出总表", None),
    ],
)
def test_the_organisation_stands_between_number_and_year(title: str, organisation: str | None) -> None:
    assert organisation_in(caption(title), VOCABULARY) == organisation


@pytest.mark.parametrize(
    "line", ["部门：某省水利厅金额单位：万元", "部门：某省水利厅单位：万元", "部门：某省水利厅 金额单位：万元"]
)
def test_organisation_and_unit_of_one_line_need_no_space_between_them(line: str) -> None:
    read = caption("表 3. 2024 年支出总表", line)
    assert (read.organisation, read.unit) == ("某省水利厅", "万元")


@pytest.mark.parametrize(
    "title", ["2024年一般公共预算项目支出预算表", "2024年一般公共预算基本支出表（按政府经济分类）"]
)
def test_a_word_across_the_beginning_of_a_title_makes_it_another_title(title: str) -> None:
    assert kind_of(title) not in ("expenditure", "general-public")


def test_a_word_before_a_title_that_contradicts_the_kind_of_table_makes_it_another_title() -> None:
    assert kind_of("2024年政府性基金预算安排的“三公”经费支出表") is None


@pytest.mark.parametrize("word", ["综合预算", "预算"])
def test_the_cover_of_a_comprehensive_budget_names_the_office(word: str) -> None:
    lines = (
        f"旬阳县水务局2025年部门{word}说明",
        "从预算单位构成看，本部门的部门预算包括部门本级预算。纳入本部门2025年部门预算编制范围的单位共2个。",
    )
    cover = read_cover([TextBlock(line, Locator()) for line in lines], VOCABULARY)
    assert (cover.organisation, cover.year) == ("旬阳县水务局", 2025)


def test_a_sentence_is_no_name_of_an_office() -> None:
    lines = ("从预算单位构成看，本部门的部门预算包括部门本级预算。纳入本部门2025年部门预算编制范围的单位共2个。",)
    assert read_cover([TextBlock(line, Locator()) for line in lines], VOCABULARY).organisation is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("一般公共预算基本支出表（按部门预算支出经济分类科目）", "general-public-basic"),
        ("财政拨款基本支出决算表（经济科目）", "fiscal-basic"),
        ("财政拨款支出决算表（功能科目）", "fiscal-expenditure"),
        ("一般公共预算支出表（按经济分类科目）", "general-public-economic"),
        ("一般公共预算基本支出表（功能科目）", "general-public-basic-function"),
        ("政府性基金预算支出表（按经济分类科目）", None),
        ("一般公共预算基本支出表（按政府预算支出经济分类科目）", None),
        ("收支总表（功能科目）", None),
        ("收入决算表（按功能分类列示）", "revenue"),
        ("收入决算表（按单位列示）", "revenue"),
        ("财政拨款支出决算表（按单位列示）", "fiscal-expenditure"),
        ("收支总表（按单位列示）", None),
        ("收支预算总表（部门）", "revenue-and-expenditure"),
        ("收支预算总表（企业）", None),
    ],
)
def test_brackets_behind_a_title_may_name_the_classification_of_the_rows(title: str, kind: str | None) -> None:
    assert kind_of(f"2024年{title}") == kind


@pytest.mark.parametrize(
    ("brackets", "places"),
    [
        ("（不含上年结转）", {"vintage": "code/vintage/current"}),
        ("（按支出功能分类科目-不含上年结转）", {"vintage": "code/vintage/current"}),
        ("（功能科目、含上年结转）", {"vintage": "code/vintage/total"}),
        ("（功能科目）", {}),
        ("", {}),
    ],
)
def test_brackets_behind_a_title_may_say_of_which_years_the_money_is(brackets: str, places: dict[str, str]) -> None:
    read = caption(f"2025年{BUREAU}一般公共预算支出表{brackets}", "单位：元")
    assert (read.kind and read.kind.key, read.places) == ("code/table/general-public", places)
    assert organisation_in(read, VOCABULARY) == BUREAU


def test_the_classification_of_the_rows_is_no_part_of_the_name_of_the_office() -> None:
    read = caption("2024年一般公共预算支出表（功能科目）", "单位：元")
    assert organisation_in(read, VOCABULARY) is None
    for title in ("一般公共预算支出表（功能科目）", "一般公共预算支出表（经济科目）"):
        assert organisation_in(caption(f"2024年{BUREAU}{title}", "单位：元"), VOCABULARY) == BUREAU


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("收入支出决算表", "revenue-and-expenditure"),
        ("财政拨款收入支出决算表", "fiscal-summary"),
        ("财政拨款收支预算总体情况表", "fiscal-summary"),
        ("政府基金预算财政拨款支出表", "government-fund"),
        ("一般公共预算财政拨款支出情况表", "general-public"),
        ("一般公共预算财政拨款“三公”经费情况表", "three-public"),
        ("一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表", "three-public"),
        ("财政拨款“三公”经费、会议费和培训费支出决算表", "three-public"),
    ],
)
def test_titles_of_provinces_are_those_of_their_kind_and_not_of_their_last_words(title: str, kind: str) -> None:
    assert kind_of(f"2024年度{title}") == kind


@pytest.mark.parametrize(
    "title", ["财政拨款“三公”经费、会议费、培训费支出表", "财政拨款“三公”经费及会议费、培训费支出表"]
)
def test_what_joins_the_things_that_a_title_names_does_not_matter(title: str) -> None:
    assert kind_of(f"2024年度{title}") == "three-public"
    assert organisation_in(caption(f"2024年武汉市发展和改革局{title}", "单位：元"), VOCABULARY) == "武汉市发展和改革局"


def test_a_year_behind_the_name_of_an_office_is_no_part_of_it() -> None:
    read = caption("收入支出决算总表", f"部门：{BUREAU} 2024年度 金额单位：万元")
    assert (organisation_in(read, VOCABULARY), read.unit) == (BUREAU, "万元")


def test_a_title_may_say_that_the_table_is_made_public() -> None:
    assert kind_of("2024年支出决算公开表") == "expenditure"
    assert kind_of("2024年公开表") is None


@pytest.mark.parametrize(
    "rows",
    [
        "支出决算表 | 公开03表",
        "公开03表 | 支出决算表",
        " | | 支出决算表 | 公开03表",
        "支出决算表\n | | | 公开03表",
        "支出决算表 | 单位：万元",
    ],
)
def test_title_and_number_may_stand_in_the_cells_of_rows_above_a_table(rows: str) -> None:
    read = caption(f"{rows}\n部门：{BUREAU} | 单位：万元\n")
    assert (read.kind and read.kind.key, read.organisation, read.unit) == ("code/table/expenditure", BUREAU, "万元")
    assert read.number == ("3" if "公开" in rows else None)


@pytest.mark.parametrize("between", [[], [f"部门：{BUREAU}"], [f"部门：{BUREAU}", "单位：万元"]])
def test_office_and_unit_may_stand_between_title_and_number(between: list[str]) -> None:
    read = caption("本年支出总体情况如下。", "支出决算表", *between, "公开03表", "单位：万元")
    assert (read.kind and read.kind.key, read.number, read.unit) == ("code/table/expenditure", "3", "万元")


def test_a_sentence_between_title_and_number_ends_the_heading() -> None:
    assert caption("支出决算表", "上表单位为万元。", "公开03表").kind is None


@pytest.mark.parametrize("beside", ["", " | 2024年度", " | 公开03表", " | 2024年度 | 公开03表"])
def test_office_year_unit_and_number_may_stand_side_by_side_in_the_cells_of_a_row(beside: str) -> None:
    read = caption("2024年支出决算表", f"部门：某省水利厅{beside} | 金额单位：万元")
    assert (read.organisation, read.unit) == ("某省水利厅", "万元")


@pytest.mark.parametrize(
    "row",
    [
        f"填报单位：{BUREAU} | 单位：万元",
        f"单位（部门）名称：{BUREAU} | 单位：万元",
        f"部门编码及名称：601001-{BUREAU} | 单位：万元",
        f"部门：601001 {BUREAU} | 单位：万元",
        f"部门：{BUREAU} | 编制日期：2025年1月 | 单位：万元",
        f"部门：{BUREAU} | 预算年度：2024 | 打印日期：2025-02-18 | 第1页 共2页 | 单位：万元",
        f"部门：{BUREAU} | 单位：万元（保留两位小数）",
        f"部门：{BUREAU} | 单位： 万 元",
        f"部门：{BUREAU} | 单位：万元、人",
    ],
)
def test_a_row_of_labels_with_values_above_a_table_is_its_caption(row: str) -> None:
    read = caption("支出决算表", f"{row}\n")
    assert read.kind is not None
    assert (read.kind.key, read.organisation, read.unit) == ("code/table/expenditure", BUREAU, read.unit)
    assert "".join((read.unit or "").split()) == "万元"
    assert read.year is None


def test_the_name_of_the_office_may_stand_without_a_label_beside_year_and_unit() -> None:
    read = caption("支出决算表", f"{BUREAU} | 2024年度 | 单位：万元\n")
    assert (read.kind and read.kind.key, read.unit, read.year) == ("code/table/expenditure", "万元", 2024)


def test_labels_that_are_not_known_are_a_caption_only_below_a_title() -> None:
    row = f"归口管理处室：农业处 | 经办人员：\n资金性质：全部 | 口径：{BUREAU}"
    assert caption("支出决算表", "单位：万元", f"{row}\n").kind is not None
    assert not is_caption_line(["归口管理处室：农业处", "口径：全部"], VOCABULARY)


@pytest.mark.parametrize(
    "fields",
    [
        ["其中：专户资金", ""],
        ["合计：", "5.00"],
        ["支出合计：5.00", "单位：万元"],
        ["项目", "单位：万元"],
        ["科目名称", "合计", "单位：万元"],
        ["项目", "公开03表"],
        ["支出决算表", "5.00"],
        ["支出决算表", "项目支出"],
    ],
)
def test_a_row_with_a_figure_a_part_or_the_header_of_a_column_is_no_caption(fields: list[str]) -> None:
    assert not is_caption_line(fields, VOCABULARY, titled=True)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("601001-某县水利局", "某县水利局"),
        ("[601001]某县水利局", "某县水利局"),
        ("601001某县水利局", "某县水利局"),
        ("110指挥中心", "110指挥中心"),
        ("某县第1中学", "某县第1中学"),
    ],
)
def test_the_code_before_the_name_of_an_office_is_no_part_of_it(printed: str, name: str) -> None:
    assert without_code(printed) == name
