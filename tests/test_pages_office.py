"""The page of an office: years side by side, budgets against final accounts, flows, projects."""

import re
from decimal import Decimal

import httpx2
from small_pages import get

from server.pages.office.figures_over_years import executions_of, personnel_shares, years_of
from server.pages.office.flows import flows_of
from server.pages.office.money import SPREAD, OfficeFact, OfficeMoney
from server.pages.office.page import economic_classes
from server.pages.office.performance import Target, rows_to_goals

BASE = "https://w3id.org/yusuan/"
OFFICE = "/doc/org/420107/108"


def amount(words: str) -> Decimal:
    return Decimal(words.replace(",", ""))


def fact(year: str, phase: str, number: int, *, adds: bool = True, only: str = "fiscal", **codes: str) -> OfficeFact:
    """A fact of expenditure with codes given by dimension, at the total of the others."""
    tops = {d: f"{BASE}code/{d}/{'this-year' if d == 'kind' else 'total'}" for d in SPREAD}
    stated = {d: f"{BASE}code/{d}/{code}" for d, code in codes.items()}
    name = "-".join(d for d in SPREAD if d in codes) or "total"
    return OfficeFact(
        f"{year}-{phase}-{name}-{'-'.join(codes.values())}",
        f"{BASE}id/disclosure/1/{year}/{phase}/2/v/0/facts",
        year,
        f"{BASE}code/phase/{phase}",
        "expenditure",
        name,
        tops | stated,
        f"{BASE}code/fund/{only}",
        Decimal(number),
        Decimal(0),
        adds,
    )


ABOVE = {
    f"{BASE}code/{child}": f"{BASE}code/{parent}"
    for child, parent in {
        "function/201": "function/total",
        "function/208": "function/total",
        "kind/basic": "kind/this-year",
        "kind/project": "kind/this-year",
        "kind/personnel": "kind/basic",
        "economic/301": "economic/total",
        "economic/302": "economic/total",
    }.items()
}


def year_of(year: str, phase: str, *factors: int) -> list[OfficeFact]:
    """The total and two classes of a disclosure."""
    return [
        fact(year, phase, sum(factors)),
        fact(year, phase, factors[0], function="201"),
        fact(year, phase, factors[1], function="208"),
    ]


def test_pictures_show_the_amounts_of_the_tables(site: httpx2.Client) -> None:
    page = get(site, OFFICE)
    drawn = site.get(OFFICE, headers={"Accept": "text/html"}).text
    pictures = re.findall(r"<svg.+?</svg>", drawn, re.DOTALL)
    assert len(pictures) == 4
    years = page.one("table", class_="years")
    [expenditure] = [tr for tr in years.one("tbody").all("tr") if tr.one("th").text == "支出"]
    assert [td.text for td in expenditure.all("td")] == ["1,483.56", "1,483.56"]
    assert pictures[0].count(": 1,483.56</title>") == 2
    flows = [td.text for td in page.one("table", class_="flows").all("td", class_="figure")]
    assert all(f": {words}</title>" in pictures[1] for words in flows)


def test_what_flows_into_a_class_flows_out_of_it(site: httpx2.Client) -> None:
    page = get(site, OFFICE)
    into: dict[str, Decimal] = {}
    out_of: dict[str, Decimal] = {}
    for row in page.one("table", class_="flows").one("tbody").all("tr"):
        source, (target, figure) = row.one("th").text, (td.text for td in row.all("td"))
        out_of[source] = out_of.get(source, Decimal(0)) + amount(figure)
        into[target] = into.get(target, Decimal(0)) + amount(figure)
    between = into.keys() & out_of.keys()
    assert len(between) > 4
    assert all(abs(into[key] - out_of[key]) <= Decimal("0.05") for key in between)


def test_another_disclosure_can_be_drawn(site: httpx2.Client) -> None:
    assert "2023 预算" in get(site, OFFICE, shown="2023/budget").one("h2", id="flows").text
    assert "2024 预算" in get(site, OFFICE).one("h2", id="flows").text
    assert site.get(OFFICE, params={"shown": "1999/final"}, headers={"Accept": "text/html"}).status_code == 404


def test_projects_are_listed_with_their_amounts(site: httpx2.Client) -> None:
    page = get(site, OFFICE)
    [table] = [section.one("table") for section in page.all("section") if section.all("h2", id="projects")]
    assert sum(amount(td.text) for td in table.all("td")) == Decimal("59.5")


def test_goals_and_targets_of_projects_are_listed_with_their_sources(site: httpx2.Client) -> None:
    [section] = [section for section in get(site, OFFICE).all("section") if section.all("h2", id="goals")]
    first, *others = section.all("details")
    assert len(others) == 2
    assert "使代表小组活动正常进行" in first.text
    [satisfied] = [row for row in first.all("tr") if "代表的满意度" in row.text]
    targets = satisfied.all("a")
    assert [target.text for target in targets] == ["95%"] * 3
    assert "95%" in get(site, targets[0].attributes["href"]).one("main").text


def test_an_indicator_without_a_target_and_a_form_without_indicators_are_goals_too() -> None:
    form = {"form": "x/t10/r1", "name": "检查"}
    rows = [form | {"indicator": "x/t10/r12", "label": "份数"}, {"form": "x/t9/r1", "name": "培训", "goal": "办班"}]
    rows.append(form | {"indicator": "x/t10/r9", "class": "产出", "label": "次数", "target": "t", "printed": "≥3"})
    training, check = rows_to_goals(rows)
    assert (training.name, training.goal, training.indicators, training.years) == ("培训", "办班", (), [])
    assert [indicator.names for indicator in check.indicators] == [("产出", "次数"), ("份数",)]
    assert check.indicators[0].targets == {"": Target("t", "≥3")}
    assert check.indicators[1].targets == {}


def test_a_budget_is_compared_with_the_final_account_of_its_year() -> None:
    money = OfficeMoney((*year_of("2023", "budget", 80, 20), *year_of("2023", "final", 90, 0)), ABOVE)
    total, first, second = executions_of(money, money.times())["2023"]
    assert (total.difference, total.rate) == (Decimal(-10), Decimal("0.9"))
    assert first.subject == f"{BASE}code/function/201"
    assert first.difference == 10
    assert second.rate == 0


def test_a_year_without_a_final_account_has_no_comparison() -> None:
    money = OfficeMoney(tuple(year_of("2023", "budget", 80, 20)), ABOVE)
    assert executions_of(money, money.times()) == {}


def test_parts_that_do_not_add_up_are_neither_drawn_nor_listed() -> None:
    whole, first, _ = year_of("2023", "budget", 80, 20)
    money = OfficeMoney((whole, first), ABOVE)
    assert money.parts(whole.set, "expenditure", {"function": 1}) == []
    assert flows_of(money, whole.set, BASE) == []


def test_flows_end_where_no_table_prints_two_stages_together() -> None:
    facts = year_of("2023", "budget", 80, 20)
    money = OfficeMoney(tuple(facts), ABOVE)
    flows = flows_of(money, facts[0].set, BASE)
    assert [(flow.source[0], flow.target[0], flow.amount) for flow in flows] == [
        ("fund", "function", Decimal(80)),
        ("fund", "function", Decimal(20)),
    ]


def test_economic_classes_divide_basic_expenditure() -> None:
    facts = [
        *year_of("2023", "budget", 80, 20),
        fact("2023", "budget", 70, function="201", kind="basic"),
        fact("2023", "budget", 10, function="201", kind="project"),
        fact("2023", "budget", 20, function="208", kind="basic"),
        fact("2023", "budget", 90, kind="basic"),
        fact("2023", "budget", 60, economic="301", kind="basic"),
        fact("2023", "budget", 30, economic="302", kind="basic"),
    ]
    money = OfficeMoney(tuple(facts), ABOVE)
    classes = economic_classes(money, facts[0].set, BASE)
    assert [(f.codes["economic"].rpartition("/")[2], f.amount, f.fund) for f in classes] == [
        ("301", Decimal(60), f"{BASE}code/fund/fiscal"),
        ("302", Decimal(30), f"{BASE}code/fund/fiscal"),
    ]
    to_classes = [f for f in flows_of(money, facts[0].set, BASE) if f.target[0] == "economic"]
    assert [(flow.source[1].rpartition("/")[2], flow.amount) for flow in to_classes] == [
        ("basic", Decimal(60)),
        ("basic", Decimal(30)),
    ]


def test_the_share_of_personnel_needs_both_figures() -> None:
    facts = [*year_of("2023", "budget", 80, 20), fact("2023", "budget", 50, kind="personnel")]
    money = OfficeMoney((*facts, *year_of("2024", "budget", 80, 20)), ABOVE)
    assert personnel_shares(money, money.times(), BASE) == [Decimal("0.5"), None]
    lines = {line.subject: line.facts for line in years_of(money, money.times(), BASE)}
    assert lines.keys() == {"expenditure", f"{BASE}code/kind/personnel"}


def test_an_expense_that_a_final_account_prints_for_one_fund_stands_beside_the_budget() -> None:
    facts = [
        fact("2023", "budget", 9, scope="three-public"),
        fact("2023", "final", 8, scope="three-public", fund="fiscal"),
        fact("2023", "final", 3, scope="training", fund="fiscal"),
        fact("2023", "final", 4, scope="training", fund="other"),
    ]
    money = OfficeMoney(tuple(facts), ABOVE)
    lines = {line.subject.rpartition("/")[2]: line for line in years_of(money, money.times(), BASE)}
    assert [f and f.amount for f in lines["three-public"].facts] == [9, 8]
    assert "training" not in lines  # printed for two funds without a total


def test_economic_classes_name_their_fund_and_purchases_lead_to_their_notices(site: httpx2.Client) -> None:
    page = get(site, OFFICE)
    economic = next(
        section for section in page.all("section") if section.attributes.get("aria-labelledby") == "economic"
    )
    row = next(row for row in economic.all("tr") if "30101" in row.text)
    assert next(cell.text for cell in row.all("td")) == "一般公共预算"
    assert any("/doc/point/" in a.attributes["href"] for a in row.all("a"))
    assert any("question=what-became-of-each-procurement-line" in link for link in page.links)
