"""Lists, shares and changes in sentences: what adds up, and what is compared with what."""

import pytest
from narrated import amounts, narrated, refused, said, statements, sums
from small_disclosures import convert, table

from shapes import check

# ── Lists ───────────────────────────────────────────────────────────────────────────────────────


def test_the_parts_of_a_list_add_up_to_its_whole() -> None:
    text = "2024年支出预算 9 万元，其中：基本支出 5 万元，项目支出 4 万元。"
    assert sums(text) == [("9", ["5", "4"])]
    assert [claim.split()[-1] for claim in amounts(text)] == ["kind=this-year", "kind=basic", "kind=project"]


def test_money_of_last_year_in_a_list_makes_the_whole_a_total_of_all_years() -> None:
    text = "2024年收入预算 9 万元，其中：一般公共预算 5 万元；上年结转 4 万元。"
    assert amounts(text) == [
        "90000 flow=revenue",
        "50000 flow=revenue vintage=current fund=general-public",
        "40000 flow=revenue vintage=carried-over",
    ]
    assert sums(text) == [("9", ["5", "4"])]


def test_a_list_may_run_over_paragraphs_with_marks_and_lists_below() -> None:
    text = """
一般公共预算支出 9 万元。具体安排情况如下：
（一）基本支出 5 万元。其中：人员经费 3 万元、公用经费 2 万元。
（二）项目支出 4 万元。
二、政府性基金预算支出情况
政府性基金预算支出 0 万元。
"""
    assert sums(text) == [("9", ["5", "4"]), ("5", ["3", "2"])]


def test_a_list_without_marks_ends_where_an_entry_is_no_part() -> None:
    text = """
基本支出 5 万元。其中：
人员经费 3 万元；
公用经费 2 万元。
项目支出 4 万元。
"""
    assert sums(text) == [("5", ["3", "2"])]
    assert amounts(text)[-1] == "40000 flow=expenditure kind=project"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("共有车辆 9 辆，其中：执法执勤用车 5 辆、其他用车 3 辆。", [("9", ["5", "3"])]),
        ("共有车辆 9 辆，其中：执法执勤用车 5 辆、机要通信用车 3 辆。", []),
        ("共有车辆 9 辆，其中：其他用车 3 辆、执法执勤用车 5 辆。", []),
    ],
)
def test_a_list_of_things_that_ends_with_the_others_names_them_all(
    text: str, found: list[tuple[str, list[str]]]
) -> None:
    assert sums(text) == found


def test_brackets_behind_a_figure_hold_its_parts() -> None:
    text = "公务用车购置及运行维护费 15 万元(公务用车购置费 0 万元，公务用车运行维护费 15 万元)；公务接待费 1 万元。"
    assert sums(text) == [("15", ["0", "15"])]


def test_income_and_expenditure_are_listed_one_after_the_other() -> None:
    text = """
一、财政拨款收支预算总体情况
财政拨款收支总预算 9 万元。
收入包括：一般公共预算拨款本年收入 8 万元、上年结转 1 万元；政府性基金预算拨款本年收入 0 万元、上年结转 0 万元。
支出包括：教育支出 5 万元，卫生健康支出 4 万元。
"""
    assert amounts(text)[2:6] == [
        "80000 flow=revenue vintage=current fund=general-public",
        "10000 flow=revenue vintage=carried-over fund=general-public",
        "0 flow=revenue vintage=current fund=government-fund",
        "0 flow=revenue vintage=carried-over fund=government-fund",
    ]
    assert sums(text) == [("9", ["8", "1", "0", "0"]), ("9", ["5", "4"])]


def test_the_words_that_open_a_list_name_its_whole() -> None:
    text = """
财政拨款支出预算 9 万元。政府性基金预算支出 0 万元。
财政拨款支出主要内容如下：
1. “教育支出（类）”科目 5 万元。
2. “卫生健康支出（类）”科目 4 万元。
"""
    assert sums(text) == [("9", ["5", "4"])]


def test_one_part_alone_is_no_sum() -> None:
    assert sums("总编制人数 23 人，其中：行政编制 23 人。") == []


def test_parts_of_which_there_may_be_others_are_no_sum() -> None:
    assert sums("支出预算 9 万元，其中：“三公”经费 5 万元，机关运行经费 4 万元。") == []


def test_a_list_with_an_entry_that_is_not_placed_is_no_sum() -> None:
    text = "支出预算 9 万元，其中：基本支出 5 万元，项目支出 3 万元，花坛 1 万元。"
    assert sums(text) == []
    assert refused(text) == ["1万元"]


# ── Shares and changes ──────────────────────────────────────────────────────────────────────────


def test_a_share_names_its_part_and_its_whole() -> None:
    _, basic, share = statements("支出预算 8 万元，其中：基本支出 6 万元，占 75%。")[:3]
    whole = statements("支出预算 8 万元，其中：基本支出 6 万元，占 75%。")[0].observation
    assert said(share) == "share 75 flow=expenditure kind=basic"
    assert (share.share_of, share.share_in) == (basic.observation, whole)


def test_a_share_may_name_its_whole_itself() -> None:
    text = "一、“三公”经费情况\n\n“三公”经费支出 8 万元。公务接待费 2 万元，占“三公”经费的 25%。"
    whole, part, share = statements(text)
    assert (share.share_of, share.share_in) == (part.observation, whole.observation)


def test_a_change_and_its_rate_name_the_figure_that_changed_and_the_year() -> None:
    text = "“三公”经费支出 16 万元，比2023年减少 1 万元，下降 5.88%，主要原因是厉行节约。"
    current, change, rate = statements(text)
    assert [said(s) for s in (change, rate)] == [
        "change -10000 flow=expenditure fund=fiscal kind=this-year scope=three-public",
        "changeRate -5.88 flow=expenditure fund=fiscal kind=this-year scope=three-public",
    ]
    for derived in (change, rate):
        assert derived.change_of is current.observation
        assert (derived.compared_year, derived.direction, derived.reason) == (2023, "decrease", "厉行节约")


def test_a_change_may_follow_in_a_sentence_of_its_own() -> None:
    current, change = statements("项目支出 5 万元。与上年相比，增加 2 万元。主要原因是新增花坛。")
    assert (change.change_of, change.compared_year, change.reason) == (current.observation, 2023, "新增花坛")


def test_no_change_is_a_change_of_nothing() -> None:
    _, change = statements("项目支出 5.5 万元，与上年数一致。")
    assert (said(change), change.direction) == ("change 0 flow=expenditure kind=project", "level")


def test_below_last_years_figure_is_a_decrease() -> None:
    _, change = statements("项目支出 116.5 万元，本年数小于上年预算数 40.05 万元。")
    assert (said(change), change.direction) == ("change -400500 flow=expenditure kind=project", "decrease")


def test_a_change_of_income_and_expenditure_is_told_once() -> None:
    revenue, expenditure, change = statements("2024年收支总预算 9 万元，比2023年预算增加 1 万元。")
    assert change.change_of is revenue.observation
    assert change.observation.coordinates["flow"] == "code/flow/revenue"
    assert expenditure.observation.coordinates["flow"] == "code/flow/expenditure"


def test_the_subject_of_a_change_may_be_another_statement() -> None:
    heading = "一、“三公”经费情况\n\n"
    text = "“三公”经费支出 5 万元，其中：公务接待费 1 万元，公务用车购置及运行费 4 万元。公务接待费与上年持平。"
    found = statements(heading + text)
    reception, change = found[1], found[-1]
    assert change.change_of is reception.observation


def test_a_purpose_belongs_to_the_amount_before_it() -> None:
    first, second = statements("基本支出 5 万元，主要用于工资、水电；项目支出 4 万元，用于：花坛。")
    assert (first.purpose, second.purpose) == ("工资、水电", "花坛")


def test_the_budget_and_the_outturn_of_one_thing_stand_in_one_sentence() -> None:
    text = "项目支出年初预算 5 万元，支出决算 4 万元，完成年初预算的80%。"
    initial, final, share = statements(text)
    assert [said(s) for s in (initial, final)] == [
        "amount 50000 flow=expenditure kind=project",
        "amount 40000 phase=final flow=expenditure kind=project",
    ]
    assert (share.share_of, share.share_in) == (final.observation, initial.observation)


def test_last_years_outturn_and_this_years_budget_of_what_was_spoken_of() -> None:
    text = "教育支出（类）5 万元，主要用于学校。"
    text += "2023年当年预算执行数为 4 万元，2024年预算安排 5 万元，比2023年预算执行数增加25%。"
    _, outturn, budget, rate = statements(text)
    assert [said(s) for s in (outturn, budget)] == [
        "amount 40000 year=2023 phase=final flow=expenditure function=205 kind=this-year",
        "amount 50000 flow=expenditure function=205 kind=this-year",
    ]
    assert (rate.change_of, rate.compared_year) == (budget.observation, 2023)
    assert budget.observation.row_label == "教育支出（类） 预算"


@pytest.mark.parametrize(
    "text",
    [
        "2024年支出预算300万元，其中：基本支出250万元。",
        "2024年支出预算300万元（其中：项目支出59.5万元）。",
        "2024年支出预算300万元，其中：人员经费200万元，公用经费50万元。",
        "2024年收入预算300万元，其中：上年结转0万元。",
    ],
)
def test_some_of_the_parts_do_not_stand_for_their_whole(text: str) -> None:
    assert "same" not in {finding.rule for finding in check(narrated(text).graph, families={"same"}).findings}


def test_parts_that_add_up_tell_what_their_whole_is() -> None:
    text = "2024年支出预算250万元，其中：人员经费200万元，公用经费50万元。"
    whole, *_ = amounts(text)
    assert "kind=basic" in whole


def test_an_entry_without_an_amount_does_not_continue_the_entry_before() -> None:
    text = (
        "五、一般公共预算支出情况说明\n（一）按功能分类划分。\n教育支出 20 万元，农林水支出 10 万元。\n"
        "（二）按支出结构划分。\n1.基本支出 25 万元，其中：工资福利支出 20 万元。\n2.项目支出 5 万元。"
    )
    assert amounts(text)[2:] == [
        "250000 flow=expenditure fund=general-public kind=basic",
        "200000 flow=expenditure fund=general-public economic=301 kind=basic",
        "50000 flow=expenditure fund=general-public kind=project",
    ]


def test_the_budget_and_the_outturn_of_a_listed_project_are_two_amounts() -> None:
    text = (
        "2024年项目支出59.5万元，其中：园艺培训项目全年预算数10.5万元，执行数9万元；"
        "苗圃、温室改造预算数{0}万元，执行数28万元。"
    )
    assert [place.partition(" project=")[0] for place in amounts(text.format(29))[1:]] == [
        "105000 phase=full-year flow=expenditure kind=project",
        "90000 phase=final flow=expenditure kind=project",
        "290000 flow=expenditure kind=project",
        "280000 phase=final flow=expenditure kind=project",
    ]
    graphs = [narrated(text.format(budget)).graph for budget in (29, 39)]
    told = [{f.rule for f in check(graph, families={"same"}).findings} for graph in graphs]
    assert ["same" in rules for rules in told] == [False, True]


BASIC = (
    "2024年一般公共预算基本支出300.00万元，其中：人员经费250.00万元，主要包括：基本工资100.00万元、奖金{}万元；"
    "公用经费50.00万元，主要包括：办公费{}万元、差旅费等20.00万元。"
)
ITEMS = """
科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
 | 合计 | 300.00 | 250.00 | 50.00
301 | 工资福利支出 | 250.00 | 250.00 | 0.00
30101 | 基本工资 | 100.00 | 100.00 | 0.00
30103 | 奖金 | 150.00 | 150.00 | 0.00
302 | 商品和服务支出 | 50.00 | 0.00 | 50.00
30201 | 办公费 | 30.00 | 0.00 | 30.00
30211 | 差旅费 | 15.00 | 0.00 | 15.00
30299 | 其他商品和服务支出 | 5.00 | 0.00 | 5.00
"""


@pytest.mark.parametrize(
    ("bonus", "office", "wrong"), [("150.00", "30.00", 0), ("105.00", "30.00", 1), ("150.00", "33.00", 1)]
)
def test_items_of_basic_expenditure_are_held_to_the_table(bonus: str, office: str, wrong: int) -> None:
    printed = table(6, "一般公共预算基本支出表", ITEMS, "单位：万元")
    text = f"第三部分 情况说明\n六、一般公共预算基本支出情况\n{BASIC.format(bonus, office)}"
    assert [f.rule for f in check(convert(printed, text).graph, families={"same"}).findings if f.rule == "same"] == [
        "same"
    ] * wrong


@pytest.mark.parametrize(
    ("text", "vintages"),
    [
        (
            "收入总预算100万元，其中：一般公共预算拨款90万元，上年结转10万元。",
            ["vintage=current fund=general-public", "vintage=carried-over"],
        ),
        (
            "收入总预算100万元，其中：一般公共预算拨款80万元，事业收入20万元，上年结转10万元。",
            ["fund=general-public", "fund=business", "vintage=carried-over"],
        ),
    ],
)
def test_money_beside_what_is_carried_over_is_of_this_year(text: str, vintages: list[str]) -> None:
    assert [each.split(" ", 2)[2] for each in amounts(text)[1:]] == vintages


@pytest.mark.parametrize(("stated", "wrong"), [("90", 0), ("80", 0), ("85", 1)])
def test_money_in_a_list_that_does_not_add_up_may_include_what_is_carried_over(stated: str, wrong: int) -> None:
    rows = """
    收入 | | 支出 |
    项目 | 预算数 | 项目 | 预算数
    一、一般公共预算拨款收入 | 80 | 一、城乡社区支出 | 105
    二、事业收入 | 15 | |
    本年收入合计 | 95 | 本年支出合计 | 105
    上年结转结余 | 10 | 结转下年 | 0
    收入总计 | 105 | 支出总计 | 105
    """
    both = """
    收入 | | 支出 |
    项目 | 预算数 | 项目 | 预算数
    一、本年收入 | 80 | 一、本年支出 | 90
    （一）一般公共预算拨款 | 80 | （一）城乡社区支出 | 90
    （二）政府性基金预算拨款 | 0 | |
    二、上年结转 | 10 | 二、结转下年 | 0
    （一）一般公共预算拨款 | 10 | |
    （二）政府性基金预算拨款 | 0 | |
    收入总计 | 90 | 支出总计 | 90
    """
    printed = table(1, "收支总表", rows, "单位：万元") + table(4, "财政拨款收支总表", both, "单位：万元")
    stating = f"2024年收入总预算105万元，其中：一般公共预算拨款{stated}万元，上年结转10万元。"
    text = f"第三部分 情况说明\n一、收入预算情况\n{stating}"
    assert [f.rule for f in check(convert(printed, text).graph, families={"same"}).findings if f.rule == "same"] == [
        "same"
    ] * wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入9万元；支出8万元，其中：基本支出5万元，项目支出3万元；年末结转1万元。", [("8", ["5", "3"])]),
        ("支出9万元，其中：基本支出5万元，项目支出3万元；经营支出1万元。", [("9", ["5", "3", "1"])]),
    ],
)
def test_a_semicolon_ends_a_list_in_a_sentence_that_semicolons_divide(
    text: str, expected: list[tuple[str, list[str]]]
) -> None:
    assert sums("七、政府性基金预算支出情况\n2024年政府性基金预算" + text) == expected


def test_what_classes_got_is_no_part_of_what_is_left_at_the_end_of_the_year() -> None:
    text = """八、政府性基金预算财政拨款收入支出情况说明
    本年支出9.60万元，年末结转和结余1.90万元。具体情况如下：
    城乡社区支出（类）支出9.60万元，主要用于基础设施建设。"""
    assert sums(text) == []
    assert [s.observation.coordinates["kind"].rpartition("/")[2] for s in statements(text)] == [
        *("this-year", "carried-forward", "this-year"),
    ]
