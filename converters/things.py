"""The things a document names: organisations, projects, and codes that the shipped lists do not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from converters.hierarchy import Hierarchy
from converters.iris import mint_project, mint_project_category
from converters.organisations import Organisations
from converters.rows import RowHead
from ontology import DEFAULT_BASE
from ontology.namespaces import ORG

_ALL_PROJECTS = "code/project/total"


@dataclass(frozen=True, slots=True)
class Thing:
    """An organisation, a project, or a code that is `unlisted` in the shipped lists.

    `kind` is the IRI of its class, `parent` the key of what it stands under.
    """

    key: str
    kind: str
    notation: str | None
    name: str
    parent: str | None
    unlisted: bool = False


def find_things(heads: Sequence[RowHead], organisations: Organisations, hierarchy: Hierarchy) -> list[Thing]:
    """The organisations and projects that row heads name, each once; they also take their place in the hierarchy."""
    things: dict[str, Thing] = {}
    for thing in (*_organisations(organisations), *_projects(heads, organisations.division)):
        hierarchy.add(thing.key, thing.parent)
        things.setdefault(thing.key, thing)
    return list(things.values())


def _organisations(organisations: Organisations) -> Iterator[Thing]:
    for o in (organisations.root, *organisations.by_code.values()):
        yield Thing(o.key, ORG + "Organization", o.code, o.name, o.parent)


def _projects(heads: Sequence[RowHead], division: str) -> Iterator[Thing]:
    for head in heads:
        category = mint_project_category(division, head.category) if head.category is not None else None
        code = head.codes.get("project")
        if code is not None:
            parent = category or _ALL_PROJECTS
            yield Thing(mint_project(code), DEFAULT_BASE + "def#Project", code, head.label, parent)
        elif category is not None:
            kind = DEFAULT_BASE + "def#ProjectCategory"
            yield Thing(category, kind, head.category, head.label, _ALL_PROJECTS)
