"""The whole vocabulary is read in under a second, and the long lists only when they are asked for."""

import subprocess
import sys

MEASURE = """
import time
start = time.process_time()
from ontology import load_vocabulary
from ontology.register import load_register
vocabulary = load_vocabulary()
for scheme in ("code/division", "code/economic", "code/function", "code/procurement-item"):
    vocabulary.lists.whole(scheme).by_notation
register = load_register()
assert len(vocabulary.triples) > 80_000 and register.organisations
print(time.process_time() - start)
"""
LAZY = """
from ontology import load_vocabulary, shipped
load_vocabulary().words
print(shipped.read_far_list.cache_info().currsize + shipped.far_triples.cache_info().currsize)
"""


def printed(program: str) -> float:
    """What a fresh interpreter prints."""
    return float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)


def test_all_lists_look_ups_and_the_register_are_read_in_under_a_second_of_computing() -> None:
    assert any(printed(MEASURE) < 1 for _ in range(3))  # a machine may be busy for a moment


def test_the_long_lists_are_left_alone_until_somebody_asks() -> None:
    assert printed(LAZY) == 0
