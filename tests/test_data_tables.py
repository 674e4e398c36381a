"""Facts, claims and findings of a store as tables: the same rows as of a conversion, with descriptions that hold."""

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import frictionless
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from csvw import CSVW
from small_disclosures import checked_example, convert, example, expenditure

from converters import Conversion, conversion_to_fact_rows
from ontology import DEFAULT_BASE
from ontology.tabular.published_columns import CLAIMS, FACTS, FINDINGS, Row
from server.dataset.dump_process import WRITERS, current_versions
from server.dataset.published_rows import data_rows, select_from
from server.store.generation_store import GenerationStore
from server.store.published_store import PublishedStore


@pytest.fixture(scope="module")
def store(example_store: Path) -> Iterator[PublishedStore]:
    with GenerationStore(example_store).open() as opened:
        yield opened


def rows(store: PublishedStore, name: str) -> list[Row]:
    table = {table.name: table for table in (FACTS, CLAIMS, FINDINGS)}[name]
    [version] = current_versions(store, DEFAULT_BASE)
    return list(data_rows(table, select_from(store, DEFAULT_BASE), DEFAULT_BASE, version))


@pytest.fixture(scope="module")
def files(store: PublishedStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables as CSV and all their descriptions."""
    folder = tmp_path_factory.mktemp("data")
    for name in WRITERS:
        if name.endswith((".json", ".csv")):
            with (folder / name).open("wb") as output:
                WRITERS[name](store, DEFAULT_BASE, None, output)
    return folder


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────


def test_the_facts_of_a_store_are_those_of_the_conversion(store: PublishedStore) -> None:
    by_fact = {row["fact"]: row for row in conversion_to_fact_rows(example())}
    read = {row["fact"]: row for row in rows(store, "facts")}
    assert read == by_fact


def test_claims_have_full_keys_and_their_own_coordinates(store: PublishedStore) -> None:
    iris, vocabulary = example().iris, example().vocabulary
    read = {row["claim"]: row for row in rows(store, "claims")}
    assert len(read) == len(example().observations)
    for claim in example().observations:
        row = read[iris.full(iris.observation(claim.table, claim.row, claim.column, claim.ordinal))]
        assert (row["printed"], row["amount"], row["precision"]) == (claim.printed, claim.amount, claim.precision)
        assert row["organisation"] == claim.coordinates["organisation"].removeprefix("id/org/")
        assert row["function"] == vocabulary.notation(claim.coordinates["function"])
    facts = {row["fact"] for row in rows(store, "facts")}
    assert {row["fact"] for row in read.values()} - {None} == facts


def test_findings_are_those_of_the_report(store: PublishedStore) -> None:
    report = checked_example().report
    read = rows(store, "findings")
    assert {str(row["finding"]).rpartition("/")[2] for row in read} == {finding.id for finding in report.findings}
    assert len(read) == len(report.findings)
    assert {row["severity"] for row in read} == {"violation", "warning", "information"}


def test_offices_of_two_districts_with_one_code_stay_apart() -> None:
    table = expenditure("| 合计 | 5 | 3 | 2\n201 | 公共服务 | 5 | 3 | 2")
    both: list[Conversion] = [convert(table), convert(table.replace("武汉市青山区", "武汉市洪山区"))]
    keys = [{row["organisation"] for row in conversion_to_fact_rows(conversion)} for conversion in both]
    assert not keys[0] & keys[1]
    facts = [{row["fact"] for row in conversion_to_fact_rows(conversion)} for conversion in both]
    assert not facts[0] & facts[1]


# ── Descriptions ────────────────────────────────────────────────────────────────────────────────


def copy_rows(source: Path, folder: Path) -> Path:
    """Copy a table with the first row of each choice of filled columns, and its description."""
    header, *rows = csv.reader(io.StringIO(source.read_text(encoding="utf-8"), newline=""))
    first = {tuple(map(bool, row)): row for row in reversed(rows)}
    with (folder / source.name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *first.values()])
    for description in source.parent.glob(f"{source.name}-*"):
        (folder / description.name).write_bytes(description.read_bytes())
    return folder / source.name


@pytest.mark.parametrize("every_row", [False, pytest.param(True, marks=pytest.mark.exhaustive)], ids=["some", "all"])
@pytest.mark.parametrize("name", ["facts", "claims", "findings"])
def test_csv_on_the_web_finds_nothing_wrong(files: Path, tmp_path: Path, name: str, every_row: bool) -> None:
    file = files / f"{name}.csv"
    table = CSVW(str(file if every_row else copy_rows(file, tmp_path)), validate=True)
    assert table.is_valid
    assert len(list(table.tables[0].iterdicts(strict=True))) > 1


def test_csv_on_the_web_notices_a_wrong_value(files: Path, tmp_path: Path) -> None:
    for file in files.glob("facts.csv*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (tmp_path / "facts.csv").read_text(encoding="utf-8")
    (tmp_path / "facts.csv").write_text(text.replace(",true,", ",perhaps,", 1), encoding="utf-8")
    table = CSVW(str(tmp_path / "facts.csv"), validate=True).tables[0]
    with pytest.raises(ValueError, match="perhaps"):
        list(table.iterdicts(strict=True))


def test_frictionless_finds_nothing_wrong(files: Path) -> None:
    report = frictionless.validate(str(files / "datapackage.json"))
    assert report.valid, report.flatten(["fieldName", "message"])[:3]
    assert report.stats["tasks"] == 3


def test_croissant_conforms_to_its_shapes(files: Path, root: Path) -> None:
    content = (files / "croissant.json").read_bytes()
    quads = ox.parse(content, ox.RdfFormat.JSON_LD, base_iri="https://example.org/data/")
    triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    described = rdflib.Graph().parse(data=triples, format="nt")
    shapes = rdflib.Graph().parse(root / "tests" / "croissant.ttl")
    conforms, _, text = pyshacl.validate(described, shacl_graph=shapes)
    assert conforms, text
    described.remove((None, rdflib.URIRef("https://schema.org/sha256"), None))
    assert not pyshacl.validate(described, shacl_graph=shapes)[0]


def test_descriptions_name_every_column_and_the_bytes_of_the_files(files: Path) -> None:
    package, croissant = (json.loads((files / f"{n}.json").read_text()) for n in ("datapackage", "croissant"))
    for resource, file, records in zip(
        package["resources"], croissant["distribution"], croissant["recordSet"], strict=True
    ):
        content = (files / resource["path"]).read_bytes()
        header = next(csv.reader(io.StringIO(content.decode())))
        described: dict[str, Any] = json.loads((files / f"{resource['path']}-metadata.json").read_text())
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert header == [field["name"] for field in records["field"]]
        assert header == [column["name"] for column in described["tableSchema"]["columns"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{file['sha256']}" == f"sha256:{sha256(content).hexdigest()}"
