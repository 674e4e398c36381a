"""Wordings of other provinces: codes in running text, items after one that is not known, lists of changes."""

import re

import pytest
from narrated import TABLE, amounts, claims, narrated, refused, statements
from small_disclosures import convert, table

from converters import Conversion

ADMINISTRATION = "80000 flow=expenditure function=2010101"


def known(text: str) -> list[tuple[str, bool]]:
    """Printed figure, and whether it is compared with tables."""
    return [(s.observation.printed, s.compared) for s in statements(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010101行政运行支出 8 万元，主要用于工资。", [ADMINISTRATION]),
        ("1.行政运行（2010101）支出 8 万元。", [ADMINISTRATION]),
        ("1.一般公共服务支出（201）人大事务（01）行政运行（01）：预算 8 万元。", [ADMINISTRATION]),
        ("卫生健康支出210类行政事业单位医疗11款行政单位医疗01项 8 万元。", ["80000 flow=expenditure function=2101101"]),
        (
            "301类工资福利支出 8 万元，其中：30101基本工资 8 万元。",
            ["80000 flow=expenditure economic=301", "80000 flow=expenditure economic=30101"],
        ),
    ],
)
def test_codes_in_running_text_name_their_class(text: str, expected: list[str]) -> None:
    assert [claim.replace(" kind=this-year", "") for claim in amounts(text)] == expected


@pytest.mark.parametrize("joint", ["", "-", "—", "——"])
def test_sentence_with_a_code_of_seven_digits_is_not_withheld(joint: str) -> None:
    text = f"（一）2010101{joint}行政运行 8 万元，主要用于单位运转。"
    assert "contact-withheld" not in {issue.key for issue in narrated(text).issues}
    assert amounts(text) == ["80000 flow=expenditure function=2010101 kind=this-year"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("相应安排支出预算 8 万元。", "80000 flow=expenditure kind=this-year"),
        ("2024年上年结转（结余）8 万元。", "80000 flow=revenue vintage=carried-over"),
        ("使用非财政拨款结余和专用结余 8 万元。", "80000 flow=revenue vintage=non-fiscal-balance"),
        ("一般公共财政拨款基本支出 8 万元。", "80000 flow=expenditure fund=general-public kind=basic"),
        ("一般公共预算财政拨款运行经费 8 万元。", "80000 flow=expenditure kind=this-year scope=operating-expense"),
    ],
)
def test_standard_words_of_provinces(text: str, expected: str) -> None:
    assert amounts(text) == [expected]


def test_a_telephone_number_before_a_name_is_withheld() -> None:
    assert "contact-withheld" in {issue.key for issue in narrated("8682345-行政运行 8 万元。").issues}


def _with_class(text: str) -> Conversion:
    rows = "2139 | 某种新的款 | 3.00 | 3.00 |\n2139901 | 某种新的项支出 | 3.00 | 3.00 |"
    printed = table(3, "支出总表", f"科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n{rows}")
    return convert(TABLE, printed, f"\n第三部分 部门预算情况说明\n\n{text}\n")


@pytest.mark.parametrize("words", ["某种新的项支出 3 元", "某种新的项（项）支出 3 元", "2139901某种新的项支出 3 元"])
def test_class_that_only_the_tables_of_the_document_name_is_known_in_its_text(words: str) -> None:
    [statement] = _with_class(f"{words}，主要用于养护。").content.narrative.statements
    assert statement.compared
    assert statement.observation.coordinates["function"].endswith("/2139901")


def test_item_with_an_unknown_name_does_not_hide_those_behind_it() -> None:
    text = "花坛养护补助 5 万元、提租补贴 6 万元，购房补贴 4 万元。"
    assert known(text) == [("5", False), ("6", True), ("4", True)]


def test_parts_of_something_unknown_are_not_compared() -> None:
    assert known("花坛养护补助 5 万元，其中：人员经费 3 万元，公用经费 2 万元。") == [
        ("5", False),
        ("3", False),
        ("2", False),
    ]


def test_entries_joined_by_a_conjunction_are_two() -> None:
    assert amounts("收入总预算 8 万元，包括本年收入 5 万元和上年结转 3 万元。")[1:] == [
        "50000 flow=revenue vintage=current",
        "30000 flow=revenue vintage=carried-over",
    ]


def test_list_of_changes_is_about_what_has_changed() -> None:
    text = "“三公”经费预算数比2023年减少 2 万元，其中：公务用车运行维护费减少 1 万元；公务接待费减少 1 万元，下降 10%。"
    assert [claim.split(" scope=")[1] for claim in claims(text)] == [
        "three-public",
        "running",
        "reception",
        "reception",
    ]


def test_amount_that_does_not_tell_its_flow_is_a_claim_compared_with_no_table() -> None:
    assert known("政府性基金预算拨款 3 万元。") == [("3", False)]


def test_share_of_something_else_is_not_that_of_the_statement_before() -> None:
    text = "政府采购支出 9 万元，其中预留给小微企业的比例为 50%。"
    assert known(text) == [("9", True), ("50", False)]


def test_unchanged_amount_prints_what_it_is_compared_with() -> None:
    text = "国有资本经营预算支出 0 万元，与上年预算数 0 万元相比无变化。"
    assert [s.observation.coordinates["year"] for s in statements(text)] == ["2024", "2023", "2024"]


@pytest.mark.parametrize(
    "base", ["较2023年预算数 900 万元", "与2023年支出预算 900 万元相比", "较年初预算 900 万元", "较花坛养护 900 万元"]
)
def test_changes_behind_the_amount_compared_with_are_of_the_amount_before_it(base: str) -> None:
    [change] = [s for s in statements(f"2024年支出预算 1000 万元，{base}，增加 100 万元。") if s.change_of is not None]
    assert change.change_of is not None
    assert change.change_of.printed == "1000"


def test_amount_of_things_that_stand_for_no_coordinates_is_not_that_of_the_whole() -> None:
    assert known("资产配置预算 15 万元，其中：通用设备 12 万元。") == [("15", True), ("12", False)]


def test_what_reasons_come_to_is_no_further_reason() -> None:
    text = "支出预算 9 万元，比上年减少 2 万元，原因是人员经费增加 3 万元、项目支出减少 5 万元，增减相抵后减少 2 万元。"
    [change] = [s for s in statements(text) if s.reasons]
    assert (change.explained, [reason.printed for reason in change.reasons]) == (True, ["3", "5"])


def test_ending_of_the_name_of_a_fund_tells_the_flow() -> None:
    assert amounts("上级补助收入 2 万元。") == ["20000 flow=revenue vintage=current fund=upper-subsidy"]


def test_list_mark_may_stand_before_a_code() -> None:
    assert amounts("1.2010101行政运行 8 万元。") == [f"{ADMINISTRATION} kind=this-year"]


def test_what_is_received_in_all_includes_what_was_carried_over() -> None:
    assert amounts("2024年部门财务总收入 9 万元，其中：本年收入 8 万元，上年结转 1 万元。") == [
        "90000 flow=revenue",
        "80000 flow=revenue vintage=current",
        "10000 flow=revenue vintage=carried-over",
    ]


@pytest.mark.parametrize("heading", ["一、关于收支预算总体情况的说明", "一、收支变化情况分析", "一、部门预算报表说明"])
def test_stock_words_of_headings_hide_nothing(heading: str) -> None:
    assert known(f"{heading}\n\n项目支出 5 万元。") == [("5", True)]


def test_changes_against_two_things_are_not_reckoned_together() -> None:
    text = "会议费 10 万元，比年初预算数减少 2 万元，降低 16.67%；比2023年增加 1 万元，增长 11.11%。"
    assert [s.change_of is not None for s in statements(f"一、项目支出\n\n{text}")] == [False, True, True, False, False]


def test_line_that_ends_with_a_colon_opens_a_list_of_its_fund() -> None:
    lines = ("1.2010101行政运行 8 万元，用于工资。", "2.2210201住房公积金 2 万元。")
    text = "\n".join(("一般公共预算财政拨款安排支出按功能科目分类情况：", *lines))
    found = [claim.replace(" kind=this-year", "") for claim in amounts(text)]
    assert found == [
        f"{n}0000 flow=expenditure fund=general-public function={c}" for n, c in ((8, 2010101), (2, 2210201))
    ]


def test_short_names_of_receptions_procurement_and_benefits() -> None:
    text = "“三公”经费 8 万元，其中：公务接待 3 万元。政府采购 5 万元，其中：货物类采购 2 万元，工程类采购 3 万元。"
    assert [re.findall(r"scope=(\S+)", claim) for claim in amounts(text)] == [
        ["three-public"],
        ["reception"],
        ["procurement"],
        ["procurement-goods"],
        ["procurement-works"],
    ]
    assert refused(text + "对个人和家庭补助支出 3 万元。") == []


def test_two_flows_named_in_one_word_are_both() -> None:
    both = ["10000 flow=revenue fund=fiscal", "10000 flow=expenditure fund=fiscal"]
    assert amounts("2024年度财政拨款收入支出总计1万元。") == both
    assert amounts("财政拨款收入1万元、支出2万元。") == [
        "10000 flow=revenue vintage=current fund=fiscal",
        "20000 flow=expenditure fund=fiscal kind=this-year",
    ]
    assert amounts("财政拨款收入预算总计1万元。") == ["10000 flow=revenue fund=fiscal"]
    assert amounts("2024年支出总计1万元。") == ["10000 flow=expenditure"]


@pytest.mark.parametrize("words", ["决算数小于预算数的", "低于年初预算的"])
def test_the_reason_of_an_outturn_below_its_plan_is_none_of_a_change(words: str) -> None:
    text = f"七、三公\n2024年度“三公”经费支出预算7.35万元，比上年增加0.32万元。{words}主要原因是厉行节约。"
    assert [s.reason for s in statements(text) if s.observation.measure == "change"] == [None]


def test_the_reason_of_a_change_after_its_plan_is_told_is_kept() -> None:
    text = "七、三公\n2024年度“三公”经费支出预算7.35万元，低于预算，比上年增加0.32万元，主要原因是新增车辆。"
    changes = [s for s in statements(text) if s.observation.measure == "change"]
    assert [s.reason for s in changes] == ["新增车辆"]


@pytest.mark.parametrize("words", ["按支出用途分", "从支出性质看", "从支出用途看"])
def test_words_that_say_how_outlay_is_divided_name_none_of_it(words: str) -> None:
    text = f"{words}，基本支出 9 万元，项目支出 4 万元。"
    assert amounts(text) == ["90000 flow=expenditure kind=basic", "40000 flow=expenditure kind=project"]
    assert all(s.compared for s in statements(text))


def test_expenditure_behind_money_that_is_not_understood_may_be_of_that_money() -> None:
    stated = {
        s.observation.row_label: s.compared
        for s in statements("本年到位资金97.83万元，到位率100%；实际支出92.83万元。")
    }
    assert stated == {"到位资金": False, "支出": False}
    assert [s.compared for s in statements("本年支出92.83万元。")] == [True]


@pytest.mark.parametrize(("words", "compared"), [("一般公共预算支出9万元：", False), ("", True)])
def test_parts_behind_a_colon_may_be_of_the_fund_before_it(words: str, compared: bool) -> None:
    found = statements(f"{words}人员经费3万元，占33.33%；公用经费2万元，占22.22%；项目支出4万元，占44.44%。")
    kinds = [s.compared for s in found if s.observation.row_label in ("人员经费", "公用经费", "项目支出")]
    assert kinds == [compared] * 6


@pytest.mark.parametrize("heading", ["一、2024年度部门预算数据变动情况及原因", "一、部门收支概况", "一、收支平衡情况"])
def test_headings_about_changes_hide_nothing(heading: str) -> None:
    text = "2024年收入预算 8 万元；支出预算 8 万元。"
    expected = ["80000 flow=revenue vintage=current", "80000 flow=expenditure kind=this-year"]
    assert amounts(f"{heading}\n{text}") == expected


def test_parts_of_a_reason_are_no_further_reasons() -> None:
    text = "“三公”经费支出43.33万元，比上年减少12.76万元，主要原因是{}。"
    two = text.format("单位上划减少9.68万元，压减减少3.08万元")
    assert [[r.printed for r in s.reasons] for s in statements(two) if s.reasons] == [["9.68", "3.08"]]
    parts = text.format("单位上划减少3.42万元，其中公务用车运行维护费减少3.08万元")
    assert [s.reasons for s in statements(parts) if s.reasons] == []
