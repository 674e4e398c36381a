"""What a text says there is none of: the narrowest thing that it names, and nothing where it may mean less."""

import pytest

from converters.outline.denials import Denial, find_denials
from ontology.vocabulary import load_vocabulary

FINAL, BUDGET = "code/phase/final", "code/phase/budget"


def denied(text: str, phase: str = FINAL) -> list[Denial]:
    return list(find_denials(text, load_vocabulary(), 2024, phase))


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("本部门2024年度没有政府性基金预算财政拨款收入和支出，故本表无数据。", ["fund/government-fund"]),
        ("2024年没有使用国有资本经营预算安排的支出。", ["fund/state-capital"]),
        ("本部门无2024年政府性基金支出", ["fund/government-fund"]),
        ("注：无“三公”经费和机关运行经费预算，故本表为空表。", ["scope/three-public", "scope/operating-expense"]),
        ("本年度无政府性基金预算、国有资本经营预算收支。", ["fund/government-fund", "fund/state-capital"]),
    ],
)
def test_a_fund_or_an_item_as_a_whole_is_denied(text: str, concepts: list[str]) -> None:
    assert denied(text, BUDGET) == [Denial(f"code/{concept}") for concept in concepts]


@pytest.mark.parametrize(
    ("text", "item", "fund"),
    [
        ("某局本年度没有财政拨款“三公”经费支出，故本表无数据。", "three-public", "fiscal"),
        ("无财政拨款安排的会议费。", "meeting", "fiscal"),
        ("没有使用一般公共预算财政拨款安排的因公出国（境）费用。", "abroad", "general-public"),
        ("2024年度无“三公”经费财政拨款支出。", "three-public", "fiscal"),
    ],
)
def test_an_item_named_with_a_fund_is_denied_within_it(text: str, item: str, fund: str) -> None:
    assert denied(text) == [Denial(f"code/scope/{item}", f"code/fund/{fund}")]


@pytest.mark.parametrize(
    "text",
    [
        "本部门没有财政拨款结转。",
        "没有使用财政拨款购置的车辆。",
        "未安排财政拨款资金购买服务。",
        "增加的主要原因是上年无公务用车购置费。",
        "决算数大于预算数的主要原因是年初未安排公务用车购置费。",
        "主要原因是预算未安排因公出国（境）费。",
        "2023年无公务接待费。",
        "无政府性基金预算财政拨款收入支出的，仍保留该表格式。",
        "如无三公经费支出，应作说明。",
        "项目支出没有使用政府性基金预算。",
        "公务接待费没有使用财政拨款。",
        "无公务用车购置需求。",
        "无财政拨款一般公共预算支出。",
    ],
)
def test_nothing_is_denied_where_less_may_be_meant(text: str) -> None:
    assert denied(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("水库管理所、农村供水中心无公务接待费。", False),
        ("所属事业单位无公务接待费。", False),
        ("镇属站所无公务接待费。", False),
        ("村级无公务接待费支出，各村均实现零接待。", False),
        ("我局无公务接待费。", True),
        ("青山区水务局无公务接待费。", True),
    ],
)
def test_what_a_unit_has_none_of_is_denied_of_no_department(text: str, told: bool) -> None:
    found = find_denials(text, load_vocabulary(), 2024, BUDGET, ["武汉市青山区水务局"])
    assert bool([*found]) is told
