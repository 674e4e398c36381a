"""The graph of a version: the same for the same content, addressed by it, and complete for every figure."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from claims import VOCABULARY
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_conversions import nothing_shared
from small_disclosures import BUREAU, EXAMPLE, convert, example, example_tables, tabbed, table

from converters import Conversion, convert_document, convert_file
from converters.model.iris import Iris, mint_coordinates, mint_point, mint_series
from converters.rdf.facts import CURRENCY
from converters.readers import read_content
from ontology.namespaces import DCT, DEFAULT_BASE, PROV, QB, RDF

ELSEWHERE = "https://data.example.org/budget/"
A = ox.NamedNode(RDF + "type")

SMALL = f"""
单位代码 | 单位名称 | 合计 | 本年收入 |      | 上年结转结余
         |          |      | 小计 | 一般公共预算 |
         | 合计     | 9    | 8    | 8    | 1
108      | {BUREAU} | 9    | 8    | 8    | 1
"""
SMALL_FIGURES = [(line, field) for line in (8, 9) for field in (3, 4, 5, 6)]


def revenue(rows: str = SMALL, year: int = 2024) -> str:
    return table(2, "收入总表", rows, year=year)


def version(conversion: Conversion) -> str:
    return conversion.iris.version


OBSERVATION = ox.NamedNode(QB + "Observation")


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(DEFAULT_BASE + "def#" + name)


def node(key: str) -> ox.NamedNode:
    return ox.NamedNode(DEFAULT_BASE + key)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """The example's version graph, as a default graph."""
    graph = ox.Store()
    graph.extend(ox.Quad(t.subject, t.predicate, t.object) for t in example().triples)
    return graph


def instances(store: ox.Store, of: ox.NamedNode) -> list[ox.NamedNode]:
    return [q.subject for q in store.quads_for_pattern(None, A, of) if isinstance(q.subject, ox.NamedNode)]


def values(store: ox.Store, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[object]:
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None)]


# ── The same content is the same version ────────────────────────────────────────────────────────


@pytest.mark.usefixtures("made_anew")
def test_the_same_file_gives_the_same_triples_in_the_same_order() -> None:
    again = convert_file(EXAMPLE)
    assert again.version_iri == example().version_iri
    assert again.triples == example().triples


@given(st.lists(st.integers(min_value=0, max_value=10**9), min_size=8, max_size=8))
@settings(max_examples=25)
def test_the_same_figures_give_the_same_triples(figures: list[int]) -> None:
    lines = tabbed(revenue()).splitlines()
    for (line, field), figure in zip(SMALL_FIGURES, figures, strict=True):
        lines[line - 1] = with_field(lines[line - 1], field, str(figure))
    with nothing_shared():
        one, other = convert("\n".join(lines)), convert("\n".join(lines))
    assert (version(one), one.triples) == (version(other), other.triples)


@cache
def elsewhere() -> Conversion:
    """The example with addresses under another base, converted once."""
    return convert_file(EXAMPLE, base=ELSEWHERE)


def test_another_base_is_the_same_version() -> None:
    moved = elsewhere()
    assert version(moved) == version(example())
    assert moved.version_iri == example().version_iri.replace(DEFAULT_BASE, ELSEWHERE)


@cache
def some_tables() -> Conversion:
    """The first five tables of the example, converted once."""
    return convert(example_tables(1, 5))


def test_another_file_name_is_the_same_version() -> None:
    renamed = convert_document(read_content(Path("另一个名字.txt"), example_tables(1, 5).encode()))
    assert renamed.triples == some_tables().triples


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_another_encoding_is_the_same_version(encoding: str) -> None:
    content = example_tables(1, 5).encode(encoding)
    assert convert_document(read_content(EXAMPLE, content)).triples == some_tables().triples


def test_the_time_stands_in_the_catalogue_only() -> None:
    times = [datetime(2024, 2, 5, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)]
    first, second = (set(example().catalogue(moment)) for moment in times)
    assert {t.predicate.value for t in first ^ second} == {PROV + "generatedAtTime"}
    assert version(convert(example_tables(1, 5))) == version(some_tables())


# ── Other content is another version ────────────────────────────────────────────────────────────


def with_field(line: str, field: int, text: str) -> str:
    fields = line.split("\t")
    fields[field - 1] = text
    return "\t".join(fields)


@pytest.mark.parametrize(("line", "field"), SMALL_FIGURES)
@pytest.mark.parametrize("text", ["7", "8.0", ""], ids=["other", "finer", "blank"])
def test_any_change_of_a_small_disclosure_is_another_version(line: int, field: int, text: str) -> None:
    lines = tabbed(revenue()).splitlines()
    lines[line - 1] = with_field(lines[line - 1], field, text)
    assert version(convert("\n".join(lines))) != version(convert(revenue()))


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=99))
@settings(max_examples=6)
def test_changing_any_figure_of_the_example_by_fen_is_another_version(number: int, fen: int) -> None:
    figures = [o for o in some_tables().observations if o.row_label or o.column_label]
    figure = figures[number % len(figures)]
    line, field = figure.locator.line or 0, figure.locator.field or 0
    lines = example_tables(1, 5).splitlines()
    lines[line - 1] = with_field(lines[line - 1], field, f"{(figure.amount or 0) + Decimal(fen) / 100:.2f}")
    assert version(convert("\n".join(lines))) != version(some_tables())


def test_the_version_is_the_hash_of_its_own_sorted_triples_before_its_address_is_known() -> None:
    lines = (ox.serialize(example().triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    pending = lines.replace("/v/" + version(example()), "/v/_").replace(DEFAULT_BASE, "urn:yusuan:")
    content = "\n".join(sorted(pending.splitlines())).encode()
    assert hashlib.sha256(content).hexdigest()[:16] == version(example())


# ── Addresses ───────────────────────────────────────────────────────────────────────────────────

numbers = st.integers(min_value=1, max_value=400)
keys = st.tuples(st.sampled_from(["t01", "t10", "t01-2", "t01-10"]), numbers, numbers, st.sampled_from([1, 2, 12]))


@given(keys, keys)
def test_two_cells_have_two_addresses(one: tuple[str, int, int, int], other: tuple[str, int, int, int]) -> None:
    iris = Iris(DEFAULT_BASE, "id/disclosure/420107/2024/budget/108", "0123456789abcdef")
    assert (iris.observation(*one) == iris.observation(*other)) == (one == other)


coordinates = st.fixed_dictionaries(
    {
        "year": st.sampled_from(["2023", "2024"]),
        "phase": st.sampled_from(["code/phase/budget", "code/phase/final"]),
        "function": st.sampled_from([c.key for c in VOCABULARY.concepts.values() if c.scheme == "code/function"]),
        "fund": st.sampled_from([c.key for c in VOCABULARY.concepts.values() if c.scheme == "code/fund"]),
    }
)


@given(coordinates, coordinates)
def test_coordinates_have_one_address_each(one: dict[str, str], other: dict[str, str]) -> None:
    assert (mint_coordinates(one) == mint_coordinates(other)) == (one == other)


@given(coordinates)
def test_the_order_of_coordinates_does_not_matter(one: dict[str, str]) -> None:
    assert mint_coordinates(dict(reversed(one.items()))) == mint_coordinates(one)


@given(coordinates, coordinates)
def test_a_series_runs_over_years_and_phases(one: dict[str, str], other: dict[str, str]) -> None:
    same = (one["function"], one["fund"]) == (other["function"], other["fund"])
    assert (mint_series(one) == mint_series(other)) == same


@given(coordinates)
def test_a_unit_has_other_series_than_its_department(one: dict[str, str]) -> None:
    for mint in (mint_coordinates, mint_series):
        assert mint(one, unit=True) == mint(one, unit=True) != mint(one)


@given(coordinates)
def test_points_belong_to_a_disclosure(one: dict[str, str]) -> None:
    assert mint_point("id/disclosure/x/2024/budget/1", one) != mint_point("id/disclosure/x/2024/budget/2", one)


def test_every_figure_sum_and_point_of_the_example_has_its_own_address(store: ox.Store) -> None:
    claims = example().content
    assert len(instances(store, term("Claim"))) == len(claims.observations)
    assert len(instances(store, term("Sum"))) == len(claims.sums)
    assert len(instances(store, term("Fact"))) == len(instances(store, OBSERVATION)) == len(claims.points)
    assert len(instances(store, term("Table"))) == len(claims.tables)


def test_the_same_line_of_another_year_is_of_the_same_series() -> None:
    this, last = (convert(revenue(year=year)).observations[0].coordinates for year in (2024, 2023))
    assert mint_series(this) == mint_series(last)
    assert mint_coordinates(this) != mint_coordinates(last)


def test_coordinates_outlive_a_version() -> None:
    one, other = convert(revenue()), convert(revenue(SMALL.replace("| 1\n", "| 2\n")))
    assert version(one) != version(other)
    assert [mint_coordinates(o.coordinates) for o in one.observations] == [
        mint_coordinates(o.coordinates) for o in other.observations
    ]


def test_addresses_are_ascii_and_under_one_base() -> None:
    moved = elsewhere()
    iris = {t.predicate.value for t in moved.triples} | {
        part.value for t in moved.triples for part in (t.subject, t.object) if isinstance(part, ox.NamedNode)
    }
    foreign = (QB, RDF, DCT, CURRENCY)
    assert [iri for iri in iris if not iri.startswith((ELSEWHERE, *foreign))] == []
    assert all(iri.isascii() for iri in iris)


# ── What the graph holds ────────────────────────────────────────────────────────────────────────


def test_there_are_no_blank_nodes() -> None:
    terms = {type(part) for triple in example().triples for part in (triple.subject, triple.object)}
    assert terms == {ox.NamedNode, ox.Literal}


def test_every_triple_is_there_once() -> None:
    assert max(Counter(example().triples).values()) == 1


def test_every_fact_has_each_of_the_fourteen_dimensions_once(store: ox.Store) -> None:
    for fact in instances(store, OBSERVATION):
        for dimension in VOCABULARY.dimensions:
            expected = dimension != "measure"
            assert len(values(store, fact, term(dimension))) == expected, (fact, dimension)


def test_a_claim_states_the_coordinates_that_its_fact_does_not(store: ox.Store) -> None:
    iris = example().iris
    for o in example().observations:
        claim = ox.NamedNode(iris.full(iris.observation(o.table, o.row, o.column, o.ordinal)))
        [fact] = values(store, claim, term("point")) or [None]
        for dimension, concept in o.coordinates.items():
            stated = values(store, claim, term(dimension))
            inherited = values(store, fact, term(dimension)) if isinstance(fact, ox.NamedNode) else []
            top = VOCABULARY.dimensions[dimension].top
            [value] = stated or inherited or [node(top or "")]
            assert isinstance(value, ox.Literal | ox.NamedNode)
            assert value.value in (concept, iris.full(iris.line(concept))), (claim, dimension)
            assert dimension == "measure" or not stated or stated != inherited


@pytest.mark.parametrize("name", ["precision", "printed", "printedUnit", "textLine", "coordinates"])
def test_every_claim_says_what_was_printed_where(store: ox.Store, name: str) -> None:
    observations = instances(store, term("Claim"))
    assert {len(values(store, observation, term(name))) for observation in observations} == {1}


def test_every_claim_has_a_value_of_its_measure_and_a_fact_if_it_is_comparable(store: ox.Store) -> None:
    alone = []
    for observation in instances(store, term("Claim")):
        [measure] = values(store, observation, term("measure"))
        assert isinstance(measure, ox.NamedNode)
        comparable = measure.value.rsplit("#", 1)[-1] in VOCABULARY.comparable_measures
        assert len(values(store, observation, measure)) == 1
        points = values(store, observation, term("point"))
        assert len(points) <= comparable
        if comparable and not points:
            alone.append(values(store, observation, term("rowLabel")))
    # “1 家行政单位的行政运行经费”: there may be units that spend nothing on it.
    assert alone == [[ox.Literal("行政单位")]]


def test_every_claim_is_printed_in_a_table_or_the_text_of_the_disclosure(store: ox.Store) -> None:
    disclosure = ox.NamedNode(example().disclosure_iri)
    for observation in instances(store, term("Claim")):
        [of] = values(store, observation, term("printedIn"))
        assert isinstance(of, ox.NamedNode)
        assert values(store, of, term("disclosure")) == [disclosure]


def test_every_fact_prefers_one_of_its_own_claims(store: ox.Store) -> None:
    for point in instances(store, term("Fact")):
        [preferred] = values(store, point, term("claim"))
        assert isinstance(preferred, ox.NamedNode)
        assert values(store, preferred, term("point")) == [point]


def test_sums_and_bounds_are_between_claims_of_the_graph(store: ox.Store) -> None:
    observations = set(instances(store, term("Claim")))
    for name in ("total", "part", "boundedBy"):
        objects = {quad.object for quad in store.quads_for_pattern(None, term(name), None)}
        assert objects
        assert objects <= observations


def test_a_sum_stands_under_its_total(store: ox.Store) -> None:
    for node_ in instances(store, term("Sum")):
        [total] = values(store, node_, term("total"))
        assert isinstance(total, ox.NamedNode)
        assert node_.value.startswith(total.value + "/sum")


def test_one_figure_in_full(store: ox.Store) -> None:
    cell = ox.NamedNode(example().version_iri + "/t05/r4c5")
    expected = {
        "fund": node("code/fund/general-public"),
        "measure": term("amount"),
        "rowCode": ox.Literal("201"),
        "rowLabel": ox.Literal("一般公共服务支出"),
        "columnLabel": ox.Literal("基本支出 人员经费"),
        "printed": ox.Literal("9,778,318.88"),
        "amount": ox.Literal("9778318.88", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
        "textField": ox.Literal("5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    }
    assert {name: values(store, cell, term(name)) for name in expected} == {n: [v] for n, v in expected.items()}
    [fact] = values(store, cell, term("point"))
    assert isinstance(fact, ox.NamedNode)
    shared = {
        "organisation": node("id/org/420107/108"),
        "year": ox.Literal("2024", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")),
        "fund": node("code/fund/total"),
        "fundOnly": node("code/fund/general-public"),
        "function": node("code/function/201"),
        "kind": node("code/kind/personnel"),
        "line": node("code/line/total"),
        "breakdown": ox.Literal("function-kind"),
        "level": node("code/organisation-level/department"),
        "adds": ox.Literal(True),
    }
    assert {name: values(store, fact, term(name)) for name in shared} == {n: [v] for n, v in shared.items()}
    [data_set] = values(store, fact, ox.NamedNode(QB + "dataSet"))
    assert isinstance(data_set, ox.NamedNode)
    assert values(store, data_set, term("currency")) == [ox.NamedNode(CURRENCY)]
    assert values(store, data_set, term("unit")) == [node("code/unit/yuan")]


def test_a_disclosure_is_between_5000_and_25250_triples() -> None:
    assert 5_000 <= len(example().triples) <= 25_250
