"""Entities named in a document: organisations, projects, and codes absent from the shipped lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from converters.entities.organisations import Organisations, project_pattern
from converters.model.document_context import DocumentContext
from converters.model.iris import mint_project, mint_project_category
from converters.model.observation import PropertyValue
from converters.recognition.table_parts import RowHeader
from ontology import DEFAULT_BASE
from ontology.namespaces import ORG, XSD
from ontology.vocabulary import Vocabulary

_ALL_PROJECTS = "code/project/total"


@dataclass(frozen=True, slots=True)
class Entity:
    """An organisation, a project, or a code absent from the shipped lists (`unlisted`).

    `kind` is the IRI of its class, `parent` the key of its parent, `values` are further (property, value) pairs;
    `division` and `level` are notations, for organisations only.
    """

    key: str
    kind: str
    notation: str | None
    name: str
    parent: str | None
    unlisted: bool = False
    values: tuple[tuple[str, PropertyValue], ...] = ()
    division: str | None = None
    level: str | None = None


def find_entities(
    row_headers: Sequence[RowHeader], organisations: Organisations, context: DocumentContext
) -> list[Entity]:
    """Return the organisations and the projects named in row headers, each once, and add them to the hierarchy."""
    entities: dict[str, Entity] = {}
    for entity in (*_organisations(organisations), *_projects(row_headers, organisations.division, context.vocabulary)):
        context.hierarchy.add(entity.key, entity.parent)
        entities.setdefault(entity.key, entity)
    return list(entities.values())


def _organisations(organisations: Organisations) -> Iterator[Entity]:
    for o in organisations.all():
        kind, division = ORG + "Organization", organisations.division
        yield Entity(o.key, kind, o.code, o.name, o.parent, division=division, level=o.level)


def _projects(row_headers: Sequence[RowHeader], division: str, vocabulary: Vocabulary) -> Iterator[Entity]:
    for row_header in row_headers:
        category = mint_project_category(division, row_header.category) if row_header.category is not None else None
        code = row_header.codes.get("project")
        if code is not None:
            parent = category or _ALL_PROJECTS
            name = row_header.names.get("project", row_header.label)
            values = tuple(_code_parts(code, vocabulary))
            yield Entity(mint_project(code), DEFAULT_BASE + "def#Project", code, name, parent, values=values)
        elif category is not None:
            kind = DEFAULT_BASE + "def#ProjectCategory"
            yield Entity(category, kind, row_header.category, row_header.label, _ALL_PROJECTS)


def _code_parts(code: str, vocabulary: Vocabulary) -> Iterator[tuple[str, PropertyValue]]:
    """The components of a project code: division, year and department."""
    match = project_pattern(vocabulary).fullmatch(code)
    if match is None:
        return
    division = f"code/division/{match['division']}"
    if vocabulary.concept(division) is not None:
        yield "def#codedDivision", PropertyValue(division, None)
    yield "def#codedYear", PropertyValue(f"20{match['year']}", XSD + "gYear")
    yield "def#codedDepartment", PropertyValue(match["department"], XSD + "string")
