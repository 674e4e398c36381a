"""Published notices as OCDS releases: valid, tied to the budget, and read back as they were."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from jsonschema import Draft4Validator
from small_notices import AWARD_NOTICE, CONTRACT_NOTICE, TENDER_NOTICE, TERMINATION_NOTICE, read_made

from converters.procurement.sources.files import read_notices
from ontology.namespaces import DEF, DEFAULT_BASE
from server.exports.ocds_releases import NoticeRow, package
from server.store.generation_store import GenerationStore
from yusuan.commands.main import main
from yusuan.stores.publishing import notice_graphs

SCHEMA = Path(__file__).parent / "schemas" / "ocds-release-1.1.json"
PROJECT = f"{DEFAULT_BASE}id/project/42010724108T000000102"
NOTICE: NoticeRow = {
    "notice": f"{DEFAULT_BASE}id/notice/0123456789abcdef",
    "version": f"{DEFAULT_BASE}id/notice/0123456789abcdef/v/0123456789abcdef",
    "kind": "tender",
    "title": "宁川市文化局展厅照明改造招标公告",
    "issued": "2026-04-01",
    "budget": "50000",
    "plan": "420199-2026-00031",
    "project": PROJECT,
    "projectName": "展厅照明",
}
LINE: NoticeRow = {
    "project": PROJECT,
    "line": f"{DEFAULT_BASE}id/line",
    "fact": f"{DEFAULT_BASE}id/point/1",
    "amount": "60000",
}
MOMENT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def planning_of(notices: list[NoticeRow], lines: list[NoticeRow]) -> object:
    releases = package(notices, [], lines, DEFAULT_BASE, MOMENT)["releases"]
    assert isinstance(releases, list)
    [release] = releases
    return release["planning"]["budget"]


def test_the_only_line_of_the_project_is_the_budget() -> None:
    assert planning_of([NOTICE], [LINE]) == {
        "id": LINE["line"],
        "uri": LINE["fact"],
        "amount": {"amount": 60000, "currency": "CNY"},
        "project": "展厅照明",
        "projectID": PROJECT,
    }


def test_several_lines_of_a_project_are_not_told_apart() -> None:
    other = {**LINE, "line": f"{DEFAULT_BASE}id/other"}
    assert planning_of([NOTICE], [LINE, other]) == {
        "id": "420199-2026-00031",
        "amount": {"amount": 50000, "currency": "CNY"},
        "project": "展厅照明",
        "projectID": PROJECT,
    }


def test_a_purchase_with_two_projects_names_neither() -> None:
    budget = planning_of([NOTICE, {**NOTICE, "project": f"{PROJECT}9"}], [LINE])
    assert budget == {"id": "420199-2026-00031", "amount": {"amount": 50000, "currency": "CNY"}}


def test_the_export_is_valid_and_is_read_back(tmp_path: Path, validator: Draft4Validator) -> None:
    texts = (
        TENDER_NOTICE,
        AWARD_NOTICE,
        CONTRACT_NOTICE,
        TERMINATION_NOTICE.replace("跑道翻新终止", "2026年跑道翻新终止"),
    )
    notices = [read_made(tmp_path, text) for text in texts]
    graphs = [notice_graphs(notice, Path("a.txt"), "0" * 64, DEFAULT_BASE) for notice in notices]
    kinds = ("tender", "award", "contract", "termination")
    notation = ox.NamedNode("http://www.w3.org/2004/02/skos/core#notation")
    words = [
        ox.Triple(ox.NamedNode(f"{DEFAULT_BASE}code/notice-kind/{kind}"), notation, ox.Literal(kind)) for kind in kinds
    ]
    rule = ox.Triple(ox.NamedNode(DEF + "rule"), notation, ox.Literal("x"))
    GenerationStore(tmp_path / "store").publish(graphs, words, [rule])
    path = tmp_path / "releases.json"
    result = CliRunner().invoke(main, ["export", "ocds", "--store", str(tmp_path / "store"), "-o", str(path)])
    assert result.exit_code == 0, result.output
    content = json.loads(path.read_text(encoding="utf-8"))
    for release in content["releases"]:
        assert [error.message for error in validator.iter_errors(release)] == []
    again = {notice.kind: notice for notice in read_notices(path).notices}
    assert sorted(again) == sorted(kinds)
    for notice in notices:
        known = again[notice.kind]
        assert (known.number, known.buyer, known.amount) == (notice.number, notice.buyer, notice.amount)
        assert {supplier.name for supplier in known.suppliers} == {supplier.name for supplier in notice.suppliers}


def test_the_schema_refuses_what_is_no_release(validator: Draft4Validator) -> None:
    assert not validator.is_valid({"ocid": "x"})
