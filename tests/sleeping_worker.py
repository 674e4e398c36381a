"""A worker that sleeps where a query says so, so that tests of fairness and deadlines do not compute for nothing.

The comment `#sleep SECONDS` in a query delays its evaluation. The pool cannot tell this from a query that computes:
both occupy a process that has to be killed, suspended or awaited.
"""

import re
import time

from server.execution import engine, worker_main
from server.execution.evaluator import Question
from server.store.published_store import PublishedStore, QueryResult

SLEEP = re.compile(r"#sleep ([0-9.]+)")
RUNAWAY = "ASK {} #sleep 600"
evaluate = engine.evaluate


def asks_to_sleep(store: PublishedStore, question: Question) -> QueryResult:
    """Sleep as long as the query says, then evaluate it."""
    found = SLEEP.search(question.query)
    if found is not None:
        time.sleep(float(found[1]))
    return evaluate(store, question)


def run(store: str, memory: int, seconds: float) -> None:
    """The task of the process: that of a worker."""
    engine.evaluate = asks_to_sleep
    worker_main.run(store, memory, seconds)
