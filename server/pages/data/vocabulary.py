"""The pages of the vocabulary: terms, code lists, rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Response

from ontology.namespaces import SKOS
from server.errors import NotFoundError
from server.pages.data.resource import in_language, values_of
from server.pages.page_context import PageContext, QueryRow
from shapes.rules import load_families, load_rules

MOST_CONCEPTS = 700


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept in the tree of its code list, with its depth."""

    iri: str
    depth: int


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
        group = "class" if row["isClass"] == "true" else "dimension" if row["isDimension"] == "true" else "property"
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
    rows = await context.select("which_concepts_has_a_scheme", scheme=iri, limit=MOST_CONCEPTS + 1)
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
    """Return the page of all rules by family, with explanation and basis."""
    rules = load_rules(context.base)
    return context.page("rules.html", families=load_families(context.base), rules=rules)


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
