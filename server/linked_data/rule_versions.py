"""Addresses below `/rules`: versions of the rules, which never change, and single rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from ontology.namespaces import DCT, DEFAULT_BASE, OWL, RDF, SH, VERSION_IRI
from server.errors import NotFoundError
from server.execution.evaluator import Evaluator, Question, read_answer
from server.http.dependencies import EvaluatorOf, PagesOf, SettingsOf
from server.linked_data.resources import (
    N_TRIPLES,
    choose_type,
    describe,
    graph_response,
    split_suffix,
    split_table_suffix,
)
from server.serialization.media_types import HTML
from server.sparql.query_templates import fill_query, nodes
from shapes.rules import RULES, load_rule_triples, load_rules
from shapes.versions import VERSIONS, rules_version

_PARTS = frozenset(map(NamedNode, (SH + "sparql", SH + "property", SH + "prefixes", SH + "declare")))
_OF_THE_ONTOLOGY = frozenset(
    map(NamedNode, (RDF + "type", DCT + "title", DCT + "license", SH + "declare", VERSION_IRI, OWL + "versionInfo"))
)

router = APIRouter(tags=["Linked data"])


@dataclass(frozen=True, slots=True)
class RulesAddress:
    """An address below `/rules`: the key of a version of the rules, and the identifier of a rule, empty for all."""

    version: str
    rule: str


def parse_rules_address(key: str) -> RulesAddress | None:
    """Return what the key of a page names: `rules/v/<version>`, `rules/v/<version>/<rule>` or `rules/<rule>`.

    The last is a rule of the present version. None for other keys, such as those of phrases.

    >>> parse_rules_address("rules/v/0123456789abcdef/same")
    RulesAddress(version='rules/v/0123456789abcdef', rule='same')
    """
    if key.startswith(VERSIONS):
        version, _, rule = key.removeprefix(VERSIONS).partition("/")
        return RulesAddress(VERSIONS + version, rule) if version and "/" not in rule else None
    folder, _, rule = key.partition("/")
    return RulesAddress(rules_version().key, rule) if folder == "rules" and rule in _identifiers() else None


@cache
def _identifiers() -> frozenset[str]:
    """Return the identifiers of the shipped rules."""
    return frozenset(rule.identifier for rule in load_rules())


async def read_rules(evaluator: Evaluator, base: str, version: str) -> tuple[Triple, ...]:
    """Return the triples of a version of the rules, given by its key. Raise NotFoundError."""
    if version == rules_version().key:
        return load_rule_triples(base)
    graph = nodes([base + version])
    if not graph:
        raise NotFoundError(iri=base + version)
    query = Question(query=fill_query("what_were_the_rules", version=graph[0]), base=base, graph=N_TRIPLES)
    body = await read_answer(await evaluator.evaluate(query))
    if not body:
        raise NotFoundError(iri=base + version)
    return tuple(quad.triple for quad in parse(body, RdfFormat.N_TRIPLES))


def triples_of_rule(triples: Iterable[Triple], identifier: str, base: str = DEFAULT_BASE) -> tuple[Triple, ...]:
    """Return the part of a shapes graph that makes up one rule, with the prefixes of its queries; none if unknown."""
    rule = NamedNode(RULES.replace(DEFAULT_BASE, base) + identifier)
    ontology = NamedNode(base + "rules")
    known = tuple(triples)
    wanted, found = {rule}, set[NamedNode]()
    while wanted:
        found |= wanted
        wanted = {each for triple in known if triple.subject in wanted for each in _parts_of(triple)} - found
    own = tuple(triple for triple in known if triple.subject == rule)
    return tuple(
        triple
        for triple in known
        if own and triple.subject in found and (triple.subject != ontology or triple.predicate in _OF_THE_ONTOLOGY)
    )


def _parts_of(triple: Triple) -> Iterator[NamedNode]:
    if triple.predicate in _PARTS and isinstance(triple.object, NamedNode):
        yield triple.object


@router.get("/rules/{path:path}")
@router.head("/rules/{path:path}")
async def part_of_rules(
    request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf
) -> Response:
    """A rule, a version of the rules or a rule of a version, as SHACL; the phrases used in findings, all or one."""
    stem, table = split_table_suffix(path) if pages else (path, "")
    key, suffix = split_suffix(f"rules/{stem}")
    address = parse_rules_address(key)
    if address is None:
        return await describe(request, f"rules/{path}", settings, evaluator, pages)
    if pages and table:
        return await pages.table(request, settings.base + key, table)
    media_type = choose_type(request, pages, suffix)
    if pages and media_type == HTML:
        return await pages.resource(request, settings.base + key)
    triples = await read_rules(evaluator, settings.base, address.version)
    if address.rule:
        triples = triples_of_rule(triples, address.rule, settings.base)
    if not triples:
        raise NotFoundError(iri=settings.base + key)
    return graph_response(request, triples, media_type, settings.base)
