"""Rules are evaluated in several threads: the report is the same, and an error reaches the caller."""

import multiprocessing
import os
import threading
from pathlib import Path

import pytest

from ontology.namespaces import DEFAULT_BASE
from ontology.statements import NTriples
from shapes import Report, check, set_engine
from yusuan.api import convert_disclosure
from yusuan.checked_document import rule_vocabulary

pytestmark = pytest.mark.usefixtures("made_anew")


@pytest.fixture(scope="module")
def graph(root: Path) -> NTriples:
    return convert_disclosure(root / "examples" / "made" / "jiaoyu-2022-final.txt").graph


def check_and_tell_threads(graph: NTriples, monkeypatch: pytest.MonkeyPatch) -> tuple[Report, set[int]]:
    """A report of the graph, and the threads in which comparisons were counted."""
    threads: set[int] = set()
    count = set_engine._count

    def counted(*arguments: object) -> object:
        threads.add(threading.get_ident())
        return count(*arguments)  # type: ignore[arg-type] # handed on as they came

    with monkeypatch.context() as patch:
        patch.setattr(set_engine, "_count", counted)
        patch.setattr(set_engine, "_MOST_THREADS", 4)
        return check(graph, vocabulary=rule_vocabulary(DEFAULT_BASE)), threads


def test_threads_find_what_one_thread_finds_in_the_same_order(graph: NTriples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    alone, threads = check_and_tell_threads(graph, monkeypatch)
    assert threads == {threading.get_ident()}
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    together, threads = check_and_tell_threads(graph, monkeypatch)
    assert threading.get_ident() not in threads
    assert together == alone
    assert list(together.checked) == list(alone.checked)
    assert alone.findings


def test_a_process_of_a_pool_keeps_to_its_thread(graph: NTriples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object())
    assert check_and_tell_threads(graph, monkeypatch)[1] == {threading.get_ident()}


def test_an_error_in_a_thread_reaches_the_caller(graph: NTriples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)

    def refuse(*_: object) -> object:
        raise ValueError("a rule needs a SELECT")

    monkeypatch.setattr(set_engine, "_count", refuse)
    monkeypatch.setattr(set_engine, "_MOST_THREADS", 4)
    with pytest.raises(ValueError, match="needs a SELECT"):
        check(graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
