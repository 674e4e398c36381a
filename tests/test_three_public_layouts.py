"""Layouts of the table of the three public expenses: phases in rows, and counts of journeys and guests below."""

from decimal import Decimal

from small_disclosures import BUREAU, convert, issues, placed, table

from converters.conversion import Conversion
from converters.reports.coverage import cover_tables
from converters.reports.unread import find_unread
from shapes import check

COVER = f"{BUREAU}2024年度部门决算"
ACROSS = """
项目 | “三公”经费 | | | 会议费
| 小计 | 因公出国（境）费用 | 公务接待费 |
栏次 | 1 | 2 | 3 | 4
"""
DOWN = """
项目 | 预算数 | 决算数
“三公”经费支出合计 | 25.00 | 21.00
1.因公出国（境）费 | 15.00 | 12.00
2.公务接待费 | 10.00 | 9.00
相关统计数 | |
1.因公出国（境）团组数（个） | —— | 2
2.国内公务接待人次（人） | —— | 198
"""


def account(rows: str) -> Conversion:
    """A final account with this table."""
    return convert(COVER, table(7, "一般公共预算财政拨款“三公”经费支出决算表", rows, unit="单位：万元"))


def figures(conversion: Conversion) -> dict[tuple[str, str], Decimal | None]:
    """Phase and scope -> amount in 万元."""
    return {
        (o.coordinates["phase"].rsplit("/")[-1], o.coordinates["scope"].rsplit("/")[-1]): o.amount and o.amount / 10000
        for o in conversion.observations
    }


def test_rows_may_be_phases() -> None:
    conversion = account(f"{ACROSS}预算数 | 25.00 | 15.00 | 10.00 | 3.00\n决算数 | 21.00 | 12.00 | 9.00 | 2.00")
    found = figures(conversion)
    assert len(found) == 8
    assert found["full-year", "three-public"] == Decimal(25)
    assert found["final", "three-public"] == Decimal(21)
    assert found["full-year", "abroad"] == Decimal(15)
    assert found["final", "meeting"] == Decimal(2)
    assert find_unread(conversion) == ()


def test_a_row_of_amounts_has_no_phase_without_another_that_gives_it_one() -> None:
    conversion = account(f"{ACROSS}预算数 | 25.00 | 15.00 | 10.00 | 3.00\n年初预算数 | 26.00 | 16.00 | 10.00 | 3.00")
    assert {phase for phase, _ in figures(conversion)} == {"initial"}
    assert [issue.values["word"] for issue in issues(conversion, "unknown-row")] == ["预算数"]
    assert [region.figures for region in find_unread(conversion)] == [4]


def test_rows_that_count_things_are_no_sums_of_money_that_were_not_read() -> None:
    conversion = account(DOWN)
    assert figures(conversion) == {
        ("full-year", "three-public"): Decimal(25),
        ("final", "three-public"): Decimal(21),
        ("full-year", "abroad"): Decimal(15),
        ("final", "abroad"): Decimal(12),
        ("full-year", "reception"): Decimal(10),
        ("final", "reception"): Decimal(9),
    }
    assert find_unread(conversion) == ()
    assert [(t.figures, t.converted) for t in cover_tables(conversion)] == [(6, 6)]


def test_a_row_of_an_unknown_sum_of_money_is_told() -> None:
    conversion = account(DOWN.replace("国内公务接待人次（人）", "国内公务接待资金（万元）"))
    assert [region.figures for region in find_unread(conversion)] == [1]


def test_the_first_row_may_have_no_figure() -> None:
    rows = """
项目 | 本年预算
行政经费 |
“三公”经费 | 7.58
其中：（一）因公出国（境）支出 |
（二）公务用车购置及运行维护支出 | 4.54
1.公务用车购置 |
2.公务用车运行维护费 | 4.54
（三）公务接待费支出 | 3.04
"""
    conversion = convert(f"{BUREAU}2024年部门预算", table(7, "一般公共预算安排的行政经费及“三公”经费预算表", rows))
    found = {o.coordinates["scope"].rsplit("/")[-1]: o.amount for o in conversion.observations}
    assert found == {
        "three-public": Decimal("7.58"),
        "vehicles": Decimal("4.54"),
        "running": Decimal("4.54"),
        "reception": Decimal("3.04"),
    }
    assert find_unread(conversion) == ()


def test_columns_of_other_funds_divide_a_table_of_appropriations() -> None:
    header = "项目 | 合计 | 其中：一般公共预算拨款 | 其中：单位资金"
    rows = "“三公”经费合计 | 12.17 | 10.17 | 2.00\n公务接待费 | 12.17 | 10.17 | 2.00"
    conversion = convert(table(7, "“三公”经费预算表", f"{header}\n{rows}", "单位：万元"))
    name = conversion.content.tables[0].name
    funds = {label: places.get("fund") for (_, label), places in placed(conversion, name).items()}
    assert funds == {"合计": None, "其中：一般公共预算拨款": "general-public", "其中：单位资金": "own"}
    rules = {f.rule for f in check(conversion.triples).findings if f.severity == "violation"}
    assert "same" not in rules
