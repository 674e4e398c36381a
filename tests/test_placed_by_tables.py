"""Wordings of provinces whose amounts are placed where tables print them: right ones are silent, wrong ones told."""

from __future__ import annotations

import pytest
from small_disclosures import convert, table

from converters import Conversion
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

OFFICE = "某县农业农村局"
FISCAL = """
收入 | | 支出 | | |
项目 | 预算数 | 项目 | 合计 | 一般公共预算 | 政府性基金预算
一、本年收入 | {received} | 一、本年支出 | 150.00 | 150.00 | 0.00
（一）一般公共预算拨款 | {received} | （一）农林水支出 | 120.00 | 120.00 |
（二）政府性基金预算拨款 | 0.00 | （二）住房保障支出 | 30.00 | 30.00 |
二、上年结转 | {carried} | 二、结转下年 | 0.00 | |
收入总计 | 150.00 | 支出总计 | 150.00 | 150.00 | 0.00
"""
BY_FUNCTION = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
 | 合计 | 150.00 | 90.00 | 60.00
213 | 农林水支出 | 120.00 | 60.00 | 60.00
21301 | 农业农村 | 120.00 | 60.00 | 60.00
2130101 | 行政运行 | 60.00 | 60.00 |
2130102 | 一般行政管理事务 | 60.00 | | 60.00
221 | 住房保障支出 | 30.00 | 30.00 |
22102 | 住房改革支出 | 30.00 | 30.00 |
2210201 | 住房公积金 | 30.00 | 30.00 |
"""
BY_ITEM = """
科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
 | 合计 | 90.00 | 60.00 | 30.00
301 | 工资福利支出 | 60.00 | 60.00 |
30101 | 基本工资 | 40.00 | 40.00 |
30102 | 津贴补贴 | 20.00 | 20.00 |
302 | 商品和服务支出 | 30.00 | | 30.00
30201 | 办公费 | 12.00 | | 12.00
30215 | 会议费 | 8.00 | | 8.00
30239 | 其他交通费用 | 10.00 | | 10.00
"""


def disclosed(*text: str, carried: str = "0.00", received: str = "150.00", office: str = OFFICE) -> Conversion:
    """A budget with tables of appropriations, and this text."""
    tables = (
        table(number, title, rows, "单位：万元", office=office)
        for number, title, rows in (
            (4, "财政拨款收支总表", FISCAL.format(carried=carried, received=received)),
            (5, "一般公共预算支出表", BY_FUNCTION),
            (6, "一般公共预算基本支出表", BY_ITEM),
        )
    )
    return convert(*tables, "第二部分 部门预算情况说明\n\n", "\n\n".join(text))


def unplaced(conversion: Conversion) -> list[str]:
    """The amounts of money of the text that no table is compared with."""
    statements = conversion.content.narrative.statements
    return [s.observation.printed for s in statements if s.observation.measure == "amount" and not s.compared]


def violations(conversion: Conversion) -> list[str]:
    """The rules that a document breaks, but for tables that it lacks."""
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    return [f.rule for f in report.findings if f.severity == "violation" and f.rule != "required-table"]


HEADING, GENERAL = "一、一般公共预算当年拨款情况说明", "二、一般公共预算支出情况说明"
CLASSES = "农林水支出{0}万元，占80%；住房保障支出30.00万元，占20%。"
BASIC = "2024年一般公共预算基本支出90.00万元"
ITEMS = BASIC + "，其中：工资福利支出60.00万元，主要包括：基本工资{0}万元、津贴补贴20.00万元。"
PUBLIC = BASIC + "。基本支出中，公用经费30.00万元。公用经费中，办公费12.00万元、会议费{0}万元。"


def test_what_was_appropriated_this_year_is_all_where_nothing_was_carried_over() -> None:
    right = disclosed(HEADING, CLASSES.format("120.00"))
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(disclosed(HEADING, CLASSES.format("102.00"))) != []


def test_what_was_appropriated_this_year_is_not_compared_where_tables_print_it_with_what_was_carried_over() -> None:
    text = disclosed(HEADING, CLASSES.format("120.00"), carried="10.00", received="140.00")
    assert (unplaced(text), violations(text)) == (["120.00", "30.00"], [])


@pytest.mark.parametrize(("sentence", "item", "wrong"), [(ITEMS, "40.00", "44.00"), (PUBLIC, "8.00", "9.00")])
def test_items_are_those_of_the_class_or_kind_that_they_are_told_of(sentence: str, item: str, wrong: str) -> None:
    right = disclosed(GENERAL, sentence.format(item))
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(disclosed(GENERAL, sentence.format(wrong))) != []


def test_an_item_of_another_class_is_none_of_the_class_that_it_is_told_of() -> None:
    text = "，其中：工资福利支出60.00万元，主要用于：办公费10.00万元。"
    assert unplaced(disclosed(BASIC + text)) == ["10.00"]


@pytest.mark.parametrize(
    ("office", "own"),
    [
        ("某理工大学", "学校"),
        ("某市第一中学", "学校"),
        ("某师范学院", "学院"),
        ("某县人民医院", "医院"),
        ("某镇卫生院", "医院"),
    ],
)
def test_a_school_or_hospital_calls_itself_so(office: str, own: str) -> None:
    sentence = f"{own}2024年财政拨款收支总预算{{0}}万元。"
    right = disclosed(sentence.format("150.00"), office=office)
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(disclosed(sentence.format("180.00"), office=office)) != []


def test_a_school_is_another_office_in_the_text_of_a_bureau() -> None:
    assert unplaced(disclosed("学校2024年财政拨款收支总预算90.00万元。")) == ["90.00", "90.00"]


@pytest.mark.parametrize("opening", ["按支出功能分，", "按功能科目分：", "按支出功能科目分："])
def test_words_for_a_division_by_class_say_nothing_else(opening: str) -> None:
    sentence = f"2024年一般公共预算支出150.00万元。{opening}农林水支出{{0}}万元，住房保障支出30.00万元。"
    right = disclosed(GENERAL, sentence.format("120.00"))
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(disclosed(GENERAL, sentence.format("102.00"))) != []


def test_classes_behind_a_purpose_are_the_parts_of_the_amount() -> None:
    sentence = "2024年一般公共预算支出150.00万元。主要用于：农林水支出{0}万元，占80%；住房保障支出30.00万元，占20%。"
    right = disclosed(GENERAL, sentence.format("120.00"))
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(disclosed(GENERAL, sentence.format("102.00"))) != []
    other = "2024年一般公共预算支出150.00万元，主要用于：建设乡村道路20.00万元。"
    assert unplaced(disclosed(GENERAL, other)) == ["20.00"]


def test_what_the_fund_of_a_heading_grants_is_that_of_the_year() -> None:
    heading, sentence = "三、一般公共预算拨款情况说明", "2024年一般公共预算拨款{0}万元，比2023年执行数增加5.00万元。"
    right = disclosed(heading, sentence.format("150.00"))
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(disclosed(heading, sentence.format("180.00"))) != []
    assert unplaced(disclosed("三、收支预算情况说明", sentence.format("150.00"))) == ["150.00"]
    carried = disclosed(heading, sentence.format("150.00"), carried="10.00", received="140.00")
    assert (unplaced(carried), violations(carried)) == (["150.00"], [])


def test_a_fund_that_is_wider_than_that_of_the_heading_may_be_meant() -> None:
    wide = FISCAL.replace("150.00 | 150.00 | 0.00", "170.00 | 150.00 | 20.00").format(received="150.00", carried="0.00")
    tables = (
        table(4, "财政拨款收支总表", wide, "单位：万元"),
        table(5, "一般公共预算支出表", BY_FUNCTION, "单位：万元"),
    )
    whole, general = "2024年财政拨款支出170.00万元。", "2024年一般公共预算支出150.00万元。"
    text = convert(*tables, "第二部分 部门预算情况说明\n\n", "\n\n".join((GENERAL, whole, general)))
    rules = {f.rule for f in check(text.graph, vocabulary=rule_vocabulary(DEFAULT_BASE)).findings}
    assert unplaced(text) == ["170.00"]
    assert "same" not in rules


PROJECTS = """
项目名称 | 项目单位 | 合计
合计 | | 150.00
农村道路建设项目 | 某县农业农村局 | 100.00
信息化运行维护项目 | 某县农业农村局 | 50.00
"""


def projects(text: str) -> Conversion:
    """A budget with a table of projects, and this text."""
    tables = table(10, "项目支出表", PROJECTS, "单位：万元", office=OFFICE)
    return convert(tables, "第二部分 部门预算情况说明\n\n六、重点项目\n\n", text)


@pytest.mark.parametrize("words", ["农村道路建设项目预算{0}万元", "2024年农村道路建设项目{0}万元"])
def test_a_project_that_a_table_prints_is_known_by_its_name(words: str) -> None:
    right = projects(words.format("100.00") + "，主要用于硬化村道。")
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(projects(words.format("90.00") + "，主要用于硬化村道。")) != []


@pytest.mark.parametrize(
    "text",
    [
        "农村道路建设项目中标金额90.00万元。",
        "农村道路建设项目总投资900.00万元。",
        "农村道路建设项目一期90.00万元。",
        "村内农村道路建设项目90.00万元。",
    ],
)
def test_other_money_of_a_project_is_not_its_budget(text: str) -> None:
    conversion = projects(text)
    assert (len(unplaced(conversion)), violations(conversion)) == (1, [])


@pytest.mark.parametrize(
    "text",
    [
        "农村道路建设项目总预算900.00万元。",
        "农村道路建设项目预算总额900.00万元，2024年安排100.00万元。",
        "农村道路建设项目预算900.00万元，2024年安排100.00万元。",
    ],
)
def test_the_whole_of_a_project_over_the_years_is_not_its_budget(text: str) -> None:
    conversion = projects(text)
    assert (unplaced(conversion), violations(conversion)) == (["900.00"], [])


SPENT = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
 | 合计 | 150.00 | 90.00 | 60.00
213 | 农林水支出 | 150.00 | 90.00 | 60.00
"""


def final(*text: str) -> Conversion:
    """Final accounts with a table of expenditure, and this text."""
    spent = table(5, "度一般公共预算财政拨款支出决算表", SPENT, "单位：万元", office=OFFICE)
    return convert(f"{OFFICE}2024年度部门决算", spent, "第三部分 部门决算情况说明\n\n", "\n\n".join(text))


def test_the_budget_that_an_outturn_carries_out_has_its_subject() -> None:
    heading, sentence = "四、一般公共预算财政拨款支出情况", "农林水支出150.00万元，完成年初预算{0}万元的125.00%。"
    right = final(heading, sentence.format("120.00"))
    assert (unplaced(right), violations(right)) == ([], [])
    wrong = final(heading, "年初预算为110.00万元。", sentence.format("120.00"))
    assert unplaced(wrong) == []


def test_what_is_spent_beside_what_was_carried_over_is_not_carried_over() -> None:
    text = "2024年政府性基金预算财政拨款收入9.00万元；年初结转和结余0.00万元；支出9.00万元，其中项目支出9.00万元。"
    statements = final("八、政府性基金预算收入支出情况", text).content.narrative.statements
    spent = [s.observation.coordinates for s in statements if s.observation.coordinates["flow"].endswith("expenditure")]
    assert [c["vintage"].rpartition("/")[2] for c in spent] == ["total", "total"]
    assert {c["fund"].rpartition("/")[2] for c in spent} == {"government-fund"}


def test_a_short_name_of_a_class_counts_before_the_mark_of_its_level() -> None:
    rows = BY_FUNCTION.replace("农业农村", "水利").replace("21301", "21303").replace("行政运行", "水利技术推广")
    head = "2024年一般公共预算支出150.00万元。其中：农林水支出（类）水利（款）水利技术推广（项）{0}万元。"
    right, wrong = (
        convert(
            table(5, "一般公共预算支出表", rows, "单位：万元"),
            f"第二部分 情况说明\n\n{GENERAL}\n\n{head.format(amount)}",
        )
        for amount in ("60.00", "66.00")
    )
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(wrong) != []


def test_a_list_beside_one_that_tells_of_nothing_carried_over_is_of_this_year() -> None:
    whole = "2024年财政拨款收入合计150.00万元，包括本年收入150.00万元，上年结转结余0万元。其中："
    right, wrong = (
        disclosed("二、收入情况说明", whole, f"本年一般公共预算收入{amount}万元，占100%。")
        for amount in ("150.00", "140.00")
    )
    assert (unplaced(right), violations(right)) == ([], [])
    assert violations(wrong) != []
