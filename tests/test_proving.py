"""Faults put into a small disclosure are noticed and harmless changes are not; the outline that rules of words ask."""

from pathlib import Path

import pyoxigraph as ox
from click.testing import CliRunner
from small_disclosures import tabbed

from converters import Document, convert_document
from converters.readers import read_content
from ontology import DEFAULT_BASE
from ontology.namespaces import EARL
from yusuan.commands.prove import prove
from yusuan.proving.earl import trials_to_triples
from yusuan.proving.trials import count_trials, run_trials


def read_correct(name: str) -> Document:
    path = Path(__file__).parent / "correct" / f"{name}.txt"
    return read_content(path, tabbed(path.read_text(encoding="utf-8")).encode())


def test_faults_are_noticed_at_their_place_and_harmless_changes_are_not() -> None:
    trials = run_trials(read_correct("ministry"), classes=["amount", "row-doubled", "blanks"], trials=1)
    results = {result.fault: result for result in count_trials(trials)}
    assert (results["amount"].trials, results["amount"].noticed, results["amount"].named) == (1, 1, 1)
    assert results["row-doubled"].noticed == 1
    assert (results["blanks"].trials, results["blanks"].noticed) == (1, 0)
    triples = list(trials_to_triples(trials, "0" * 64, DEFAULT_BASE))
    outcomes = [t.object for t in triples if t.predicate.value == EARL + "outcome"]
    assert outcomes == [ox.NamedNode(EARL + "passed")] * 3


def test_an_unknown_class_is_refused_with_the_known_ones() -> None:
    refused = CliRunner().invoke(prove, ["--class", "amounts", str(Path(__file__))])
    assert refused.exit_code == 2
    assert "'amounts' is not one of amount, " in refused.stderr
    assert "blanks" in refused.stderr


def test_the_outline_tells_topics_and_leftovers() -> None:
    text = read_correct("narrative")
    passages = convert_document(text).content.outline.passages
    assert "code/topic/three-public" in {topic for passage in passages for topic in passage.topics}
    assert not any(passage.remnants or passage.repeated for passage in passages)
