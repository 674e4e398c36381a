"""The pages about purchases, and the review of suggested links."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest
from openpyxl import load_workbook
from small_notices import AWARD_NOTICE, TENDER_NOTICE, read_made
from small_service import running_service
from test_notices_published import published

from converters.model.iris import SUGGESTIONS_GRAPH
from ontology.namespaces import DEF, DEFAULT_BASE, SKOS
from ontology.tabular.published_columns import Value
from server.exports.csv_table import write_csv_table
from server.exports.xlsx_table import write_xlsx_table
from server.http.client_keys import add_key
from server.pages.procurement.purchases import QUESTIONS
from server.pages.procurement.supplier import TABLE, AwardSum, sum_awards, total_awarded
from server.pages.site import HtmlPages
from server.protocols.example_results import results_to_file
from server.settings import Settings
from server.sparql.query_templates import fill_query
from server.store.generation_store import GenerationStore
from yusuan.linking.linked_store import suggestions_to_triples
from yusuan.linking.model import load_model
from yusuan.linking.sides import Suggestion

LINE = f"{DEFAULT_BASE}id/coordinates/0123456789abcdef"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GenerationStore:
    """Two notices with a suggested link each, to a line that is not published."""
    folder = tmp_path_factory.mktemp("links")
    store = published(folder / "store", [read_made(folder, text) for text in (TENDER_NOTICE, AWARD_NOTICE)])
    with store.open() as opened:
        rows = opened.query(f"SELECT ?n {{ ?n a <{DEFAULT_BASE}def#Notice> }} ORDER BY ?n")
        notices = [str(row["n"]).strip("<>") for row in rows]  # type: ignore[union-attr]  # a SELECT
    found = [
        Suggestion(notice, LINE, probability, ("buyer-same", "amount-exact"))
        for notice, probability in zip(notices, (0.9, 0.6), strict=True)
    ]
    store.replace_graph(DEFAULT_BASE + SUGGESTIONS_GRAPH, suggestions_to_triples(found, DEFAULT_BASE, load_model()))
    return store


@pytest.fixture(scope="module")
def secret(store: GenerationStore) -> str:
    return add_key(store.path.parent / "keys", "reviewers", date(2026, 1, 1))


@pytest.fixture(scope="module")
def reviewed(store: GenerationStore, secret: str) -> Iterator[str]:
    assert secret
    with running_service(Settings(store=store.path, keys=store.path.parent / "keys"), HtmlPages()) as address:
        yield f"{address}/links"


def offered(page: httpx2.Response) -> list[str]:
    return re.findall(r'name="link" value="([^"]+)"', page.text)


def test_what_is_likeliest_comes_first_with_its_evidence(reviewed: str) -> None:
    page = httpx2.get(reviewed, params={"lang": "zh"})
    assert page.status_code == 200
    assert re.findall(r"概率 ([\d.]+%)|(可能，请核对)", page.text) == [("90.0%", ""), ("", "可能，请核对")]
    assert page.text.count("推荐先看") == 1
    assert page.text.count("buyer-same") == 4  # address and name of each


def test_a_notice_shows_whom_it_awards_and_what_it_may_spend(reviewed: str) -> None:
    home = reviewed.removesuffix("/links")
    query = f"SELECT ?n {{ ?n <{DEFAULT_BASE}def#noticeAward> ?a }} LIMIT 1"
    listed = httpx2.get(f"{home}/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text
    notice = listed.split()[1].replace(f"{DEFAULT_BASE}id/", f"{home}/doc/")
    page = httpx2.get(notice, headers={"Accept": "text/html"}, params={"lang": "en"})
    assert page.status_code == 200
    assert "Suppliers and awarded amounts" in page.text
    assert re.search(r'href="/doc/supplier/[^"]+"[^>]*>[^<]+有限公司</a>', page.text)
    assert "Suggested line (a conjecture)" in page.text
    assert "Date of publication" in page.text
    assert re.search(r'href="/purchases[^"]*" aria-current="true">', page.text)


def test_what_a_notice_may_spend_is_an_amount_with_its_unit(reviewed: str) -> None:
    home = reviewed.removesuffix("/links")
    query = f"SELECT ?n ?b {{ ?n <{DEFAULT_BASE}def#budgetAmount> ?b }} LIMIT 1"
    listed = httpx2.get(f"{home}/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text
    notice, amount = listed.split()[1].split(",")
    page = httpx2.get(notice.replace(f"{DEFAULT_BASE}id/", f"{home}/doc/"), headers={"Accept": "text/html"}).text
    assert f"{int(amount):,}.00 元" in page


def test_a_notice_shows_its_printed_words_under_names_of_fields(reviewed: str) -> None:
    home = reviewed.removesuffix("/links")
    query = f"SELECT ?n {{ ?n <{DEFAULT_BASE}def#noticeAward> ?a }} LIMIT 1"
    listed = httpx2.get(f"{home}/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text
    notice = listed.split()[1].replace(f"{DEFAULT_BASE}id/", f"{home}/doc/")
    texts = []
    for language, title in (("zh", "公告所印的文字"), ("en", "What the notice prints")):
        page = httpx2.get(notice, headers={"Accept": "text/html"}, params={"lang": language}).text
        printed = page.partition(f">{title}</h2>")[2].partition("</table>")[0]
        rows = re.findall(r'<th scope="row">(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>', printed)
        texts.append([row[1:] for row in rows])
        assert ("采购单位" if language == "zh" else "buyer", "宁川市文化局") in {(row[0], row[2]) for row in rows}
        assert ("公告的值" if language == "zh" else "value of a notice") not in page
    assert texts[0] == texts[1]


def test_the_pages_about_purchases_are_marked_in_the_navigation(site: httpx2.Client) -> None:
    for path, mark in (("/purchases", "page"), ("/links", "true")):
        page = site.get(path, params={"lang": "zh"}).text
        assert re.findall(r'aria-current="(\w+)">(.+?)</a>', page.partition("</nav>")[0]) == [(mark, "采购")]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"verdict": "accepted", "reason": "相符"}, 401),
        ({"verdict": "accepted", "reason": "相符", "key": "yusuan_wrong"}, 401),
        ({"verdict": "accepted", "key": "SECRET"}, 400),
        ({"verdict": "perhaps", "reason": "相符", "key": "SECRET"}, 400),
    ],
    ids=["no-key", "wrong-key", "no-reason", "no-verdict"],
)
def test_nothing_is_decided_without_key_and_reason(
    reviewed: str, secret: str, fields: dict[str, str], status: int
) -> None:
    link = offered(httpx2.get(reviewed))[0]
    given = {name: secret if value == "SECRET" else value for name, value in fields.items()}
    answer = httpx2.post(reviewed, data={"link": link, **given})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert link in offered(httpx2.get(reviewed))


def test_what_was_never_suggested_cannot_be_decided(reviewed: str, secret: str) -> None:
    for link in (f"{DEFAULT_BASE}id/suggestion/0", "javascript:0", f"{DEFAULT_BASE}id/> no IRI <"):
        fields = {"link": link, "verdict": "accepted", "reason": "相符", "key": secret}
        assert httpx2.post(reviewed, data=fields).status_code == 404


def test_what_a_browser_sends_by_itself_decides_nothing(reviewed: str, secret: str) -> None:
    link = offered(httpx2.get(reviewed))[0]
    fields = {"link": link, "verdict": "accepted", "reason": "相符"}
    answer = httpx2.post(reviewed, data=fields, auth=("", secret))
    assert answer.status_code == 401
    assert "Basic" not in answer.headers["WWW-Authenticate"]
    assert link in offered(httpx2.get(reviewed))


def test_a_decision_outlives_a_new_run_and_can_be_changed(store: GenerationStore, secret: str, tmp_path: Path) -> None:
    copied = shutil.copytree(store.path.parent, tmp_path / "links")
    own = GenerationStore(copied / store.path.name)
    with running_service(Settings(store=own.path, keys=copied / "keys"), HtmlPages()) as address:
        page = f"{address}/links"
        link = offered(httpx2.get(page))[1]
        fields = {"link": link, "verdict": "rejected", "reason": "另一处“展厅”<b>", "key": secret}
        assert httpx2.post(page, data=fields).status_code == 303
        assert link not in offered(httpx2.get(page))
        own.replace_graph(DEFAULT_BASE + SUGGESTIONS_GRAPH, [])
        rejected = httpx2.get(page, params={"state": "rejected", "lang": "zh"})
        assert offered(rejected) == [link]
        assert "密钥“reviewers”：另一处“展厅”&lt;b&gt;" in rejected.text
        assert httpx2.post(page, data={**fields, "verdict": "accepted"}).status_code == 303
        assert offered(httpx2.get(page, params={"state": "accepted"})) == [link]
        assert offered(httpx2.get(page, params={"state": "rejected"})) == []


def test_without_keys_the_page_is_read_only_and_every_question_has_a_page(site: httpx2.Client) -> None:
    assert "<form" not in site.get("/links", params={"lang": "en"}).text.partition("<main")[2]
    assert site.post("/links", data={"link": "x", "verdict": "accepted", "reason": "x", "key": "x"}).status_code == 403
    assert site.get("/links", params={"state": "none"}).status_code == 404
    for question in QUESTIONS:
        page = site.get("/purchases", params={"question": question})
        assert page.status_code == 200, question
        assert f"/query/{question}" in page.text


def test_lines_of_a_budget_are_listed_with_names_and_amounts(site: httpx2.Client) -> None:
    page = site.get("/purchases", params={"lang": "zh"})
    assert "人大监督、会议专项经费" in page.text
    assert "50,000.00" in page.text
    assert re.search(r">第 \d+ 行</a>", page.text)
    assert "占预算" not in page.text  # a share needs an award, and this store has no notices


def test_what_is_reserved_for_micro_firms_is_reserved_for_small_firms(site: httpx2.Client) -> None:
    page = site.get("/purchases", params={"question": "how-much-is-reserved-for-small-firms", "lang": "zh"}).text
    cells = re.findall(r'<td class="figure">\s*(.*?)\s*</td>', page.partition("<tbody>")[2], re.DOTALL)
    assert cells[:4] == ["140,000.00", "0.00", "140,000.00", "100.0%"]


def test_a_year_that_is_none_is_refused_on_the_page(site: httpx2.Client) -> None:
    page = site.get("/purchases", params={"question": "which-notices-have-no-budget-line", "year": "later"})
    assert page.status_code == 400
    assert 'role="alert"' in page.text


def test_a_supplier_shows_its_awards_with_a_table_beside(reviewed: str) -> None:
    home = reviewed.removesuffix("/links")
    listed = httpx2.get(f"{home}/purchases", params={"question": "what-was-each-supplier-awarded"}).text
    supplier, *_ = re.findall(r'<a href="(/doc/supplier/[^"?]+)[^>]*>[^<]+有限公司</a>', listed)
    supplier = home + supplier
    page = httpx2.get(supplier, headers={"Accept": "text/html"}, params={"lang": "en"})
    assert "Awards by year, buyer and function" in page.text
    assert "宁川市文化局" in page.text
    [row] = csv.DictReader(io.StringIO(httpx2.get(f"{supplier}.csv").text.lstrip("\ufeff")))
    assert row["buyer"] == "宁川市文化局"
    assert Decimal(row["awarded"]) > 0
    assert f"{Decimal(row['awarded']):,.2f}" in page.text
    sheet = httpx2.get(f"{supplier}.xlsx")
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")


def test_awards_are_summed_by_year_buyer_and_function() -> None:
    rows = [
        {"year": "2024", "buyer": "甲", "function": "f", "awarded": "10"},
        {"year": "2024", "buyer": "甲", "function": "f", "awarded": "2.5"},
        {"year": "2024", "buyer": "甲", "function": "f"},
        {"year": "2024", "buyer": "甲"},
    ]
    assert sum_awards(rows) == [
        AwardSum("2024", "甲", "f", awards=3, unpriced=1, awarded=Decimal("12.5")),
        AwardSum("2024", "甲", "", awards=1, unpriced=1, awarded=None),
    ]


def test_the_total_of_awards_without_amounts_is_not_zero() -> None:
    unpriced = AwardSum("2024", "甲", "", awards=1, unpriced=1, awarded=None)
    assert total_awarded([unpriced]) is None
    assert total_awarded([unpriced, replace(unpriced, awarded=Decimal(3)), replace(unpriced, awarded=Decimal(4))]) == 7


def test_all_awards_of_a_supplier_are_summed_however_many() -> None:
    supplier, kind = (ox.NamedNode(DEFAULT_BASE + key) for key in ("id/supplier/a", "code/notice-kind/award"))
    of = {name: ox.NamedNode(DEF + name) for name in ("awardedTo", "noticeAward", "noticeKind", "year")}
    store, year, title = ox.Store(), ox.Literal("2024"), ox.Literal("甲", language="zh")
    for number in range(1200):
        award, notice = (ox.NamedNode(f"{DEFAULT_BASE}id/{key}/{number}") for key in ("award", "notice"))
        store.add(ox.Quad(award, of["awardedTo"], supplier))
        for name, value in (("noticeAward", award), ("noticeKind", kind), ("year", year)):
            store.add(ox.Quad(notice, of[name], value))
        store.add(ox.Quad(notice, ox.NamedNode(SKOS + "prefLabel"), title))
    query = fill_query("what_was_a_supplier_awarded", thing=supplier.value)
    rows = store.query(query, base_iri=DEFAULT_BASE)
    assert isinstance(rows, ox.QuerySolutions)
    assert sum(1 for _ in rows) == 1200


HOSTILE = '=HYPERLINK("http://example.org","pay")'
"""The name of a supplier or good that a spreadsheet would run as a formula."""


def test_the_table_of_a_supplier_holds_no_formulas() -> None:
    row: dict[str, Value] = dict.fromkeys(TABLE.names) | {"buyer": HOSTILE, "awarded": Decimal("12.50")}
    sheet, text = io.BytesIO(), io.BytesIO()
    write_xlsx_table(TABLE, [row], sheet)
    write_csv_table(TABLE.columns, [row], text)
    cells = dict(zip(TABLE.names, list(load_workbook(sheet).worksheets[0])[1], strict=True))
    assert (cells["buyer"].data_type, cells["buyer"].value) == ("s", "'" + HOSTILE)
    assert cells["awarded"].value == 12.5
    [read] = csv.DictReader(io.StringIO(text.getvalue().decode("utf-8-sig")))
    assert read["buyer"] == "'" + HOSTILE


def test_answers_as_a_workbook_have_numbers_and_no_formulas() -> None:
    money = {"type": "literal", "value": "1635.00", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}
    answer = {
        "head": {"vars": ["itemName", "unitPrice", "quantity"]},
        "results": {"bindings": [{"itemName": {"type": "literal", "value": HOSTILE}, "unitPrice": money}]},
    }
    written = results_to_file(json.dumps(answer).encode(), "what-does-a-catalogue-item-cost", "xlsx")
    [header, row] = load_workbook(io.BytesIO(written)).worksheets[0].values
    assert header == ("itemName", "unitPrice", "quantity")
    assert row == ("'" + HOSTILE, 1635, None)
