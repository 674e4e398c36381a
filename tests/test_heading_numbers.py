"""Numbers of headings that are left out, and lists within sections that leave out none."""

import pytest
from small_disclosures import read

from converters.outline.heading_numbers import find_skipped
from converters.outline.wording import load_wording
from ontology.vocabulary import load_vocabulary


def skipped(*lines: str, contents: int = 0) -> list[tuple[str, str]]:
    """Each line before which a number is left out, with the number; the first lines are the contents."""
    blocks = read("\n".join(lines)).blocks
    found = find_skipped(blocks, range(contents), load_wording(load_vocabulary()))
    return [(blocks[index].text, number) for index, number in found.items()]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["一、收入", "二、支出", "四、采购"], [("四、采购", "三")]),
        (["一、收入", "三、支出", "四、采购"], [("三、支出", "二")]),
        (["一、收入", "一、税款", "二、利息", "四、采购"], [("四、采购", "三")]),
        ([*(f"{n}、事项" for n in "一二三四五六七八九十"), "十二、采购"], [("十二、采购", "十一")]),
        (["第一部分 概况", "一、职责", "第二部分 预算", "一、收入", "三、采购"], [("三、采购", "二")]),
        (["第一部分 概况", "一、职责", "第二部分 预算", "二、支出", "三、采购"], [("二、支出", "一")]),
        (["一、收入", "二、支出", "四、采购", "一、概况", "二、依据", "三、主体"], [("四、采购", "三")]),
        (["一、概况", "二、依据", "四、方案", "一、概况", "二、依据", "三、主体", "四、方案"], [("四、方案", "三")]),
        (["一、收入", "二、支出", "三、采购", "二、依据", "三、主体"], [("二、依据", "一")]),
        (
            [
                "一、收入",
                "一、概况",
                "二、依据",
                "三、主体",
                "一、概况",
                "三、主体",
                "一、概况",
                "二、依据",
                "三、主体",
            ],
            [("三、主体", "二")],
        ),
    ],
)
def test_a_number_left_out_is_told(lines: list[str], found: list[tuple[str, str]]) -> None:
    assert skipped(*lines) == found


@pytest.mark.parametrize(
    "lines",
    [
        ["一、收入", "二、支出", "三、采购"],
        ["一、收入", "一、税款", "二、利息", "三、其他", "二、支出"],
        ["一、收入", "二、支出", "三、采购", "一、税款", "二、利息", "四、资产"],
        ["一、收入", "二、支出", "九、采购"],
        ["第一部分 概况", "一、职责", "第二部分 预算", "三、采购"],
        ["第一部分 概况", "一、职责", "第二部分 预算一、收入", "二、支出"],
        ["一、收入", "二、三产业增长，四、其他增长3.00万元。", "二、支出"],
        ["三、采购", "四、资产"],
        ["一、收入", "三、采购", "二、支出", "四、资产"],
        ["一、收入", "二、支出", "三、采购", "职责：一、起草", "二、审核", "三、其他"],
        ["一、收入", "二、支出", "三、采购", "二、负责审核工作，报送有关部门批准。", "三、承办其他事项。"],
        ["一、收入", "二、支出", "三、采购", "二、依据"],
    ],
)
def test_numbers_that_run_on_or_were_not_read_are_not_told(lines: list[str]) -> None:
    assert skipped(*lines) == []


def test_the_title_of_a_part_begins_anew() -> None:
    contents = ["一、部门职能", "二、情况说明", "三、项目说明"]
    duties = ["部门职能", "一、起草。", "二、审核。", "三、统计。", "四、承办其他事项。"]
    told = ["情况说明", "一、三公经费", "三、采购", "项目说明", "一、概况", "二、依据", "三、主体"]
    assert skipped(*contents, *duties, *told, contents=3) == [("三、采购", "二")]
