"""Contact cells are masked before anything is made of a document, whatever the layout of the table."""

from dataclasses import replace

import pytest
from claims import VOCABULARY
from small_disclosures import read, table

from converters.model.document import Grid, TextBlock
from converters.recognition.personal_data import MASK, WITHHELD, is_contact, withhold_personal_data
from ontology.locators import Locator


def masked(rows: str) -> Grid:
    """The grid of a table after withholding."""
    [grid] = withhold_personal_data(read(table(15, "某表", rows)), VOCABULARY).grids
    return grid


def texts(grid: Grid, row: int) -> list[str]:
    return [cell.text for cell in grid.row(row)]


def test_what_stands_to_the_right_of_a_contact_word_is_masked_and_flagged() -> None:
    grid = masked("填报人 | 某甲 | 联系电话 | 027-1\n项目名称 | 修路 | | 5")
    assert texts(grid, 1) == ["填报人", MASK, "联系电话", MASK]
    assert texts(grid, 2) == ["项目名称", "修路", "", "5"]
    assert [cell.flags for cell in grid.row(1)] == [frozenset(), {WITHHELD}, frozenset(), {WITHHELD}]


def test_an_empty_cell_between_word_and_value_is_skipped() -> None:
    assert texts(masked("项目负责人： | | 某乙\n预算 | | 5"), 1) == ["项目负责人：", "", MASK]


def test_an_unanswered_contact_word_masks_no_other_word() -> None:
    grid = masked("填报人 | | 联系电话 |\n项目名称 | 修路 | 项目属性 | 5")
    assert texts(grid, 2) == ["项目名称", "修路", "项目属性", "5"]


def test_a_contact_column_is_masked_to_its_end() -> None:
    grid = masked("项目名称 | 联系人 | 金额\n修路 | 某甲 | 5\n架桥 | 某乙 | 6")
    assert [texts(grid, row)[1] for row in (1, 2, 3)] == ["联系人", MASK, MASK]


def test_contacts_inside_one_cell_are_masked_behind_their_colon() -> None:
    [cell, _] = masked("填报人：某甲 联系电话：027-1 | 5").row(1)
    assert cell.text == f"填报人：{MASK} 联系电话：{MASK}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("经办人某甲，手机13912345678。", f"经办人某甲，手机{MASK}。"),
        ("某甲,13912345678", f"某甲,{MASK}"),
        ("收入13912345678元，支出13912345678.00元。", None),
        ("项目编码42010713912345678000", None),
        ("合计1,13912345678", None),
        ("13912345678", None),
    ],
)
def test_numbers_of_mobile_telephones_are_masked_beside_words(text: str, masked: str | None) -> None:
    document = read(table(15, "某表", f"某项 | {text}"))
    [grid] = withhold_personal_data(document, VOCABULARY).grids
    assert texts(grid, 1)[1] == (masked or text)
    [line] = withhold_personal_data(replace(document, blocks=(TextBlock(text, Locator()),)), VOCABULARY).blocks
    assert line.text == (masked or text)


def test_contacts_in_running_text_are_masked() -> None:
    [block] = withhold_personal_data(read("公开咨询电话: 6886"), VOCABULARY).blocks
    assert block.text == f"公开咨询电话: {MASK}"


@pytest.mark.parametrize("word", ["填报人", "联 系 电 话", "项目负责人：", "填报人（签字）:", "联系人及电话"])
def test_contact_words_are_compared_whole_without_spaces(word: str) -> None:
    assert is_contact(word, VOCABULARY)


@pytest.mark.parametrize("word", ["联系人大代表次数", "负责人选举", "电话费", "人数"])
def test_words_that_only_begin_like_a_contact_are_none(word: str) -> None:
    assert not is_contact(word, VOCABULARY)
