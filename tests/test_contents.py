"""The table of contents: where it ends."""

import pytest
from small_disclosures import read

from converters.outline.contents import find_contents, find_missing
from converters.outline.wording import load_wording
from ontology.vocabulary import load_vocabulary


def listed(*lines: str) -> list[str]:
    """The lines of the table of contents of a text."""
    blocks = read("\n".join(lines)).blocks
    return [blocks[index].text for index in find_contents(blocks, load_wording(load_vocabulary()))]


@pytest.mark.parametrize("gap", ["  ", "\u3000"])
def test_entries_side_by_side_are_the_whole_contents(gap: str) -> None:
    entries = gap.join(("一、主要职能", "二、机构设置", "三、名词解释"))
    assert listed("目录", entries, "主要职能", "一、起草规划", "组织实施。") == [entries]


def test_entries_below_each_other_end_where_one_is_repeated() -> None:
    assert listed("目录", "一、主要职能", "二、机构设置", "一、主要职能", "组织实施。") == [
        "一、主要职能",
        "二、机构设置",
    ]


def test_entries_side_by_side_are_not_looked_for() -> None:
    wording = load_wording(load_vocabulary())
    blocks = read("目录\n第一部分 部门概况  第二部分 预算说明\n第一部分 本局概况\n主要职能\n组织实施。").blocks
    assert find_missing(blocks, find_contents(blocks, wording), wording) == []


def test_a_short_entry_is_repeated_with_its_number() -> None:
    entries = ["第一部分 概 况 1", "第二部分 2024年度部门决算情况说明 3"]
    assert listed("目录", *entries, "第一部分 概况", "一、主要职责", "组织实施。") == entries
