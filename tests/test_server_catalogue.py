"""What the service says of its data as a whole: VoID, DCAT, downloads, sitemap, and what the editor completes from."""

import csv
import io
import json
import re
import time
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx2
import pyarrow.parquet as pq
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse, serialize
from small_pages import Published, get
from small_service import running_service
from small_store import publish_small

from ontology import DEFAULT_BASE
from ontology.example_queries import load_prefixes
from ontology.namespaces import DCAT, DCT, QB, RDFS, SPDX, VOID
from server.settings import Settings
from server.store.current_graphs import CATALOGUE
from server.store.generation_store import GenerationStore

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TURTLE = {"Accept": "text/turtle"}


@pytest.fixture(scope="module")
def store(pages_store: Path, pages: Published) -> Store:
    """The database that is served."""
    assert pages.current.version
    return Store.read_only(str(GenerationStore(pages_store).current()))


def graph(response: httpx2.Response) -> set[Triple]:
    assert response.status_code == 200, response.text
    return {quad.triple for quad in parse(response.content, RdfFormat.TURTLE)}


def objects(triples: set[Triple], subject: str, predicate: str) -> set[str]:
    found = (t.object for t in triples if t.subject == NamedNode(subject) and t.predicate == NamedNode(predicate))
    return {term.value for term in found if isinstance(term, NamedNode | Literal)}


def count_of(store: Store, pattern: str) -> int:
    solutions = store.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert isinstance(solutions, QuerySolutions)
    return int(next(iter(solutions))["n"].value)


def data(version: str) -> str:
    return "/data/" + version.removeprefix(DEFAULT_BASE + "id/")


# ── VoID ────────────────────────────────────────────────────────────────────────────────────────


def test_void_counts_what_the_default_graph_holds(counted_site: httpx2.Client, store: Store) -> None:
    triples = graph(counted_site.get("/void", headers=TURTLE))
    dataset = f"{DEFAULT_BASE}void#dataset"
    held = count_of(store, "?s ?p ?o")
    assert objects(triples, dataset, VOID + "triples") == {str(held)}
    of_subject: dict[str, set[Triple]] = {}
    for triple in triples:
        of_subject.setdefault(str(triple.subject).strip("<>"), set()).add(triple)
    by_class = {
        next(iter(objects(of_subject[part], part, VOID + "class"))): part for part in parts(triples, dataset, "class")
    }
    observations = by_class[QB + "Observation"]
    [number] = objects(triples, observations, VOID + "entities")
    assert int(number) == count_of(store, f"?s a <{QB}Observation>")
    within = {
        next(iter(objects(of_subject[part], part, VOID + "property")))
        for part in parts(triples, observations, "property")
    }
    assert {f"{DEFAULT_BASE}def#breakdown", QB + "dataSet"} <= within
    by_property = parts(triples, dataset, "property")
    counted = sum(int(next(iter(objects(of_subject[part], part, VOID + "triples")))) for part in by_property)
    assert counted == held


def parts(triples: set[Triple], whole: str, by: str) -> set[str]:
    return objects(triples, whole, f"{VOID}{by}Partition")


def test_void_says_where_the_service_is(counted_site: httpx2.Client, pages_address: str) -> None:
    response = counted_site.get("/.well-known/void")
    assert (response.status_code, response.headers["location"]) == (302, "/void")
    triples = graph(counted_site.get("/void", headers=TURTLE))
    dataset = f"{DEFAULT_BASE}void#dataset"
    assert objects(triples, dataset, VOID + "sparqlEndpoint") == {f"{pages_address}/sparql"}
    assert objects(triples, dataset, VOID + "dataDump") == {f"{pages_address}/data/current.nq"}
    assert QB in objects(triples, dataset, VOID + "vocabulary")


def test_completions_come_from_the_store(counted_site: httpx2.Client) -> None:
    terms = counted_site.get("/completions").json()
    assert terms["prefixes"] == load_prefixes()
    assert "功能分类" in "".join(terms["properties"][f"{DEFAULT_BASE}def#function"])
    assert QB + "Observation" in terms["classes"]


# ── DCAT ────────────────────────────────────────────────────────────────────────────────────────


def test_every_disclosure_is_a_data_set_with_its_versions_and_downloads(site: httpx2.Client, pages: Published) -> None:
    triples = graph(site.get("/catalogue", headers=TURTLE))
    assert {pages.current.disclosure, pages.earlier.disclosure} < objects(
        triples, f"{DEFAULT_BASE}catalogue", DCAT + "dataset"
    )
    disclosure = pages.current.disclosure
    assert objects(triples, disclosure, DCAT + "hasVersion") == {pages.current.version, pages.misprinted.version}
    assert objects(triples, disclosure, DCAT + "hasCurrentVersion") == {pages.current.version}
    assert objects(triples, pages.current.version, DCAT + "previousVersion") == {pages.misprinted.version}
    assert objects(triples, disclosure, DCT + "spatial") == {f"{DEFAULT_BASE}code/division/420107"}
    for version in (pages.current.version, pages.misprinted.version):
        distributions = objects(triples, version, DCAT + "distribution")
        addresses = {address for d in distributions for address in objects(triples, d, DCAT + "downloadURL")}
        assert len(addresses) == 5
        for address in addresses:
            assert site.head(address).status_code == 200


def test_every_distribution_is_described(site: httpx2.Client, pages: Published) -> None:
    triples = graph(site.get("/catalogue", headers=TURTLE))
    everything, version = f"{DEFAULT_BASE}void#dataset", pages.current.version
    addresses = objects(triples, everything, DCAT + "distribution")
    assert {a.rpartition("/")[2] for a in addresses} >= {"facts.csv", "claims.parquet", "findings.xlsx", "current.nq"}
    for dataset in (everything, version):
        distributions = objects(triples, dataset, DCAT + "distribution")
        assert distributions, dataset
        for distribution in distributions:
            for name in ("description", "publisher", "rights", "format"):
                assert objects(triples, distribution, DCT + name), (distribution, name)
    [series] = objects(triples, pages.current.disclosure, DCAT + "inSeries")
    assert objects(triples, series, DCT + "publisher") == {f"{DEFAULT_BASE}id/org/420107/108"}
    assert objects(triples, pages.earlier.disclosure, DCAT + "inSeries") == {series}
    assert "武汉市青山区人民代表大会常务委员会办公室 历年的公开文件" in objects(triples, series, RDFS + "label")


def test_distributions_have_size_and_checksum_once_these_are_known(tmp_path: Path) -> None:
    settings = Settings(publish_small(tmp_path / "store").path, workers=1)
    with running_service(settings) as address, httpx2.Client(base_url=address, timeout=60) as client:
        for name in ("facts.csv", "current.nt"):
            distribution, sizes = f"{DEFAULT_BASE}data/{name}", set[str]()
            for _ in range(60):
                triples = graph(client.get("/catalogue", headers=TURTLE))
                if sizes := objects(triples, distribution, DCAT + "byteSize"):
                    break
                time.sleep(0.2)
            content = client.get(f"/data/{name}").content
            assert sizes == {str(len(content))}
            [checksum] = objects(triples, distribution, SPDX + "checksum")
            assert objects(triples, checksum, SPDX + "checksumValue") == {sha256(content).hexdigest()}


def test_the_catalogue_comes_in_pages(site: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.dataset.catalogue.PAGE", 1)
    seen = set()
    for number, beside in (("1", "next"), ("2", "prev")):
        response = site.get("/catalogue", params={"page": number}, headers=TURTLE)
        assert f'rel="{beside}"' in response.headers["link"]
        triples = graph(response)
        seen |= {t.subject for t in triples if t.predicate.value == DCAT + "hasCurrentVersion"}
    assert len(seen) == 2


def test_the_page_of_the_catalogue_leads_to_downloads_and_histories(site: httpx2.Client, pages: Published) -> None:
    page = get(site, "/catalogue")
    assert f"{data(pages.current.version)}.parquet" in page.links
    assert {"/data/facts.csv", "/data/claims.parquet", "/data/findings.xlsx", "/data/croissant.json"} <= set(page.links)
    assert "/history/disclosure/420107/2024/budget/108" in page.links
    for link in page.links:
        if link.startswith(("/data/", "/history/")):
            assert site.head(link).status_code == 200, link
    described = json.loads(page.one("script", type="application/ld+json").text)
    offered = {urlsplit(part["contentUrl"]).path for part in described["distribution"]}
    assert offered >= {"/data/facts.csv", "/data/facts.parquet", "/data/findings.xlsx", "/data/current.nq"}
    assert offered <= set(page.links)


# ── Downloads ───────────────────────────────────────────────────────────────────────────────────


def test_the_current_data_as_turtle_and_n_triples_are_the_default_graph(site: httpx2.Client, store: Store) -> None:
    held = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    assert held is not None
    for form, kind in (("nt", RdfFormat.N_TRIPLES), ("ttl", RdfFormat.TURTLE)):
        read = serialize(parse(site.get(f"/data/current.{form}").content, kind), format=RdfFormat.N_TRIPLES)
        assert read is not None
        assert set(read.splitlines()) == set(held.splitlines())


def test_the_current_data_as_n_quads_keep_each_version_in_its_graph(site: httpx2.Client, pages: Published) -> None:
    quads = list(parse(site.get("/data/current.nq").content, RdfFormat.N_QUADS))
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
    current = [pages.current.version, pages.earlier.version]
    assert graphs == {DEFAULT_BASE + "def", *current, *(iri + CATALOGUE for iri in current)}


@pytest.mark.parametrize(
    "name",
    ["misprinted", *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("current", "earlier"))],
)
def test_each_version_is_there_in_every_format(site: httpx2.Client, pages: Published, name: str) -> None:
    version = getattr(pages, name)
    address = data(version.version)
    stated = {Triple(t.subject, t.predicate, t.object) for t in version.triples}
    for form, kind in (("nt", RdfFormat.N_TRIPLES), ("ttl", RdfFormat.TURTLE)):
        assert sum(1 for _ in parse(site.get(f"{address}.{form}").content, kind)) == len(stated)
    rows = list(csv.DictReader(io.StringIO(site.get(f"{address}.csv").content.decode("utf-8-sig"))))
    table = pq.read_table(io.BytesIO(site.get(f"{address}.parquet").content))
    assert table.column_names == list(rows[0])
    assert table.num_rows == len(rows) > 500
    for row, kept in zip(rows, table.to_pylist(), strict=True):
        assert (row["observation"], row["printed"]) == (kept["observation"], kept["printed"])
        assert (row["amount"] or None) == (None if kept["amount"] is None else f"{kept['amount'].normalize():f}")


def test_a_table_of_everything_has_one_header_and_the_rows_of_every_version(
    site: httpx2.Client, pages: Published
) -> None:
    response = site.get("/data/current.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="yusuan-current.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["year"] for row in rows} >= {"2023", "2024"}
    assert len({row["observation"] for row in rows}) == len(rows)
    assert pages.misprinted.version not in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/data/current.xls",
        "/data/nothing.nq",
        "/data/disclosure/420107/2024/budget/108/v/0000000000000000.csv",
        "/data/disclosure/a b%3E/v/0000000000000000.csv",
    ],
)
def test_what_cannot_be_downloaded_is_not_found(site: httpx2.Client, address: str) -> None:
    assert site.get(address).status_code == 404
    assert site.head(address).status_code == 404


@pytest.mark.parametrize("encoding", ["gzip", "gzip;q=0", "identity"])
@pytest.mark.parametrize("address", ["/catalogue", "/code/fund"])
def test_head_has_the_headers_of_get_and_gzip_is_for_those_who_like_it(
    site: httpx2.Client, address: str, encoding: str
) -> None:
    headers = {"Accept-Encoding": encoding, "Accept": "text/turtle, */*"}
    get, head = site.get(address, headers=headers), site.head(address, headers=headers)
    while (again := site.get(address, headers=headers)).content != get.content:  # sizes of downloads become known
        get, head = again, site.head(address, headers=headers)
    assert get.headers.get("content-encoding") == ("gzip" if encoding == "gzip" else None)
    for name in ("content-encoding", "content-length", "content-type", "vary"):
        assert head.headers.get(name) == get.headers.get(name)


# ── For search engines ──────────────────────────────────────────────────────────────────────────


def locations(response: httpx2.Response) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(response.content).iter(f"{SITEMAP}loc")]


def test_the_sitemap_lists_pages_that_are_there(site: httpx2.Client, pages: Published, pages_address: str) -> None:
    found = locations(site.get("/sitemap.xml"))
    version = f"{pages_address}/doc/{pages.current.version.removeprefix(DEFAULT_BASE + 'id/')}"
    assert {version, f"{pages_address}/", f"{pages_address}/code/fund", f"{pages_address}/catalogue"} <= set(found)
    assert not [address for address in found if pages.misprinted.version.rsplit("/", 1)[-1] in address]
    assert len(found) == len(set(found))
    for address in (*found[:5], version, found[-1]):
        assert site.get(address).status_code == 200, address


def test_a_long_sitemap_is_split(site: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = locations(site.get("/sitemap.xml"))
    monkeypatch.setattr("server.dataset.sitemap.MOST", 1000)
    files = locations(site.get("/sitemap.xml"))
    assert len(files) == -(-len(whole) // 1000) > 1
    listed = [locations(site.get(address)) for address in files]
    assert [len(part) for part in listed[:-1]] == [1000] * (len(files) - 1)
    assert [address for part in listed for address in part] == whole
    assert site.get(f"/sitemap/{len(files) + 1}.xml").status_code == 404


def test_robots_are_told_what_to_leave_alone(site: httpx2.Client, pages_address: str) -> None:
    text = site.get("/robots.txt").text
    assert "Disallow: /sparql\n" in text
    assert "Disallow: /compare?\n" in text
    assert f"Sitemap: {pages_address}/sitemap.xml\n" in text


def test_pages_tell_machines_of_themselves(site: httpx2.Client, pages: Published) -> None:
    for address in ("/code/fund", "/code/function/201", "/def", "/rules", "/doc/org/420107/108"):
        links = get(site, address).all("link", rel="alternate")
        assert {link.attributes["type"] for link in links} >= {"text/turtle", "application/ld+json"}
        for link in links:
            answered = site.get(link.attributes["href"])
            assert answered.status_code == 200
            assert re.match(re.escape(link.attributes["type"]), answered.headers["content-type"])
    page = get(site, "/doc/" + pages.current.version.removeprefix(DEFAULT_BASE + "id/"))
    told = page.one("script", type="application/ld+json").text
    assert pages.current.version in told
    assert "GovernmentOrganization" in told
