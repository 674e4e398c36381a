"""Correct documents in unusual wordings and layouts: read whole, and accused of nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from small_disclosures import BUREAU, amounts, convert, issues, tabbed, table

from converters import Conversion, find_unread
from ontology import DEFAULT_BASE
from shapes import Finding, check
from yusuan.checked_document import rule_vocabulary

KINDS = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"


def accused(conversion: Conversion) -> list[Finding]:
    """The violations, apart from the tables that a small document lacks."""
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    return [f for f in report.findings if f.severity == "violation" and f.rule != "required-table"]


# ── notes ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "heading", ["一、政府性基金预算支出情况", "（七）关于政府性基金预算支出情况说明", "部门预算情况说明"]
)
def test_the_text_below_the_last_table_is_no_note_of_it(heading: str) -> None:
    fund = f"{heading}\n2024年本部门没有使用政府性基金预算安排的支出。"
    conversion = convert(table(3, "支出总表", GENERAL.format("100.00", "60.00", "40.00")), fund)
    assert "note-filled" not in {finding.rule for finding in accused(conversion)}
    note = "2024年本部门没有支出，故此表无数据。"
    conversion = convert(table(3, "支出总表", GENERAL.format("100.00", "60.00", "40.00")), note)
    assert "note-filled" in {finding.rule for finding in accused(conversion)}


@pytest.mark.parametrize("heading", ["第三部分 2024年部门决算情况说明", "二、政府性基金预算支出情况"])
def test_a_heading_ends_the_notes_of_the_last_table(heading: str) -> None:
    filled = table(3, "支出总表", GENERAL.format("100.00", "60.00", "40.00"))
    empty = table(3, "支出总表", f"{KINDS}\n | | | |")
    sentence = "本部门2024年没有使用政府性基金预算拨款安排的支出。"
    assert "filled-though-empty" in {issue.key for issue in convert(filled, sentence).issues}
    assert "filled-though-empty" not in {issue.key for issue in convert(filled, heading, sentence).issues}
    below = [convert(WHOLE, empty, *text).content.tables[-1] for text in ([sentence], [heading, sentence])]
    assert [found.declared_empty for found in below] == [True, False]


# ── codes ───────────────────────────────────────────────────────────────────────────────────────


def test_codes_nest_by_their_printed_digits() -> None:
    rows = (
        "| 合计 | 30.00 | 30.00 |\n207 | 文化旅游体育与传媒支出 | 30.00 | 30.00 |\n"
        "20701 | 某种新的名称 | 30.00 | 30.00 |\n"
        "2070104 | 图书馆 | 20.00 | 20.00 |\n2070109 | 群众文化 | 10.00 | 10.00 |"
    )
    conversion = convert(table(3, "支出总表", f"{KINDS}\n{rows}"))
    assert accused(conversion) == []
    parts = {s.total.row_code: sorted(p.row_code or "" for p in s.parts) for s in conversion.content.sums}
    assert parts["20701"] == ["2070104", "2070109"]


# ── parts and wholes ────────────────────────────────────────────────────────────────────────────

GENERAL = KINDS + "\n| 合计 | {0} | {1} | {2}\n201 | 一般公共服务支出 | {0} | {1} | {2}"
WHOLE = table(3, "支出总表", GENERAL.format("100.00", "60.00", "40.00"))
FUND = KINDS + "\n212 | 城乡社区支出 | {0} | | {0}\n| 合计 | {0} | | {0}"


def test_part_is_not_its_whole_where_the_figures_of_its_sibling_could_not_be_read() -> None:
    general = table(5, "一般公共预算支出表", GENERAL.format("70.00", "60.00", "10.00"))
    fund = table(8, "政府性基金预算支出表", FUND.format("30.00约"))
    assert accused(convert(WHOLE, general, fund)) == []


def test_basic_expenditure_is_not_all_expenditure_where_the_tables_of_projects_are_missing() -> None:
    summary = (
        "收入 | | 支出 |\n项目 | 预算数 | 项目 | 预算数\n"
        "一、一般公共预算拨款收入 | 100.00 | 一、一般公共服务支出 | 100.00\n"
        "本年收入合计 | 100.00 | 本年支出合计 | 100.00\n收入总计 | 100.00 | 支出总计 | 100.00"
    )
    basic = (
        "科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费\n| 合计 | 60.00 | 50.00 | 10.00\n"
        "301 | 工资福利支出 | 50.00 | 50.00 |\n302 | 商品和服务支出 | 10.00 | | 10.00"
    )
    assert accused(convert(table(1, "收支总表", summary), table(6, "一般公共预算基本支出表", basic))) == []


@pytest.mark.parametrize("sign", ["￥", "¥", "¥ ", "-￥"])
def test_amounts_with_a_currency_sign_are_read(sign: str) -> None:
    rows = f"{KINDS}\n201 | 一般公共服务支出 | {sign}100.00 | {sign}60.00 | {sign}40.00"
    conversion = convert(table(3, "支出总表", rows))
    expected = Decimal("-100" if sign.startswith("-") else "100")
    assert amounts(conversion, "t03")["一般公共服务支出", "合计"] == expected


# ── captions ────────────────────────────────────────────────────────────────────────────────────


def test_line_that_names_the_office_the_year_and_the_unit_of_money() -> None:
    text = (
        f"收入总表\n单位：{BUREAU} 2024年度 金额单位：万元\n\n科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.50"
    )
    conversion = convert(text)
    assert [o.amount for o in conversion.observations] == [Decimal(15000)]
    assert (conversion.content.year, conversion.organisation_name) == (2024, BUREAU)


def test_line_with_tabs_that_names_the_office_the_year_and_the_unit_of_money() -> None:
    rows = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.50"
    text = f"收入总表\n单位：{BUREAU} | 2024年度 | 金额单位：万元\n\n{rows}"
    assert [o.amount for o in convert(text).observations] == [Decimal(15000)]


@pytest.mark.parametrize("office", ["教育部", "财政部", "卫健委"])
def test_office_of_three_characters(office: str) -> None:
    assert (
        convert(
            table(3, "支出总表", f"{KINDS}\n201 | 一般公共服务支出 | 1.00 | 1.00 | ", office=office)
        ).organisation_name
        == office
    )


def test_rows_and_columns_that_are_numbered_are_read() -> None:
    rows = (
        "收入 | | | 支出 | |\n项目 | 行次 | 决算数 | 项目（按功能分类） | 行次 | 决算数\n栏次 | | 1 | 栏次 | | 2\n"
        "一、一般公共预算财政拨款收入 | 1 | 100.00 | 一、一般公共服务支出 | 32 | 60.00\n"
        " | 2 | | 二、教育支出 | 33 | 40.00\n本年收入合计 | 27 | 100.00 | 本年支出合计 | 57 | 100.00\n"
        "总计 | 31 | 100.00 | 总计 | 62 | 100.00"
    )
    text = f"{BUREAU}2024年度部门决算\n收入支出决算总表\n公开01表\n部门：{BUREAU} | 金额单位：万元\n{rows}"
    conversion = convert(text)
    assert issues(conversion, "unknown-row") == issues(conversion, "unknown-header") == []
    assert sorted(o.printed for o in conversion.observations) == ["100.00"] * 5 + ["40.00", "60.00"]
    assert accused(conversion) == []


# ── empty tables ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "note",
    [
        "注：本部门无2024年政府性基金支出安排。",
        "说明：本表无数据",
        "本单位2024年未安排政府性基金预算支出，故本表无数据。",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_note_of_an_empty_table_inside_the_grid_or_with_a_year(note: str, inside: bool) -> None:
    last = f"{note} | | | |" if inside else note
    text = table(8, "政府性基金预算支出表", f"{KINDS}\n | | | |\n{last}")
    conversion = convert(WHOLE, text)
    assert conversion.content.tables[-1].declared_empty
    assert [o.amount for o in conversion.observations if o.table == "t08"] == [Decimal(0)]


# ── telephone numbers ───────────────────────────────────────────────────────────────────────────


def test_sentence_about_money_is_not_withheld_as_a_telephone_number() -> None:
    sentences = f"{BUREAU}2024年支出预算14835573.24元。\n其中办公电话：20000元。\n支出合计 12345678.00。\n"
    conversion = convert(sentences, WHOLE)
    assert issues(conversion, "contact-withheld") == []
    assert "20000" in "".join(block.text for block in conversion.documents[0].blocks)
    assert len(issues(convert("联系电话：86861234\n", WHOLE), "contact-withheld")) == 1


# ── the fund of travel, vehicles and receptions ─────────────────────────────────────────────────

THREE = "合计 | 因公出国（境）费 | 公务接待费\n6.00 | 4.00 | 2.00"


@pytest.mark.parametrize(
    ("fund", "printed", "told"),
    [("", "6.00", 0), ("", "8.00", 1), ("30.00", "8.00", 0)],
    ids=["agrees", "differs", "another fund may pay the rest"],
)
def test_three_public_expenses_are_appropriations_by_definition(fund: str, printed: str, told: int) -> None:
    whole = table(5, "一般公共预算支出表", GENERAL.format("70.00", "60.00", "10.00"), "单位：万元")
    three = table(7, "一般公共预算“三公”经费支出表", THREE, "单位：万元")
    note = "" if fund else "\n本部门2024年没有此项支出，故本表无数据。"
    funds = [
        table(8, "政府性基金预算支出表", FUND.format(fund), "单位：万元") + note,
        table(9, "国有资本经营预算支出表", FUND.format(""), "单位：万元")
        + "\n本部门2024年没有此项支出，故本表无数据。",
    ]
    text = f"第三部分 情况说明\n四、其他情况\n2024年“三公”经费预算{printed}万元。"
    findings = accused(convert(whole, three, *funds, text))
    assert [f.rule for f in findings] == ["same"] * told


@pytest.mark.parametrize(
    "divided",
    [
        "2024年“三公”经费支出预算9.00万元，其中：财政拨款6.00万元，单位自有资金3.00万元。",
        "2024年“三公”经费预算总额9.00万元，其中财政拨款安排6.00万元。财政拨款“三公”经费比上年减少2.00万元，下降25.00%。",
        "财政拨款“三公”经费情况说明\n“三公”经费支出9.00万元，其中：当年财政拨款6.00万元，上年结转资金3.00万元。",
    ],
    ids=["sources", "total beside an appropriation", "of this year and carried over"],
)
def test_three_public_expenses_divided_by_source_are_no_appropriation(divided: str) -> None:
    three = table(7, "一般公共预算“三公”经费支出表", THREE, "单位：万元")
    assert accused(convert(three, f"第三部分 情况说明\n四、其他情况\n{divided}")) == []


@pytest.mark.parametrize(("amount", "told"), [("550.20", []), ("560.20", []), ("555.20", []), ("505.20", ["same"])])
def test_what_was_appropriated_this_year_may_be_printed_as_revenue_only(amount: str, told: list[str]) -> None:
    revenue = "合计 | 上年结转 | 一般公共预算拨款收入\n560.20 | 10.00 | 550.20"
    spent = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 560.20\n | 合计 | 560.20"
    tables = (table(2, "收入总表", revenue, "单位：万元"), table(5, "一般公共预算支出表", spent, "单位：万元"))
    text = f"第三部分 情况说明\n五、一般公共预算支出情况\n2024年一般公共预算当年拨款{amount}万元。"
    assert [finding.rule for finding in accused(convert(*tables, text))] == told


@pytest.mark.parametrize(("amount", "told"), [("133.74", []), ("116.97", []), ("131.74", ["same"])])
def test_money_of_a_fund_may_be_told_with_what_was_carried_over(amount: str, told: list[str]) -> None:
    rows = """
    收入 | | 支出 |
    项目 | 预算数 | 项目 | 预算数
    一、本年收入 | 216.97 | 一、本年支出 | 233.74
    （一）一般公共预算拨款 | 100.00 | （一）一般公共服务支出 | 100.00
    （二）政府性基金预算拨款 | 116.97 | （二）城乡社区支出 | 133.74
    二、上年结转 | 16.77 | |
    （一）政府性基金预算拨款 | 16.77 | |
    收入总计 | 233.74 | 支出总计 | 233.74
    """
    text = f"收入包括：一般公共预算拨款收入100.00万元、政府性基金预算拨款收入{amount}万元。"
    heading = "第三部分 情况说明\n四、财政拨款收支预算情况"
    found = accused(convert(table(4, "财政拨款收支预算总表", rows, "单位：万元"), f"{heading}\n{text}"))
    assert [finding.rule for finding in found] == told


OPERATING = "八、机关运行经费\n机关运行经费支出20.00万元，比上年增加2.00万元。"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("九、政府性基金预算支出94.00万元，比上年减少1.00万元。", []),
        ("九、其中政府采购支出30.00万元。", []),
        ("其中：办公费94.00万元。", ["bound"]),
    ],
    ids=["another fund", "another scope", "a part"],
)
def test_a_sentence_with_the_next_number_is_a_section_of_its_own(line: str, told: list[str]) -> None:
    fund = table(8, "政府性基金预算支出表", FUND.format("94.00"), unit="单位：万元")
    assert [f.rule for f in accused(convert(fund, "第二部分 情况说明", OPERATING, line))] == told


def test_the_items_of_a_list_with_the_marks_of_its_section_stay_in_it() -> None:
    listed = "1.机关运行经费\n1.办公费5.00万元。\n2.差旅费4.00万元。"
    fund = table(8, "政府性基金预算支出表", FUND.format("94.00"), unit="单位：万元")
    told = convert(fund, "第二部分 情况说明", listed).content.narrative.observations
    assert [o.column_label for o in told] == ["1.机关运行经费"] * 2


def told_topics(*lines: str) -> set[str]:
    """The topics that a disclosure with these lines of text tells of."""
    conversion = convert(WHOLE, "第二部分 情况说明", *lines)
    return {topic for passage in conversion.content.outline.passages for topic in passage.topics if passage.characters}


def test_a_section_may_follow_its_heading_in_the_same_line() -> None:
    assert "code/topic/duties" in told_topics("一、部门职责：负责本镇公共事务。", "二、机构设置：内设4个办公室。")
    assert "code/topic/duties" in told_topics("（一）部门职责。", "负责本镇公共事务。", "（二）机构设置。")
    assert "code/topic/duties" not in told_topics("一、收支情况", "部门职责：由上级另行规定。")
    assert "code/topic/organs" in told_topics("二、部门决算单位基本情况", "从编报单位看，内设4个科。")
    assert "code/topic/performance" in told_topics("九、绩效", "对2个项目开展自评，占项目支出的100%。")


@pytest.mark.parametrize("note", ["备注：本单位无一般公共预算支出。", "注：2024年没有一般公共预算支出安排。"])
def test_a_table_is_empty_where_the_office_has_nothing_of_its_fund(note: str) -> None:
    empty = table(5, "一般公共预算支出表", f"{KINDS}\n | | | |")
    assert convert(WHOLE, empty, note).content.tables[-1].declared_empty


@pytest.mark.parametrize(
    ("cells", "dashed"), [("— | — | —", True), ("- | - | -", True), (" | | ", False), ("— | | —", False)]
)
def test_dashes_in_all_columns_of_a_row_say_that_there_are_no_figures(cells: str, *, dashed: bool) -> None:
    empty = table(8, "政府性基金预算支出表", f"{KINDS}\n | 合计 | {cells}")
    conversion = convert(WHOLE, empty)
    assert conversion.content.tables[-1].dashed is dashed
    rules = {f.rule for f in check(conversion.graph, families={"form"}).findings}
    assert ("empty-declared" in rules) is not dashed


SECTIONS = """{title}

一、主要职能

承担有关工作。

二、单位性质

{nature}

三、收支情况说明

2024年度收入总计100.00万元，比上年增加5.00万元，增长5.26%。
"""


@pytest.mark.parametrize(
    ("title", "nature", "asked"),
    [
        ("滨河市中心小学2024年度单位决算", "设三个年级。", False),
        ("滨河市园林局2024年度部门决算", "设三个科。", True),
        ("滨河市水文站2024年度单位决算", "我单位为公益一类事业单位，设三个科。", False),
        ("滨河市园林局2024年度部门决算", "下属苗圃为公益一类事业单位。", True),
    ],
)
def test_operating_expense_is_not_asked_of_institutions(title: str, nature: str, *, asked: bool) -> None:
    graph = convert(SECTIONS.format(title=title, nature=nature)).graph
    vocabulary = rule_vocabulary(DEFAULT_BASE)
    report = check(graph, vocabulary=vocabulary, families=("completeness",))
    missing = {str(f.value).rsplit("/", 1)[-1] for f in report.findings if f.rule == "required-section"}
    assert "procurement" in missing
    assert ("operating-expense" in missing) is asked
    assert ("operating-expense-changes" in missing) is asked


def test_what_is_left_at_the_end_of_the_year_is_no_expenditure_that_a_later_sentence_names() -> None:
    said = "政府性基金预算财政拨款年初结转0万元，本年收入94.00万元，本年支出94.00万元，年末结转0万元。"
    fund = table(8, "政府性基金预算支出表", FUND.format("94.00"), unit="单位：万元")
    for subject in ("与2023年度相比，政府性基金预算财政拨款支出", "本年收入、支出与上年相比均"):
        compared = f"{subject}减少6.00万元，下降6.00%。"
        assert accused(convert(fund, "第二部分 情况说明", "一、政府性基金", said + compared)) == []


@pytest.mark.parametrize(("printed", "told"), [("129.4", []), ("129.3", ["same"])])
def test_amounts_are_rounded_in_a_text_that_prints_its_zeros(printed: str, told: list[str]) -> None:
    whole = table(3, "支出总表", GENERAL.format("983.63", "854.20", "129.43"), unit="单位：万元")
    text = f"支出预算983.63万元，比上年增加136.20万元。项目支出{printed}万元。"
    assert [f.rule for f in accused(convert(whole, "第二部分 情况说明", "一、支出情况", text))] == told


@pytest.mark.parametrize(("degree", "told"), [("95.49", []), ("92.10", ["change-share"])])
def test_a_degree_of_completion_may_stand_behind_the_budget(degree: str, told: list[str]) -> None:
    text = f"公务接待费16.94万元，全年预算17.74万元，完成{degree}%；上年17.27万元，减少0.33万元。"
    title, section = "滨河市园林局2024年度部门决算", "二、“三公”经费支出决算情况说明"
    assert [f.rule for f in accused(convert(title, "第二部分 情况说明", section, text))] == told


def test_a_share_is_that_of_the_least_amount_before_it() -> None:
    text = "面向中小企业采购64.00万元，其中面向小微企业不低于38.40万元（占60%）。"
    assert accused(convert(WHOLE, "第二部分 情况说明", "八、政府采购", text)) == []


NURSERY = "苗木 | 株数 | 面积\n国槐 | 1200.50 | 3.25\n白蜡 | 800.75 | 2.40\n"


@pytest.mark.parametrize(
    ("unread", "key", "named"),
    [
        (tabbed(f"\n{NURSERY}"), "untitled-table", "苗木 株数 面积"),
        (table(20, "苗圃统计表", NURSERY), "unread-table", f"表20.{BUREAU}2024年苗圃统计表"),
    ],
)
def test_an_unread_table_without_title_is_asked_for_one(unread: str, key: str, named: str) -> None:
    [region] = find_unread(convert(WHOLE, "第二部分 情况说明", "一、苗圃", "苗圃情况如下。", unread))
    assert (region.issue.key, region.issue.values["title"]) == (key, named)


ASSETS = """
项目 | 栏次 | 决算数
一、车辆数合计（辆） | 1 | {0}
1.机要通信用车 | 2 | {0}
二、单价100万元（含）以上设备（不含车辆）（台/套） | 3 | {0}
"""


@pytest.mark.parametrize(("count", "told"), [("9", False), ("", True)])
def test_a_table_that_counts_things_is_not_empty(count: str, *, told: bool) -> None:
    conversion = convert(WHOLE, table(10, "国有资产占用情况表", ASSETS.format(count)))
    found = {f.rule for f in check(conversion.graph, families={"form"}).findings}
    assert ("empty-declared" in found) is told


def test_a_change_of_both_flows_is_one_of_the_totals_before_it() -> None:
    said = "2024年度收入总计100.00万元，支出总计100.00万元。与2023年度相比，收、支总计各减少25.00万元，下降{}%。"
    for rate, told in (("20.00", []), ("30.00", ["change-rate"])):
        text = ("第二部分 情况说明", "一、收入支出决算总体情况", said.format(rate))
        assert [f.rule for f in accused(convert(WHOLE, *text))] == told
