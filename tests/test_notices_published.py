"""Procurement notices in a store: addresses, the chain of a purchase, versions, findings, retraction, pages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from small_notices import (
    AWARD_NOTICE,
    CONTRACT_NOTICE,
    INTENTION_NOTICE,
    TENDER_NOTICE,
    WRONG_CODE,
    read_made,
)
from small_service import running_service

from converters import DocumentError
from converters.procurement.notice import Notice
from converters.rdf.notices import notice_to_graphs
from ontology.namespaces import DEF, DEFAULT_BASE
from server.pages.site import HtmlPages
from server.settings import Settings
from server.store.generation_store import GenerationStore
from server.store.maintenance.verification import verify_store
from yusuan.commands.main import main
from yusuan.stores.publishing import notice_graphs

FILE = "0" * 64
PREFIX = f"PREFIX : <{DEF}> "


def published(folder: Path, notices: list[Notice]) -> GenerationStore:
    """A store with notices and without vocabulary and rules."""
    store = GenerationStore(folder)
    graphs = [notice_graphs(notice, Path("notice.txt"), FILE, DEFAULT_BASE) for notice in notices]
    words = ox.Triple(ox.NamedNode(DEF + "Notice"), ox.NamedNode(DEF + "word"), ox.Literal("x"))
    store.publish(graphs, [words], [words])
    return store


def asked(store: GenerationStore, query: str) -> list[tuple[str, ...]]:
    with store.open() as opened:
        rows = opened.query(PREFIX + query)
        assert isinstance(rows, ox.QuerySolutions)
        return [tuple(str(getattr(term, "value", "")) for term in row) for row in rows]


@pytest.fixture
def chain(tmp_path: Path) -> list[Notice]:
    return [read_made(tmp_path, text) for text in (TENDER_NOTICE, AWARD_NOTICE, CONTRACT_NOTICE)]


def test_a_purchase_is_one_procedure_from_tender_to_contract(tmp_path: Path, chain: list[Notice]) -> None:
    store = published(tmp_path / "store", chain)
    rows = asked(store, "SELECT ?kind ?issued { ?n :procedure ?p ; :noticeKind ?kind } ORDER BY ?kind")
    assert [kind.rpartition("/")[2] for kind, _ in rows] == ["award", "contract", "tender"]
    assert len(asked(store, "SELECT DISTINCT ?p { ?n :procedure ?p . ?p a :Procedure }")) == 1


def test_lots_awards_and_suppliers_are_resources(tmp_path: Path, chain: list[Notice]) -> None:
    store = published(tmp_path / "store", chain[1:2])
    rows = asked(
        store,
        "SELECT ?number ?amount ?name { ?award a :NoticeAward ; :awardedLot/:lotNumber ?number ;"
        " :awardedAmount ?amount ; :awardedTo/<http://www.w3.org/ns/regorg#legalName> ?name } ORDER BY ?number",
    )
    assert [(number, Decimal(amount), name) for number, amount, name in rows] == [
        ("1", Decimal(379000), "宁川明光照明有限公司"),
        ("2", Decimal(98500), "宁川安信安装工程有限公司"),
    ]


def test_every_value_has_its_words(tmp_path: Path, chain: list[Notice]) -> None:
    store = published(tmp_path / "store", chain[:1])
    [[label, text, line]] = asked(
        store,
        'SELECT ?l ?t ?line { ?v :noticeField "budget" ; :printedLabel ?l ; :printed ?t ; :textLine ?line }',
    )
    assert (label, text, line) == ("预算金额（元）", "485000.00", "7")


def test_the_same_notice_is_the_same_version(chain: list[Notice]) -> None:
    first, again = (notice_to_graphs(chain[0], base, FILE, "a.txt") for base in (DEFAULT_BASE, "https://example.org/"))
    assert first.version.removeprefix(DEFAULT_BASE) == again.version.removeprefix("https://example.org/")


def test_a_changed_notice_is_a_new_version_of_the_same_notice(tmp_path: Path, chain: list[Notice]) -> None:
    changed = replace(chain[0], budget=Decimal(485001))
    store = published(tmp_path / "store", [chain[0]])
    published(tmp_path / "store", [changed])
    assert [Decimal(row[0]) for row in asked(store, "SELECT ?b { ?n a :Notice ; :budgetAmount ?b }")] == [485001]
    versions = asked(store, "SELECT DISTINCT ?v { GRAPH ?v { ?v :notice ?n } }")
    assert len(versions) == 2
    assert verify_store(store).problems == ()


def test_a_retracted_notice_leaves_the_data(tmp_path: Path, chain: list[Notice]) -> None:
    store = published(tmp_path / "store", chain)
    [notice] = [
        row[0] for row in asked(store, f"SELECT ?n {{ ?n :noticeKind <{DEFAULT_BASE}code/notice-kind/award> }}")
    ]
    assert len(store.retract(notice, datetime(2026, 6, 1, tzinfo=UTC))) == 1
    assert len(asked(store, "SELECT ?n { ?n a :Notice }")) == 2
    assert verify_store(store).problems == ()


def test_findings_of_a_notice_are_published_beside_it(tmp_path: Path) -> None:
    wrong = read_made(tmp_path, AWARD_NOTICE.replace("91420100MA4KTQ2D08", WRONG_CODE))
    store = published(tmp_path / "store", [replace(wrong, ceiling=Decimal(400000))])
    rows = asked(store, "SELECT ?s { GRAPH ?g { ?f <http://www.w3.org/ns/shacl#sourceShape> ?s } }")
    assert {row[0].rpartition("#")[2] for row in rows} == {"notice-ceiling", "notice-credit-code"}


def test_a_notice_without_a_year_is_refused(tmp_path: Path) -> None:
    text = "宁川市教育局课桌采购成交公告\n项目编号：K-1\n项目名称：课桌采购\n成交供应商：宁川甲有限公司\n"
    with pytest.raises(DocumentError) as raised:
        notice_graphs(read_made(tmp_path, text), Path("a.txt"), FILE, DEFAULT_BASE)
    assert raised.value.key == "notice-undated"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("notices")
    published(folder / "store", [read_made(folder, text) for text in (INTENTION_NOTICE, AWARD_NOTICE)])
    with running_service(Settings(store=folder / "store"), HtmlPages()) as address:
        yield address


def test_a_notice_and_its_supplier_have_pages(service: str) -> None:
    found = httpx2.get(
        f"{service}/sparql",
        params={"query": PREFIX + "SELECT ?n ?s { ?n :noticeAward ?a . ?a :awardedTo ?s } LIMIT 1"},
        headers={"Accept": "text/csv"},
    ).text.split("\r\n")[1]
    for iri in found.split(","):
        page = httpx2.get(
            f"{service}/{iri.removeprefix(DEFAULT_BASE)}", headers={"Accept": "text/html"}, follow_redirects=True
        )
        assert page.status_code == 200
        assert "宁川" in page.text
        turtle = httpx2.get(
            f"{service}/{iri.removeprefix(DEFAULT_BASE)}", headers={"Accept": "text/turtle"}, follow_redirects=True
        )
        assert turtle.status_code == 200


@pytest.mark.usefixtures("no_lists")
def test_publish_knows_notices_beside_disclosures(tmp_path: Path, root: Path) -> None:
    examples = sorted(map(str, (root / "examples" / "notices").glob("*.txt")))
    result = CliRunner().invoke(main, ["publish", *examples, "--store", str(tmp_path / "store"), "--lang", "zh"])
    assert result.exit_code == 0, result.output
    assert result.output.count("已发布公告") == 3
