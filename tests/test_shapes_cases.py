"""Every rule on its cases: `shape-cases/RULE/{valid,invalid}.REASON.ttl`, through both engines.

A case is checked by the rules of its family. By all rules, of which no other may find anything, the first broken case
of each family is checked, and every case with the `exhaustive` set. pySHACL is asked, about the rules of the family,
for the first broken case of every eighth family; for the others, and about all rules, with the `exhaustive` set.
"""

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from shape_graphs import CASE_VOCABULARY, CASES, FAMILIES, VERSION, examples_to_turtle, report_of_case

from ontology.namespaces import DEF, SH
from shapes import Report, check, check_with_pyshacl, load_rules, report_to_triples

FILES = sorted(CASES.glob("*/*.ttl"))
INVALID = [path for path in FILES if path.name.startswith("invalid.")]

# Rules that reckon, and what they reckon with.
REASONING = ("product", "change-rate", "change-share", "change-shares", "hint-wage-base", "procurement-category")
MEASURED = {DEF + name for name in ("amount", "quantity", "unitPrice", "change", "changeRate", "share", "precision")}


def read_case(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=path)]


def named(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


EXHAUSTIVE = pytest.mark.exhaustive


def family(path: Path) -> set[str]:
    """The family of the rule of a case."""
    return {FAMILIES[path.parent.name]}


def case_of_every_family(paths: list[Path], step: int = 1) -> list[Any]:
    """The paths as parameters; all but the first broken case of every family (every `step`-th) are exhaustive."""
    first: dict[str, Path] = {}
    for path in paths:
        if path.name.startswith("invalid."):
            first.setdefault(FAMILIES[path.parent.name], path)
    sample = list(first.values())[::step]
    return [pytest.param(path, id=named(path), marks=() if path in sample else EXHAUSTIVE) for path in paths]


def assert_finds_what_it_names(path: Path, report: Report) -> None:
    """A report finds in a case what its name says."""
    rule = path.parent.name
    breaks = path.name.startswith("invalid.")
    assert {finding.rule for finding in report.findings} == ({rule} if breaks else set())
    assert report.checked[rule].failed == breaks
    assert report.conforms == all(finding.severity != "violation" for finding in report.findings)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_case_breaks_the_rule_it_names_and_no_other_of_its_family(path: Path) -> None:
    assert_finds_what_it_names(path, report_of_case(path))


@pytest.mark.parametrize("path", case_of_every_family(FILES))
def test_a_case_breaks_no_rule_of_another_family(path: Path) -> None:
    assert_finds_what_it_names(path, check(read_case(path), vocabulary=CASE_VOCABULARY))


@pytest.mark.parametrize("path", case_of_every_family(FILES, 8))
def test_both_engines_say_the_same_of_a_case_by_its_family(path: Path) -> None:
    found = check_with_pyshacl(read_case(path), vocabulary=CASE_VOCABULARY, families=family(path))
    assert found == report_of_case(path)


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", INVALID, ids=named)
def test_both_engines_say_the_same_of_a_broken_case_by_all_rules(path: Path) -> None:
    triples = read_case(path)
    assert check_with_pyshacl(triples, vocabulary=CASE_VOCABULARY) == check(triples, vocabulary=CASE_VOCABULARY)


WORDY = [path for path in INVALID if path.parent.name in REASONING]


@pytest.mark.parametrize("path", case_of_every_family(WORDY, 4))
def test_figures_that_are_no_numbers_break_no_engine(path: Path) -> None:
    word = ox.Literal("some")
    triples = [ox.Triple(t.subject, t.predicate, word) if t.predicate.value in MEASURED else t for t in read_case(path)]
    report = check(triples, vocabulary=CASE_VOCABULARY, families=family(path))
    assert report.checked[path.parent.name].failed == 0
    assert check_with_pyshacl(triples, vocabulary=CASE_VOCABULARY, families=family(path)) == report


def test_no_rule_lacks_a_passing_or_a_failing_case() -> None:
    rules = {rule.identifier for rule in load_rules()}
    for outcome in ("valid", "invalid"):
        assert {path.parent.name for path in FILES if path.name.startswith(f"{outcome}.")} == rules


def test_a_case_begins_by_saying_what_it_shows() -> None:
    assert [path for path in FILES if not path.read_text(encoding="utf-8").startswith("# ")] == []


def test_the_examples_of_the_register_are_what_findings_say() -> None:
    written = (Path(__file__).parents[1] / "shapes" / "written-examples.ttl").read_text(encoding="utf-8")
    assert written == examples_to_turtle(), "run: python scripts/write_examples.py"


def test_messages_say_what_to_correct_and_where() -> None:
    """`shape-cases/messages.txt` is there to be read aloud: case, message in Chinese, message in English."""
    blocks = [
        "\n".join([f"{path.parent.name}/{path.stem}", *(f"{finding.message[language]}" for language in ("zh", "en"))])
        for path in sorted(INVALID, key=lambda path: f"{path.parent.name}/{path.stem}")
        for finding in report_of_case(path).findings
    ]
    assert (CASES / "messages.txt").read_text(encoding="utf-8") == "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_a_report_in_rdf_has_names_for_everything_and_says_it_in_both_languages(path: Path) -> None:
    report = report_of_case(path)
    triples = list(report_to_triples(report, VERSION))
    assert not [t for t in triples if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)]
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    for finding in report.findings:
        node = ox.NamedNode(f"{VERSION}/findings/{finding.id}")
        said: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {}
        for quad in store.quads_for_pattern(node, None, None):
            said.setdefault(quad.predicate.value, []).append(quad.object)
        for name in ("focusNode", "resultSeverity", "sourceShape", "sourceConstraintComponent"):
            assert len(said[SH + name]) == 1
        words = {m.language: m.value for m in said[SH + "resultMessage"] if isinstance(m, ox.Literal)}
        assert words == finding.message
