"""Findings that were accepted with a reason are published as accepted: shown with the reason, and not counted."""

import csv
import re
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result
from small_disclosures import BUREAU, expenditure, tabbed
from small_pages import triples_without_codes
from small_service import running_service

from ontology.messages import message
from ontology.namespaces import DEF, DEFAULT_BASE
from server.pages.site import HtmlPages
from server.settings import Settings
from yusuan.commands.main import main
from yusuan.inputs import Inputs

WRONG = tabbed(f"{BUREAU}2024年部门预算\n{expenditure('201 | 一般公共服务支出 | 37 | 10 | 20')}")
REASON = "as decided by the council"
HEADERS = {"Accept": "text/html", "Accept-Language": "en"}
DISCLOSURES = f"SELECT ?d {{ ?d a <{DEF}Disclosure> }}"
COUNT = re.compile(message("severity-violation", "en") + r"\s+(\d+)")


def yusuan(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store with a disclosure, and one in which its sums were accepted."""
    folder = tmp_path_factory.mktemp("waivers")
    draft, reasons = folder / "draft.txt", folder / "reasons.csv"
    draft.write_text(WRONG, encoding="utf-8")
    yusuan("validate", draft, "--format", "csv", "-o", reasons)
    rows = list(csv.DictReader(reasons.read_text(encoding="utf-8-sig").splitlines()))
    with reasons.open("w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"reason": REASON if row["rule"] == "sum" else ""} for row in rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inputs, "triples", triples_without_codes)
        assert yusuan("publish", draft, "--store", folder / "plain").exit_code == 0
        assert yusuan("publish", draft, "--store", folder / "waived", "--waivers", reasons).exit_code == 0
    return folder / "plain", folder / "waived"


@pytest.fixture(scope="module")
def pages(stores: tuple[Path, Path]) -> list[dict[str, str]]:
    """The pages of both stores by what they show: the disclosure, its version, the rule and the home page."""
    read = []
    for store in stores:
        with (
            running_service(Settings(store, workers=1), HtmlPages()) as address,
            httpx2.Client(base_url=address, headers=HEADERS, follow_redirects=True, timeout=60) as client,
        ):
            listed = client.get("/sparql", params={"query": DISCLOSURES}, headers={"Accept": "text/csv"}).text
            disclosure = listed.splitlines()[1].removeprefix(DEFAULT_BASE)
            paths = {"disclosure": f"/{disclosure}", "rule": "/rules/sum", "home": "/"}
            read.append({name: client.get(path).text for name, path in paths.items()})
    return read


def test_pages_show_the_reasons_and_do_not_count_what_was_accepted(pages: list[dict[str, str]]) -> None:
    plain, waived = pages
    accepted = message("findings-accepted", "en", n=1)
    for name in ("disclosure", "rule"):
        assert REASON in waived[name]
        assert accepted in waived[name]
        assert REASON not in plain[name]
    counts = [int(found[1]) for page in pages if (found := COUNT.search(page["disclosure"]))]
    assert counts[0] == counts[1] + 1
    of_home = [int(found[1]) for page in pages if (found := COUNT.search(page["home"]))]
    assert of_home == counts


def test_a_report_that_is_none_is_refused(stores: tuple[Path, Path], tmp_path: Path) -> None:
    draft = stores[0].parent / "draft.txt"
    result = yusuan("publish", draft, "--store", tmp_path / "s", "--waivers", draft)
    assert result.exit_code == 2
    assert "draft.txt" in result.stderr
    batch = yusuan("publish", draft, "--store", tmp_path / "s", "--waivers", draft, "-j", "2")
    assert batch.exit_code == 2
    assert "--waivers" in batch.stderr
