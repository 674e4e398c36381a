"""How pages say that they are cited, and the tables of data beside them."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pytest
from small_pages import Page, get

from server.serialization.citations import PUBLISHER, Citation, to_apa, to_bibtex, to_csl, to_gbt7714

OFFICE, CODE = "/doc/org/420107/108", "/code/function/20805"
CITED = Citation("办公室", "预算 100% & more", 2024, "https://w3id.org/yusuan/id/org/1/2", date(2026, 3, 1))


def test_each_style_names_author_title_year_address_and_day() -> None:
    for text in (to_apa(CITED), to_gbt7714(CITED)):
        assert all(part in text for part in ("办公室", "预算 100% & more", "2024", CITED.address))
    assert "March 1, 2026" in to_apa(CITED)
    assert "[DS/OL]" in to_gbt7714(CITED)
    assert "2026-03-01" in to_gbt7714(CITED)


def test_the_project_is_not_named_twice() -> None:
    own = Citation(PUBLISHER, "Comparison", 2026, "https://w3id.org/yusuan/compare", date(2026, 3, 1))
    assert to_apa(own).count(PUBLISHER) == 1


def test_special_characters_are_escaped_for_bibtex() -> None:
    entry = to_bibtex(CITED)
    assert entry.startswith("@misc{yusuan-id-org-1-2,\n")
    assert r"预算 100\% \& more" in entry
    assert entry.count("{") == entry.count("}")


def test_csl_is_what_reference_managers_import() -> None:
    [item] = json.loads(to_csl(CITED))
    assert item["type"] == "dataset"
    assert item["issued"] == {"date-parts": [[2024]]}
    assert item["accessed"] == {"date-parts": [[2026, 3, 1]]}


@pytest.mark.parametrize("address", [OFFICE, CODE, "/compare?rows=function&columns=year"])
def test_pages_say_how_to_cite_them(site: httpx2.Client, address: str) -> None:
    page = get(site, address)
    [item] = json.loads(page.one("dl", class_="citations").all("code")[-1].text)
    assert item["URL"].startswith("http")
    assert site.get(item["URL"].replace("https://w3id.org/yusuan", "")).status_code in (200, 303)


@pytest.mark.parametrize(
    ("path", "cited"),
    [
        ("/?year=2024&lang=en", "/?year=2024"),
        ("/purchases", "/purchases"),
        ("/links", "/links"),
        ("/rules", "https://w3id.org/yusuan/rules"),
        ("/code/phase", "https://w3id.org/yusuan/code/phase"),
        ("/code/division/420107", "https://w3id.org/yusuan/code/division/420107"),
    ],
)
def test_each_kind_of_page_says_how_to_cite_it(site: httpx2.Client, pages_address: str, path: str, cited: str) -> None:
    citations = get(site, path).one("dl", class_="citations").text
    assert (cited if cited.startswith("https") else pages_address.rstrip("/") + cited) in citations
    for style in ("GB/T 7714", "APA", "BibTeX", "CSL-JSON"):
        assert style in citations


def test_a_disclosure_is_cited_with_the_office_that_published_it(site: httpx2.Client) -> None:
    response = site.get("/id/disclosure/420107/2024/budget/108", follow_redirects=True)
    page = Page(response.text)
    [gbt, *_] = [dd.text for dd in page.one("dl", class_="citations").all("dd")]
    assert gbt.startswith("武汉市青山区人民代表大会常务委员会办公室. ")
    assert "(2024)" in gbt
    assert "id/disclosure/420107/2024/budget/108/v/" in gbt


def test_pages_of_errors_and_checks_are_not_cited(site: httpx2.Client) -> None:
    assert not get(site, "/check").all("dl", class_="citations")
    missing = site.get("/doc/org/420107/999", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "citations" not in missing.text


def test_the_table_of_an_office_has_the_figures_of_its_page(site: httpx2.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(site.get(OFFICE + ".csv").text)))
    total = [r for r in rows if (r["breakdown"], r["flow"], r["year"]) == ("total", "expenditure", "2024")]
    assert [Decimal(row["amount"]) for row in total] == [Decimal("14835573.24")]
    sheet = openpyxl.load_workbook(io.BytesIO(site.get(OFFICE + ".xlsx").content)).worksheets[0]
    assert sheet.max_row == len(rows) + 1


def test_the_table_of_a_code_lists_who_spends_under_it(site: httpx2.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(site.get(CODE + ".csv").text)))
    assert {(row["organisation"], row["year"], row["phase"], row["amount"]) for row in rows} == {
        ("420107/108", year, "budget", "1249536") for year in ("2023", "2024")
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_beside_a_disclosure_stand_its_figures_as_a_table(site: httpx2.Client, form: str) -> None:
    version = str(site.get("/id/disclosure/420107/2024/budget/108", follow_redirects=True).url)
    answer = site.get(f"{version}.{form}", follow_redirects=True).raise_for_status()
    header: Any
    rows: list[Any]
    if form == "xlsx":
        [header, *rows] = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    else:
        [header, *rows] = map(tuple, csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    amounts = [Decimal(str(row[header.index("amount")] or 0)) for row in rows]
    assert Decimal("14835573.24") in amounts
    assert len(rows) > 500
    missing = version.rsplit("/", 1)[0] + f"/0000000000000000.{form}"
    assert site.get(missing, follow_redirects=True).status_code == 404


@pytest.mark.parametrize("address", ["/doc/org/420107/999.csv", "/code/function/999.csv", "/code/funds.csv"])
def test_there_is_no_table_of_what_is_not_there(site: httpx2.Client, address: str) -> None:
    assert site.get(address).status_code == 404


def test_a_code_shows_its_names_its_money_and_who_spends_it(site: httpx2.Client) -> None:
    page = get(site, CODE)
    table = page.one("table", class_="money")
    assert [cell.text for cell in table.one("tfoot").all("td")] == ["124.95", "124.95"]
    assert page.all("svg", class_="chart")
    names = [cell.text for cell in page.one("table", class_="names").one("tbody").all("th")]
    assert names == ["行政事业单位离退休", "行政事业单位养老支出"]


def test_the_project_says_how_it_is_cited(root: Path) -> None:
    text = (root / "CITATION.cff").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"', (root / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    assert f"\nversion: {version[1]}\n" in text
    assert text.startswith("cff-version: 1.2.0\n")
