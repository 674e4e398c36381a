"""Changes whose words do not name what they are of belong to the amounts that they can be of."""

from __future__ import annotations

import pytest
from narrated import narrated, statements

from shapes import check


def told(text: str) -> list[str]:
    """The rules that a text breaks, with violations."""
    return [f.rule for f in check(narrated(text).graph).findings if f.severity == "violation"]


def pairs(text: str) -> list[tuple[str, str]]:
    """Each change of a text with the amount that it is of."""
    found = [s for s in statements(text) if s.observation.measure in ("change", "changeRate")]
    return [(s.observation.printed, s.change_of.printed if s.change_of else "") for s in found]


ORDERED = "2024年人员经费900万元，公用经费300万元，较2023年分别增加45万元和减少60万元，增长{}、下降16.67%。"
ASSETS = "资产总额900万元：流动资产120万元，固定资产680万元，无形资产100万元。比上年减少100万元，下降{}。"


def test_changes_in_order_are_those_of_the_amounts_in_order() -> None:
    text = ORDERED.format("5.26%")
    assert pairs(text) == [("45", "900"), ("60", "300"), ("5.26", "900"), ("16.67", "300")]
    assert told(text) == []


def test_a_total_behind_a_list_has_none_of_the_changes_in_order() -> None:
    text = "办公费、印刷费、水费预算分别为8万元、6万元和2万元，共16万元，比上年分别增加5万元、减少7万元和减少1万元。"
    assert pairs(text) == [("5", "8"), ("7", "6"), ("1", "2")]
    assert told(text) == []


def test_a_wrong_rate_among_changes_in_order_is_told() -> None:
    assert told(ORDERED.format("6.25%")) == ["change-rate"]


def test_changes_without_the_word_are_in_order_where_all_of_them_suit() -> None:
    text = "2024年人员经费900万元，公用经费300万元，较2023年增加45万元、减少60万元，增长5.26%、下降16.67%。"
    assert told(text) == []


def test_a_change_behind_a_list_is_of_the_amount_that_it_suits() -> None:
    text = ASSETS.format("10.00%")
    assert pairs(text) == [("100", "900"), ("10.00", "900")]
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "公用经费120万元：办公费40万元、差旅费30万元、其他50万元。比上年130万元减少10万元，下降7.69%。",
        "本年支出合计980万元：人员经费800万元，公用经费180万元，占18.37%。较2023年增加80万元，增长8.89%。",
        "收入预算构成如下：财政拨款900万元、单位资金100万元。比2023年增加50万元，增长5.26%，其中财政拨款增加40万元，单位资金增加10万元。",
        "收入方面，一般公共预算900万元、事业收入50万元、其他收入30万元，比上年增加80万元，增长8.89%。",
        "政府采购支出总额80万元，货物30万元，服务50万元。较上年减少20万元，下降20.00%。",
    ],
)
def test_a_change_behind_a_list_accuses_no_part_of_it(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("rate", ["11.00%", "53.00%"])
def test_a_change_that_suits_no_amount_is_told(rate: str) -> None:
    assert told(ASSETS.format(rate)) == ["change-rate"]


def test_a_change_with_words_of_its_own_stays_with_them() -> None:
    text = "支出总额900万元：人员经费800万元，公用经费100万元。公用经费比上年减少100万元，下降10.00%。"
    assert "change-rate" in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "国有资产占用情况：车辆7辆，其中：一般公务用车5辆，执法执勤用车2辆，其他车辆0辆。",
        "共有车辆5辆，其中机要通信用车2辆、其他车辆3辆。",
        "共有车辆4辆，其中轿车3辆，其他车辆1辆。",
        "实有人员50人，其中在职40人，其他人员10人。",
    ],
)
def test_others_are_not_all(text: str) -> None:
    assert told(text) == []


COMPARED = "公务用车费30万元，其中，购置费20万元，比上年0万元增加20万元；运行费10万元，其中：加油6万元，维修4万元。"
COMPARED += "比上年8万元增加{}。"


def test_a_change_from_a_printed_amount_is_that_of_the_amount_which_it_leads_to() -> None:
    assert pairs(COMPARED.format("2万元"))[-1] == ("2", "10")
    assert told(COMPARED.format("2万元")) == []
    assert "change-base" in told(COMPARED.format("3万元"))


ALL_TOLD = "三公经费预算30万元，其中公务接待费10万元（上年12万元）、运行费20万元（上年{}万元）；{}较上年减少5万元。"


@pytest.mark.parametrize("words", ["总额", "合计", "三公经费总额"])
def test_the_sum_of_a_list_is_its_whole(words: str) -> None:
    text = ALL_TOLD.format(23, words)
    assert pairs(text) == [("5", "30")]
    assert told(text) == []


def test_a_change_behind_a_list_without_a_word_for_all_is_that_of_the_last_entry() -> None:
    assert pairs(ALL_TOLD.format(25, "")) == [("5", "20")]
    assert told(ALL_TOLD.format(23, "")) == ["change-base"]
