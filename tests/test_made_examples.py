"""The offices that were made up for `make demo`: marked as such, and read as real ones are."""

from pathlib import Path

from small_disclosures import example, issues

from converters import convert_file
from converters.rdf.publications import Publication, Publications
from ontology import DEFAULT_BASE
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


def test_made_up_disclosures_are_marked_in_the_catalogue() -> None:
    conversion = example()
    made = conversion.catalogue(publications=Publications(of_all=Publication(made=True)))
    marked = [triple for triple in made if triple.predicate.value == f"{DEFAULT_BASE}def#made"]
    assert [str(triple.subject) for triple in marked] == [f"<{conversion.disclosure_iri}>"]
    assert not [t for t in conversion.catalogue() if t.predicate.value == f"{DEFAULT_BASE}def#made"]


def test_a_made_budget_is_complete(root: Path) -> None:
    checked = check_disclosure(root / "examples" / "made" / "weisheng-2024-budget.txt")
    assert [(f.rule, f.message["en"]) for f in checked.report.findings if f.severity != "information"] == []
