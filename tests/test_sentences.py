"""Sentences whose subject is not known, and the arithmetic of a sentence by itself."""

import re
from decimal import Decimal

import pytest
from narrated import amounts, claims, narrated, statements, sums

from ontology.numbers import decimal_to_text
from shapes import check


def unknown(text: str) -> list[str]:
    """Measure, value and label of the claims that are compared with no table."""
    return [
        f"{s.observation.measure} {decimal_to_text(s.observation.amount or Decimal(0))} {s.observation.row_label}"
        for s in statements(text)
        if not s.compared
    ]


def test_a_sentence_about_something_unknown_is_reckoned_all_the_same() -> None:
    text = "图书采购支出 50 万元，比上年增加 10 万元，增长 30%。"
    assert unknown(text) == ["amount 500000 图书采购支出", "change 100000 图书采购支出", "changeRate 30 图书采购支出"]
    assert [f.rule for f in check(narrated(text).graph).findings if f.severity == "violation"] == ["change-rate"]


def test_amounts_of_reasons_are_changes_and_add_up() -> None:
    text = "2024年支出预算 300 万元，比上年增加 50 万元，原因是人员经费增加 60 万元、图书采购减少 {} 万元。"
    good, bad = text.format(10), text.format(20)
    [change] = [s for s in statements(good) if s.reasons]
    assert [decimal_to_text(reason.amount or Decimal(0)) for reason in change.reasons] == ["600000", "-100000"]
    assert unknown(good) == ["change 600000 人员经费", "change -100000 图书采购"]
    assert "change-reasons" not in {f.rule for f in check(narrated(good).graph, families={"sentence"}).findings}
    assert "change-reasons" in {f.rule for f in check(narrated(bad).graph, families={"sentence"}).findings}


def test_main_reasons_may_leave_others_out() -> None:
    text = "2024年支出预算 300 万元，比上年增加 50 万元，主要原因是人员经费增加 20 万元、图书采购增加 10 万元。"
    [finding] = [
        f for f in check(narrated(text).graph, families={"sentence"}).findings if f.rule.startswith("change-reasons")
    ]
    assert (finding.rule, finding.severity) == ("change-reasons-main", "information")


def test_a_change_may_print_the_amount_that_it_is_counted_from() -> None:
    for text in (
        "2024年支出预算 300 万元，比2023年预算数 250 万元增加 50 万元。",
        "2024年支出预算 300 万元，2023年支出预算 250 万元，增加 50 万元。",
        "2024年支出预算 300 万元（2023年为 250 万元），增加 50 万元。",
    ):
        [change] = [s for s in statements(text) if s.observation.measure == "change"]
        assert change.change_of is not None
        assert change.change_from is not None
        assert (change.change_of.printed, change.change_from.printed) == ("300", "250")


def test_a_change_goes_with_the_words_before_it_and_a_rate_with_its_change() -> None:
    text = (
        "“三公”经费支出 10 万元，其中：公务用车购置及运行费 2.64 万元，公务用车运行费 2 万元；"
        "公务用车购置及运行费减少 20.06 万元，下降 88.37%。"
    )
    changes = [s for s in statements(text) if s.observation.measure in ("change", "changeRate")]
    assert [s.change_of.printed for s in changes if s.change_of is not None] == ["2.64", "2.64"]


def test_a_change_of_what_the_text_states_nowhere_is_a_claim() -> None:
    text = "公务接待费支出减少 0.15 万元，下降 27.78%。"
    assert claims(text) == [
        "change -1500 flow=expenditure fund=fiscal kind=this-year scope=reception",
        "changeRate -27.78 flow=expenditure fund=fiscal kind=this-year scope=reception",
    ]


def test_its_own_year_is_no_year_to_compare_with() -> None:
    text = "2024年支出预算 300 万元，比2024年预算增加 50 万元，增长 20%。"
    findings = [
        f for f in check(narrated(text).graph, families={"change", "sentence"}).findings if f.rule.startswith("change")
    ]
    assert [(f.rule, f.severity) for f in findings] == [("change-year", "violation")]
    assert "2023" in str(findings[0].message)
    assert "共 " not in findings[0].message["zh"]
    twice = "2024年支出预算 300 万元，比2024年预算增加 50 万元。\n2024年收入预算 300 万元，比2024年预算增加 50 万元。"
    report = check(narrated(twice).graph)
    [finding] = [f for f in report.findings if f.rule == "change-year"]
    assert "共 2 处" in finding.message["zh"]
    assert len(finding.parts) == 2
    assert report.checked["change-year"].failed == 2
    other_phase = "2024年支出决算 300 万元，比2024年年初预算增加 50 万元。"
    assert "change-year" not in {f.rule for f in check(narrated(other_phase).graph, families={"sentence"}).findings}


@pytest.mark.parametrize(
    ("compared", "told"),
    [
        ("2024年年初预算", ["change-year"]),
        ("2024年执行数", ["change-year"]),
        ("2025年预算", ["change-year"]),
        ("2023年执行数", []),
    ],
)
def test_a_budget_is_compared_with_earlier_years_only(compared: str, told: list[str]) -> None:
    text = f"2024年支出预算 300 万元，比{compared}增加 50 万元，增长 20%。"
    assert [
        f.rule for f in check(narrated(text).graph, families={"sentence"}).findings if f.rule == "change-year"
    ] == told


def test_an_outturn_may_be_compared_with_the_budget_of_its_year() -> None:
    text = "2023年预算 200 万元，2023年执行数 240 万元，比2023年预算增加 40 万元。"
    assert "change-year" not in {f.rule for f in check(narrated(text).graph, families={"sentence"}).findings}


def test_a_year_before_a_phase_may_lack_its_word() -> None:
    text = "教育支出（205类）2023年执行数 7.73 万元，2024预算安排 9 万元，比2023预算执行数增加 {}%。"
    assert amounts(text.format("16.43"))[1] == "90000 flow=expenditure function=205 kind=this-year"
    found = {rate: {f.rule for f in check(narrated(text.format(rate)).graph).findings} for rate in ("16.43", "61.43")}
    assert ["change-base-rate" in rules for rules in found.values()] == [False, True]


def test_four_digits_far_from_the_year_are_no_year() -> None:
    assert amounts("教育支出（205类）1949预算安排 9 万元。") != ["90000 flow=expenditure function=205 kind=this-year"]


def test_an_amount_of_another_year_is_called_by_that_year() -> None:
    text = "培训费2024年度预算 9 万元，2023年度预算 8 万元，2023年执行数 7 万元，比2023年执行数增加 28.57%。"
    labels = [s.observation.row_label for s in statements(text) if s.observation.measure == "amount"]
    assert labels == ["培训费2024年度预算", "培训费 2023年度预算", "培训费 2023年执行数"]


def test_an_item_is_never_its_group() -> None:
    text = "行政事业单位养老支出（款）归口管理的行政单位离退休（项）支出 5 万元。"
    [item] = statements(text)
    assert not item.compared
    named = "卫生健康支出（类）计划生育事务（项）支出 5 万元。"
    assert [s.compared for s in statements(named)] == [False]
    unusual = "住房保障支出（类）住房保障支出（款）住房公积金（项）支出 5 万元。"
    assert re.findall(r"function=\d+", amounts(unusual)[0]) == ["function=2210201"]


def test_economic_classes_have_level_marks_too() -> None:
    text = "工资福利支出（类）800 万元，基本工资（款）支出 737.94 万元。"
    assert re.findall(r"economic=\d+", " ".join(amounts(text))) == ["economic=301", "economic=30101"]


def test_a_list_ends_where_its_last_entry_ends() -> None:
    text = (
        "一般公共预算支出 9 万元，具体如下：\n\n1.公务接待费 5 万元。\n\n主要用于来访接待。\n\n"
        "2.因公出国（境）费 4 万元。\n\n主要用于出访。"
    )
    assert [re.findall(r"fund=\S+", claim) for claim in amounts(text)] == [["fund=general-public"]] * 3


def test_headings_may_be_the_entries_of_a_list() -> None:
    text = "一般公共预算支出 9 万元，具体如下：\n\n1.公务接待费\n\n预算 5 万元。\n\n2.因公出国（境）费\n\n预算 4 万元。"
    assert [re.findall(r"fund=\S+", claim) for claim in amounts(text)] == [["fund=general-public"]] * 3


def test_numbers_of_documents_and_limits_are_text() -> None:
    text = "根据《意见》（财行〔2007〕179号），单价 100 万元（含）以上设备 0 台（套），项目支出 5 万元。"
    assert [said for said in claims(text) if said.startswith("amount")] == [
        "amount 50000 flow=expenditure kind=project"
    ]


def test_ten_thousand_may_stand_without_yuan() -> None:
    assert amounts("项目支出 5.50万，其中：办公费 2 万元。")[0] == "55000 flow=expenditure kind=project"
    assert amounts("公务接待 3 万人次。") == []


def test_how_many_times_as_much_is_a_rate() -> None:
    text = "项目支出 17 万元，比上年增加 16 万元，增长 16 倍。"
    amounts = [decimal_to_text(s.observation.amount or Decimal(0)) for s in statements(text)]
    assert amounts == [
        "170000",
        "160000",
        "1600",
    ]


@pytest.mark.parametrize(("times", "told"), [("1 倍", []), ("2 倍", ["change-rate"]), ("0.5 倍", ["change-rate"])])
def test_twice_as_much_is_an_increase_by_one_time(times: str, told: list[str]) -> None:
    text = f"项目支出 34 万元，比上年增加 17 万元，增长 {times}。"
    assert [
        f.rule
        for f in check(narrated(text).graph, families={"change", "sentence"}).findings
        if f.rule.startswith("change")
    ] == told


def test_a_change_behind_a_list_is_that_of_the_amount_for_which_it_holds() -> None:
    text = "2024年支出预算 300 万元，其中基本支出 200 万元，比上年增加 {} 万元，增长 {}%。"
    of = {
        change: next(s.change_of.printed for s in statements(text.format(change, rate)) if s.change_of is not None)
        for change, rate in ((50, 20), (40, 25), (10, 77))
    }
    assert of == {50: "300", 40: "200", 10: "200"}


def test_reasons_that_go_on_are_not_all() -> None:
    text = "2024年支出预算 300 万元，比上年增加 50 万元，原因是人员经费增加 20 万元、图书采购增加 10 万元等。"
    [change] = [s for s in statements(text) if s.reasons]
    assert not change.explained


def test_what_may_be_about_the_fund_before_is_compared_with_no_total() -> None:
    text = "政府性基金预算财政拨款本年收入 0 万元，本年支出 0 万元。财政拨款收入 9 万元，支出合计 10 万元。"
    assert [s.compared for s in statements(text)] == [True, False, True, True]


def test_a_word_for_all_expenditure_is_not_about_the_last_entry_of_the_sentence_before() -> None:
    text = "年初预算支出情况良好。农林水支出 11 万元，住房保障支出 6 万元。支出较去年增加 10 万元。"
    [change] = [s for s in statements(text) if s.observation.measure == "change"]
    assert change.change_of is None
    same = "住房保障支出 6 万元，支出较去年增加 1 万元。"
    [change] = [s for s in statements(same) if s.observation.measure == "change"]
    assert change.change_of is not None


def test_a_topic_before_a_colon_may_name_the_flow() -> None:
    listed = "2024年年初预算数 17 万元，其中：一般公共预算拨款 16 万元，其他收入 1 万元。"
    text = f"（一）收入预算：{listed}收入较去年增加 2 万元。"
    [amount, _, _, change] = statements(text)
    assert amount.compared
    assert change.change_of is amount.observation
    assert sums(text) == [("17", ["16", "1"])]


def test_a_reason_explains_the_change_right_before_it() -> None:
    text = "支出 174 万元，与上年相比减少 53 万元；决算数大于预算数 55 万元，主要原因：工资增加。"
    reasons = [(s.direction, s.reason) for s in statements(text) if s.direction]
    assert reasons == [("decrease", None), ("increase", "工资增加")]
    assert "change-reason" not in {f.rule for f in check(narrated(text).graph, families={"change"}).findings}
