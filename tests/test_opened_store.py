"""An opened store: typed frames from a folder and from an endpoint, and its facts as files for other programs."""

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset as ds
import pytest
from click.testing import CliRunner
from small_disclosures import EXAMPLE, example
from small_service import running_service

import yusuan
from converters import conversion_to_fact_rows
from ontology.tabular.published_columns import CLAIMS, FACTS, DataTable, Row
from server.dataset.published_rows import data_rows
from server.errors import StoreMissingError
from server.settings import Settings
from yusuan import ArgumentError, OpenedStore, totals
from yusuan.commands.main import main
from yusuan.frames import rows_to_frame


@pytest.fixture(scope="module")
def store(example_store: Path) -> OpenedStore:
    return yusuan.open(example_store)


@pytest.fixture(scope="module")
def remote(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedStore]:
    folder = shutil.copytree(example_store, tmp_path_factory.mktemp("remote") / "store")
    with running_service(Settings(folder, workers=1)) as address:
        yield yusuan.open(address)


def sorted_by_fact(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("fact", ignore_index=True)


def test_the_facts_of_a_folder_and_of_an_endpoint_are_those_of_the_conversion(
    store: OpenedStore, remote: OpenedStore
) -> None:
    converted = sorted_by_fact(rows_to_frame(FACTS, conversion_to_fact_rows(example())))
    pd.testing.assert_frame_equal(sorted_by_fact(store.facts()), converted)
    pd.testing.assert_frame_equal(sorted_by_fact(remote.facts()), converted)


def test_the_sum_of_a_year_takes_three_lines(store: OpenedStore) -> None:
    facts = store.facts(year=2024, organisation="420107/108")
    spent = facts[facts.flow == "expenditure"]
    assert totals(spent, by=["year"]).amount[0] == 14835573.24


def test_facts_are_narrowed_by_one_value_or_several(store: OpenedStore) -> None:
    everything = store.facts()
    assert set(store.facts(breakdown=["total", "function"]).breakdown) == {"total", "function"}
    assert len(store.facts(year=2024)) == (everything.year == 2024).sum() > 0
    assert len(store.facts(organisation="420107/108001")) == (everything.organisation == "420107/108001").sum() > 0
    assert store.facts(year="2024").equals(store.facts(year=2024))
    assert store.facts(year=2023, breakdown="function").empty  # each of them has facts, none has both


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"year": 1999}, "year.*1999.*Known values: .*2024"),
        ({"year": "last"}, "year.*such as 2024"),
        ({"year": 2024.5}, "year.*2024.5"),
        ({"organisation": "108"}, "organisation.*Known values: 420107/108, 420107/108001"),
        ({"organisation": "no such office"}, "organisation.*Known values"),
        ({"organisation": 108}, "organisation.*such as 420107/108"),
        ({"breakdown": ["total", "functions"]}, "breakdown.*functions.*Known values: .*function"),
    ],
)
def test_a_value_of_which_there_is_no_fact_is_refused_with_those_that_there_are(
    store: OpenedStore, arguments: dict[str, Any], told: str
) -> None:
    with pytest.raises(ArgumentError, match=told) as refused:
        store.facts(**arguments)
    assert refused.value.text("zh") != str(refused.value)


def test_what_is_no_path_or_query_is_refused(store: OpenedStore) -> None:
    with pytest.raises(ArgumentError, match="path_or_url"):
        yusuan.open(7)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="sparql"):
        store.query(None)  # type: ignore[arg-type]


def test_a_folder_and_an_endpoint_give_the_same_types(store: OpenedStore, remote: OpenedStore) -> None:
    query = """
        SELECT ?year ?amount ?own ?function (COUNT(?c) AS ?n) (IF(?own, 1, 0.5) AS ?mixed) WHERE {
          ?f :year ?year ; :amount ?amount ; :own ?own ; :function ?function . ?c :point ?f
        } GROUP BY ?f ?year ?amount ?own ?function ORDER BY ?f"""
    pd.testing.assert_frame_equal(store.query(query), remote.query(query))
    assert [str(t) for t in store.query(query).dtypes] == [
        *("Int64", "Float64", "boolean", "object", "Int64", "Float64")
    ]
    empty = store.facts(year=2023, breakdown="function")
    assert dict(empty.dtypes) == dict(store.facts().dtypes) == dict(remote.facts().dtypes)


def test_claims_are_typed(store: OpenedStore) -> None:
    claims = store.claims(organisation="420107/108")
    assert list(claims.columns) == list(CLAIMS.names)
    assert [str(claims[name].dtype) for name in ("amount", "year")] == ["float64", "Int64"]
    assert set(claims.organisation) == {"420107/108"}


def test_a_query_gives_typed_columns(store: OpenedStore, remote: OpenedStore) -> None:
    query = """
        SELECT ?year ?yuan ?own ?name ?nothing WHERE {
          ?fact :breakdown "total" ; :flow flow:expenditure ; :basis "year" ; :year ?year ; :amount ?yuan ; :own ?own ;
            :own true ; :quoted false ; :organisation/skos:prefLabel ?name . FILTER(LANG(?name) = "zh")
        }"""
    for opened in (store, remote):
        [row] = opened.query(query).to_dict("records")
        assert (row["year"], row["own"], row["name"]) == (2024, True, example().organisation_name)
        assert Decimal(str(row["yuan"])) == Decimal("14835573.24")
        assert row["nothing"] is None
    assert list(store.query("SELECT ?x { ?x a :Nothing }").columns) == ["x"]


def test_what_is_no_store_is_said_at_once(tmp_path: Path, store: OpenedStore) -> None:
    with pytest.raises(StoreMissingError):
        yusuan.open(tmp_path / "nothing")
    with pytest.raises(ValueError, match="no SELECT"):
        store.query("ASK { ?s ?p ?o }")


# ── Files ───────────────────────────────────────────────────────────────────────────────────────


def test_facts_are_written_in_partitions_by_year_and_division(example_store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    for _ in range(2):
        result = CliRunner().invoke(main, ["facts", "--store", str(example_store), "-o", str(folder)])
        assert result.exit_code == 0, result.output
    rows = list(conversion_to_fact_rows(example()))
    years = {path.parent.parent.name for path in folder.rglob("*.parquet")}
    assert years == {f"year={row['year']}" for row in rows}
    assert {path.parent.name for path in folder.rglob("*.parquet")} == {"division=420107"}
    table = ds.dataset(folder, partitioning="hive").to_table()
    assert set(table.column_names) == set(FACTS.names)
    assert table.num_rows == len(rows)
    assert sum(filter(None, table["amount"].to_pylist())) == sum(row["amount"] or 0 for row in rows)  # type: ignore[misc]
    assert not list(tmp_path.glob("facts.*"))


def test_the_folder_of_csv_has_its_descriptions(
    example_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated: list[str] = []

    def noted(table: DataTable, *of: Any) -> Iterator[Row]:
        evaluated.append(table.name)
        return data_rows(table, *of)

    monkeypatch.setattr("server.dataset.dump_process.data_rows", noted)
    result = CliRunner().invoke(
        main, ["facts", "--store", str(example_store), "-o", str(tmp_path / "out"), "--format", "csv"]
    )
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *(f"{name}.csv" for name in ("facts", "claims", "findings")),
        *(f"{name}.csv-metadata.json" for name in ("facts", "claims", "findings")),
        "datapackage.json",
        "croissant.json",
    }
    assert evaluated == ["facts", "claims", "findings"]
    for resource in json.loads((tmp_path / "out" / "datapackage.json").read_text())["resources"]:
        content = (tmp_path / "out" / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")


def test_files_may_come_one_by_one_or_in_a_list() -> None:
    assert len(yusuan.convert([EXAMPLE]).conversions) == len(yusuan.convert(str(EXAMPLE)).conversions) == 1
