"""Stores of releases before facts are converted with their history, and old addresses lead to the new ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from small_disclosures import convert, example, expenditure
from small_former import A, former_triples, former_version, term, unlevelled_triples
from small_service import running_service
from small_store import RULES, VOCABULARY, publish_small

from converters import Conversion
from converters.model.iris import Iris
from converters.rdf.former_model import FormerModelError, to_facts
from ontology import DEFAULT_BASE
from server.errors import StoreModelError
from server.settings import Settings
from server.store.generation_store import GenerationStore, VersionGraphs, is_of_former_model
from server.store.maintenance.upgrade import FormerVersion, upgrade_store
from server.store.maintenance.verification import verify_store
from yusuan.commands.main import main
from yusuan.stores.upgrading import convert_version

ROWS = "201 | 一般公共服务支出 | 9.00 | 5.00 | 4.00\n | 合计 | {} | 5.00 | 4.00"
NOTE = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("of another writer"))


def budget(total: str, title: str = "2024年部门预算公开") -> Conversion:
    return convert(f"武汉市青山区园林局{title}\n", expenditure(ROWS.format(total)))


def round_trip(conversion: Conversion) -> set[ox.Triple]:
    iris: Iris = conversion.iris
    former, catalogue = tuple(former_triples(conversion)), tuple(conversion.catalogue())
    level, disclosure = conversion.content.level, conversion.content.disclosure
    converted = to_facts(former, catalogue, iris, conversion.vocabulary, level, disclosure)
    keys = {iris.full(key): iris.full(new) for key, new in converted.moved.items()}
    return {moved(triple, keys) for triple in converted.triples}


def moved(triple: ox.Triple, keys: Mapping[str, str]) -> ox.Triple:
    """The triple with other keys."""
    subject, object = (
        ox.NamedNode(keys.get(t.value, t.value)) if isinstance(t, ox.NamedNode) else t
        for t in (triple.subject, triple.object)
    )
    return ox.Triple(subject, triple.predicate, object)  # type: ignore[arg-type]  # a subject stays one


def test_facts_are_found_in_the_claims_of_a_graph_as_in_the_document() -> None:
    conversion = budget("9.00")
    assert round_trip(conversion) == set(conversion.triples)


@pytest.mark.exhaustive
def test_facts_are_found_in_the_claims_of_the_example() -> None:
    assert round_trip(example()) == set(example().triples)


def test_facts_without_levels_are_given_them_as_in_a_new_conversion() -> None:
    for conversion in (budget("9.00"), budget("7.00", "2024年单位预算公开")):
        former = FormerVersion(
            conversion.disclosure_iri, conversion.version_iri, tuple(unlevelled_triples(conversion)), ()
        )
        converted = convert_version(former, DEFAULT_BASE)
        assert converted.disclosure == conversion.disclosure_iri
        assert {moved(triple, converted.renamed) for triple in converted.triples} == set(conversion.triples)


def test_a_store_of_facts_without_levels_says_that_it_needs_conversion() -> None:
    conversion = budget("9.00")
    store = ox.Store()
    for triples, former in ((unlevelled_triples(conversion), True), (conversion.triples, False)):
        store.clear()
        store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        assert is_of_former_model(store, DEFAULT_BASE) == former
    stray = ox.Quad(ox.NamedNode("urn:fact"), A, term("Fact"))  # of another writer
    store.add(stray)
    assert not is_of_former_model(store, DEFAULT_BASE)


def test_a_graph_that_no_release_wrote_is_refused() -> None:
    conversion = budget("9.00")
    triples = [t for t in former_triples(conversion) if t.predicate != term("precision")]
    with pytest.raises(FormerModelError, match="precision"):
        to_facts(triples, (), conversion.iris, conversion.vocabulary, "department", conversion.content.disclosure)


@pytest.fixture(scope="module")
def versions() -> list[VersionGraphs]:
    """Two versions of a department's budget, and the budget of its unit, which superseded them."""
    unit = budget("7.00", "2024年单位预算公开")
    assert unit.disclosure_iri.endswith("/unit")
    made = (budget("8.00"), budget("9.00"), unit)
    return [former_version(c, datetime(2026, 1, day, tzinfo=UTC)) for day, c in enumerate(made, start=1)]


@pytest.fixture(scope="module")
def upgraded(
    versions: list[VersionGraphs], tmp_path_factory: pytest.TempPathFactory
) -> tuple[GenerationStore, dict[str, str]]:
    """A store of the former model, converted, and the new address of each version."""
    store = GenerationStore(tmp_path_factory.mktemp("former") / "store")
    store.publish(versions, VOCABULARY, RULES)

    def note(opened: ox.Store, _: Path) -> bool:
        for graph in (ox.DefaultGraph(), ox.NamedNode("urn:graph")):
            opened.add(ox.Quad(NOTE.subject, NOTE.predicate, NOTE.object, graph))
        return True

    store.write(note)
    with pytest.raises(StoreModelError, match="yusuan upgrade --store"):
        store.publish(versions, VOCABULARY, RULES)
    return store, upgrade_store(store, partial(convert_version, base=DEFAULT_BASE), VOCABULARY, RULES)


def test_all_versions_are_converted_and_the_store_is_intact(
    upgraded: tuple[GenerationStore, dict[str, str]], versions: list[VersionGraphs]
) -> None:
    store, moved = upgraded
    assert moved.keys() == {version.version for version in versions}
    [noted] = verify_store(store).problems
    assert (noted.key, noted.values) == ("verify-default", {"missing": 0, "surplus": 1})  # what another writer added
    store.require_model()
    assert upgrade_store(store, partial(convert_version, base=DEFAULT_BASE), VOCABULARY, RULES) == {}
    with store.open() as opened:
        for version in moved.values():
            graph = ox.NamedNode(version)
            assert next(opened.quads_for_pattern(None, A, term("Fact"), graph), None)
            assert not list(opened.quads_for_pattern(None, A, term("Point"), graph))


def test_department_and_unit_no_longer_supersede_each_other(
    upgraded: tuple[GenerationStore, dict[str, str]], versions: list[VersionGraphs]
) -> None:
    store, moved = upgraded
    first, second, unit = (moved[version.version] for version in versions)
    assert unit.startswith(f"{versions[0].disclosure}/unit/v/")
    with store.open() as opened:
        current = {q.subject for q in opened.quads_for_pattern(None, A, term("DisclosureVersion"), ox.DefaultGraph())}
    assert current == {ox.NamedNode(second), ox.NamedNode(unit)}
    assert first.startswith(f"{versions[0].disclosure}/v/")


def test_what_others_wrote_is_kept(upgraded: tuple[GenerationStore, dict[str, str]]) -> None:
    with upgraded[0].open() as opened:
        assert {q.graph_name for q in opened.quads_for_pattern(NOTE.subject, None, None, None)} == {
            ox.DefaultGraph(),
            ox.NamedNode("urn:graph"),
        }


def test_old_addresses_lead_to_the_new_ones(
    upgraded: tuple[GenerationStore, dict[str, str]], versions: list[VersionGraphs]
) -> None:
    store, moved = upgraded
    with running_service(Settings(store.path, workers=1)) as address, httpx2.Client(base_url=address) as client:
        for version in versions:
            old, new = (iri.removeprefix(f"{DEFAULT_BASE}id/") for iri in (version.version, moved[version.version]))
            for part in ("", "/t03/r2c3"):
                answer = client.get(f"/doc/{old}{part}?format=turtle", follow_redirects=False)
                assert (answer.status_code, answer.headers["location"].endswith(f"/doc/{new}{part}?format=turtle")) == (
                    303,
                    True,
                )
                assert client.get(answer.headers["location"]).status_code == 200
        assert client.get("/doc/disclosure/420107/2024/budget/none/v/0000000000000000").status_code == 404


def test_a_store_that_needs_it_says_so(versions: list[VersionGraphs], tmp_path: Path) -> None:
    GenerationStore(tmp_path / "store").publish(versions[:1], VOCABULARY, RULES)
    refused = CliRunner().invoke(main, ["serve", "--store", str(tmp_path / "store"), "--port", "0", "--lang", "en"])
    assert refused.exit_code != 0
    assert f"yusuan upgrade --store {tmp_path / 'store'}" in refused.output


def test_a_store_of_today_needs_no_conversion(tmp_path: Path) -> None:
    store = publish_small(tmp_path / "store")
    told = CliRunner().invoke(main, ["upgrade", "--store", str(store.path), "--lang", "en"])
    assert (told.exit_code, "needs no conversion" in told.output) == (0, True), told.output
