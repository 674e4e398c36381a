"""The facts of a generation as Parquet: what is renewed, and the same comparisons as with SPARQL."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pyarrow.dataset as ds
import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions

from ontology import DEFAULT_BASE
from ontology.tabular.published_columns import DataTable, Row
from server.charts.pivot import Pivot, make_pivot
from server.dataset.published_rows import data_rows
from server.facts import partition_files
from server.facts.partition_files import FactPartitions
from server.facts.partitions import FILE, RECORD, PartitionsRecord, generation_to_record, read_record, write_partitions
from server.facts.selection import own_facts_of
from server.pages.compare.request_parameters import CompareQuestion, parse_question
from server.pages.compare.slices import comparison_to_queries, facts_to_entries, rows_to_facts
from server.pages.compare.table import pivot_to_rows
from server.pages.office.money import BREAKDOWNS, own_to_fact, row_to_fact
from server.sparql.query_templates import fill_query, nodes
from server.store.digests import ATTESTED
from server.store.durable_files import UNFINISHED
from server.store.generations import Generations
from server.store.published_store import PublishedStore, open_generation


@pytest.fixture(scope="module")
def generation(pages_store: Path) -> Path:
    return Generations(pages_store).current()


@pytest.fixture(scope="module")
def opened(generation: Path) -> PublishedStore:
    return open_generation(generation)


@pytest.fixture(scope="module")
def record(opened: PublishedStore, generation: Path) -> PartitionsRecord:
    return generation_to_record(opened, generation, DEFAULT_BASE)


@pytest.fixture(scope="module")
def whole(
    opened: PublishedStore, record: PartitionsRecord, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, int]:
    folder = tmp_path_factory.mktemp("facts") / "1"
    return folder, write_partitions(opened, record, folder, None)


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The versions whose rows are made while the test lasts."""
    made: list[str] = []

    def noted(table: DataTable, select: Any, base: str, version: str) -> Iterator[Row]:
        made.append(version)
        return data_rows(table, select, base, version)

    monkeypatch.setattr("server.facts.partitions.data_rows", noted)
    return made


def without(record: PartitionsRecord, year: str) -> PartitionsRecord:
    return replace(record, versions={name: v for name, v in record.versions.items() if f"/{year}/" not in name})


def rows_in(folder: Path) -> list[tuple[Any, ...]]:
    rows = ds.dataset(folder, partitioning="hive").to_table().to_pylist()
    return sorted((tuple(sorted(row.items())) for row in rows), key=str)


def test_all_facts_of_current_versions_are_there(whole: tuple[Path, int], record: PartitionsRecord) -> None:
    folder, number = whole
    table = ds.dataset(folder, partitioning="hive").to_table()
    assert number == table.num_rows > 500
    assert set(table["disclosure"].to_pylist()) == set(record.versions)
    assert len(set(folder.rglob(FILE))) == len({*table["year"].to_pylist()})


def test_what_has_not_changed_is_taken_over(
    opened: PublishedStore, record: PartitionsRecord, whole: tuple[Path, int], tmp_path: Path, converted: list[str]
) -> None:
    folder = tmp_path / "2"
    assert write_partitions(opened, record, folder, whole[0]) == whole[1]
    assert not converted
    for part in whole[0].rglob(FILE):
        assert part.samefile(folder / part.relative_to(whole[0]))


def test_after_an_update_of_a_client_nothing_is_taken_over(
    opened: PublishedStore, generation: Path, record: PartitionsRecord, tmp_path: Path
) -> None:
    later = Path(shutil.copytree(generation, tmp_path / "2"))
    (later / ATTESTED).unlink()
    assert generation_to_record(opened, generation, DEFAULT_BASE).unchanged(record)
    assert not generation_to_record(opened, later, DEFAULT_BASE).unchanged(record)


def test_of_a_new_disclosure_only_its_rows_are_made(
    opened: PublishedStore, record: PartitionsRecord, whole: tuple[Path, int], tmp_path: Path, converted: list[str]
) -> None:
    before = tmp_path / "before"
    write_partitions(opened, without(record, "2024"), before, None)
    converted.clear()
    after = tmp_path / "after"
    assert write_partitions(opened, record, after, before) == whole[1]
    assert converted == [version for name, (version, _) in record.versions.items() if "/2024/" in name]
    assert rows_in(after) == rows_in(whole[0])


def test_of_a_retracted_disclosure_nothing_is_left(
    opened: PublishedStore, record: PartitionsRecord, whole: tuple[Path, int], tmp_path: Path, converted: list[str]
) -> None:
    folder = tmp_path / "2"
    write_partitions(opened, without(record, "2024"), folder, whole[0])
    assert not converted
    assert {dict(row)["disclosure"] for row in rows_in(folder)} == {n for n in record.versions if "/2023/" in n}


@pytest.mark.parametrize("change", ["vocabulary", "update", "made again", "missing file"])
def test_what_may_have_changed_is_made_again(
    opened: PublishedStore, record: PartitionsRecord, tmp_path: Path, converted: list[str], change: str
) -> None:
    earlier = without(record, "2024")
    now = {
        "vocabulary": replace(earlier, vocabulary="other"),
        "update": replace(earlier, vocabulary=""),
        "made again": replace(earlier, versions={n: (v, "later") for n, (v, _) in earlier.versions.items()}),
        "missing file": earlier,
    }[change]
    before = tmp_path / "before"
    number = write_partitions(opened, earlier, before, None)
    if change == "missing file":
        next(before.rglob(FILE)).unlink()
        assert read_record(before) is None
    converted.clear()
    assert write_partitions(opened, now, tmp_path / "after", before) == number
    assert len(converted) == len(earlier.versions) == 1


# ── Comparisons ─────────────────────────────────────────────────────────────────────────────────

QUESTIONS: list[dict[str, str]] = [
    {"rows": "organisation", "columns": "year"},
    {"rows": "function", "columns": "year"},
    {"rows": "function", "columns": "year", "depth": "2"},
    {"rows": "function", "columns": "year", "depth": "3", "division": "420107"},
    {"rows": "function", "columns": "kind", "year": "2024"},
    {"rows": "function", "columns": "year", "function": "201"},
    {"rows": "economic", "columns": "organisation", "year": "2024"},
    {"rows": "division", "columns": "year", "flow": "revenue"},
    {"rows": "organisation", "columns": "phase", "year": "2023"},
    {"rows": "kind", "columns": "year", "kind": "basic"},
    {"rows": "fund", "columns": "year"},
    {"rows": "organisation", "columns": "kind", "year": "2024"},
    {"rows": "organisation", "columns": "year", "fund": "general-public"},
    {"rows": "scope", "columns": "year"},
    {"rows": "organisation", "columns": "year", "scope": "vehicles"},
    {"rows": "organisation", "columns": "year", "without": "420107/108"},
    {"rows": "organisation", "columns": "year", "organisation": "420107/108"},
    {"rows": "organisation", "columns": "year", "division": "110000"},
    {"rows": "organisation", "columns": "year", "level": "unit"},
]


@pytest.fixture(scope="module")
def partitioned_site(site_session: httpx2.Client, pages_store: Path) -> httpx2.Client:
    """The site once the facts of its generation are written as Parquet."""
    for _ in range(120):
        site_session.get("/compare.json")
        if any(path.parent.suffix != UNFINISHED for path in (pages_store / "facts").glob(f"*/{RECORD}")):
            break
        time.sleep(0.25)
    else:
        pytest.fail("no facts were written as Parquet")
    return site_session


def rows_of(opened: PublishedStore, query: str) -> list[dict[str, str]]:
    solutions = opened.query(query, base_iri=DEFAULT_BASE)
    assert isinstance(solutions, QuerySolutions)
    rows = [{variable.value: row[variable] for variable in solutions.variables} for row in solutions]
    return [{n: t.value for n, t in row.items() if isinstance(t, NamedNode | Literal)} for row in rows]


def pivot_by_sparql(opened: PublishedStore, question: CompareQuestion) -> Pivot:
    queries = comparison_to_queries(question, DEFAULT_BASE)
    parts, wholes = (rows_to_facts(rows_of(opened, q)) if q else [] for q in (queries.parts, queries.wholes))
    entries, gaps = facts_to_entries(parts, wholes, question, DEFAULT_BASE)
    return make_pivot(entries, gaps)


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize(
    "parameters", QUESTIONS, ids=lambda given: "&".join(f"{name}={value}" for name, value in given.items())
)
def test_comparisons_are_answered_from_parquet_as_by_sparql(
    partitioned_site: httpx2.Client,
    opened: PublishedStore,
    parameters: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.pages.compare.slices.rows_to_facts", None)
    answered = partitioned_site.get("/compare.json", params=parameters).raise_for_status().json()
    monkeypatch.undo()
    question = parse_question([(name, value) for name, value in answered["parameters"]])
    expected = pivot_by_sparql(opened, question)
    keys = [*question.axes, "facts", "reason"]

    def comparable(row: Any) -> tuple[str, ...]:
        amount = "" if row["amount"] is None else f"{float(row['amount']):.2f}"
        return (*(str(row[key]) for key in keys), amount)

    wanted = sorted(map(comparable, pivot_to_rows(expected, question, {}, DEFAULT_BASE)))
    assert sorted(map(comparable, answered["rows"])) == wanted
    empty = parameters.get("level") == "unit" or "without" in parameters or parameters.get("division") == "110000"
    assert bool(wanted) is not empty


# ── Offices ─────────────────────────────────────────────────────────────────────────────────────


def test_the_facts_of_offices_are_the_same_in_parquet_and_by_sparql(
    whole: tuple[Path, int], record: PartitionsRecord, opened: PublishedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = whole
    versions = [version for version, _ in record.versions.values()]
    sets, breakdowns = nodes(f"{version}/facts" for version in versions), [*map(Literal, BREAKDOWNS)]
    query = fill_query("which_sums_does_an_office_have", sets=sets, breakdowns=breakdowns)
    by_sparql = {fact.iri + fact.set: fact for fact in map(row_to_fact, rows_of(opened, query))}
    rows = own_facts_of(FactPartitions(folder, record), [*record.versions], BREAKDOWNS)
    read = [own_to_fact(row, DEFAULT_BASE) for row in rows if row["function_depth"] <= 1]
    assert {fact.iri + fact.set: fact for fact in read} == by_sparql
    assert len(read) == len(by_sparql) > 100
    assert {fact.codes["project"].startswith(f"{DEFAULT_BASE}id/project/") for fact in read} == {True, False}
    one = next(iter(record.versions))
    assert {row["disclosure"] for row in own_facts_of(FactPartitions(folder, record), [one], BREAKDOWNS)} == {one}
    monkeypatch.setattr(partition_files, "MOST_IN_MEMORY", 0)
    assert own_facts_of(FactPartitions(folder, record), [*record.versions], BREAKDOWNS) == rows
