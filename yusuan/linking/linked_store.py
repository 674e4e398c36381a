"""Suggested links of all notices of a store, written into a graph of their own."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from converters.model.iris import SUGGESTIONS_GRAPH, mint_contradiction, mint_suggestion
from ontology import load_vocabulary
from ontology.namespaces import RDF, XSD
from ontology.procurement.link_words import load_link_words
from server.store.durable_files import write_durably
from server.store.generation_store import open_store
from yusuan.linking.contradictions import PrintedTie, contradicted_ties, notices_of
from yusuan.linking.model import LinkModel
from yusuan.linking.published import read_lines, read_notices, read_offices
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices, Suggestion
from yusuan.linking.suggesting import Linkage
from yusuan.stores.local_source import LocalSource

CHUNK = 10_000
"""Notices that are compared at a time, which bounds memory."""
MOST_STATED = 0.99
"""The highest probability that is stated: a conjecture is never certain."""
FOLDER = "linking"
"""The folder of a store in which the results of an unfinished run are kept."""


@dataclass(frozen=True, slots=True)
class LinkedStore:
    """The outcome of linking: how much was compared, and what is suggested."""

    generation: str
    lines: int
    notices: int
    established: int
    contradicted: int
    suggestions: int
    recommended: int


def link_store(
    store: Path,
    base: str,
    model: LinkModel,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    chunk: int = CHUNK,
) -> LinkedStore:
    """Compare the notices of a store with its budget lines and replace the graph of suggested links.

    Notices that have an established link are left out, unless their buyer contradicts it: then the contradiction is
    written into the same graph, and the notice is compared as others are. `progress` is called with the number of
    notices done and of all.
    An interrupted run continues where it stopped, as long as lines, notices and settings are the same; a run over the
    same data changes nothing. Raise ServiceError if nothing is published or the store cannot be written.
    """
    source = LocalSource(store, base)
    lines, offices = read_lines(source), read_offices(source)
    vocabulary, words = load_vocabulary(), load_link_words()
    notices, ties = read_notices(source)
    contradicted = contradicted_ties(ties, offices, vocabulary, words)
    wrong = frozenset(contradicted)
    sound = notices_of([tie for tie in ties if tie not in wrong])
    loose = {tie.notice.key: tie.notice for tie in contradicted if tie.notice.key not in sound}
    notices = sorted([*notices, *loose.values()], key=lambda notice: notice.key)
    generations = open_store(store, base)
    unfinished = generations.path / FOLDER
    found: list[Suggestion] = []
    if lines:
        identity = _identity(lines, offices, model)
        linkage = Linkage(lines, offices, vocabulary, model, words)
        progress(0, len(notices))
        for start in range(0, len(notices), chunk):
            found.extend(_chunk_suggestions(linkage, notices[start : start + chunk], identity, unfinished))
            progress(min(start + chunk, len(notices)), len(notices))
    triples = chain(suggestions_to_triples(found, base, model), contradictions_to_triples(contradicted, base))
    written = generations.replace_graph(base + SUGGESTIONS_GRAPH, triples)
    shutil.rmtree(unfinished, ignore_errors=True)
    return LinkedStore(
        generation=written.name,
        lines=len(lines),
        notices=len(notices) + len(sound),
        established=len(sound),
        contradicted=len(loose),
        suggestions=len(found),
        recommended=sum(suggestion.probability >= model.threshold for suggestion in found),
    )


def suggestions_to_triples(suggestions: Sequence[Suggestion], base: str, model: LinkModel) -> Iterator[ox.Triple]:
    """Yield what suggestions say: notice, line, evidence, whether they are recommended, the probability if stated."""

    def term(name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{base}def#{name}")

    for each in suggestions:
        node = ox.NamedNode(base + mint_suggestion(each.notice.removeprefix(base), each.line.removeprefix(base)))
        yield ox.Triple(node, ox.NamedNode(RDF + "type"), term("LinkSuggestion"))
        yield ox.Triple(node, term("suggestedNotice"), ox.NamedNode(each.notice))
        yield ox.Triple(node, term("suggestedLine"), ox.NamedNode(each.line))
        yield ox.Triple(node, term("recommended"), _typed(str(each.probability >= model.threshold).lower(), "boolean"))
        if each.probability >= model.stated:
            told = min(each.probability, MOST_STATED)
            yield ox.Triple(node, term("linkProbability"), _typed(f"{told:.3f}", "decimal"))
        for evidence in each.evidence:
            yield ox.Triple(node, term("linkEvidence"), ox.NamedNode(f"{base}code/link-evidence/{evidence}"))


def contradictions_to_triples(ties: Iterable[PrintedTie], base: str) -> Iterator[ox.Triple]:
    """Yield what contradicted ties say: the notice, and the project whose code it prints."""
    for tie in ties:
        node = ox.NamedNode(
            base + mint_contradiction(tie.notice.key.removeprefix(base), tie.project.removeprefix(base))
        )
        yield ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(f"{base}def#LinkContradiction"))
        yield ox.Triple(node, ox.NamedNode(f"{base}def#contradictingNotice"), ox.NamedNode(tie.notice.key))
        yield ox.Triple(node, ox.NamedNode(f"{base}def#contradictedProject"), ox.NamedNode(tie.project))


def _chunk_suggestions(
    linkage: Linkage, notices: Sequence[NoticeRecord], identity: str, unfinished: Path
) -> list[Suggestion]:
    """Return the suggestions of some notices, kept from an interrupted run or computed and kept."""
    name = hashlib.sha256((identity + "".join(str(astuple(notice)) for notice in notices)).encode()).hexdigest()
    path = unfinished / f"{name}.json"
    if path.is_file():
        kept = json.loads(path.read_text(encoding="utf-8"))
        return [Suggestion(notice, line, probability, tuple(of)) for notice, line, probability, of in kept]
    found = linkage.suggest(notices)
    unfinished.mkdir(exist_ok=True)
    write_durably(path, json.dumps([astuple(each) for each in found]).encode())
    return found


def _identity(lines: Sequence[BudgetLine], offices: Offices, model: LinkModel) -> str:
    """Return a digest of all that suggestions depend on beside the notices."""
    told = "\n".join((*(str(astuple(line)) for line in lines), str(offices), model.to_json()))
    return hashlib.sha256(told.encode()).hexdigest()


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))
