"""Row heads: codes and names, list marks that nest, totals, and rows that say nothing known."""

import pytest
from claims import VOCABULARY, context_of
from small_disclosures import convert, issues, only_grid, table

from converters.recognition.headers import read_columns
from converters.recognition.row_headers import read_row_headers
from converters.recognition.row_names import split_list_mark
from converters.recognition.table_parts import RowHeader


def row_headers(kind: str, rows: str, block: int = 0) -> list[RowHeader]:
    """The row heads that a table of this kind gives."""
    grid = only_grid(table(1, "某表", rows))
    block_of = VOCABULARY.table_kinds[f"code/table/{kind}"].blocks[block]
    known = context_of()
    numbers = range(1, grid.n_cols + 1)
    columns = read_columns(grid, numbers, known, block_of.column_dimensions, block_of.fixes)
    return read_row_headers(grid, columns, block_of, block_of.fixes, known)


def places(row_header: RowHeader) -> dict[str, str]:
    return {dimension: key.rsplit("/", 1)[-1] for dimension, key in row_header.places.items()}


def problems(found: list[RowHeader]) -> list[tuple[int, str]]:
    """(row in the grid, issue) of the heads that have one."""
    return [(row_header.row, row_header.issue.key) for row_header in found if row_header.issue]


# ── Names and list marks ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "rank", "rest"),
    [
        ("一、本年收入", "1", "本年收入"),
        ("廿一、其他支出", "1", "其他支出"),
        ("（十二）其他支出", "2", "其他支出"),
        ("(二) 其他 支出", "2", "其他支出"),
        ("3. 其他支出", "3", "其他支出"),
        ("（3）其他支出", "4", "其他支出"),
        ("2.5 万亩造林", None, "2.5万亩造林"),
        ("一般公共服务支出", None, "一般公共服务支出"),
    ],
)
def test_a_list_mark_has_a_rank(text: str, rank: str | None, rest: str) -> None:
    mark, word = split_list_mark(text, VOCABULARY)
    assert (mark.rsplit("/", 1)[-1] if mark else None, word) == (rank, rest)


FISCAL_REVENUE = """
项目 | 预算数
一、本年收入 | 9
（一）一般公共预算拨款 | 9
二、上年结转 | 4
（一）一般公共预算拨款 | 3
（二）政府性基金预算拨款 | 1
收 入 总 计 | 13
"""


def test_an_item_stands_under_the_last_item_of_a_higher_rank() -> None:
    found = [places(row_header) for row_header in row_headers("fiscal-summary", FISCAL_REVENUE)]
    assert [(place.get("vintage"), place.get("fund")) for place in found] == [
        ("current", None),
        ("current", "general-public"),
        ("carried-over", None),
        ("carried-over", "general-public"),
        ("carried-over", "government-fund"),
        ("total", None),
    ]


def test_a_row_without_list_mark_ends_the_list() -> None:
    *_, last = row_headers("fiscal-summary", FISCAL_REVENUE)
    assert "fund" not in last.places


def test_a_name_without_mark_that_was_said_before_divides_the_last_one_without() -> None:
    rows = """
项目 | 金额
一、一般公共预算财政拨款 | 9
二、政府性基金预算财政拨款 | 1
年初财政拨款结转和结余 | 3
一般公共预算财政拨款 | 2
政府性基金预算财政拨款 | 1
总计 | 13
"""
    found = [places(row_header) for row_header in row_headers("fiscal-summary", rows)]
    assert [(place.get("vintage"), place.get("fund")) for place in found[2:5]] == [
        ("carried-over", "fiscal"),
        ("carried-over", "general-public"),
        ("carried-over", "government-fund"),
    ]


@pytest.mark.parametrize("row", ["1 | 2 | 3", "栏次 |  | 1", " | 栏次 | 7"])
def test_a_row_that_counts_the_columns_is_none_of_the_data(row: str) -> None:
    rows = f"科目编码 | 科目名称 | 合计\n{row}\n201 | 某类 | 5\n205 | 他类 | 1"
    assert [row_header.row for row_header in row_headers("expenditure", rows)] == [3, 4]


@pytest.mark.parametrize(("kind", "dimension"), [("general-public", "function"), ("general-public-basic", "economic")])
def test_a_name_with_two_meanings_is_settled_by_the_kind_of_table(kind: str, dimension: str) -> None:
    [row_header] = row_headers(kind, "科目名称 | 合计\n住房公积金 | 5")
    assert list(row_header.places) == [dimension]


def test_a_name_that_is_not_known_is_an_issue_that_names_it() -> None:
    [row_header] = row_headers("revenue-and-expenditure", "项目 | 预算数\n一、拍卖收入 | 5")
    assert row_header.issue is not None
    assert (row_header.issue.key, row_header.issue.values["word"], row_header.issue.locator.field) == (
        "unknown-row",
        "拍卖收入",
        1,
    )


# ── Totals ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("label", ["合计", "合  计", "总计", "小计"])
def test_a_total_row_places_nothing(label: str) -> None:
    row_header, _ = row_headers(
        "expenditure", f"科目编码 | 科目名称 | 合计\n | {label} | 5\n201 | 一般公共服务支出 | 5"
    )
    assert (row_header.issue, row_header.places, row_header.codes) == (None, {}, {})


@pytest.mark.parametrize(
    "rows", ["|  | 5\n201 | 某类 | 5\n205 | 某类 | 0", "201 | 某类 | 5\n205 | 某类 | 0\n|  | 5"], ids=["first", "last"]
)
def test_an_unlabelled_row_at_either_end_is_the_total(rows: str) -> None:
    assert problems(row_headers("expenditure", f"科目编码 | 科目名称 | 合计\n{rows}")) == []


def test_an_unlabelled_row_in_between_is_an_issue() -> None:
    rows = "科目编码 | 科目名称 | 合计\n201 | 某类 | 5\n | | 5\n205 | 某类 | 0"
    assert problems(row_headers("expenditure", rows)) == [(3, "row-without-head")]


# ── Codes ───────────────────────────────────────────────────────────────────────────────────────


def test_a_printed_code_beats_the_name_beside_it() -> None:
    [row_header] = row_headers("expenditure", "科目编码 | 科目名称 | 合计\n2210201 | 教育支出 | 5")
    assert (row_header.codes, row_header.places) == ({"function": "2210201"}, {})


def test_the_name_of_an_office_before_a_code_is_no_name_of_the_code() -> None:
    rows = "单位名称 | 科目编码 | 科目名称 | 合计\n合计 | | | 9\n某镇人民政府 | 2010301 | 行政运行 | 9"
    total, item = row_headers("expenditure", rows)
    assert (total.label, total.issue, item.code, item.label) == ("合计", None, "2010301", "行政运行")
    [named] = row_headers("expenditure", "科目名称 | 科目编码 | 合计\n行政运行 | 2010301 | 9")
    assert named.label == "行政运行"


def test_a_code_that_no_shipped_list_holds_is_taken_by_its_looks() -> None:
    [row_header] = row_headers("expenditure", "科目编码 | 科目名称 | 合计\n2999999 | 不知何用 | 5")
    assert (row_header.issue, row_header.codes) == (None, {"function": "2999999"})


@pytest.mark.parametrize(
    "written", ["{code}{name}", "{code} {name}", "[{code}]{name}", "（{code}）{name}", "　　【{code}】{name}"]
)
def test_a_code_may_stand_in_one_cell_with_its_name_though_no_list_holds_it(written: str) -> None:
    names = {"201": "一般公共服务支出", "20138": "市场监督管理事务", "2013899": "某项", "2013877": "另一项"}
    rows = "\n".join(f"{written.format(code=code, name=name)} | 5 | 5 |" for code, name in names.items())
    conversion = convert(table(3, "支出总表", f"功能科目 | 合计 | 基本支出 | 项目支出\n{rows}"))
    assert [o.row_code for o in conversion.observations if o.column_label == "合计"] == list(names)
    assert not issues(conversion, "unknown-row")


@pytest.mark.parametrize("text", ["20138", "[20138]", "【20138】"])
def test_brackets_around_a_code_are_no_part_of_it(text: str) -> None:
    conversion = convert(table(3, "支出总表", f"科目编码 | 科目名称 | 合计\n{text} | 市场监督管理事务 | 5"))
    assert {o.row_code for o in conversion.observations} == {"20138"}


@pytest.mark.parametrize("text", ["999万元以上", "2024年新增", "[208"])
def test_digits_before_words_are_no_code_without_a_list_above_it(text: str) -> None:
    conversion = convert(table(3, "支出总表", f"功能科目 | 合计\n201一般公共服务支出 | 5\n{text} | 5"))
    assert {o.row_code for o in conversion.observations} == {"201"}


@pytest.mark.parametrize("code", ["20A", "99", "2010", "20101011"])
def test_a_code_that_looks_like_none_is_an_issue_that_names_it(code: str) -> None:
    [row_header] = row_headers("expenditure", f"科目编码 | 科目名称 | 合计\n{code} | 某类 | 5")
    assert row_header.issue is not None
    assert (row_header.issue.key, row_header.issue.values["code"]) == ("unknown-code", code)


def test_an_unknown_code_hides_no_row_of_a_table_whose_codes_do_not_nest() -> None:
    rows = "编码 | 名称 | 合计\n2101101 | 甲 | 5\n71102 | 乙 | 3\n2210201 | 丙 | 2"
    assert problems(row_headers("revenue", rows)) == [(3, "unknown-code")]


@pytest.mark.parametrize(
    ("words", "dimension"), [("单位代码 | 单位名称", "organisation"), ("科目编码 | 科目名称", "function")]
)
def test_the_words_over_the_codes_say_which_list_they_are_from(words: str, dimension: str) -> None:
    [row_header] = row_headers("revenue", f"{words} | 合计\n201 | 某名 | 5")
    assert row_header.codes == {dimension: "201"}


def test_a_code_that_one_list_holds_is_of_that_list_though_it_looks_like_another() -> None:
    [row_header] = row_headers("revenue", "编码 | 名称 | 合计\n201 | 某名 | 5")
    assert row_header.codes == {"function": "201"}


def test_a_code_that_could_be_of_two_lists_is_not_guessed() -> None:
    assert problems(row_headers("revenue", "编码 | 名称 | 合计\n290 | 某名 | 5")) == [(2, "unknown-code")]


def test_a_code_that_begins_as_no_functional_class_does_is_an_organisation_s() -> None:
    [row_header] = row_headers("revenue", "编码 | 名称 | 合计\n108 | 某名 | 5")
    assert row_header.codes == {"organisation": "108"}


def test_full_width_digits_are_digits_of_a_code() -> None:
    [row_header] = row_headers("expenditure", "科目编码 | 科目名称 | 合计\n２０１ | 某类 | 5")
    assert (row_header.codes, row_header.code) == ({"function": "201"}, "２０１")


NESTED = """
编码 | 名称 | 合计
 | 合计 | 9
108001 | 本级 | 5
2010101 | 行政运行 | 5
108002 | 某站 | 4
2010101 | 行政运行 | 3
2010102 | 一般行政管理事务 | 1
"""


def test_codes_of_an_inner_dimension_stand_under_the_last_code_of_the_outer() -> None:
    assert [row_header.codes for row_header in row_headers("revenue", NESTED)] == [
        {},
        {"organisation": "108001"},
        {"organisation": "108001", "function": "2010101"},
        {"organisation": "108002"},
        {"organisation": "108002", "function": "2010101"},
        {"organisation": "108002", "function": "2010102"},
    ]


def test_a_total_row_stands_under_nothing() -> None:
    rows = NESTED.replace("\n | 合计 | 9", "") + " | 合计 | 9"
    assert row_headers("revenue", rows)[-1].codes == {}


def test_after_a_total_row_codes_stand_under_nothing() -> None:
    rows = "编码 | 名称 | 合计\n108001 | 本级 | 5\n2010101 | 行政运行 | 5\n | 合计 | 5\n2010101 | 行政运行 | 5"
    assert row_headers("revenue", rows)[-1].codes == {"function": "2010101"}


PROJECTS = """
项目编码 | 项目名称 | 项目单位 | 合计
 | | | 9
108 | 某局 | | 9
108001 | 本级 | | 9
31 | 本级支出项目 | | 4
42010724108T000000100 | 甲项目 | 某局本级 | 4
32 | 其他项目 | | 5
42010724108T000000200 | 乙项目 | 某局本级 | 5
"""


def test_a_project_stands_under_its_unit_and_its_category() -> None:
    found = row_headers("projects", PROJECTS)
    assert [(h.codes.get("organisation"), h.category, "project" in h.codes) for h in found] == [
        (None, None, False),
        ("108", None, False),
        ("108001", None, False),
        ("108001", "31", False),
        ("108001", "31", True),
        ("108001", "32", False),
        ("108001", "32", True),
    ]


def test_a_category_ends_with_its_unit() -> None:
    rows = PROJECTS.replace("32 | 其他项目 |", "108002 | 某站 |")
    *_, last = row_headers("projects", rows)
    assert (last.codes["organisation"], last.category) == ("108002", None)


def test_a_project_row_names_its_holder() -> None:
    assert [row_header.holder for row_header in row_headers("projects", PROJECTS)][4] == "某局本级"
