"""The pages of the vocabulary: terms, code lists, rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from fastapi import Response

from ontology.namespaces import OWL, SKOS
from server.errors import NotFoundError
from server.linked_data.rule_versions import RulesAddress, read_rules
from server.pages.data.resource import in_language, values_of
from server.pages.page_context import PageContext, QueryRow
from shapes.rules import Rule, load_families, load_rules, triples_to_families, triples_to_rules
from shapes.versions import rules_version

MOST_CONCEPTS = 700


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept in the tree of its code list, with its depth."""

    iri: str
    depth: int


@dataclass(frozen=True, slots=True)
class WaivedFinding:
    """A finding that was accepted: the IRI of its version, its identifier there, and the reason."""

    version: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A class or property in the list of terms."""

    iri: str
    label: str
    definition: str
    group: str
    code_list: str | None
    range: str | None


async def terms_page(context: PageContext) -> Response:
    """Return the page of all classes, properties and code lists."""
    rows = await context.select("which_terms_are_there")
    entries: dict[str, TermEntry] = {}
    order: dict[str, tuple[int, str]] = {}
    for row in rows:
        if row["term"] in entries and row.get("language") != context.language:
            continue
        group = row["group"]
        entries[row["term"]] = TermEntry(
            row["term"], row["label"], row.get("definition", ""), group, row.get("codeList"), row.get("range")
        )
        order[row["term"]] = int(row.get("order", 0)), row["term"]
    groups: dict[str, list[TermEntry]] = {"class": [], "dimension": [], "property": []}
    for entry in sorted(entries.values(), key=lambda entry: order[entry.iri]):
        groups[entry.group].append(entry)
    schemes = [row["scheme"] for row in await context.select("which_code_lists_are_there")]
    linked = [iri for entry in entries.values() for iri in (entry.code_list, entry.range)]
    await context.load_names([*linked, *schemes])
    return context.page("terms.html", groups=groups, schemes=schemes)


async def scheme_page(context: PageContext, iri: str) -> Response:
    """Return the page of a code list: its concepts as a tree, or only the top levels of a long list."""
    values = values_of(await context.select("what_is_said_of_a_thing", thing=iri))
    if not values:
        raise NotFoundError(iri=iri)
    rows = await context.select("which_concepts_does_a_scheme_have", scheme=iri, limit=MOST_CONCEPTS + 1)
    is_whole = len(rows) <= MOST_CONCEPTS
    if not is_whole:
        rows = await context.select("which_concepts_head_a_scheme", scheme=iri, limit=MOST_CONCEPTS)
    tree = tree_of(rows)
    await context.load_names([iri, *(branch.iri for branch in tree)])
    return context.page(
        "scheme.html",
        iri=iri,
        tree=tree,
        is_whole=is_whole,
        definitions=in_language(values.get(SKOS + "definition", ()), context.language),
        notes=in_language(values.get(SKOS + "note", ()), context.language),
    )


async def rules_page(context: PageContext) -> Response:
    """Return the page of all rules by family, with explanation and basis, and the versions that are kept."""
    return context.page(
        "rules.html",
        families=load_families(context.base),
        rules=load_rules(context.base),
        version=rules_version().key,
        number=rules_version().number,
        versions=[row["version"].removeprefix(context.base) for row in await _versions(context)],
        is_current=True,
    )


async def rules_version_page(context: PageContext, address: RulesAddress) -> Response:
    """Return the page of a version of the rules, or of a rule in it. Raise NotFoundError."""
    triples = await read_rules(context.evaluator, context.base, address.version)
    rules = triples_to_rules(triples, context.base)
    number = next((t.object.value for t in triples if t.predicate.value == OWL + "versionInfo"), None)  # type: ignore[union-attr] # a literal
    if number is None:  # a graph below the address of versions that somebody else wrote
        raise NotFoundError(iri=context.base + address.version)
    families = triples_to_families(triples, context.base)
    page = partial(context.page, families=families, version=address.version, number=number)
    if not address.rule:
        is_current = address.version == rules_version().key
        return page("rules.html", rules=rules, versions=[], is_current=is_current)
    rule = next((rule for rule in rules if rule.identifier == address.rule), None)
    if rule is None:
        raise NotFoundError(iri=f"{context.base}{address.version}/{address.rule}")
    kept = [row["version"].removeprefix(context.base) for row in await _versions(context)]
    return page("rule.html", rule=rule, versions=kept, waived=await _waived(context, rule))


async def _waived(context: PageContext, rule: Rule) -> list[WaivedFinding]:
    """Return the findings of a rule that were accepted with a reason, in all versions in the store."""
    rows = await context.select("where_was_a_rule_waived", rule=rule.iri)
    parted = [(row["finding"].rpartition("/findings/"), row["reason"]) for row in rows]
    waived = [WaivedFinding(version, identifier, reason) for (version, _, identifier), reason in parted]
    await context.load_names(each.version for each in waived)
    return waived


async def _versions(context: PageContext) -> list[QueryRow]:
    """Return the versions of the rules that are kept in the store."""
    return await context.select("which_versions_have_the_rules")


def tree_of(rows: Iterable[QueryRow]) -> list[Branch]:
    """Order the concepts of rows of (concept, above) depth first; concepts whose parent is not among them are roots."""
    rows = list({row["concept"]: row for row in rows}.values())
    there = {row["concept"] for row in rows}
    children: dict[str | None, list[str]] = defaultdict(list)
    for row in rows:
        above = row.get("above")
        children[above if above in there and above != row["concept"] else None].append(row["concept"])
    tree: list[Branch] = []
    pending = [Branch(iri, 0) for iri in reversed(children[None])]
    while pending:
        branch = pending.pop()
        tree.append(branch)
        pending += [Branch(iri, branch.depth + 1) for iri in reversed(children[branch.iri])]
    return tree


def is_scheme(iri: str, base: str) -> bool:
    """Whether an IRI is that of a code list: `code/fund`."""
    return iri.startswith(base + "code/") and "/" not in iri.removeprefix(base + "code/")
