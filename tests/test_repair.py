"""One mistake with many consequences is told as one mistake, with the figure that would mend it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from shape_graphs import DisclosureGraph
from small_disclosures import convert, table

from shapes import Report, amount_in_place, check
from yusuan import validate

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "changed.txt"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_a_wrong_figure_is_named_with_what_it_should_be_and_all_its_consequences(tmp_path: Path) -> None:
    row = "2010104\t人大会议\t170000.00\t0.00\t"
    [document] = validate(changed(tmp_path, row + "170000.00", row + "180000.00")).documents
    repair = document.report.repairs[0]
    [(figure, amount)] = repair.candidates
    assert (figure.table, figure.row, figure.column, amount) == ("3", "人大会议", "项目支出", Decimal("170000"))
    laws = {f.rule for f in document.report.findings if f.id in repair.findings}
    assert laws == {"same", "sum", "bound"}


def test_an_amount_that_the_text_rounds_is_no_second_value_of_the_same_figure(tmp_path: Path) -> None:
    row = "七、社会保障和就业支出\t"
    [document] = validate(changed(tmp_path, row + "1249536.00", row + "1249836.00")).documents
    repair = document.report.repairs[0]
    [(figure, amount)] = repair.candidates  # the text has 124.95 万元
    assert (figure.table, figure.row, amount) == ("1", "七、社会保障和就业支出", Decimal("1249536"))


def test_figures_equally_likely_are_all_named(tmp_path: Path) -> None:
    row = "160000.00\t0.00\t150000.00\t0.00\t150000.00\t10000.00"
    [document] = validate(changed(tmp_path, row, row.replace("160000.00", "170000.00"))).documents
    repair = next(r for r in document.report.repairs if any(o.table == "7" for o, _ in r.candidates))
    assert {(o.column, a) for o, a in repair.candidates} >= {("“三公”经费合计", Decimal("160000"))}


def contradiction(graph: DisclosureGraph, name: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    """One point with a claim in each of two sources, each ("table cell", printed)."""
    claims = []
    for place, printed in (one, other):
        table, cell = place.split()
        amount = Decimal(printed.replace(",", ""))
        claims.append(graph.observation(table, cell, amount, printed=printed, labels=("", name, "金额")))
    graph.placed_point(name, *claims)


def test_an_amount_in_the_wrong_column_is_one_mistake_in_two_figures() -> None:
    graph = DisclosureGraph()
    first, second = graph.table(1, "summary"), graph.table(8, "basic")
    contradiction(graph, "人员", (f"{first} r9c5", "700.00"), (f"{second} r9c5", "600.00"))
    contradiction(graph, "公用", (f"{first} r9c6", "200.00"), (f"{second} r9c6", "300.00"))
    parts = [graph.observation(second, f"r{row}c5", Decimal(300), labels=("", "部分", "金额")) for row in (7, 8)]
    graph.sum("basic", f"{second}/r9c5", parts, "subject")
    report = check(graph.triples)
    [repair] = report.repairs
    assert repair.together
    assert [(figure.table, figure.row, amount) for figure, amount in repair.candidates] == [
        ("1", "人员", Decimal(600)),
        ("1", "公用", Decimal(300)),
    ]
    assert (report.counts["violation"], report.following) == (1, 1)


def test_two_tables_that_miss_each_other_by_one_amount_are_a_tie_when_nothing_supports_either() -> None:
    graph = DisclosureGraph()
    first, second = graph.table(1, "summary"), graph.table(8, "basic")
    contradiction(graph, "人员", (f"{first} r9c5", "700.00"), (f"{second} r9c5", "600.00"))
    contradiction(graph, "公用", (f"{first} r9c6", "200.00"), (f"{second} r9c6", "300.00"))
    report = check(graph.triples)
    [repair] = report.repairs
    assert not repair.together
    lead = report.findings[0]
    assert (repair.findings[0], len(repair.findings)) == (lead.id, 2)
    assert {figure for figure, _ in repair.candidates} == {lead.left, lead.right}


def rows_of_three_tables(first: list[list[int]], others: list[list[int]]) -> Report:
    """Three tables with the same rows and columns, of which the last two agree."""
    graph = DisclosureGraph()
    tables = [graph.table(number, "expenditure") for number in (3, 5, 6)]
    for row, (mine, theirs) in enumerate(zip(first, others, strict=True), start=4):
        for column, amounts in enumerate(zip(mine, theirs, theirs, strict=True), start=3):
            claims = [
                graph.observation(table, f"r{row}c{column}", Decimal(amount), labels=("", f"第{row}行", "金额"))
                for table, amount in zip(tables, amounts, strict=True)
            ]
            graph.placed_point(f"r{row}c{column}", *claims)
    return check(graph.triples)


def test_two_exchanged_rows_are_one_mistake() -> None:
    report = rows_of_three_tables([[900, 250], [100, 20], [5, 5]], [[100, 20], [900, 250], [5, 5]])
    [repair] = report.repairs
    assert repair.together
    assert [(figure.table, figure.row, amount) for figure, amount in repair.candidates] == [
        ("3", "第4行", Decimal(100)),
        ("3", "第4行", Decimal(20)),
        ("3", "第5行", Decimal(900)),
        ("3", "第5行", Decimal(250)),
    ]
    assert (report.counts["violation"], report.following) == (1, 3)


def test_a_block_of_rows_that_slipped_by_a_line_is_one_mistake() -> None:
    report = rows_of_three_tables([[7], [100], [900], [40]], [[100], [900], [40], [70]])
    [repair] = report.repairs
    assert repair.together
    assert [amount for _, amount in repair.candidates] == [Decimal(n) for n in (100, 900, 40, 70)]
    assert (report.counts["violation"], report.following) == (1, 3)


def test_two_wrong_figures_that_are_not_those_of_each_other_are_two_mistakes() -> None:
    report = rows_of_three_tables([[900], [300], [5]], [[100], [900], [5]])
    assert [[amount for _, amount in repair.candidates] for repair in report.repairs] == [
        [Decimal(100)],
        [Decimal(900)],
    ]
    assert (report.counts["violation"], report.following) == (2, 0)


def test_small_gaps_that_recur_are_mistakes_of_their_own() -> None:
    graph = DisclosureGraph()
    first, second = graph.table(1, "summary"), graph.table(8, "basic")
    contradiction(graph, "人员", (f"{first} r9c5", "700.02"), (f"{second} r9c5", "700.00"))
    contradiction(graph, "公用", (f"{first} r9c6", "200.02"), (f"{second} r9c6", "200.00"))
    report = check(graph.triples)
    assert [len(repair.findings) for repair in report.repairs] == [1, 1]


def test_a_total_that_other_places_repeat_is_not_named_as_the_mistake() -> None:
    graph = DisclosureGraph()
    first, second = graph.table(1, "summary"), graph.table(8, "basic")
    contradiction(graph, "合计", (f"{first} r9c5", "900.00"), (f"{second} r9c5", "900.00"))
    parts = [graph.observation(second, f"r{row}c5", Decimal(300), labels=("", "部分", "金额")) for row in (7, 8)]
    graph.sum("basic", f"{second}/r9c5", parts, "subject")
    [repair] = check(graph.triples).repairs
    assert {figure.row for figure, _ in repair.candidates} == {"部分"}


def test_the_amount_to_print_has_the_unit_and_decimals_of_its_place() -> None:
    graph = DisclosureGraph()
    first, second = graph.table(1, "summary"), graph.table(8, "basic")
    graph.observation(first, "r3c5", Decimal(1), labels=("", "其他", "金额"), printed="1.25")
    contradiction(graph, "离退休", (f"{first} r9c5", "1,057.8"), (f"{second} r9c5", "56.1249"))
    parts = [graph.observation(second, f"r{row}c5", Decimal("28.06245"), labels=("", "部", "金额")) for row in (7, 8)]
    graph.sum("basic", f"{second}/r9c5", parts, "subject")
    [repair] = check(graph.triples).repairs
    [(figure, amount)] = repair.candidates
    assert (figure.printed, amount) == ("1,057.8", Decimal("56.12"))
    assert amount_in_place(figure, amount, Decimal(1)) == "56.12"


def test_what_a_row_under_another_code_breaks_follows_from_its_code(tmp_path: Path) -> None:
    [document] = validate(changed(tmp_path, "221\t住房保障支出\t844,732.92", "222\t住房保障支出\t844,732.92")).documents
    found = document.report.findings
    cause = next(f for f in found if f.rule == "code-name-of-other")
    consequences = {f.rule for f in found if f.follows == cause.id}
    assert consequences >= {"sum", "row-missing"}


WHOLE = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | 580.20 | 480.20 | 100.00
 | 合计 | 580.20 | 480.20 | 100.00
"""
SHARES = "2024年支出预算{}万元，其中：基本支出{}万元，占82.76%；项目支出100.00万元，占17.24%。"


@pytest.mark.parametrize(
    ("whole", "part", "wrong", "right"), [("508.20", "480.20", 2, 5802000), ("580.20", "408.20", 1, 4802000)]
)
def test_a_share_of_a_wrong_amount_follows_from_that_amount(whole: str, part: str, wrong: int, right: int) -> None:
    text = f"第三部分 情况说明\n三、支出预算情况\n{SHARES.format(whole, part)}"
    report = check(convert(table(3, "支出总表", WHOLE, "单位：万元"), text).graph)
    shares = [f.id for f in report.findings if f.rule == "change-share"]
    [repair] = report.repairs
    assert len(shares) == wrong
    assert set(shares) <= set(repair.findings[1:])
    assert [amount for _, amount in repair.candidates] == [Decimal(right)]


def test_a_change_counted_from_a_printed_base_follows_from_a_wrong_amount() -> None:
    text = "第三部分 情况说明\n三、支出预算情况\n2024年支出预算508.20万元，比2023年预算550.00万元增加30.20万元。"
    report = check(convert(table(3, "支出总表", WHOLE, "单位：万元"), text).graph)
    [change] = [f.id for f in report.findings if f.rule == "change-base"]
    [repair] = report.repairs
    assert change in repair.findings[1:]
    assert Decimal(5802000) in {amount for _, amount in repair.candidates}


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("2024年支出预算580.20元，其中：基本支出480.20元，占82.76%；项目支出100.00元，占17.24%。", 3),
        ("2024年支出预算580.20元，比上年增加30.20万元，其中：基本支出480.20万元，占82.76%。", 1),
        ("2024年支出预算5802000万元，其中：基本支出4802000元，占82.76%；项目支出1000000元。", 1),
        ("2024年支出预算580.20万元，比上年增加30.20元，增长5.49%。", 1),
    ],
)
def test_a_wrong_unit_in_the_text_is_one_finding_that_names_the_unit(text: str, accused: int) -> None:
    text = f"第三部分 情况说明\n三、支出预算情况\n{text}"
    report = check(convert(table(3, "支出总表", WHOLE, "单位：万元"), text).graph)
    [unit] = [f for f in report.findings if f.rule == "text-unit"]
    lead = [f for f in report.findings if f.follows is None and f.severity == "violation" and "required" not in f.rule]
    assert lead == [unit]
    assert len(unit.parts) == accused


def test_a_wrong_unit_in_a_caption_is_not_called_that_of_the_text() -> None:
    text = "第三部分 情况说明\n三、支出预算情况\n2024年支出预算580.20万元，其中：基本支出480.20万元，项目支出100万元。"
    findings = check(convert(table(3, "支出总表", WHOLE, "单位：元"), text).graph).findings
    [unit] = [f for f in findings if f.rule == "text-unit"]
    assert "多半" not in unit.message["zh"]
    assert "两处之一的单位写错" in unit.message["zh"]
    assert unit.right is not None
    assert unit.right.table == "3"


def test_the_unit_of_a_table_that_two_others_contradict_is_not_that_of_the_text() -> None:
    rows = WHOLE.replace("580.20", "5802000").replace("480.20", "4802000").replace("100.00", "1000000")
    tables = [table(number, "支出总表", WHOLE, "单位：万元") for number in (3, 4)]
    text = "2024年支出预算580.20万元，其中：基本支出480.20万元，项目支出100.00万元。"
    heading = "第三部分 情况说明\n三、支出预算情况\n"
    findings = check(convert(*tables, table(5, "支出总表", rows, "单位：万元"), heading + text).graph).findings
    assert "unit-differs" in {f.rule for f in findings}
    assert "text-unit" not in {f.rule for f in findings}


ECONOMIC = """
科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
 | 合计 | 8.20 | 0.00 | 8.20
302 | 商品和服务支出 | 8.20 | 0.00 | 8.20
30217 | 公务接待费 | 1.80 | 0.00 | 1.80
30231 | 公务用车运行维护费 | 6.40 | 0.00 | 6.40
"""
VEHICLES = """
“三公”经费合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费
 | | 小计 | 公务用车购置费 | 公务用车运行费 |
8.20 | 0.00 | 6.40 | 0.00 | 6.40 | 1.80
"""
TRAVEL = "2024年“三公”经费预算8.20万元，其中：公务用车购置及运行费6.40万元，公务接待费1.80万元。"


@pytest.mark.parametrize(("unit", "wrong"), [("单位：万元", False), ("单位：元", True)])
def test_a_table_that_text_and_table_contradict_by_its_unit_is_one_finding(unit: str, wrong: bool) -> None:
    tables = [
        table(6, "一般公共预算基本支出表", ECONOMIC, "单位：万元"),
        table(7, "一般公共预算“三公”经费支出表", VEHICLES, unit),
    ]
    report = check(convert(*tables, f"第三部分 情况说明\n六、“三公”经费情况\n{TRAVEL}").graph)
    accused = [f for f in report.findings if f.family in ("same", "bound") or f.rule in ("unit-differs", "text-unit")]
    assert [f.rule for f in accused if f.follows is None] == ["unit-differs"] * wrong
    assert ("bound" in {f.rule for f in accused if f.follows}) is wrong


@pytest.mark.parametrize(("unit", "wrong"), [("单位：万元", False), ("单位：元", True)])
def test_tables_that_agree_but_not_with_the_text_are_one_finding_about_the_unit(unit: str, wrong: bool) -> None:
    text = "2024年支出预算580.20万元，其中：基本支出480.20万元，项目支出100.00万元。\n七、机关运行经费情况\n"
    tables = [table(number, title, WHOLE, unit) for number, title in ((3, "支出总表"), (5, "一般公共预算支出表"))]
    running = "2024年机关运行经费预算50.00万元。"
    report = check(convert(*tables, f"第三部分 情况说明\n三、支出预算情况\n{text}{running}").graph)
    accused = [f for f in report.findings if f.family in ("same", "bound") or f.rule in ("unit-differs", "text-unit")]
    assert [f.rule for f in accused if f.follows is None] == ["text-unit"] * wrong
    assert {f.rule for f in accused if f.follows} == ({"same", "bound"} if wrong else set())
    assert not any(repair.candidates for repair in report.repairs)


PROJECTS = """
项目名称 | 项目单位 | 合计
合计 | | 100.00
图书购置 | 某局 | 40.00
校舍维修 | 某局 | 60.00
"""


@pytest.mark.parametrize(("unit", "wrong"), [("单位：万元", False), ("单位：元", True)])
def test_a_table_of_projects_in_another_unit_than_the_project_outlay_is_told(unit: str, wrong: bool) -> None:
    tables = [table(3, "支出总表", WHOLE, "单位：万元"), table(10, "项目支出表", PROJECTS, unit)]
    text = (
        "第三部分 情况说明\n三、支出预算情况\n2024年支出预算580.20万元，其中：基本支出480.20万元，项目支出100.00万元。"
    )
    findings = check(convert(*tables, text).graph).findings
    accused = [f.message["zh"] for f in findings if f.rule == "unit-differs"]
    assert len(accused) == wrong
    assert all(message.startswith("表10") for message in accused)


@pytest.mark.parametrize(
    ("unit", "factor"), [("千元", "10 倍"), ("百万元", "100 倍"), ("亿元", "10000 倍"), ("元", "10000 倍")]
)
def test_a_table_in_any_wrong_unit_of_money_is_told_with_its_factor(unit: str, factor: str) -> None:
    tables = [
        table(number, title, WHOLE, f"单位：{printed}")
        for number, title, printed in ((3, "支出总表", "万元"), (4, "支出总表", unit))
    ]
    text = "第三部分 情况说明\n三、支出预算情况\n2024年支出预算580.20万元，其中：基本支出480.20万元，项目支出100万元。"
    accused = [
        f.message["zh"]
        for f in check(convert(*tables, text).graph, families={"form"}).findings
        if f.rule == "unit-differs"
    ]
    assert len(accused) == 1
    assert f"正好相差 {factor}" in accused[0]
