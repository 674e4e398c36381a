"""Flat forms of a conversion: CSV, one row a figure, and the snapshot of the tables as printed."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
import pytest
from small_disclosures import convert, example, table

from converters import COLUMNS, Conversion, conversion_to_records, conversion_to_snapshot, records_to_csv
from ontology.namespaces import DEFAULT_BASE

EXPENDITURE = table(
    3,
    "支出总表",
    """
    科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
    | 合计 | 1483.56 | 1424.06 | 59.5
    201 | 一般公共服务支出, “一般” | 1483.56 | 1424.06 | 59.5 | 7
    205 | 教育支出 | | 无 | (0.5)
    """,
    "单位：万元",
)


def rows(conversion: Conversion) -> list[dict[str, str]]:
    text = records_to_csv(conversion_to_records(conversion))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def snapshot(conversion: Conversion) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(conversion_to_snapshot(conversion))
    return loaded


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_columns_are_those_that_scripts_rely_on() -> None:
    assert ", ".join(COLUMNS) == (
        "disclosure, table, row_code, row_label, column, organisation, year, phase, flow, vintage, fund, function, "
        "economic, kind, project, scope, supplier, line, period, measure, amount, printed, unit, precision, page, "
        "place, observation, point, coordinates"
    )


def test_csv_begins_with_the_columns_and_has_a_row_for_each_figure() -> None:
    text = records_to_csv(conversion_to_records(example()))
    assert text.split("\r\n")[0] == ",".join(COLUMNS)
    assert len(rows(example())) == len(example().observations)


def test_csv_gives_back_every_record() -> None:
    assert rows(convert(EXPENDITURE)) == list(conversion_to_records(convert(EXPENDITURE)))


def test_a_row_in_full() -> None:
    [row] = [r for r in rows(convert(EXPENDITURE)) if r["place"] == "line=8;field=5"]
    iris = {name: row.pop(name) for name in ("observation", "point", "coordinates")}
    assert row == {
        "disclosure": row["disclosure"],
        "table": "3",
        "row_code": "201",
        "row_label": "一般公共服务支出, “一般”",
        "column": "项目支出",
        "organisation": row["disclosure"].rsplit("/", 1)[-1],
        "year": "2024",
        "phase": "budget",
        "flow": "expenditure",
        "vintage": "total",
        "fund": "total",
        "function": "201",
        "economic": "total",
        "kind": "project",
        "project": "total",
        "scope": "total",
        "supplier": "total",
        "line": "total",
        "period": "year",
        "measure": "amount",
        "amount": "595000",
        "printed": "59.5",
        "unit": "ten-thousand",
        "precision": "500",
        "page": "",
        "place": "line=8;field=5",
    }
    assert iris["observation"] == convert(EXPENDITURE).version_iri + "/t03/r3c5"
    assert iris["point"].startswith(DEFAULT_BASE + "id/point/")
    assert iris["coordinates"].startswith(DEFAULT_BASE + "id/coordinates/")


def test_claims_of_one_point_share_its_address() -> None:
    iris = example().iris
    by_address = {row["observation"]: row["point"] for row in rows(example())}
    of_points = [
        {by_address[iris.full(iris.observation(c.table, c.row, c.column, c.ordinal))] for c in point.claims}
        for point in example().content.points
    ]
    assert {len(addresses) for addresses in of_points} == {1}
    assert len({address for [address] in of_points}) == len(of_points)


@pytest.mark.parametrize("unit", ["yuan", "ten-thousand"])
def test_observations_csv_and_graph_hold_the_same_total(unit: str) -> None:
    conversion = example() if unit == "yuan" else convert(EXPENDITURE)
    amount, printed_in = ox.NamedNode(DEFAULT_BASE + "def#amount"), ox.NamedNode(DEFAULT_BASE + "def#printedIn")
    printed = {t.subject for t in conversion.triples if t.predicate == printed_in}
    graph = [
        Decimal(t.object.value)
        for t in conversion.triples
        if t.predicate == amount and t.subject in printed and isinstance(t.object, ox.Literal)
    ]
    flat = [Decimal(row["amount"]) for row in rows(conversion) if row["measure"] == "amount"]
    claims = [o.amount for o in conversion.observations if o.amount is not None and o.measure == "amount"]
    assert sorted(graph) == sorted(flat) == sorted(claims)
    assert sum(graph) == sum(flat) == sum(claims)


def test_every_printed_figure_of_the_example_adds_to_the_total() -> None:
    amounts = [o for o in example().observations if o.measure == "amount" and o.unit == "code/unit/yuan"]
    fields = {(o.locator.line, o.locator.field): o.printed for o in amounts if o.locator.field}
    printed = sum(Decimal(text.replace(",", "")) for text in fields.values())
    flat = [row for row in rows(example()) if row["measure"] == "amount" and row["unit"] == "yuan"]
    assert printed == sum(Decimal(row["amount"]) for row in flat)


# ── Snapshot ────────────────────────────────────────────────────────────────────────────────────


def test_a_snapshot_says_whose_tables_it_shows() -> None:
    shown = snapshot(example())
    assert (shown["organisation"], shown["year"], shown["files"]) == (
        "武汉市青山区人民代表大会常务委员会办公室",
        2024,
        ["qingshan-npc-office-2024-budget.txt"],
    )


def test_a_snapshot_shows_cells_as_printed_and_ties_figures_to_their_observations() -> None:
    conversion = convert(EXPENDITURE)
    [shown] = snapshot(conversion)["tables"]
    cells = {(cell["row"], cell["column"]): (cell["text"], cell["observation"]) for cell in shown["cells"]}
    version = conversion.iris.version_key
    assert cells[3, 3] == ("1483.56", version + "/t03/r3c3")
    assert cells[4, 5] == ("(0.5)", version + "/t03/r4c5")
    assert {cells[4, 3], cells[4, 4], cells[3, 6]} == {("", None), ("无", None), ("7", None)}


def test_every_observation_is_tied_to_a_cell_or_a_sentence_of_the_snapshot() -> None:
    shown = snapshot(example())
    tied = [i["observation"] for t in shown["tables"] for i in (*t["cells"], *t["notes"]) if i["observation"]]
    tied += [address for s in shown["narrative"] for figure in s["figures"] for address in figure["observations"]]
    assert len(tied) == len(set(tied)) == len(example().observations)


def test_a_snapshot_shows_no_table_that_was_not_recognised() -> None:
    trees = table(16, "树木总表", "树种 | 株数\n樟树 | 5")
    assert [t["number"] for t in snapshot(convert(EXPENDITURE, trees))["tables"]] == ["3"]


def test_a_snapshot_lists_what_was_not_taken_with_its_place() -> None:
    listed = {(issue["key"], issue["place"]) for issue in snapshot(convert(EXPENDITURE))["issues"]}
    assert listed == {
        ("cell-beyond-header", "line=8;field=6"),
        ("unreadable-amount", "line=9;field=4"),
        ("text-elsewhere", ""),
    }
