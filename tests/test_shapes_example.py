"""The shipped disclosure through both engines: what is asked of it, what is found in it."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from converters import convert_file
from ontology import load_vocabulary
from shapes import Report, check, check_with_pyshacl, select_vocabulary

VOCABULARY = select_vocabulary(load_vocabulary().triples)


@pytest.fixture(scope="module")
def triples(root: Path) -> tuple[ox.Triple, ...]:
    return tuple(convert_file(root / "examples" / "qingshan-npc-office-2024-budget.txt").triples)


@pytest.fixture(scope="module")
def report(triples: tuple[ox.Triple, ...]) -> Report:
    return check(triples, vocabulary=VOCABULARY)


def test_pyshacl_finds_and_counts_the_same(triples: tuple[ox.Triple, ...], report: Report) -> None:
    assert check_with_pyshacl(triples, vocabulary=VOCABULARY) == report


def test_the_known_faults_are_found_and_nothing_else(report: Report) -> None:
    found = [(finding.severity, finding.rule) for finding in report.findings]
    assert found == [("violation", "title-header"), ("warning", "column-count"), ("warning", "name-differs")]
    assert not report.conforms


def test_every_law_was_asked(report: Report) -> None:
    for law in ("same", "sum", "bound", "balance"):
        tally = report.checked[law]
        assert tally.passed > 0, law
        assert tally.failed == 0, law
    assert report.checked["sum"].not_applicable == 0
