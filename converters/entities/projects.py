"""Projects of a document: listed in a table of projects, by code or name, or named by a form; lookup by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from converters.entities.clipped_names import match_name
from converters.entities.named_entities import Entity
from converters.entities.organisations import Organisations
from converters.model.document_context import DocumentContext
from converters.model.iris import mint_named_project, mint_project
from converters.recognition.forms.forms import Form
from converters.recognition.table_parts import RowHeader
from converters.recognition.table_recognition import RecognisedTable
from ontology import DEFAULT_BASE
from ontology.narrative_words import load_phrases
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

PROJECT_NAME = "def#projectName"
"""The key of the attribute that holds the name of a project in a form."""
_ALL_PROJECTS = "code/project/total"


@dataclass(frozen=True, slots=True)
class Project:
    """A project; `organisation` is the key of the unit that runs the project, None if not printed.

    `code` is None for a project that is only named, in a table without codes or in a form.
    """

    key: str
    code: str | None
    name: str
    organisation: str | None


def collect_projects(
    row_headers: Sequence[RowHeader],
    recognised: Iterable[RecognisedTable],
    organisations: Organisations,
    context: DocumentContext,
) -> tuple[tuple[Project, ...], list[Entity]]:
    """Return all projects of a document, and an entity for each project without a code.

    The entities are added to the hierarchy, below their group if a table prints one.
    """
    division, vocabulary = organisations.division, context.vocabulary
    rows = {
        h.project: h.group
        for h in row_headers
        if h.line is None
        and h.project is not None
        and h.issue is None
        and organisations.by_name(h.project, vocabulary) is None
    }
    listed = find_projects(row_headers, organisations, vocabulary)
    listed = (*listed, *name_projects(rows, listed, division, vocabulary))
    names = [name for table in recognised if table.form is not None for name in project_names(table.form)]
    projects = (*listed, *name_projects(names, listed, division, vocabulary))
    keys = {project.name: project.key for project in projects}
    entities = [
        Entity(p.key, DEFAULT_BASE + "def#Project", None, p.name, keys.get(rows.get(p.name) or "", _ALL_PROJECTS))
        for p in projects
        if p.code is None
    ]
    for entity in entities:
        context.hierarchy.add(entity.key, entity.parent)
    return projects, entities


def project_names(form: Form) -> list[str]:
    """Return the project names that are filled in on a form."""
    return [filled.name for filled in form.fields if filled.attribute.key == PROJECT_NAME]


def find_projects(
    row_headers: Iterable[RowHeader], organisations: Organisations, vocabulary: Vocabulary
) -> tuple[Project, ...]:
    """Return the projects with codes printed in row headers, each once."""
    projects: dict[str, Project] = {}
    for row_header in row_headers:
        code = row_header.codes.get("project")
        if code is not None and row_header.line is None:
            holder = organisations.by_name(row_header.holder, vocabulary) if row_header.holder else None
            unit = organisations.by_code.get(row_header.codes.get("organisation", "")) if holder is None else holder
            key = mint_project(code)
            projects.setdefault(key, Project(key, code, row_header.label, unit.key if unit else None))
    return tuple(projects.values())


def name_projects(
    names: Iterable[str], listed: Sequence[Project], division: str, vocabulary: Vocabulary
) -> tuple[Project, ...]:
    """Return new projects for the names that match none of `listed`, each once, with keys minted from the names."""
    unmatched = (name for name in names if tie_project(name, listed, vocabulary) is None)
    named = {mint_named_project(division, clean_label(name)): name for name in unmatched}
    return tuple(Project(key, None, name, None) for key, name in named.items())


def tie_project(name: str, projects: Sequence[Project], vocabulary: Vocabulary) -> Project | None:
    """Return the only project that a printed name matches (see `match_name`), None if none or several match."""
    found = match_name(name, {project.key: project.name for project in projects}, load_phrases(vocabulary))
    return next(p for p in projects if p.key in found) if len(found) == 1 else None
