"""Header words place columns: looked up whole, a total above what it adds up, a merged cell over all it covers."""

import pytest
from claims import VOCABULARY, context_of
from small_disclosures import only_grid, table

from converters.model.document import Grid
from converters.recognition.headers import Column, choose_meaning, count_header_rows, header_path, read_columns
from ontology.text import clean_label


def columns(kind: str, header: str) -> list[Column]:
    """The columns that a header gives in a kind of table, with one row of figures below it."""
    width = header.strip().splitlines()[0].count("|")
    grid = only_grid(table(1, "某表", header.strip() + "\n" + "1" + " | 1" * width))
    block = VOCABULARY.table_kinds[f"code/table/{kind}"].blocks[0]
    numbers = range(1, grid.n_cols + 1)
    return read_columns(grid, numbers, context_of(), block.column_dimensions, block.fixes)


def of(found: list[Column], label: str, dimension: str) -> str | None:
    """Where the column with this label stands in a dimension."""
    [places] = [column.places for column in found if column.label == label]
    return places[dimension].rsplit("/", 1)[-1] if dimension in places else None


REVENUE = """
单位代码 | 单位名称 | 合计 | 本年收入 |              |          | 上年结转结余 |              |
         |          |      | 小计     | 一般公共预算 | 单位资金 | 小计         | 一般公共预算 | 单位资金
"""
GENERAL_PUBLIC = """
科目编码 | 科目名称 | 合计 | 基本支出 |          |          | 项目支出
         |          |      | 小计     | 人员经费 | 公用经费 |
"""


def test_the_header_ends_before_the_first_row_with_a_number() -> None:
    assert count_header_rows([["项目", "预算数"], ["一、收入", ""], ["二、支出", "0.00"]]) == 2


def test_the_work_of_a_wide_table_without_header_grows_with_its_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    width, height = 60, 40
    grid = only_grid(table(1, "某表", "\n".join([" | ".join(["1.00"] * width)] * height)))
    looked = 0
    text = Grid.text

    def counted(self: Grid, row: int, col: int) -> str:
        nonlocal looked
        looked += 1
        return text(self, row, col)

    monkeypatch.setattr(Grid, "text", counted)
    numbers = range(1, grid.n_cols + 1)
    assert len(read_columns(grid, numbers, context_of(), (), {})) == width
    assert looked <= width * height


def test_a_grid_without_numbers_is_all_header() -> None:
    assert count_header_rows([["项目", "预算数"], ["一、收入", ""]]) == 2


def test_a_label_reaches_right_over_empty_cells_that_have_labels_below() -> None:
    assert [column.label for column in columns("revenue", REVENUE)] == [
        "单位代码",
        "单位名称",
        "合计",
        "本年收入 小计",
        "本年收入 一般公共预算",
        "本年收入 单位资金",
        "上年结转结余 小计",
        "上年结转结余 一般公共预算",
        "上年结转结余 单位资金",
    ]


def test_a_label_reaches_down_over_empty_cells() -> None:
    grid = only_grid(table(5, "某表", GENERAL_PUBLIC.strip() + "\n201 | 某类 | 6 | 3 | 2 | 1 | 3"))
    [last] = header_path(grid, 7)
    assert (last.text, last.rowspan, last.colspan) == ("项目支出", 2, 1)


def test_three_levels_of_header_are_read_from_top_to_bottom() -> None:
    header = """
    名称 | 支出 |          |
         | 合计 | 基本支出 |
         |      | 人员经费 | 公用经费
    """
    assert [column.label for column in columns("expenditure", header)] == [
        "名称",
        "支出 合计",
        "支出 基本支出 人员经费",
        "支出 基本支出 公用经费",
    ]


def test_a_cell_beyond_the_last_label_has_no_header() -> None:
    grid = only_grid(table(3, "某表", "科目编码 | 科目名称 | 合计\n201 | 某类 | 1 | 2"))
    assert header_path(grid, 4) == ()


def test_columns_of_codes_and_names_hold_no_figures() -> None:
    assert [c.label for c in columns("general-public", GENERAL_PUBLIC) if c.is_key] == ["科目编码", "科目名称"]


def test_spaces_inside_a_word_do_not_matter() -> None:
    found = columns("expenditure", "科 目 名 称 | 合\u3000计 | 基 本 支 出 | 项目支出")
    assert of(found, "基本支出", "kind") == "basic"


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("合计", "this-year"),
        ("基本支出 小计", "basic"),
        ("基本支出 人员经费", "personnel"),
        ("基本支出 公用经费", "public"),
        ("项目支出", "project"),
    ],
)
def test_a_total_column_stands_at_the_lowest_common_ancestor_of_its_siblings(label: str, kind: str) -> None:
    assert of(columns("general-public", GENERAL_PUBLIC), label, "kind") == kind


@pytest.mark.parametrize(
    ("label", "vintage", "fund"),
    [
        ("合计", "total", "total"),
        ("本年收入 小计", "current", "total"),
        ("本年收入 单位资金", "current", "own"),
        ("上年结转结余 小计", "carried-over", "total"),
        ("上年结转结余 一般公共预算", "carried-over", "general-public"),
    ],
)
def test_a_subtotal_keeps_what_the_label_above_it_says(label: str, vintage: str, fund: str) -> None:
    found = columns("revenue", REVENUE)
    assert (of(found, label, "vintage"), of(found, label, "fund")) == (vintage, fund)


def test_a_total_of_appropriations_alone_is_the_fiscal_appropriation() -> None:
    header = "项目名称 | 合计 | 一般公共预算 | 政府性基金预算 | 国有资本经营预算"
    assert of(columns("projects", header), "合计", "fund") == "fiscal"


def test_only_columns_under_the_same_label_are_siblings() -> None:
    header = """
    单位名称 | 本年收入 |              |                | 上年结转结余 |
             | 小计     | 一般公共预算 | 政府性基金预算 | 小计         | 单位资金
    """
    found = columns("revenue", header)
    assert (of(found, "本年收入 小计", "fund"), of(found, "上年结转结余 小计", "fund")) == ("fiscal", "own")


def test_where_a_sibling_shows_no_vintage_the_total_is_of_all_vintages() -> None:
    header = """
    项目名称 | 合计 | 本年拨款     |                | 单位资金
             |      | 一般公共预算 | 政府性基金预算 |
    """
    found = columns("projects", header)
    assert (of(found, "合计", "vintage"), of(found, "合计", "fund")) == ("total", "total")


def test_a_word_is_looked_up_whole() -> None:
    [column] = [c for c in columns("expenditure", "科目名称 | 合计 | 基本支出（不含工资）") if c.unplaced]
    assert [cell.text for cell in column.unplaced] == ["基本支出（不含工资）"]
    assert "kind" not in column.places


def test_a_word_of_another_kind_of_table_contradicts_the_title() -> None:
    header = """
    科目编码 | 科目名称 | 本年政府性基金预算支出 |          |
             |          | 合计                   | 基本支出 | 项目支出
    """
    found = columns("state-capital", header)
    assert {cell.text for column in found for cell in column.contradictions} == {"本年政府性基金预算支出"}
    assert all("fund" not in column.places for column in found)
    assert of(found, "本年政府性基金预算支出 基本支出", "kind") == "basic"


@pytest.mark.parametrize(
    ("word", "dimensions", "place"),
    [
        ("公务接待费", ["scope"], {"scope": "code/scope/reception"}),
        ("公务接待费", ["economic"], {"economic": "code/economic/30217"}),
        ("公务接待费", ["scope", "economic"], None),
        ("公务接待费", ["fund"], None),
    ],
)
def test_an_ambiguous_word_is_settled_by_the_dimensions_that_run_here(
    word: str, dimensions: list[str], place: dict[str, str] | None
) -> None:
    meaning = choose_meaning(VOCABULARY.meanings[clean_label(word)], dimensions, {}, context_of().hierarchy)
    assert (meaning.places if meaning else None) == place
