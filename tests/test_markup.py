"""Remains of mark-up are taken out of a text; what a reader sees stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_disclosures import convert, issues, read, table

from converters.model.markup import EMPTY, MARKUP, TICKED, strip_markup


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<p>甲。</p> <p>乙。</p>", "甲。\n乙。"),
        ("<u>22</u> 年", "22 年"),
        ('续 <input checked="" type="checkbox"/> 新 <input type="checkbox"/>', f"续 {TICKED} 新 {EMPTY}"),
        ('<input type="checkbox" checked>', TICKED),
        ("满意度 <95%", "满意度 <95%"),
        ("a<b 且 b>c", "a<b 且 b>c"),
        ("甲<br/>乙", "甲\n乙"),
    ],
)
def test_tags_go_and_what_is_seen_stays(text: str, seen: str) -> None:
    assert strip_markup(text) == seen


@given(st.text(st.characters(exclude_characters="<")))
def test_text_without_tags_is_unchanged(text: str) -> None:
    assert strip_markup(text) == text


def test_a_cell_without_its_tags_is_flagged_and_the_document_says_so() -> None:
    text = table(3, "支出总表", "科目编码 | 科目名称 | <b>合计</b>\n201 | <u>某类</u> | 5")
    [grid] = read(text).grids
    assert [cell.text for cell in grid.cells if MARKUP in cell.flags] == ["合计", "某类"]
    [issue] = issues(convert(text), "markup-removed")
    assert issue.values["count"] == 2
