"""Trials as EARL: an assertion for each, with its outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from converters.model.iris import mint_file, mint_trial
from ontology.namespaces import DCT, EARL, RDF
from yusuan.proving.trials import Trial

_A = ox.NamedNode(RDF + "type")
_ASSERTOR = "https://w3id.org/yusuan/rules"


def trials_to_triples(trials: Sequence[Trial], sha256: str, base: str) -> Iterator[ox.Triple]:
    """Yield an `earl:Assertion` for each trial of a file: passed if a fault is noticed, a harmless change not."""
    file = ox.NamedNode(base + mint_file(sha256))
    yield ox.Triple(file, _A, ox.NamedNode(EARL + "TestSubject"))
    for number, trial in enumerate(trials, start=1):
        assertion = ox.NamedNode(base + mint_trial(sha256, number))
        result, criterion = (ox.NamedNode(f"{assertion.value}/{name}") for name in ("result", "criterion"))
        outcome = "passed" if trial.passed else "failed"
        for subject, predicate, value in (
            (assertion, _A, ox.NamedNode(EARL + "Assertion")),
            (assertion, _earl("assertedBy"), ox.NamedNode(_ASSERTOR)),
            (assertion, _earl("mode"), _earl("automatic")),
            (assertion, _earl("subject"), file),
            (assertion, _earl("test"), criterion),
            (assertion, _earl("result"), result),
            (criterion, _A, _earl("TestCase")),
            (criterion, ox.NamedNode(DCT + "identifier"), ox.Literal(trial.fault)),
            (criterion, ox.NamedNode(DCT + "description"), ox.Literal(trial.detail)),
            (result, _A, _earl("TestResult")),
            (result, _earl("outcome"), _earl(outcome)),
            (result, _earl("info"), ox.Literal(" ".join(trial.rules))),
        ):
            yield ox.Triple(subject, predicate, value)


def _earl(name: str) -> ox.NamedNode:
    return ox.NamedNode(EARL + name)
