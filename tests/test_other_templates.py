"""Tables of other templates: codes split over columns, halves side by side, names in two columns, years and phases."""

from dataclasses import replace
from decimal import Decimal

import pytest
from claims import VOCABULARY
from small_disclosures import BUREAU, convert, only_grid, read, table

from converters import convert_document
from converters.conversion import Conversion
from converters.model.document import TextBlock
from converters.recognition.captions import organisation_in, read_caption, split_notes
from converters.recognition.cover import read_cover
from ontology.locators import Locator

SPLIT = """
项目 | | | | 支出预算 | |
功能分类科目编码 | | | 功能分类科目名称 | 合计 | 基本支出 | 项目支出
类 | 款 | 项 | | | |
"""


def coordinates(conversion: Conversion) -> dict[tuple[str | None, str, str], dict[str, str]]:
    """What each figure says below the totals, by code, label and column."""
    return {
        (o.row_code, o.row_label, o.column_label): {
            dimension: key.rsplit("/", 1)[-1]
            for dimension, key in o.coordinates.items()
            if not key.endswith("/total") and dimension not in ("organisation", "measure", "period")
        }
        for o in conversion.observations
    }


def codes(rows: str, header: str = SPLIT) -> list[str | None]:
    """The codes of the rows of a table whose codes are split."""
    [found] = convert(table(3, "2024年支出预算总表", header.strip() + "\n" + rows)).content.tables
    return list(dict.fromkeys(o.row_code for o in found.observations))


# ── Codes split over columns ────────────────────────────────────────────────────────────────────


def test_the_parts_of_a_code_are_joined() -> None:
    rows = "201 | | | 甲 | 3 | 1 | 2\n201 | 01 | | 乙 | 3 | 1 | 2\n201 | 01 | 02 | 丙 | 3 | 1 | 2"
    assert codes(rows) == ["201", "20101", "2010102"]


def test_parts_without_their_zero_are_padded() -> None:
    assert codes("201 | 1 | 2 | 丙 | 3 | 1 | 2") == ["2010102"]


def test_parts_left_out_are_those_of_the_row_above() -> None:
    assert codes("201 | | | 甲 | 3 | 1 | 2\n | 01 | | 乙 | 3 | 1 | 2\n | | 02 | 丙 | 3 | 1 | 2") == [
        "201",
        "20101",
        "2010102",
    ]


def test_columns_may_print_the_code_so_far() -> None:
    assert codes("201 | 20101 | 2010102 | 丙 | 3 | 1 | 2") == ["2010102"]


def test_the_row_that_names_the_parts_may_hold_the_total() -> None:
    header = "科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出"
    rows = "类 | 款 | 项 | 合计 | 3 | 1 | 2\n201 | 1 | | 乙 | 3 | 1 | 2"
    assert codes(rows, header) == [None, "20101"]


# ── Names ───────────────────────────────────────────────────────────────────────────────────────


def test_names_in_two_columns_are_group_and_part() -> None:
    rows = """
    项目名称 | | 金额
    收入总计 | | 9
    一般公共预算资金 | 小计 | 6
    | 公共财政拨款（补助）资金 | 5
    | 专项收入 | 1
    其他资金 | 小计 | 3
    | 其他收入 | 3
    """
    found = coordinates(convert(table(2, "2024年收入预算总表", rows)))
    assert {label: places.get("fund") for (_, label, _), places in found.items()} == {
        "收入总计": None,
        "一般公共预算资金 小计": "general-public",
        "公共财政拨款（补助）资金": "general-public-appropriation",
        "专项收入": "general-public-special",
        "其他资金 小计": "own",
        "其他收入": "other",
    }


def test_a_numbering_that_starts_again_stands_under_the_name_before_it() -> None:
    rows = """
    收入 | | 支出 |
    项目 | 决算数 | 项目 | 决算数
    一、一般公共预算财政拨款 | 5 | 一、一般公共服务支出 | 5
    本年收入合计 | 5 | 本年支出合计 | 5
    年初财政拨款结转和结余 | 2 | 年末财政拨款结转和结余 | 2
    一、一般公共预算财政拨款 | 2 | |
    总计 | 7 | 总计 | 7
    """
    found = convert(table(4, "2024年财政拨款收入支出决算总表", rows)).observations
    vintages = [(o.row_label, o.amount, o.coordinates["vintage"]) for o in found if "revenue" in o.coordinates["flow"]]
    assert vintages == [
        ("一、一般公共预算财政拨款", Decimal(5), "code/vintage/current"),
        ("本年收入合计", Decimal(5), "code/vintage/current"),
        ("年初财政拨款结转和结余", Decimal(2), "code/vintage/carried-over"),
        ("一、一般公共预算财政拨款", Decimal(2), "code/vintage/carried-over"),
        ("总计", Decimal(7), "code/vintage/total"),
    ]
    [outlay] = [o for o in found if o.row_label == "总计" and "expenditure" in o.coordinates["flow"]]
    assert outlay.coordinates["kind"] == "code/kind/total"


# ── Years and phases in columns ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("预算数 | 决算数", [("2024", "full-year"), ("2024", "final")]),
        ("年初预算数 | 全年预算数 | 决算数", [("2024", "initial"), ("2024", "full-year"), ("2024", "final")]),
        ("上年决算数 | 决算数", [("2023", "final"), ("2024", "final")]),
        ("2023年预算数 | 2024年预算数", [("2023", "budget"), ("2024", "budget")]),
        ("上年预算数 | 本年预算数", [("2023", "budget"), ("2024", "budget")]),
        ("年度预算数 | 决算数", [("2024", "full-year"), ("2024", "final")]),
        ("本年年初预算数 | 决算数", [("2024", "initial"), ("2024", "final")]),
        ("本年年初预算数 | 上年预算数", [("2024", "budget"), ("2023", "budget")]),
    ],
)
def test_columns_set_year_and_phase(header: str, expected: list[tuple[str, str]]) -> None:
    width = header.count("|") + 1
    rows = f"科目编码 | 科目名称 | {header}\n201 | 某类" + " | 1" * width
    cover = f"{BUREAU}2024年部门{'决算' if '决算数' in header else '预算'}"
    found = convert(cover, table(5, "2024年一般公共预算支出表", rows)).observations
    assert [(o.coordinates["year"], o.coordinates["phase"].rsplit("/", 1)[-1]) for o in found] == expected


def test_a_total_over_phases_has_none_of_them() -> None:
    rows = "合计 | | 公务接待费 |\n预算数 | 决算数 | 预算数 | 决算数\n3 | 2 | 3 | 2"
    found = convert(table(8, "2024年财政拨款“三公”经费支出决算表", rows)).observations
    assert [o.coordinates["phase"] for o in found] == ["code/phase/full-year", "code/phase/final"] * 2


# ── Empty tables of parts of the money ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "header", "scopes"),
    [
        ("一般公共预算“三公”经费支出表", "合计 | 因公出国（境）费 | 公务接待费", ["three-public"]),
        ("部门“三公”经费和机关运行经费预算表", "“三公”经费预算数 | 机关运行经费预算数", []),
    ],
)
def test_an_empty_table_claims_no_more_than_it_shows(title: str, header: str, scopes: list[str]) -> None:
    other = table(3, "支出总表", "科目编码 | 科目名称 | 基本支出\n201 | 某类 | 3")
    empty = table(9, title, header + "\n" + " | " * header.count("|")) + "\n注：本表无数据。\n"
    found = convert(other + empty)
    assert [t.declared_empty for t in found.content.tables] == [False, True]
    assert [o.coordinates["scope"].rsplit("/", 1)[-1] for o in found.observations if o.table == "t09"] == scopes


# ── Halves side by side ─────────────────────────────────────────────────────────────────────────


def test_classes_side_by_side_are_no_row_that_adds_up() -> None:
    rows = """
    科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
    301 | 工资福利支出 | 5 | 302 | 商品和服务支出 | 2
    30101 | 基本工资 | 5 | 30201 | 办公费 | 2
    """
    basic = table(7, "2024年一般公共预算财政拨款基本支出决算表", rows)
    whole = table(
        6, "2024年一般公共预算支出表", "科目编码 | 科目名称 | 合计 | 基本支出\n201 | 某类 | 9 | 9\n | 合计 | 9 | 9"
    )
    parts = {p.row_code for s in convert(whole + basic).content.sums if s.total.table == "t06" for p in s.parts}
    assert parts.isdisjoint({"302", "30201"})


def test_a_total_below_columns_under_the_same_words_adds_up_all_of_them() -> None:
    rows = """
    公用经费 | | | | |
    科目编码 | 科目名称 | 金额 | 科目编码 | 科目名称 | 金额
    302 | 商品和服务支出 | 7 | 310 | 资本性支出 | 2
    30201 | 办公费 | 7 | 31002 | 办公设备购置 | 2
     | | | | 公用经费合计 | 9
    """
    document = read(table(7, "2024年一般公共预算财政拨款基本支出决算表", rows))
    [grid] = document.grids
    wide = tuple(
        replace(c, colspan=6) if (c.row, c.col) == (1, 1) else c for c in grid.cells if c.row > 1 or c.col == 1
    )
    found = convert_document(replace(document, grids=(replace(grid, cells=wide),))).content.sums
    assert {tuple(p.row_code for p in s.parts) for s in found if s.total.printed == "9"} == {("302", "310")}


# ── Captions ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("公开01表：收支预算总表", "1", None),
        ("公开 09 表：收支预算总表", "9", None),
        ("一、2018年度江苏省某厅收支预算总表", None, "江苏省某厅"),
        ("2025年部门财务收支预算总表", None, None),
        ("2025年预算单位收入预算总表", None, None),
        ("一、收入支出决算总表（公开01表）", None, None),
        ("附表10\n2025年部门项目支出表", "10", None),
    ],
)
def test_titles_give_number_and_name(title: str, number: str | None, name: str | None) -> None:
    caption = read_caption(only_grid(f"{title}\n单位：万元\n\n项目 | 预算数\n合计 | 3"), VOCABULARY)
    assert caption.kind is not None
    assert (caption.number, organisation_in(caption, VOCABULARY)) == (number, name)


def test_a_number_below_its_title_belongs_to_it() -> None:
    lines = [TextBlock(text, Locator()) for text in ("某段话。", "收支预算总表", "公开01表 单位：万元")]
    notes, heading = split_notes(lines, VOCABULARY)
    assert [len(notes), len(heading)] == [1, 2]


@pytest.mark.parametrize("above", ["某市某区财政局", "预算主管部门：某市某区财政局", "编制单位: 某市某区财政局"])
def test_the_line_above_the_year_names_the_office(above: str) -> None:
    lines = [TextBlock(text, Locator()) for text in (above, "2024年度部门决算", "目录")]
    assert read_cover(lines, VOCABULARY).organisation == "某市某区财政局"


def test_a_numbered_line_above_the_year_is_no_office() -> None:
    lines = [TextBlock(text, Locator()) for text in ("三、2019年度部门主要工作任务", "第二部分 2019年度部门预算表")]
    assert read_cover(lines, VOCABULARY).organisation is None


def test_a_division_alone_is_no_office() -> None:
    lines = [
        TextBlock(text, Locator()) for text in ("上海市普陀区2025年区级部门预算", "预算主管部门：上海市普陀区财政局")
    ]
    assert read_cover(lines, VOCABULARY).organisation == "上海市普陀区财政局"
