"""Sentences to claims: what they are about, how precise they are, what they count."""

import re
from decimal import Decimal

import pytest
from narrated import amounts, claims, narrated, refused, said, statements, sums
from small_disclosures import issues

from ontology.numbers import decimal_to_text

# ── What a figure is about ──────────────────────────────────────────────────────────────────────


def test_words_of_a_sentence_give_the_coordinates() -> None:
    assert amounts("2024年一般公共预算基本支出 5 万元。") == ["50000 flow=expenditure fund=general-public kind=basic"]


def test_the_heading_gives_what_the_sentence_leaves_out() -> None:
    assert amounts("一、一般公共预算支出情况\n\n项目支出 5 万元。") == [
        "50000 flow=expenditure fund=general-public kind=project"
    ]


def test_the_sentence_goes_before_the_heading() -> None:
    assert amounts("一、一般公共预算支出情况\n\n政府性基金预算支出 0 万元。") == [
        "0 flow=expenditure fund=government-fund kind=this-year"
    ]


def test_a_heading_ends_where_the_next_begins() -> None:
    text = "一、一般公共预算支出情况\n\n（一）“三公”经费\n\n公务接待费 1 万元。\n\n二、支出情况\n\n项目支出 5 万元。"
    assert amounts(text) == [
        "10000 flow=expenditure fund=general-public kind=this-year scope=reception",
        "50000 flow=expenditure kind=project",
    ]


def test_income_and_expenditure_in_one_are_two_claims_with_one_number() -> None:
    both = [s.observation for s in statements("2024年部门收支总预算 5 万元。")]
    assert [(o.coordinates["flow"], o.printed, o.ordinal, o.column) for o in both] == [
        ("code/flow/revenue", "5", 1, 1),
        ("code/flow/expenditure", "5", 1, 2),
    ]
    iris = narrated("2024年部门收支总预算 5 万元。").iris
    addresses = [iris.observation(o.table, o.row, o.column, o.ordinal) for o in both]
    assert [address.rsplit("/", 1)[-1] for address in addresses] == ["s001.1", "s001.1-2"]


def test_a_topic_holds_for_the_clauses_behind_it() -> None:
    text = "财政拨款支出预算中，一般公共预算支出 5 万元；政府性基金预算支出 0 万元。"
    assert amounts(text) == [
        "50000 flow=expenditure fund=general-public kind=this-year",
        "0 flow=expenditure fund=government-fund kind=this-year",
    ]


def test_a_class_is_found_by_the_names_above_it() -> None:
    text = "一般公共服务支出（类）政协事务（款）行政运行（项）5 万元。“教育支出-其他教育支出-其他教育支出”科目 3 万元。"
    assert [re.findall(r"function=(\d+)", claim) for claim in amounts(text)] == [["2010201"], ["2059999"]]


@pytest.mark.parametrize("code", ["（2010201）", "（01）", ""])
def test_a_code_in_brackets_may_stand_behind_the_mark_of_the_level(code: str) -> None:
    text = f"9.一般公共服务支出（类）政协事务（款）行政运行（项）{code}。预算为 5 万元，比上年增加 1 万元。"
    assert amounts(text) == ["50000 flow=expenditure function=2010201 kind=this-year"]


def test_a_level_mark_chooses_among_classes_of_one_name() -> None:
    text = "教育支出（类）其他教育支出（款）其他教育支出（项）3 万元。"
    assert re.findall(r"function=\d+", amounts(text)[0]) == ["function=2059999"]


def test_a_name_with_two_meanings_is_not_placed_where_nothing_decides() -> None:
    assert amounts("行政运行 5 万元。") == ["50000 flow=expenditure kind=this-year line=s001.1"]
    assert refused("行政运行 5 万元。") == ["5万元"]


def test_a_name_with_two_meanings_is_narrowed_by_the_whole() -> None:
    text = "“三公”经费支出预算 5 万元，其中：公务接待费 1 万元，公务用车购置及运行费 4 万元。"
    assert [claim.split()[-1] for claim in amounts(text)] == ["scope=three-public", "scope=reception", "scope=vehicles"]


def test_another_year_and_another_step_are_coordinates() -> None:
    assert amounts("2023年决算项目支出 5 万元。") == ["50000 year=2023 phase=final flow=expenditure kind=project"]


def test_a_sentence_goes_on_behind_the_end_of_a_page() -> None:
    assert amounts("2024年项目支出 59\n\n- 12 -\n\n.5 万元。") == ["595000 flow=expenditure kind=project"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("“住房公积金（项）预算”5万元。", "住房公积金（项）预算"),
        ("“三公”经费预算5万元。", "“三公”经费预算"),
        ("专项5万元。", "专项"),
    ],
    ids=["closed behind the amount's words", "closed inside", "a character that marks classes"],
)
def test_a_label_is_what_stands_before_the_amount(text: str, label: str) -> None:
    assert [s.observation.row_label for s in statements(text)] == [label]


# ── Precision ───────────────────────────────────────────────────────────────────────────────────


def test_the_finest_digit_of_the_text_is_the_precision_of_its_unit() -> None:
    found = statements("项目支出 29 万元。基本支出 1483.56 万元。政府性基金预算支出 0 万元。")
    assert [decimal_to_text(s.observation.precision) for s in found] == ["50", "50", "0"]


def test_a_section_that_rounds_all_its_amounts_has_its_own_precision() -> None:
    kinds = "基本支出 1483 万元。项目支出 210 万元。"
    rounded = kinds + "一般公共预算支出 1690 万元。政府性基金预算支出 3 万元。国有资本经营预算支出 12 万元。"
    found = statements(rounded + "\n二、总体情况\n基本支出 7.25 万元。项目支出 8 万元。")
    assert [decimal_to_text(s.observation.precision) for s in found] == ["5000"] * 5 + ["50", "50"]


def test_a_zero_with_decimals_of_ten_thousand_yuan_may_be_less_than_its_last_digit() -> None:
    found = statements("项目支出0.00万元，公务接待费0.0万元，培训费0万元，会议费0.00元。")
    assert [decimal_to_text(s.observation.precision) for s in found] == ["50", "500", "0", "0"]


def test_zero_is_rounded_where_all_amounts_of_a_section_are_whole() -> None:
    whole = "支出90万元，其中基本支出61万元，项目支出29万元。机关运行经费13万元，培训费2万元，会议费0万元。"
    assert statements(whole)[-1].observation.precision == 5000
    assert statements(whole.replace("29万元", "29.00万元"))[-1].observation.precision == 0


def test_amounts_of_three_digits_may_be_rounded_to_their_own() -> None:
    text = "人员经费919.1万元，公用经费34.6万元，公务接待费12.25万元。项目支出413万元，培训费29万元，水费410万元。"
    text += "电费2.9万元。"
    precisions = [decimal_to_text(s.observation.precision) for s in statements(text)]
    assert precisions == ["500", "500", "50", "5000", "50", "50", "50"]


def test_a_percentage_has_the_precision_of_its_own_digits() -> None:
    found = statements("项目支出 29 万元，占 4.01%。基本支出 500 万元，占 62.5%。一般公共预算支出 5 万元，占 22%。")
    assert [decimal_to_text(s.observation.precision) for s in found if s.share_of] == ["0.005", "0.05", "0.5"]


def test_people_and_things_are_counted_exactly() -> None:
    assert {s.observation.precision for s in statements("总编制人数 23 人。共有车辆 5 辆。")} == {Decimal(0)}


# ── Projects and lines ──────────────────────────────────────────────────────────────────────────

PROJECTS = """
2024年项目支出 59.5 万元，具体使用情况如下：
园艺培训 10.5 万元，主要用于培训；
苗圃、温室改造 29 万元；
花坛养护及花木更新经费（待分配）20 万元。
"""


def test_projects_are_tied_to_their_table_by_name() -> None:
    assert [re.findall(r"project=\d+T0+(\d+)", claim) for claim in amounts(PROJECTS)] == [[], ["101"], ["102"], ["100"]]
    assert sums(PROJECTS) == [("59.5", ["10.5", "29", "20"])]


def test_a_project_that_no_table_has_is_an_issue() -> None:
    text = "2024年项目支出 9 万元，其中：喷泉 9 万元。"
    [issue] = issues(narrated(text), "project-not-found")
    assert (issue.values["name"], issue.values["figure"]) == ("喷泉", "9万元")
    assert "喷泉" in issue.text("zh")


def test_entries_of_purchased_services_are_lines_under_their_printed_names() -> None:
    text = "政府购买服务预算支出合计 3 万元，其中：法律顾问 1 万元，花木鉴定 2 万元。"
    assert [claim.split()[-1] for claim in amounts(text)[1:]] == ["line=s001.2", "line=s001.3"]
    assert [thing.name for thing in narrated(text).content.narrative.entities] == ["法律顾问", "花木鉴定"]
    assert sums(text) == [("3", ["1", "2"])]


# ── People, vehicles, units ─────────────────────────────────────────────────────────────────────


def test_posts_and_people_are_told_apart_and_meet_in_their_kinds() -> None:
    text = "总编制人数 23 人，其中：行政编制 23 人。在职实有人数 29 人，其中：行政编制 26 人，工勤人员 3 人。"
    text += "离退休人员 53 人，其中：离休 2 人，退休 51 人。"
    assert claims(text) == [
        "establishment 23 flow=expenditure line=staff",
        "establishment 23 flow=expenditure line=staff-administrative",
        "headCount 29 flow=expenditure line=staff",
        "headCount 26 flow=expenditure line=staff-administrative",
        "headCount 3 flow=expenditure line=staff-workers",
        "headCount 53 flow=expenditure line=retirees",
        "headCount 2 flow=expenditure line=retirees-veteran",
        "headCount 51 flow=expenditure line=retirees-ordinary",
    ]
    assert sums(text) == [("29", ["26", "3"]), ("53", ["2", "51"])]


@pytest.mark.parametrize("day", ["截至 2023 年 12 月 31 日", "截至2023年底", "截止到2023年年末", "2023年末"])
def test_vehicles_by_use_have_the_day_of_their_whole(day: str) -> None:
    found = statements(f"{day}，共有车辆 5 辆。其中：机要通信用车 1 辆，应急保障用车 4 辆。")
    assert [said(s).split()[-1] for s in found[1:]] == ["line=vehicle-communication", "line=vehicle-emergency"]
    assert {s.as_of for s in found} == {"2023-12-31"}


def test_the_end_of_a_year_is_no_day_where_the_balance_of_then_is_told() -> None:
    assert amounts("2023年末结转和结余5万元。") == amounts("2023年年末结转和结余5万元。")
    assert statements("2023年末结转和结余5万元。")[0].as_of is None


def test_vehicles_to_be_bought_are_no_vehicles_yet() -> None:
    assert claims("安排购置车辆 1 辆，其中：其他用车 1 辆。") == [
        "quantity 1 flow=expenditure scope=purchase",
        "quantity 1 flow=expenditure scope=purchase line=vehicle-other",
    ]


def test_rooms_are_measured() -> None:
    [rooms] = statements("办公用房面积 1200.5 平方米。")
    assert (said(rooms), decimal_to_text(rooms.observation.precision)) == ("area 1200.5 flow=expenditure", "0.05")


def test_units_before_an_amount_are_a_claim_of_their_own() -> None:
    assert claims("2024 年本级机关 1 家行政单位行政运行经费 5 万元。") == [
        "units 1 flow=expenditure line=unit-administrative",
        "amount 50000 flow=expenditure kind=this-year scope=operating-expense",
    ]
