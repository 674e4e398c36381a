"""The pages of figures, points, offices, codes and of whatever else has an address."""

import re
from collections import Counter
from decimal import Decimal

import httpx2
import pytest
from small_pages import Published, doc, get, objects

from server.pages.data.point import agreement_of, series_steps_of
from server.pages.data.vocabulary import tree_of
from server.pages.figures import money, number, row_to_figure

OFFICE = "/doc/org/420107/108"


def test_a_figure_shows_its_amount_its_fifteen_coordinates_its_place_and_how_it_adds_up(
    site: httpx2.Client, pages: Published
) -> None:
    page = get(site, doc(pages.current.version) + "/t05/r4c3")
    assert page.one("h1").text == "11,700,557.44 元"
    assert len(page.one("table", class_="coordinates").one("tbody").all("tr")) == 15
    assert "第 229 行第 3 格" in page.one("main").text
    assert f"{doc(pages.current.version)}#t05-r4c3" in page.links
    additions = page.all("article", class_="addition")
    assert len(additions) == 3
    assert "11,105,557.44" in additions[1].text
    assert "595,000.00" in additions[1].text
    assert all(addition.has("class", "exact") for addition in additions)


def test_a_wrong_addition_shows_the_difference_and_the_findings(site: httpx2.Client, pages: Published) -> None:
    page = get(site, doc(pages.misprinted.version) + "/t05/r4c5")
    assert any("-100.00" in a.text or "100.00" in a.text for a in page.all("article", class_="apart"))
    assert len(page.all("li", class_="finding")) == 3
    assert doc(pages.current.version) in page.links


def test_a_numbered_line_says_what_it_is(site: httpx2.Client) -> None:
    page = get(site, "/code/line/1")
    assert "第1行" in page.one("h1").text
    assert "清单式表格" in page.one("main").text


def test_a_point_says_whether_another_figure_confirms_it(site: httpx2.Client, pages: Published) -> None:
    times = Counter(objects(pages.current, "point").values())
    once = next(point for point, number in times.items() if number == 1)
    twice = next(point for point, number in times.items() if number == 2)
    assert "没有可以对照的数字" in get(site, doc(once)).one("main").text
    assert "有 2 处印出这笔资金，数字应当一致" in get(site, doc(twice)).one("main").text


def test_a_point_gathers_every_claim_about_the_same_money(site: httpx2.Client, pages: Published) -> None:
    figure = get(site, doc(pages.current.version) + "/t05/r4c3")
    address = next(link for link in figure.links if link.startswith("/doc/point/"))
    page = get(site, address)
    assert "201 一般公共服务支出" in page.one("p", class_="subtitle").text
    here, series = page.all("table", class_="list")
    assert [tr.all("td")[0].text for tr in here.all("tr")[1:5]] == ["表 1", "表 3", "表 4", "表 5"]
    assert page.one("p", class_="agreement").has("class", "passed")
    assert [tr.all("td")[0].text for tr in series.all("tr")[1:]] == ["2023", "2024"]


def test_claims_that_contradict_one_another_are_shown_apart(site: httpx2.Client, pages: Published) -> None:
    figure = get(site, doc(pages.current.version) + "/t10/r8c4")
    page = get(site, next(link for link in figure.links if link.startswith("/doc/point/")))
    assert page.one("p", class_="agreement").has("class", "violation")
    assert "200,000.00" in page.one("main").text


def test_an_office_shows_what_it_spends_on_each_class_without_counting_anything_twice(
    site: httpx2.Client,
) -> None:
    page = get(site, OFFICE)
    table = page.one("table", class_="spending")
    rows = [[cell.text for cell in tr.all() if cell.name in ("th", "td")] for tr in table.all("tr")]
    assert rows[0] == ["功能分类", "2023 预算", "2024 预算"]
    assert rows[1] == ["201 一般公共服务支出", "11,700,557.44", "11,700,557.44"]
    amounts = [[Decimal(cell.replace(",", "")) for cell in row[1:]] for row in rows[1:]]
    assert [sum(column) for column in zip(*amounts[:-1], strict=True)] == amounts[-1]
    assert "/doc/org/420107/108001" in page.links


def test_a_code_shows_its_meaning_its_place_in_the_list_and_its_figures(site: httpx2.Client) -> None:
    page = get(site, "/code/function/20101")
    assert page.one("h1").text == "20101 人大事务"
    assert {"/code/function", "/code/function/201", "/code/function/2010101"} <= set(page.links)
    assert page.all("td", class_="figure")


def test_the_names_of_a_code_are_not_listed_again_as_resources(site: httpx2.Client) -> None:
    page = get(site, "/code/function/20805")
    assert "行政事业单位离退休" in page.one("table", class_="names").text
    properties = [row.one("th").text for row in page.one("table", class_="facts").all("tr")]
    assert "prefLabel" not in properties
    assert not [link for link in page.links if "/function/name/" in link]


@pytest.mark.parametrize(
    ("printed", "has_unit"),
    [
        ("95%", True),
        ("10项", True),
        ("20 万元", True),
        ("1,234.50", False),
        ("(12.5)", False),
        ("－3", False),
        ("", False),
    ],
)
def test_no_unit_stands_behind_a_figure_that_is_printed_with_one(printed: str, has_unit: bool) -> None:
    figure = row_to_figure({"figure": "id/t01/r1c1", "table": "id/t01", "printed": printed})
    assert figure.has_printed_unit is has_unit


def test_lists_terms_rules_files_projects_and_records_have_pages(site: httpx2.Client, pages: Published) -> None:
    version = get(site, doc(pages.current.version))
    file = next(link for link in version.links if link.startswith("/doc/file/"))
    addresses = [
        *("/code/fund", "/code/function", "/code/division", "/def", "/rules", file),
        "/doc/project/42010724108T000000100",
        doc(pages.current.version) + "/t11/r6",
        doc(pages.current.version) + "/n/s003",
    ]
    for address in addresses:
        assert get(site, address).one("h1").text


def test_coordinates_and_series_have_pages(site: httpx2.Client, pages: Published) -> None:
    for name in ("coordinates", "series"):
        iri = next(iter(objects(pages.current, name).values()))
        assert get(site, doc(iri)).all("table", class_="coordinates")


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("/t05", "#t05"),
        ("/t05/r4c3/sum/row", "/t05/r4c3#t05-r4c3-sum-row"),
        ("/findings", "#findings"),
    ],
)
def test_parts_without_a_page_of_their_own_have_their_place_on_one(
    site: httpx2.Client, pages: Published, part: str, place: str
) -> None:
    response = site.get(doc(pages.current.version) + part)
    assert response.status_code == 303
    assert response.headers["location"] == doc(pages.current.version) + place


def test_a_finding_has_its_place_on_the_page_of_its_version(site: httpx2.Client, pages: Published) -> None:
    finding = re.compile(r".+/findings/(?P<key>[0-9a-f]{16})")
    found = next(match for triple in pages.current.findings if (match := finding.fullmatch(str(triple.subject)[1:-1])))
    response = site.get(doc(found[0]))
    assert response.status_code == 303
    assert response.headers["location"] == f"{doc(pages.current.version)}#f-{found['key']}"


def test_a_disclosure_leads_to_its_current_version(site: httpx2.Client, pages: Published) -> None:
    for address in (
        doc(pages.current.disclosure),
        doc(pages.current.disclosure).replace("/doc/", "/id/"),
    ):
        response = site.get(address, follow_redirects=True)
        assert response.url.path == doc(pages.current.version)


@pytest.mark.parametrize(
    ("amount", "written"),
    [("14835573.24", "14,835,573.24"), ("0", "0.00"), ("0.005", "0.005"), ("1E+4", "10,000.00"), ("-3.5", "-3.50")],
)
def test_money_is_written_with_separators_and_all_its_decimals(amount: str, written: str) -> None:
    assert money(Decimal(amount)) == written


def test_numbers_that_are_no_money_keep_their_form() -> None:
    assert [number(Decimal(text)) for text in ("26", "5.88", "1250", "1E+2", "0.00")] == [
        "26",
        "5.88",
        "1,250",
        "100",
        "0",
    ]


def test_no_claims_no_agreement_and_no_series() -> None:
    assert agreement_of([]) is None
    assert series_steps_of([]) == []


def test_a_tree_is_walked_depth_first_and_survives_what_stands_under_nothing() -> None:
    rows = [
        {"concept": "a"},
        {"concept": "b", "above": "a"},
        {"concept": "c", "above": "b"},
        {"concept": "d", "above": "elsewhere"},
        {"concept": "e", "above": "a"},
    ]
    assert [(branch.iri, branch.depth) for branch in tree_of(rows)] == [
        ("a", 0),
        ("b", 1),
        ("c", 2),
        ("e", 1),
        ("d", 0),
    ]


def test_a_page_is_there_for_browsers_where_it_is_in_rdf(site: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.linked_data.descriptions.NAMING_PAGE", 10)
    for page, status in (("2", 200), ("99", 404)):
        assert site.get("/code/function/208", params={"page": page}).status_code == status
        assert site.get("/code/function/208.ttl", params={"page": page}).status_code == status


def test_the_bars_of_a_code_say_of_how_many_offices_they_are(site: httpx2.Client) -> None:
    picture = get(site, "/code/function/201", lang="en").one("svg", role="img").text
    assert "2023 (offices: 1)" in picture
    assert "2024 (offices: 1)" in picture
