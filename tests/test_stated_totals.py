"""Totals that a sentence states of the amounts before them, and what may not be taken for one."""

import pytest
from narrated import narrated, statements, sums

from shapes import check


def accused(text: str) -> list[str]:
    return [f.message["zh"] for f in check(narrated(text).graph, families={"sum"}).findings if f.severity != "info"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("项目支出用于：种苗 3 万元，工具 2 万元，培训 1 万元，三项合计 7 万元。", 3),
        ("公用经费包括：日常办公 3 万元，水电 2 万元，以上两项共计 7 万元。", 2),
        ("召开会议 6 次，会议费 3 万元；举办培训 7 期，培训费 2 万元；两项费用合计 7 万元。", 2),
        ("该项经费分别为2022年 3 万元、2023年 2 万元、2024年 1 万元，三年累计 7 万元。", 3),
        ("一季度支出 3 万元，二季度支出 2 万元，全年累计 7 万元。", 2),
        ("门票方面，成人票 3 万元、儿童票 2 万元，合计 7 万元；停车费 1 万元另列。", 2),
        ("种苗支出 3 万元，占比60%；工具支出 2 万元，占比40%。各类合计 7 万元。", 2),
    ],
)
def test_a_total_of_the_amounts_before_it_is_what_they_come_to(text: str, parts: int) -> None:
    text = text.replace(" 万元", ".00 万元")
    [(total, added)] = sums(text)
    assert (total, len(added)) == ("7.00", parts)
    assert len(accused(text)) == 1
    assert accused(text.replace("7.00", "6.00" if parts == 3 else "5.00")) == []


@pytest.mark.parametrize(
    "text",
    [
        "支出预算 9 万元，其中种苗 4 万元，工具 2 万元，其他项目 5 万元，合计 14 万元。",
        "种苗 4 万元（含补贴 1 万元），工具 2 万元，合计 6 万元。",
        "种苗 4 万元，工具 2 万元，三项合计 9 万元。",
        "种苗 4 万元，工具 2 万元，自2020年以来累计 90 万元。",
        "种苗 4 万元，工具 2 万元，全市共 90 万元。",
        "种苗 4 万元。工具 2 万元，肥料 1 万元，合计 7 万元。",
        "修剪机 4 万元；推车 3 台、共计 1 万元，水泵 1 台、共计 9 万元。",
        "种苗增加 4 万元，工具减少 2 万元，合计 9 万元。",
    ],
)
def test_what_may_be_a_total_of_other_amounts_is_not_accused(text: str) -> None:
    assert accused(text.replace(" 万元", ".00 万元")) == []


def test_a_total_behind_a_list_is_the_whole_of_the_list() -> None:
    text = "2024年支出预算 9 万元，其中支持小店开张 6 万元，种苗推广 3 万元，合计 9 万元。"
    whole, *_, total = statements(text)
    assert total.compared
    assert total.observation.coordinates == whole.observation.coordinates
    assert total.observation.row_label == "合计"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("固定资产账面原值9.00万元，累计折旧5.00万元，账面净值4.00万元，成新率44.44%。", "净值6.00"),
        ("种苗预算9.00万元，支出5.00万元，结余4.00万元。", "结余6.00"),
        ("政府采购预算9.00万元，实际采购5.00万元，节约资金4.00万元。", "资金6.00"),
    ],
)
def test_what_is_left_is_the_difference_of_the_two_amounts_before_it(text: str, wrong: str) -> None:
    assert accused(text) == []
    assert len(accused(text.replace(wrong.replace("6", "4"), wrong))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "种苗预算9.00万元，支出5.00万元，结余3.00万元，收回1.00万元。",
        "种苗预算9.00万元（追加2.00万元），支出5.00万元，结余6.00万元。",
        "种苗收入9.00万元，支出5.00万元，结余6.00万元。",
    ],
)
def test_what_is_left_of_something_else_is_not_accused(text: str) -> None:
    assert accused(text) == []
