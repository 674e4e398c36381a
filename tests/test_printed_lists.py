"""Lists held to their whole by their punctuation and names, whatever their parts are, and what tells of no whole."""

import pytest
from narrated import narrated, sums

from shapes import check


def accused(text: str) -> list[str]:
    return [f.message["zh"] for f in check(narrated(text).triples).findings if f.rule == "sum"]


ASSETS = "资产总额{}.00万元，其中：流动资产30.00万元，固定资产净值50.00万元，在建工程15.00万元，其他资产5.00万元。"
CARS = "单位现有车辆{}辆，比上年增加1辆，主要是上级调拨囚车1辆。其中，轿车1辆，救护车4辆，其他车型1辆。"
YEARS = "总投资{}.00万元，周期2023年至2025年，其中：2023年安排3.00万元，2024年安排2.00万元，2025年安排4.00万元。"
GOALS = "绩效目标管理的项目5个，涉及预算{}.00万元。其中：甲类项目2个，涉及预算4.00万元；乙类项目3个，涉及预算5.00万元。"
CLASSES = "项目支出预算{}.00万元。其中：人员类项目4.00万元；运转类项目3.00万元；特定目标类项目2.00万元。"


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (ASSETS, 100, 110),
        (ASSETS, 100, 90),
        (CARS, 6, 7),
        (CARS, 6, 5),
        (YEARS, 9, 10),
        (GOALS, 9, 12),
        (CLASSES, 9, 10),
    ],
)
def test_a_list_that_is_certainly_whole_adds_up(text: str, right: int, wrong: int) -> None:
    assert accused(text.format(right)) == []
    [message] = accused(text.format(wrong))
    assert f"相差 {abs(wrong - right)}" in message.replace("0000", "").replace(",", "")


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("资产总额{}.00万元，其中流动资产30.00万元，固定资产50.00万元。", 81, 79),
        ("固定资产原值{}.00万元，其中房屋原值60.00万元，车辆原值9.00万元，其他固定资产原值8.00万元。", 77, 70),
        ("实有人数{}人，其中：在职人员10人，较上年增加1人；离休人员2人，较上年减少1人；退休人员4人。", 20, 15),
        ("实有人员编制{}人，其中：行政编制6人（含工勤编制1人），事业编制2人（含参公管理0人）。", 9, 7),
        ("非税收入计划{}.00万元，其中：行政事业性收费收入5.00万元，罚没收入3.00万元。", 9, 7),
    ],
)
def test_parts_that_exclude_one_another_never_exceed_their_whole(text: str, right: int, wrong: int) -> None:
    assert accused(text.format(right)) == []
    assert len(accused(text.format(wrong))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "干部职工10人，其中女性6人，党员5人，本科学历8人。",
        "资产总额100.00万元，其中非流动资产70.00万元，固定资产60.00万元。",
        "资产总额94.00万元，其中流动资产30.00万元，固定资产50.00万元，其中房屋9.00万元，其他资产14.00万元。",
        "资产总额90.00万元，其中流动资产30.00万元，其他流动资产5.00万元，负债总额20.00万元。",
        "资产总额80.00万元，其中流动资产30.00万元，固定资产50.00万元，无形资产折旧9.00万元。",
        "水利支出9.00万元，其中防汛4.00万元，抗旱3.00万元，其他支出1.00万元。",
        "资产总额比上年增加3.00万元，其中流动资产增加9.00万元，固定资产减少6.00万元。",
        "公务接待5批次30人次，其中外事接待1批次8人次。",
        "资产总额90.00万元，其中流动资产30.00万元，固定资产原值80.00万元。",
        "政府采购32.00万元，其中集中采购20.00万元，分散采购12.00万元。分为：货物14.00万元，工程8.00万元，服务10.00万元。",
        "2023年支出90.00万元，2024年支出100.00万元，其中基本支出2023年60.00万元，2024年70.00万元。",
        "固定资产50.00万元，其中房屋（原值）60.00万元，车辆9.00万元，其他固定资产8.00万元。",
    ],
)
def test_parts_that_may_overlap_or_be_some_only_are_not_accused(text: str) -> None:
    assert accused(text) == []


def test_a_list_of_unknown_things_is_a_sum_of_statements() -> None:
    assert sums(CARS.format(6)) == [("6", ["1", "4", "1"])]
