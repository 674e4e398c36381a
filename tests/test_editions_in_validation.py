"""An official list that a user imports decides about the codes of its year, and of no other."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from small_pages import Page
from small_service import running_service

from ontology import load_vocabulary
from server.pages import HtmlPages
from server.settings import Settings
from yusuan.commands.main import main

UNLISTED = {"2101103", "2101199"}


def yusuan(*arguments: object) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.stdout


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up complete functional classification of 2025: all codes that are shipped."""
    folder = tmp_path_factory.mktemp("editions")
    concepts = load_vocabulary().concepts.values()
    listed = {c.notation: c.names["zh"] for c in concepts if c.scheme == "code/function" and c.notation.isdigit()}
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("科目编码", "科目名称"), *sorted(listed.items())])
    yusuan(
        "codes",
        "import",
        folder / "list.csv",
        "--scheme",
        "function",
        "--edition",
        2025,
        "--into",
        folder / "in",
        "--whole",
    )
    return folder / "in"


def of_code_lists(document: Path, codes: Path) -> dict[str, set[str]]:
    """Rule -> the printed codes that it speaks of."""
    report = json.loads(yusuan("validate", document, "--codes", codes, "--format", "json"))
    found: dict[str, set[str]] = {}
    for finding in report["documents"][0]["findings"]:
        if finding["rule"] in ("code-missing", "code-unlisted"):
            found.setdefault(f"{finding['rule']} {finding['severity']}", set()).update(
                code for code in UNLISTED if code in finding["message"]["zh"]
            )
    return found


@pytest.fixture(scope="module")
def of_2025(two_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the example, were they of 2025."""
    document = tmp_path_factory.mktemp("documents") / "2025.txt"
    document.write_text(two_tables.read_text(encoding="utf-8").replace("2024", "2025"), encoding="utf-8")
    return document


def test_a_code_missing_from_the_complete_list_of_its_year_is_a_violation(codes: Path, of_2025: Path) -> None:
    assert of_code_lists(of_2025, codes) == {"code-missing violation": UNLISTED}


def test_the_list_of_one_year_says_nothing_of_another(codes: Path, two_tables: Path) -> None:
    assert of_code_lists(two_tables, codes) == {"code-unlisted information": UNLISTED}


MISSING = """PREFIX : <https://w3id.org/yusuan/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?code ?complete WHERE {
  ?version :missingCode ?concept . ?concept skos:notation ?code . ?edition :editionOf ?scheme ; :complete true
} ORDER BY ?code"""


@pytest.mark.usefixtures("short_lists")
def test_publishing_says_what_is_missing_and_holds_the_edition(
    codes: Path, of_2025: Path, two_tables: Path, tmp_path: Path
) -> None:
    yusuan("publish", of_2025, two_tables, "--store", tmp_path / "store", "--codes", codes)
    rows = yusuan("query", "--store", tmp_path / "store", MISSING).split()
    assert [row.split(",")[0] for row in rows[1:]] == sorted(UNLISTED)


@pytest.mark.usefixtures("pages")
def test_the_page_that_checks_a_file_asks_the_editions_too(
    codes: Path, of_2025: Path, two_tables: Path, pages_store: Path
) -> None:
    settings = Settings(pages_store, workers=1, codes=codes)
    with running_service(settings, HtmlPages()) as address, httpx2.Client(base_url=address, timeout=60) as client:
        headers = {"Accept": "text/html", "Accept-Language": "en"}
        for path, violated in ((of_2025, True), (two_tables, False)):
            page = Page(client.post("/check", files={"file": (path.name, path.read_bytes())}, headers=headers).text)
            text = page.one("main").text
            assert ("a code that the list of the year does not have" in text) is violated
            assert all(code in text for code in UNLISTED)
