"""Slips of the pen in running text, and what is none."""

import pytest
from small_disclosures import read

from converters.outline.slips import NO_SLIPS, Slips, find_slips
from converters.outline.wording import load_wording
from ontology.vocabulary import load_vocabulary


def slips(text: str) -> Slips:
    """The slips of the first line that has any."""
    found = find_slips(read(text).blocks, load_wording(load_vocabulary()))
    return next(iter(found.values()), NO_SLIPS)


@pytest.mark.parametrize(
    ("text", "field", "printed"),
    [
        ("公务接待费2万元，与上年持平，主要原因是。", "empty_reason", "原因是。"),
        ("公务用车费3万元，比上年减少，主要原因：其中：购置费0万元。", "empty_reason", "原因:其中:"),
        ("公务用车费3万元，主要原因是：；公务接待费2万元。", "empty_reason", "原因是:;"),
        ("培训费减少100 万元，减少 9.52，主要原因是压减。", "unmeasured", "减少9.52"),
        ("支出增加1193.20万元，增长13.95。主要原因是装修。", "unmeasured", "增长13.95"),
        ("主要用于机关运行。。2023年执行数为3万元。", "doubled", "。。"),
        ("主要用于机关运行，，2023年执行数为3万元。", "doubled", "，，"),
        ("主要用于机关运行。\n。", "doubled", "。。"),
        ("开展“图书展览”、优秀读者”活动。", "unpaired", "”、优秀读者”活动。"),
        ("支出3万元（含上年结转1万元。", "unpaired", "支出3万元(含上年结转1"),
        ("支出3万元（含\n上年结转）1万元）。", "unpaired", "结转)1万元)。"),
        ("支出3万元（含结转。\n一。\n二。\n三。\n收入3万元）。", "unpaired", "支出3万元(含结转。"),
        ("收入3万元）。\n支出3万元（含结转。", "unpaired", "收入3万元)。"),
    ],
)
def test_a_slip_is_found(text: str, field: str, printed: str) -> None:
    assert getattr(slips(text), field) == printed


@pytest.mark.parametrize(
    "text",
    [
        "主要原因是人员增加。其中：基本工资增加2万元。",
        "并说明原因；没有增减的，不说明。",
        "支出10.50，比上年增加1.20，增长12.90。",
        "支出10.50万元，比上年分别增加1.20，2.30万元。",
        "编制23人，比上年增加2，其中行政编制2人。",
        "支出10.50万元，比上年增长12.90%，减少1.5个百分点。",
        "主要原因：\n1.人员增加。",
        "1）机关运行。",
        "任务如下：（1）读书；2）展览；a）讲座。",
        "支出3万元（含\n上年结转1万元）。",
        "”三公”经费3万元。",
        "等等……。",
        "贯彻“以水定城。\n以水定人”的要求。",
        "依据《某市\n一、预算管理》编制。\n支出3万元。",
        "依据《某市预算。\n- 3 -\n管理办法》编制。",
        "主要包括1）日常办公，2）购置设备。",
        "联系人：，电话：。",
    ],
)
def test_what_is_no_slip_is_not_told(text: str) -> None:
    assert slips(text) == NO_SLIPS
