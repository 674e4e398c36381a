"""Marks of levels behind the names of functional classes."""

import pytest

from converters.outline.level_marks import find_misplaced_levels
from ontology import load_vocabulary


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1．住房改革支出（类）住房公积金（项）57.20万元。", ["住房改革支出（类）"]),
        ("住房保障支出(类)住房保障支出(款)购房补贴(项)17.10万元。", ["住房保障支出（款）"]),
        ("“卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）”科目10.00万元。", []),
        ("城乡社区支出（类）城乡社区规划与管理（款）城乡社区规划与管理（项）。", []),
        ("用于住房改革支出（类）的资金。", []),
        ("没有收录的科目名称（类）、住房（类）。", []),
    ],
)
def test_a_whole_name_with_the_mark_of_another_level_is_told(text: str, told: list[str]) -> None:
    assert list(find_misplaced_levels(text, load_vocabulary())) == told
