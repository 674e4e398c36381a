"""The offices that were made up for `make demo`: marked as such, and read as real ones are."""

from pathlib import Path

import pytest
from small_disclosures import example, issues

from converters import Conversion, convert_file
from converters.rdf.publications import Publication, Publications
from ontology import DEFAULT_BASE
from shapes import check, content_families, load_families, load_rules
from yusuan.api import check_disclosure


def made_files(root: Path) -> list[Path]:
    return sorted((root / "examples" / "made").glob("*.txt"))


def test_each_file_says_that_it_is_made_up(root: Path) -> None:
    files = made_files(root)
    assert len(files) == 15
    for file in files:
        title, _, note = file.read_text(encoding="utf-8").splitlines()[:3]
        assert title.startswith("虚构区")
        assert "虚构材料" in title
        assert "编造" in note


def test_the_budget_and_the_final_account_are_those_of_one_office(root: Path) -> None:
    folder = root / "examples" / "made"
    conversions = [convert_file(folder / f"jiaoyu-2023-{phase}.txt") for phase in ("budget", "final")]
    assert len({conversion.content.organisation for conversion in conversions}) == 1
    for conversion in conversions:
        money = [f for f in conversion.facts if f.coordinates["measure"] == "def#amount"]
        own = [f for f in money if f.own and not f.quoted and f.coordinates["flow"] == "code/flow/expenditure"]
        [total] = [fact for fact in own if fact.breakdown_name == "total" and fact.basis == "year"]
        classes = [fact for fact in own if fact.breakdown_name == "function" and fact.depths["function"] == 1]
        assert sum(fact.amount for fact in classes) == total.amount
        assert issues(conversion, "unplaced-figures") == []


def structure_families() -> set[str]:
    return set(load_families()) - content_families()


def assert_has_its_structure(conversion: Conversion) -> None:
    report = check(conversion.graph, families=structure_families())
    assert [finding.message["en"] for finding in report.findings] == []
    compared = {rule: tally.passed for rule, tally in report.checked.items()}
    assert compared
    assert all(compared.values()), compared


def test_the_graph_of_the_example_has_its_structure() -> None:
    assert structure_families() == {"structure"}
    assert_has_its_structure(example())


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.name, marks=() if path.name.startswith("tushuguan-2023") else pytest.mark.exhaustive)
        for path in made_files(Path(__file__).parents[1])
    ],
)
def test_the_graph_of_a_made_disclosure_has_its_structure(root: Path, name: str) -> None:
    assert_has_its_structure(convert_file(root / "examples" / "made" / name))


def test_the_check_of_a_disclosure_leaves_the_structure_of_its_graph_to_the_tests(root: Path) -> None:
    checked = check_disclosure(root / "examples" / "made" / "tushuguan-2023-budget.txt")
    rules = {rule.identifier for rule in load_rules() if rule.family != "structure"}
    assert set(checked.report.checked) == rules


def test_made_up_disclosures_are_marked_in_the_catalogue() -> None:
    conversion = example()
    made = conversion.catalogue(publications=Publications(of_all=Publication(made=True)))
    marked = [triple for triple in made if triple.predicate.value == f"{DEFAULT_BASE}def#made"]
    assert [str(triple.subject) for triple in marked] == [f"<{conversion.disclosure_iri}>"]
    assert not [t for t in conversion.catalogue() if t.predicate.value == f"{DEFAULT_BASE}def#made"]


def test_a_made_budget_is_complete(root: Path) -> None:
    checked = check_disclosure(root / "examples" / "made" / "weisheng-2024-budget.txt")
    assert [(f.rule, f.message["en"]) for f in checked.report.findings if f.severity != "information"] == []
