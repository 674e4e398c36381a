"""Half a minute of everything at once; `python -m benchmarks.mixed_load` goes on for ten."""

import pytest

from benchmarks.load_scene import Outcome
from benchmarks.mixed_load import run_load

SECONDS = 30.0
pytestmark = pytest.mark.load


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run_load(SECONDS)


def test_nothing_is_wrong_cut_short_or_refused_against_the_promise(outcome: Outcome) -> None:
    assert outcome.wrong == []


def test_everybody_took_part(outcome: Outcome) -> None:
    assert outcome.counts["honest: 200"] > 20
    assert outcome.counts["much: 200"] > 2
    assert outcome.counts["slow: 200"] > 0
    assert outcome.counts["hung up"] > 10
    assert outcome.counts["runaway: 503"] + outcome.counts["runaway: broke off"] > 2
    assert outcome.published > 5


def test_attacks_keep_no_honest_client_from_being_served(outcome: Outcome) -> None:
    assert outcome.counts["hostile page: 429"] + outcome.counts["hostile page: 503"] > 10
    assert outcome.counts["hostile query: 429"] + outcome.counts["hostile query: 503"] > 10
    assert outcome.counts["upload left"] > 5
    assert outcome.counts["honest: 503"] <= outcome.counts["honest: 200"] / 50
    assert outcome.wait(0.95) < 5  # two seconds on a machine that does nothing else


def test_the_memory_stays_what_it_is(outcome: Outcome) -> None:
    assert outcome.growth() < 0.2
