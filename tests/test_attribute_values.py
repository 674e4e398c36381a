"""What is filled into a cell: codes apart from names across line breaks, dates, ticked boxes, answers."""

from datetime import date

import pytest
from claims import VOCABULARY
from hypothesis import given
from hypothesis import strategies as st

from converters.model.document import Cell
from converters.model.line_breaks import is_wrapped, join_wraps, split_code
from converters.outline.tick_boxes import find_open_boxes
from converters.recognition.attribute_values import chosen_option, fill, find_dates, values_of
from ontology.attributes import Attribute
from ontology.locators import Locator

PROCUREMENT = VOCABULARY.table_kinds["code/table/procurement"].blocks[0].attributes
FORM = VOCABULARY.table_kinds["code/table/project-performance"].attributes


def values(attribute: Attribute, text: str) -> list[tuple[str, str]]:
    """The (property, value) pairs of a cell."""
    filled = fill(attribute, [Cell(1, 1, text, Locator())], VOCABULARY)
    return [(key.removeprefix("def#"), value.text) for key, value in values_of(filled, {}, VOCABULARY)]


# ── Codes and wraps ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("[201010 1]行政 运行", "2010101", "行政运行"),
        ("[C23090 199]其 他印刷 服务", "C23090199", "其他印刷服务"),
        ("【30202】印刷费", "30202", "印刷费"),
        ("30202-印刷费", "30202", "印刷费"),
        ("2010101 行政运行（试点）", "2010101", "行政运行（试点）"),
        ("30299", "30299", ""),
        ("行政运行", None, "行政运行"),
        ("法律顾问服务(省级 第二版)", None, "法律顾问服务(省级第二版)"),
    ],
)
def test_a_code_is_told_from_its_name_across_line_breaks(text: str, code: str | None, name: str) -> None:
    assert split_code(text) == (code, name)


def test_a_number_in_a_name_is_no_code_where_its_list_has_no_such_codes() -> None:
    filled = fill(PROCUREMENT["采购物品名称"], [Cell(1, 1, "2024年鉴印刷", Locator())], VOCABULARY)
    assert (filled.code, filled.name) == (None, "2024年鉴印刷")


def test_spaces_go_beside_chinese_characters_only() -> None:
    assert join_wraps("其 他 Office 365 软 件") == "其他Office 365软件"
    assert is_wrapped("其 他")
    assert not is_wrapped("Office 365 ")


@given(st.text("印刷费abc 12", min_size=1))
def test_joining_twice_joins_no_more(text: str) -> None:
    assert join_wraps(join_wraps(text)) == join_wraps(text)


# ── Dates ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024.01.01 至 2024.12.31", [date(2024, 1, 1), date(2024, 12, 31)]),
        ("2024年1月1日-2024年12月31日", [date(2024, 1, 1), date(2024, 12, 31)]),
        ("2024-03-05", [date(2024, 3, 5)]),
        ("２０２４/3/5", [date(2024, 3, 5)]),
        ("2024年1月至2026年2月", [date(2024, 1, 1), date(2026, 2, 28)]),
        ("2024年2月30日", []),
        ("2024年", []),
        ("长期", []),
    ],
)
def test_days_are_found_and_months_are_whole(text: str, days: list[date]) -> None:
    assert find_dates(text) == days


def test_the_dates_of_a_span_are_kept_as_printed_and_as_days() -> None:
    assert values(FORM["项目起止日期"], "2023.01.01 至 2023.12.31") == [
        ("projectDates", "2023.01.01至2023.12.31"),
        ("startDate", "2023-01-01"),
        ("endDate", "2023-12-31"),
    ]


def test_a_span_that_cannot_be_read_gives_no_days() -> None:
    assert values(FORM["项目起止日期"], "三年") == [("projectDates", "三年")]


# ── Boxes and answers ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("延续性项目 ☑ 新增性项目 ☐", "延续性项目"),
        ("延续性项目 ☐ 新增性项目 ☑", "新增性项目"),
        ("☑延续项目 □新增项目", "延续项目"),
        ("□延续项目 √新增项目", "新增项目"),
        ("延续项目", "延续项目"),
        ("延续性项目 ☑ 新增性项目 ☑", ""),
        ("延续性项目 ☐ 新增性项目 ☐", ""),
    ],
)
def test_the_word_with_the_ticked_box_is_chosen(text: str, chosen: str) -> None:
    assert chosen_option(text) == chosen


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("延续性项目 ☐ 新增性项目 ☐", True),
        ("延续性项目 ☑ 新增性项目 ☑", True),
        ("□延续性项目 □新增性项目 □其他", True),
        ("延续性项目 ☑ 新增性项目 ☐", False),
        ("延续性项目 \uf052 新增性项目 \uf0a3", False),
        ("□延续性项目 新增性项目 □其他", False),
        ("□延续性项目\ue000新增性项目 □其他", False),
        ("□延续性项目新增性项目 □其他 □待定", True),
    ],
)
def test_a_field_whose_ticked_box_may_be_lost_is_not_judged(text: str, is_open: bool) -> None:  # a case
    filled = fill(FORM["项目属性"], [Cell(1, 1, text, Locator())], VOCABULARY)
    assert bool(find_open_boxes([filled], VOCABULARY.concepts)) == is_open


def test_a_ticked_word_becomes_a_concept_of_its_list() -> None:
    ticked = [("projectAttribute", "code/project-attribute/continuing")]
    assert values(FORM["项目属性"], "延续性项目 ☑ 新增性项目 ☐") == ticked
    assert values(FORM["项目属性"], "延续性项目 ☐ 新增性项目 ☐") == []
    assert values(FORM["项目属性"], "不详") == []


@pytest.mark.parametrize(("text", "answers"), [("是", ["true"]), ("否", ["false"]), ("不详", [])])
def test_a_question_is_answered_yes_or_no(text: str, answers: list[str]) -> None:
    attribute = VOCABULARY.table_kinds["code/table/purchased-services"].blocks[0].attributes["是否包含政府采购"]
    assert [value for _, value in values(attribute, text)] == answers
