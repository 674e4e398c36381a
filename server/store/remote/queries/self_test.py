"""What a SPARQL service cannot do, found out by questions about a few triples whose answers are known."""

import re
import uuid
from dataclasses import dataclass

from pyoxigraph import RdfFormat, parse, serialize

from ontology.namespaces import XSD
from server.errors import AnswerCutError, UnanswerableQueryError
from server.store.remote.connection import ServiceConnection
from server.store.remote.names import STORE
from server.store.remote.queries.workarounds import DIVISION, PATHS

GRAPH = f"{STORE}:self-test"
CHAIN, LARGE = f"{GRAPH}:chain", f"{GRAPH}:many"
MANY = 12_000
"""Rows of the large answer; Virtuoso gives 10,000 unless it is told otherwise."""
PREFIXES = f"PREFIX : <{GRAPH}:> PREFIX xsd: <{XSD}> "
_TRIPLES = (
    *(":first :worth 0.1", ":second :worth 0.2", ":large :worth 123456789012.34"),
    *(":first :counts true", ":second :counts false", ":large :counts true"),
    *(':large :year "2024"^^xsd:gYear', ':large :label "预算公开"@zh , "budget"@en'),
)
_STEPS = "a :next b . b :next c . c :next d . e :next b . f :at a ; :size 1 . g :at e ; :size 2 . h :at b ; :size 3"
"""Things below the end of a chain. Whether a wrong join shows depends on the plan and on the order of the names."""
KNOWN_FOR_PATHS = "Virtuoso"
"""A server that joins paths wrongly if its plan is one of several: that all is well now says nothing about later."""
_BELOW_THE_END = "3"


@dataclass(frozen=True)
class Check:
    """A question with the rows that answer it; a service that gives others has the flaw."""

    flaw: str
    select: str
    rows: tuple[str, ...]


CHECKS = (
    Check("decimals", "(SUM(?w) AS ?v) { ?x :worth ?w }", ("123456789012.64",)),
    Check("booleans", "(COUNT(?x) AS ?v) { ?x :counts true ; :worth ?w }", ("2",)),
    Check("computed-booleans", "(?w > 1.0 AS ?v) { :first :worth ?w }", ("false",)),
    Check(DIVISION, "(STR(10 / 4) AS ?v) {}", ("2.5",)),
    Check("division-by-zero", '(COALESCE(1 / 0, "none") AS ?v) {}', ("none",)),
    Check("chinese", '?v { ?v :label ?l FILTER(CONTAINS(?l, "算公")) }', (f"{GRAPH}:large",)),
    Check("empty-text", '?v { ?v :label ?l FILTER(CONTAINS(?l, "") && LANG(?l) = "en") }', (f"{GRAPH}:large",)),
    Check("language-tags", '(STR(?l) AS ?v) { :large :label ?l FILTER(LANG(?l) = "en") }', ("budget",)),
    Check("years", '?v { ?v :year "2024"^^xsd:gYear }', (f"{GRAPH}:large",)),
)


def write_test_data(connection: ServiceConnection) -> None:
    """Write the triples that the checks ask for, and enough for a large answer."""
    token = uuid.uuid4().hex
    steps = re.sub(r"\b([a-h])\b", rf"<{CHAIN}:{token}:\1>", _STEPS) + f" . <{CHAIN}> :end <{CHAIN}:{token}:d>"
    rows = (f':many :row "{number}"' for number in range(MANY))
    for graph, turtle in ((GRAPH, " . ".join(_TRIPLES)), (CHAIN, steps), (LARGE, " . ".join(rows))):
        quads = parse(f"{PREFIXES}{turtle} .", RdfFormat.TURTLE)
        connection.update(f"DROP SILENT GRAPH <{graph}>")
        connection.extend_graph(graph, serialize((q.triple for q in quads), format=RdfFormat.N_TRIPLES) or b"")


def find_flaws(connection: ServiceConnection) -> list[str]:
    """Return what the service cannot do; nothing is known, and nothing returned, before `write_test_data`."""
    ends = [row["v"].value for row in connection.select(_query("?v { ?x :end ?v }", CHAIN))]
    if not ends:
        return []
    flaws = [check.flaw for check in CHECKS if not _is_answered(connection, check.select, GRAPH, check.rows)]
    below = f"(COUNT(?x) AS ?v) {{ ?x :at ?y ; :size ?w . ?y :next+ <{ends[0]}> }}"
    if KNOWN_FOR_PATHS in connection.server or not _is_answered(connection, below, CHAIN, (_BELOW_THE_END,)):
        flaws.append(PATHS)
    every = "?v { ?x :row ?v } ORDER BY ?v"
    if not _is_answered(connection, every, LARGE, tuple(sorted(map(str, range(MANY))))):
        flaws.append("large-answers")
    return flaws


def _query(select: str, graph: str) -> str:
    """Return a SELECT with its pattern put in a graph."""
    selected, _, pattern = select.partition("{")
    pattern, _, behind = pattern.rpartition("}")
    return f"{PREFIXES}SELECT {selected}{{ GRAPH <{graph}> {{{pattern}}} }}{behind}"


def _is_answered(connection: ServiceConnection, select: str, graph: str, rows: tuple[str, ...]) -> bool:
    try:
        return tuple(row["v"].value for row in connection.select(_query(select, graph))) == rows
    except (AnswerCutError, SyntaxError, UnanswerableQueryError):
        return False
