"""Columns that say how much more or less: changes and rates stand at the figure that they are of."""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from small_disclosures import convert, issues, met, placed, table

from converters import Conversion, Observation
from ontology.namespaces import DEF
from shapes import check

TWO_YEARS = """
科目编码 | 科目名称 | 上年预算数 | 本年预算数 | 比上年增减 |
 | | | | 增减额 | 增减%
201 | 一般公共服务支出 | 100.00 | 80.00 | -20.00 | -20.00
 | 合计 | 100.00 | 80.00 | -20.00 | -20.00%
"""
THREE_PUBLIC = """
项目 | 2023年预算数 | 2024年预算数 | 增减率（%）
合计 | 10.00 | 12.00 | 20.00
因公出国（境）费 | 6.00 | 6.00 | 0
公务用车购置及运行费 | 4.00 | 6.00 | 50.00
其中：公务用车购置费 | 1.00 | 2.00 | 100.00
公务用车运行费 | 3.00 | 4.00 | 33.33
"""


def of_measure(conversion: Conversion, measure: str) -> list[Observation]:
    return [o for o in conversion.observations if o.measure == measure]


def said(conversion: Conversion, name: str) -> set[str]:
    return {
        t.object.value.rsplit("/", 1)[-1]
        for t in conversion.triples
        if t.predicate.value == DEF + name and isinstance(t.object, ox.NamedNode | ox.Literal)
    }


def test_a_change_is_money_in_the_unit_of_the_table_and_a_rate_is_percent() -> None:
    conversion = convert(table(5, "一般公共预算支出表", TWO_YEARS, unit="单位：万元"))
    changes, rates = of_measure(conversion, "change"), of_measure(conversion, "changeRate")
    assert [o.amount for o in changes] == [Decimal(-200_000)] * 2
    assert [o.amount for o in rates] == [Decimal(-20)] * 2
    assert [o.unit for o in (*changes, *rates)] == ["code/unit/ten-thousand"] * 2 + ["code/unit/percent"] * 2
    assert met(conversion) == []


def test_a_change_is_of_the_figure_of_its_year_and_counted_from_the_year_beside_it() -> None:
    conversion = convert(table(5, "一般公共预算支出表", TWO_YEARS))
    assert {o.coordinates["year"] for o in of_measure(conversion, "change")} == {"2024"}
    assert said(conversion, "changeOf") == {"r3c4", "r4c4"}
    assert said(conversion, "comparedWithYear") == {"2023"}
    assert [c.change.measure for c in conversion.content.changes] == ["change"] * 2 + ["changeRate"] * 2


def test_a_change_between_the_steps_of_one_year_names_no_other_year() -> None:
    rows = "项目 | 预算数 | 决算数 | 增减额\n公务接待费 | 10.00 | 8.00 | -2.00"
    conversion = convert(table(8, "财政拨款“三公”经费支出决算表", rows))
    [change] = conversion.content.changes
    assert (change.of.printed, change.compared_year) == ("8.00", None)


def test_changes_add_up_to_nothing_and_are_held_to_their_figures() -> None:
    wrong = TWO_YEARS.replace("-20.00 | -20.00\n", "-20.00 | -25.00\n")
    for rows, rules in ((TWO_YEARS, set()), (wrong, {"change-rate"})):
        conversion = convert(table(5, "一般公共预算支出表", rows))
        assert {o.measure for s in conversion.content.sums for o in (s.total, *s.parts)} <= {"amount"}
        found = check(conversion.graph, families={"change"}).findings
        assert {f.rule for f in found if f.severity == "violation"} == rules


def test_a_total_of_some_of_the_money_is_no_total_of_all_and_a_part_of_a_row_stands_under_it() -> None:
    conversion = convert(table(7, "一般公共预算“三公”经费支出表", THREE_PUBLIC))
    scopes = {row: where.get("scope") for (row, column), where in placed(conversion, "t07").items() if "2024" in column}
    assert scopes == {
        "合计": "three-public",
        "因公出国（境）费": "abroad",
        "公务用车购置及运行费": "vehicles",
        "其中：公务用车购置费": "purchase",
        "公务用车运行费": "running",
    }
    assert len(conversion.content.sums) >= 2


def test_a_total_over_which_nothing_but_everything_stands_is_not_placed() -> None:
    rows = "项目 | 预算数\n合计 | 15.00\n“三公”经费 | 12.00\n机关运行经费 | 3.00"
    conversion = convert(table(7, "一般公共预算“三公”经费支出表", rows))
    assert [o.row_label for o in conversion.observations] == ["“三公”经费", "机关运行经费"]
    assert [issue.values["word"] for issue in issues(conversion, "unknown-row")] == ["合计"]


@pytest.mark.parametrize("top", ["2024年预算数比2023年执行数", "比2023年执行数", "较上年"])
def test_the_words_over_a_change_may_name_both_years(top: str) -> None:
    rows = f"""
科目编码 | 科目名称 | 2023年执行数 | 2024年预算数 | {top} |
 | | | | 增减额 | 增减%
201 | 一般公共服务支出 | 100.00 | 80.00 | -20.00 | -20.00
"""
    conversion = convert(table(5, "一般公共预算支出表", rows))
    assert [o.measure for o in conversion.observations] == ["amount", "amount", "change", "changeRate"]
    assert said(conversion, "comparedWithYear") == {"2023"}
    assert met(conversion) == []


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        ("2024年预算数比2023年执行数增减%", "changeRate"),
        ("比2023年预算增减额", "change"),
        ("比上年预算数增长（%）", "changeRate"),
        ("2024年比2023年", "change"),
    ],
)
def test_a_comparison_says_in_one_cell_what_it_is(words: str, measure: str) -> None:
    rows = f"项目 | 2023年预算数 | 2024年预算数 | {words}\n公务接待费 | 4.00 | 5.00 | 1.00"
    conversion = convert(table(7, "“三公”经费支出表", rows))
    assert [o.measure for o in conversion.observations] == ["amount", "amount", measure]


def test_a_part_is_named_as_such_over_its_column() -> None:
    rows = "科目编码 | 科目名称 | 合计 | 其中：基本支出\n201 | 一般公共服务支出 | 100.00 | 80.00"
    conversion = convert(table(3, "支出总表", rows))
    assert [conversion.vocabulary.notation(o.coordinates["kind"]) for o in conversion.observations][1] == "basic"
