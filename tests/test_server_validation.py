"""`POST /validate`: reports for programs, checks that go on, graphs, shapes of the client's own, and refusals."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, Store
from small_disclosures import BUREAU, expenditure, tabbed
from small_service import running_service
from small_store import publish_small

from server.checking.graphs import GraphError, check_graph, parse_shapes
from server.checking.result import CheckResult
from server.checking.stages import STAGES
from server.networks import parse_networks
from server.settings import Settings
from server.uploads.background_checks import MOST_WAITING_OF_CLIENT, RunningChecks
from server.uploads.report_forms import TYPES
from shapes import load_rules
from yusuan.commands.main import main
from yusuan.commands.validate import REPORT_FORMATS

DRAFT = tabbed(f"{BUREAU}2024年部门预算\n{expenditure('201 | 一般公共服务支出 | 37 | 10 | 20')}").encode()
SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <http://x/> .
x:shape a sh:NodeShape ; sh:targetClass x:Thing ; sh:message "no name" ; %s ."""
NAMED = SHAPE % "sh:property [ sh:path x:name ; sh:minCount 1 ]"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("validation") / "store"
    publish_small(path)
    settings = Settings(path, workers=1, trusted_proxies=parse_networks(["127.0.0.1"]), at_once=5)
    with running_service(settings) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=address, timeout=60, headers={"Prefer": "wait=60"}) as client:
        yield client


def test_a_disclosure_is_answered_with_the_report_that_the_client_prefers(client: httpx2.Client) -> None:
    response = client.post("/validate", content=DRAFT, headers={"Content-Type": "text/plain"})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    [document] = response.json()["documents"]
    assert document["verdict"] == "does-not-conform"
    assert "sum" in {finding["rule"] for finding in document["findings"]}
    earlier = {"file": ("a.txt", DRAFT.replace(b"\t37\t", b"\t30\t")), "earlier": ("earlier.json", response.content)}
    again = client.post("/validate", files=earlier, params={"format": "sarif"})
    assert again.headers["content-type"] == "application/sarif+json"
    states = [result["baselineState"] for result in again.json()["runs"][0]["results"]]
    assert set(states) == {"absent", "unchanged"}


def test_every_form_of_the_command_is_a_form_of_the_service() -> None:
    assert set(REPORT_FORMATS) <= set(TYPES)


def test_a_report_as_text_names_place_and_correction_of_each_finding(client: httpx2.Client) -> None:
    files = {"file": ("某局决算.txt", DRAFT)}
    answer = client.post("/validate", files=files, params={"format": "text", "lang": "zh"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    title, verdict, *lines = answer.text.splitlines()
    assert title.endswith("(某局决算.txt)")
    assert verdict.startswith("未通过：错误 ")
    [wrong] = [number for number, line in enumerate(lines) if "[sum, " in line]
    assert lines[wrong].startswith("  错误  ")
    assert lines[wrong + 1] == "      表 3 › 一般公共服务支出 › 合计：37 元 → 30 元"
    preferred = client.post("/validate", files=files, headers={"Accept": "text/plain"})
    assert preferred.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_check_that_goes_on_has_a_progress_and_then_a_report(client: httpx2.Client) -> None:
    files, headers = {"file": ("a.txt", DRAFT)}, {"Prefer": "respond-async"}
    response = client.post("/validate", files=files, headers=headers, params={"format": "ttl"})
    assert response.status_code == 202
    assert response.headers["retry-after"]
    assert response.json()["stage"] in ("waiting", *STAGES)
    progress = response.headers["location"]
    while (response := client.get(progress)).status_code == 202:
        time.sleep(0.2)
    assert response.status_code == 303
    report = client.get(response.headers["location"])
    assert report.headers["content-type"].startswith("text/turtle")
    Store().load(report.content, format=RdfFormat.TURTLE)
    assert client.delete(progress).status_code == 204
    assert client.get(progress).status_code == client.delete(progress).status_code == 404


def test_a_cancelled_check_is_gone_and_its_client_may_begin_another(client: httpx2.Client) -> None:
    response = client.post("/validate", content=DRAFT, headers={"Prefer": "respond-async"})
    refused = client.post("/validate", content=b"hello")
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert client.delete(response.headers["location"]).status_code == 204
    for _ in range(100):
        if client.post("/validate", content=b"hello").status_code == 422:
            return
        time.sleep(0.1)
    raise AssertionError("the place of a cancelled check is not free")


def test_one_client_does_not_displace_the_results_of_others() -> None:
    async def check() -> CheckResult:
        return CheckResult()

    async def fill() -> None:
        checks, jobs = RunningChecks(), []
        other = checks.start("b.txt", check(), "other")
        for _ in range(MOST_WAITING_OF_CLIENT + 5):
            jobs.append(checks.start("a.txt", check(), "client"))
            assert await jobs[-1].wait(1)
        assert [job for job in jobs if checks.find(job.token)] == jobs[5:]
        assert checks.find(other.token) is other

    asyncio.run(fill())


@pytest.mark.parametrize(
    ("content", "parameters", "status", "said"),
    [
        (b"hello", {}, 422, "file"),
        (b"", {}, 400, "file"),
        (DRAFT, {"format": "exe"}, 406, "sarif"),
        (DRAFT, {"format": "pdf"}, 422, "PDF"),
    ],
)
def test_what_cannot_be_checked_or_written_is_refused_with_the_reason(
    client: httpx2.Client, content: bytes, parameters: dict[str, str], status: int, said: str
) -> None:
    response = client.post("/validate", content=content, params=parameters, headers={"Accept-Language": "en"})
    assert response.status_code == status, response.text
    assert said in response.text


def test_a_graph_is_checked_against_shapes_that_are_sent_along(client: httpx2.Client) -> None:
    graph = b"<http://x/a> a <http://x/Thing> ."
    files = {"file": ("a.ttl", graph), "shapes": ("shapes.ttl", NAMED.encode())}
    [document] = client.post("/validate", files=files).json()["documents"]
    assert [(r["focus"], r["path"]) for r in document["shapes"][0]["results"]] == [("http://x/a", "http://x/name")]
    assert document["findings"] == []
    assert document["verdict"] == "does-not-conform"


def test_a_graph_alone_is_checked_against_our_rules() -> None:
    content = b"<http://x/a> <http://x/b> <http://x/c> <http://x/g> ."
    result = check_graph([("a.nq", "", content)], (), "https://w3id.org/yusuan/", "en")
    assert result.state is not None
    assert {rule.rule for rule in result.state.report.rules} == {r.identifier for r in load_rules() if not r.refines}
    assert set(result.state.document["checked"]) == {rule.identifier for rule in load_rules()}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { SERVICE <http://127.0.0.1/> { $this ?p ?o } }",
        "SELECT $this FROM <file:///etc/passwd> WHERE { $this ?p ?o }",
        "SELECT $this WHERE { sErViCe#c\n<x:y> { $this ?p ?o } }",
        r"SELECT $this \\u0046ROM <file:///etc/passwd> WHERE { $this ?p ?o }",
        "SELECT $this WHERE { GRAPH <x:y> { $this ?p ?o } }",
    ],
)
def test_shapes_that_would_reach_elsewhere_are_refused(query: str) -> None:
    text = SHAPE % f'sh:sparql [ a sh:SPARQLConstraint ; sh:select """{query}""" ]'
    with pytest.raises(GraphError):
        parse_shapes("shapes.ttl", "", text.encode())


def test_shapes_with_a_query_that_cannot_be_read_are_refused(client: httpx2.Client) -> None:
    shapes = SHAPE % 'sh:sparql [ a sh:SPARQLConstraint ; sh:select "SELECT $this WHERE { $this a " ]'
    files = {"file": ("a.ttl", b"<http://x/a> a <http://x/Thing> ."), "shapes": ("shapes.ttl", shapes.encode())}
    response = client.post("/validate", files=files, headers={"Accept-Language": "en"})
    assert response.status_code == 422, response.text
    assert "shapes.ttl" in response.text


def test_an_upload_of_too_many_files_is_refused_instead_of_checked_in_part(client: httpx2.Client) -> None:
    response = client.post("/validate", files=[("file", (f"{number}.txt", DRAFT)) for number in range(5)])
    assert response.status_code == 413
    assert "4" in response.text


def test_a_remote_context_is_not_fetched() -> None:
    content = b'{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "http://x/a", "name": "b"}'
    with pytest.raises(GraphError):
        check_graph([("a.jsonld", "", content)], (), "https://w3id.org/yusuan/", "en")


def test_the_command_checks_a_file_on_a_service(address: str, tmp_path: Path) -> None:
    draft, report = tmp_path / "预算.txt", tmp_path / "report.html"
    draft.write_bytes(DRAFT)
    result = CliRunner().invoke(main, ["validate", "--server", address, str(draft), "-o", str(report)])
    assert result.exit_code == 1, result.output
    assert "预算.txt" in report.read_text(encoding="utf-8")
    draft.write_bytes(b"hello")
    result = CliRunner().invoke(main, ["validate", "--server", address, "--lang", "en", str(draft)])
    assert result.exit_code == 2
    assert "预算.txt" in result.stderr
