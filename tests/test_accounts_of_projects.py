"""Sections about one project, lists whose entries have names of their own, and plans by quarter."""

import pytest
from narrated import amounts, narrated, statements, sums

from shapes import check


def labels(text: str) -> list[str]:
    return [statement.observation.row_label for statement in statements(text)]


def lines(text: str) -> list[str]:
    """The names of the lines that the claims of a text stand in."""
    found = narrated(text)
    names = {entity.key: entity.name for entity in found.entities}
    return [names.get(s.observation.coordinates["line"], "") for s in statements(text)]


def test_a_section_is_about_the_project_that_its_heading_names() -> None:
    text = "园艺培训经费情况说明\n一、年度预算安排\n项目支出预算 10.5 万元。"
    assert amounts(text) == ["105000 flow=expenditure kind=project project=42010724108T000000101"]


def test_a_project_that_no_table_prints_is_a_line_with_its_name() -> None:
    text = "街心花园建设经费情况说明\n一、年度预算安排\n2024年度项目总预算 9 万元。\n二、绩效目标\n项目支出 8 万元。"
    assert lines(text) == ["街心花园建设", "街心花园建设"]
    assert all(statement.compared for statement in statements(text))


def test_an_amount_alone_in_the_account_of_a_project_is_that_of_the_project() -> None:
    text = "街心花园建设经费情况说明\n一、年度预算安排\n795 万元"
    assert lines(text) == ["街心花园建设"]
    assert [statement.compared for statement in statements(text)] == [True]


def test_entries_of_a_list_may_have_names_of_their_own() -> None:
    text = "2024年支出预算 9 万元，其中支持小店开张 6 万元，市级奖励花农 2 万元，种苗推广 1 万元。"
    assert labels(text) == ["支出预算", "支持小店开张", "市级奖励花农", "种苗推广"]
    assert lines(text)[1:] == ["支持小店开张", "市级奖励花农", "种苗推广"]
    assert [statement.compared for statement in statements(text)] == [True] * 4
    assert sums(text) == [("9", ["6", "2", "1"])]


def test_entries_with_names_of_their_own_that_are_more_than_the_whole_are_not_its_parts() -> None:
    text = "2024年支出预算 9 万元，其中支持小店开张 6 万元，其中租金 5 万元，种苗推广 3 万元。"
    assert sums(text) == []
    assert [statement.compared for statement in statements(text)] == [True, True, False, False]
    assert "sum" not in [f.rule for f in check(narrated(text).graph, families={"sum"}).findings]


@pytest.mark.parametrize(
    "entry", ["上年补发花农 3 万元", "比预算多发花农 3 万元", "补助花农减少 3 万元", "补助花农 7 户 3 万元"]
)
def test_words_that_say_more_than_a_name_are_no_entry(entry: str) -> None:
    text = f"2024年支出预算 9 万元，其中支持小店开张 6 万元，{entry}。"
    assert [statement.compared for statement in statements(text)][2:] == [False] * (len(statements(text)) - 2)


def test_amounts_of_quarters_and_half_years_are_of_that_time() -> None:
    text = "一、支出情况\n第一季度用款计划 3 万元，第二季度用款计划 2 万元，下半年支出 4 万元。"
    periods = [s.observation.coordinates["period"].rpartition("/")[2] for s in statements(text)]
    assert periods == ["quarter-1", "quarter-2", "half-2"]
    assert all(statement.compared for statement in statements(text))
