"""Sentences to claims: what they are about, what they are compared with, what they add up to, what is not taken."""

import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from small_disclosures import convert, example, issues, table

from converters import Conversion, conversion_to_records, conversion_to_snapshot, convert_file
from converters.model.amounts import plain
from converters.narrative.narrative import Statement
from converters.narrative.tokens import FIGURES, Lexicon, tokenize
from ontology.namespaces import DCT, DEFAULT_BASE, QB, RDF
from ontology.phrases import load_phrases
from shapes import check

TABLE = table(
    10,
    "项目支出表",
    """
    项目编码 | 项目名称 | 合计
    | | 59.5
    31 | 本级支出项目 | 59.5
    42010724108T000000100 | 工作性其他-花坛养护及花木更新经 | 20
    42010724108T000000101 | 工作性其他-园艺培训 | 10.5
    42010724108T000000102 | 工作性其他-苗圃、温室改造 | 29
    """,
    "单位：万元",
)
SHOWN = ("year", "phase", "flow", "vintage", "fund", "function", "economic", "kind", "project", "scope", "line")
USUAL = {"year": "2024", "phase": "budget"}


@cache
def narrated(text: str) -> Conversion:
    """A disclosure with one table and this text."""
    return convert(TABLE, "\n第三部分 部门预算情况说明\n\n" + "\n\n".join(text.strip().splitlines()) + "\n")


def statements(text: str) -> list[Statement]:
    return list(narrated(text).claims.narrative.statements)


def said(statement: Statement) -> str:
    """A claim in short: measure, value, and the coordinates that are neither total nor usual."""
    o = statement.observation
    notation = narrated("一、总体情况").vocabulary.notation
    notations = {d: notation(o.coordinates[d]) for d in SHOWN}
    places = " ".join(f"{d}={n}" for d, n in notations.items() if n != "total" and USUAL.get(d) != n)
    return f"{o.measure} {plain(o.amount or Decimal(0))} {places}".strip()


def claims(text: str) -> list[str]:
    return [said(statement) for statement in statements(text)]


def amounts(text: str) -> list[str]:
    """The amounts of a text in short, without the word for the measure."""
    return [claim.removeprefix("amount ") for claim in claims(text) if claim.startswith("amount ")]


def sums(text: str) -> list[tuple[str, list[str]]]:
    """Printed totals and parts of the sums that a text states."""
    found = narrated(text).claims.narrative.sums
    return [(node.total.printed, [part.printed for part in node.parts]) for node in found]


def refused(text: str) -> list[str]:
    """The figures that were not placed."""
    return [str(issue.values["figure"]) for issue in issues(narrated(text), "figure-not-placed")]


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


def test_a_level_mark_chooses_among_classes_of_one_name() -> None:
    text = "教育支出（类）其他教育支出（款）其他教育支出（项）3 万元。"
    assert re.findall(r"function=\d+", amounts(text)[0]) == ["function=2059999"]


def test_a_name_with_two_meanings_is_not_placed_where_nothing_decides() -> None:
    assert amounts("行政运行 5 万元。") == []
    assert refused("行政运行 5 万元。") == ["5万元"]


def test_a_name_with_two_meanings_is_narrowed_by_the_whole() -> None:
    text = "“三公”经费支出预算 5 万元，其中：公务接待费 1 万元，公务用车购置及运行费 4 万元。"
    assert [claim.split()[-1] for claim in amounts(text)] == ["scope=three-public", "scope=reception", "scope=vehicles"]


def test_another_year_and_another_step_are_coordinates() -> None:
    assert amounts("2023年决算项目支出 5 万元。") == ["50000 year=2023 phase=final flow=expenditure kind=project"]


def test_a_sentence_goes_on_behind_the_end_of_a_page() -> None:
    assert amounts("2024年项目支出 59\n\n- 12 -\n\n.5 万元。") == ["595000 flow=expenditure kind=project"]


# ── Precision ───────────────────────────────────────────────────────────────────────────────────


def test_the_finest_digit_of_the_text_is_the_precision_of_its_unit() -> None:
    found = statements("项目支出 29 万元。基本支出 1483.56 万元。政府性基金预算支出 0 万元。")
    assert [plain(s.observation.precision) for s in found] == ["50", "50", "0"]


def test_a_section_that_rounds_all_its_amounts_has_its_own_precision() -> None:
    kinds = "基本支出 1483 万元。项目支出 210 万元。"
    rounded = kinds + "一般公共预算支出 1690 万元。政府性基金预算支出 3 万元。国有资本经营预算支出 12 万元。"
    found = statements(rounded + "\n二、总体情况\n基本支出 7.25 万元。项目支出 8 万元。")
    assert [plain(s.observation.precision) for s in found] == ["5000"] * 5 + ["50", "50"]


def test_a_percentage_has_the_precision_of_its_own_digits() -> None:
    found = statements("项目支出 29 万元，占 4.01%。基本支出 500 万元，占 62.5%。一般公共预算支出 5 万元，占 22%。")
    assert [plain(s.observation.precision) for s in found if s.share_of] == ["0.005", "0.05", "0.5"]


def test_people_and_things_are_counted_exactly() -> None:
    assert {s.observation.precision for s in statements("总编制人数 23 人。共有车辆 5 辆。")} == {Decimal(0)}


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
        "change -10000 flow=expenditure kind=this-year scope=three-public",
        "changeRate -5.88 flow=expenditure kind=this-year scope=three-public",
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
        "amount 50000 phase=initial flow=expenditure kind=project",
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
    assert [thing.name for thing in narrated(text).claims.narrative.entities] == ["法律顾问", "花木鉴定"]
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


def test_vehicles_by_use_have_the_day_of_their_whole() -> None:
    found = statements("截至 2023 年 12 月 31 日，共有车辆 5 辆。其中：机要通信用车 1 辆，应急保障用车 4 辆。")
    assert [said(s).split()[-1] for s in found[1:]] == ["line=vehicle-communication", "line=vehicle-emergency"]
    assert {s.as_of for s in found} == {"2023-12-31"}


def test_vehicles_to_be_bought_are_no_vehicles_yet() -> None:
    assert claims("安排购置车辆 1 辆，其中：其他用车 1 辆。") == [
        "quantity 1 flow=expenditure scope=purchase",
        "quantity 1 flow=expenditure scope=purchase line=vehicle-other",
    ]


def test_rooms_are_measured() -> None:
    [rooms] = statements("办公用房面积 1200.5 平方米。")
    assert (said(rooms), plain(rooms.observation.precision)) == ("area 1200.5 flow=expenditure", "0.05")


def test_units_before_an_amount_are_a_claim_of_their_own() -> None:
    assert claims("2024 年本级机关 1 家行政单位行政运行经费 5 万元。") == [
        "units 1 flow=expenditure line=unit-administrative",
        "amount 50000 flow=expenditure kind=this-year scope=operating-expense",
    ]


# ── What is not taken ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("由小微企业成交的，采购金额 5 万元。", ["5万元"]),
        ("计划种树 300 株。", ["300"]),
        ("项目支出 5 万元，主要用于种树 300 株。", ["300"]),
        ("一、花坛养护\n\n项目支出 5 万元。", ["5万元"]),
        ("绩效跟踪的花坛 4 个，涉及预算资金 5 万元。", ["4个", "5万元"]),
    ],
)
def test_a_figure_whose_words_are_not_understood_is_an_issue(text: str, figures: list[str]) -> None:
    assert refused(text) == figures


def test_a_figure_is_not_placed_where_the_sentence_that_names_it_is_not_understood() -> None:
    text = "一、一般公共预算支出决算情况\n\n1、花坛（项）。主要用于：养护。年初预算为 3 万元，支出决算为 2 万元。"
    assert refused(text) == ["3万元", "2万元"]


def test_what_is_said_of_a_figure_that_is_not_placed_is_not_placed() -> None:
    text = "项目支出 5 万元。花坛 9 万元，比上年增加 2 万元。"
    assert refused(text) == ["9万元", "2万元"]


def test_an_issue_names_the_words_and_the_line() -> None:
    [issue] = issues(narrated("计划种树 300 株。"), "figure-not-placed")
    assert issue.locator.line is not None
    assert "计划种树300株" in issue.text("zh")


def test_the_empty_sentence_of_a_table_is_not_read_twice() -> None:
    empty = (
        table(8, "政府性基金预算支出表", "科目编码 | 科目名称 | 合计")
        + "\n2024年无政府性基金预算支出，故此表无数据。\n"
    )
    assert convert(TABLE, empty).claims.narrative.statements == ()


@pytest.mark.parametrize(
    "sentence", ["咨询电话：12345678", "联系人：某人甲", "来电 027-12345678 垂询。", "传真(027)：123456"]
)
def test_a_sentence_that_tells_how_to_reach_somebody_is_withheld(sentence: str) -> None:
    conversion = narrated(f"项目支出 5 万元。\n{sentence}")
    assert len(issues(conversion, "contact-withheld")) == 1
    published = conversion_to_snapshot(conversion).decode() + "".join(i.text("zh") for i in conversion.issues)
    assert not re.search("12345|某人甲", published)


def test_words_that_merely_hold_telephone_are_not_withheld() -> None:
    assert amounts("公用经费 5 万元，主要用于：办公费、电话费。") == ["50000 flow=expenditure kind=public"]


# ── The glossary and the duties ─────────────────────────────────────────────────────────────────

GLOSSARY = """
第四部分 名词解释
（一）基本支出：指维持日常工作的开支。
（二）本部门使用的功能分类科目：如：
1、医疗卫生与计划生育支出（类）行政事业单位医疗（款）行政单位医疗（甲）（项），反映医疗保险缴费。
2、花木支出（类）花坛（款）花坛养护（项），反映花坛。
（三）苗木费：指买树苗的开支。
"""


def test_explanations_name_what_they_explain() -> None:
    entries = narrated(GLOSSARY).claims.narrative.explanations
    assert [(entry.number, entry.concept) for entry in entries] == [
        (1, "code/kind/basic"),
        (2, "code/function/2101101"),
        (3, None),
        (4, None),
    ]
    assert [entry.name for entry in entries][::3] == ["基本支出", "苗木费"]


def test_explanations_keep_the_names_they_use() -> None:
    second = narrated(GLOSSARY).claims.narrative.explanations[1]
    assert second.names == (
        ("category", "医疗卫生与计划生育支出"),
        ("group", "行政事业单位医疗"),
        ("item", "行政单位医疗（甲）"),
    )


def test_duties_are_published_as_sentences() -> None:
    text = "第一部分 概况\n\n一、部门主要职能\n\n1、养护花坛。\n\n2、培育苗木。\n\n二、其他情况\n\n种树。"
    found = [(s.text, s.duty, s.heading) for s in narrated(text).claims.narrative.sentences]
    assert found == [("1、养护花坛。", True, "一、部门主要职能"), ("2、培育苗木。", True, "一、部门主要职能")]


# ── The graph and the snapshot ──────────────────────────────────────────────────────────────────


def literals(conversion: Conversion, subject: str, *names: str) -> list[str]:
    """The values of properties of a thing in the version, as text."""
    node = ox.NamedNode(f"{conversion.version_iri}/{subject}")
    wanted = [name if ":" in name else f"{DEFAULT_BASE}def#{name}" for name in names]
    return [
        t.object.value if isinstance(t.object, ox.Literal | ox.NamedNode) else ""
        for name in wanted
        for t in conversion.triples
        if t.subject == node and t.predicate.value == name
    ]


def test_a_sentence_and_its_figures_in_the_graph() -> None:
    conversion = narrated("“三公”经费支出 16 万元，比2023年减少 1 万元，主要原因是节约。")
    version = conversion.version_iri
    assert literals(conversion, "n", RDF + "type") == [DEFAULT_BASE + "def#Narrative", QB + "DataSet"]
    assert literals(conversion, "n/s001", "text", DCT + "isPartOf") == [
        "“三公”经费支出 16 万元，比2023年减少 1 万元，主要原因是节约。",
        version + "/n",
    ]
    assert literals(conversion, "n/s001.2", "sentence", "changeOf", "comparedWithYear", "direction", "reason") == [
        version + "/n/s001",
        version + "/n/s001.1",
        "2023",
        DEFAULT_BASE + "code/direction/decrease",
        "节约",
    ]
    assert literals(conversion, "n/s001.2", "change", "printed", "printedUnit") == [
        "-10000",
        "1",
        DEFAULT_BASE + "code/unit/ten-thousand",
    ]


def test_the_snapshot_marks_figures_at_their_places() -> None:
    shown = json.loads(conversion_to_snapshot(narrated("2024年收支总预算 9.5 万元，占 100%。")))
    [sentence] = shown["narrative"]
    marked = [sentence["text"][figure["start"] : figure["end"]] for figure in sentence["figures"]]
    assert marked == ["9.5 万元", "100%"]
    assert [len(figure["observations"]) for figure in sentence["figures"]] == [2, 1]


def test_the_same_text_gives_the_same_version() -> None:
    first = convert(TABLE, "\n第三部分 部门预算情况说明\n\n项目支出 5 万元。\n")
    again = convert(TABLE, "\n第三部分 部门预算情况说明\n\n项目支出 5 万元。\n")
    other = convert(TABLE, "\n第三部分 部门预算情况说明\n\n项目支出 6 万元。\n")
    assert first.version_iri == again.version_iri != other.version_iri


# ── The example ─────────────────────────────────────────────────────────────────────────────────


def by_hand(root: Path) -> Iterator[dict[str, str]]:
    text = (root / "tests" / "golden" / "example-narrative.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def converted(conversion: Conversion) -> list[dict[str, str]]:
    """The claims of the narrative as the golden file writes them: line, place among its figures, what it claims."""
    found = []
    counts: dict[str, int] = {}
    for record in conversion_to_records(conversion):
        if record["table"] != "n":
            continue
        line = record["place"].removeprefix("line=")
        if not record["observation"].endswith("-2"):
            counts[line] = counts.get(line, 0) + 1
        entry = re.sub(r"^s\d{3,}[.]\d+$", "entry", record["line"])
        found.append(record | {"line_no": line, "number": str(counts[line]), "line": entry})
    return found


def comparable(row: dict[str, str], columns: list[str]) -> tuple[str, ...]:
    return tuple(plain(Decimal(row[c])) if c in ("amount", "precision") else row[c] for c in columns)


def test_the_example_claims_what_was_read_by_hand(root: Path) -> None:
    golden = list(by_hand(root))
    columns = [c for c in golden[0] if c != "line_no"]
    expected = [(row["line_no"], *comparable(row, columns)) for row in golden]
    assert [(row["line_no"], *comparable(row, columns)) for row in converted(example())] == expected


@pytest.fixture(scope="module")
def real(material: Path) -> Conversion:
    return convert_file(material / "disclosures" / "wuhan-qingshan-npc-2024.txt")


@pytest.mark.material
def test_the_real_disclosure_claims_the_same(root: Path, real: Conversion) -> None:
    columns = [c for c in next(by_hand(root)) if c not in ("line_no", "number")]
    assert sorted(comparable(row, columns) for row in converted(real)) == sorted(
        comparable(row, columns) for row in by_hand(root)
    )


def unplaced(conversion: Conversion) -> list[str]:
    keys = ("figure-not-placed", "project-not-found", "flow-not-told")
    return [issue.text("zh") for issue in conversion.issues if issue.key in keys]


def test_every_figure_of_the_example_is_placed() -> None:
    assert unplaced(example()) == []
    lexicon = Lexicon(load_phrases(example().vocabulary), example().vocabulary, 2024, {})
    for sentence in example().claims.narrative.sentences:
        figures = [t for t in tokenize(sentence.text, lexicon) if t.sort in FIGURES]
        assert [(t.start, t.end) for t in figures] == [(start, end) for start, end, _ in sentence.figures]


@pytest.mark.material
def test_every_figure_of_the_real_disclosure_is_placed(real: Conversion) -> None:
    assert unplaced(real) == []


def findings_on_the_narrative(conversion: Conversion) -> list[tuple[str, str, str]]:
    """(severity, rule, printed figure of the narrative) for findings of the three laws with the narrative in them."""
    return [
        (finding.severity, finding.rule, operand.printed or "")
        for finding in check(conversion.triples).findings
        for operand in (finding.left, finding.right, *finding.parts)
        if finding.family in ("same", "sum", "bound")
        and operand
        and operand.observation
        and "/n/s" in operand.observation
    ]


ROUNDINGS = [("information", "same-rounding", printed) for printed in ("104.08", "132.73", "254.76")]


def test_the_example_agrees_with_its_tables_but_for_three_roundings() -> None:
    assert sorted(findings_on_the_narrative(example())) == ROUNDINGS


@pytest.mark.material
def test_the_real_disclosure_agrees_with_its_tables_but_for_three_roundings(real: Conversion) -> None:
    assert sorted(findings_on_the_narrative(real)) == ROUNDINGS


def test_the_lists_of_the_example_add_up() -> None:
    found = [(node.total.printed, [part.printed for part in node.parts]) for node in example().claims.narrative.sums]
    assert len(found) == 16
    assert ("59.5", ["10.5", "29", "20"]) in found
    assert ("14", ["1", "0", "13"]) in found


def test_the_glossary_of_the_example_names_what_is_out_of_date() -> None:
    entries = example().claims.narrative.explanations
    assert [entry.concept for entry in entries] == [
        "code/header/general-public-revenue",
        "code/kind/basic",
        "code/kind/project",
        "code/function/2010101",
        "code/function/2010102",
        "code/function/2080501",
        "code/function/2101101",
        "code/function/2210201",
        "code/scope/three-public",
        "code/scope/operating-expense",
    ]
    names = {name for entry in entries for _, name in entry.names}
    assert {"行政事业单位离退休", "医疗卫生与计划生育支出", "归口管理的行政单位离退休"} <= names
