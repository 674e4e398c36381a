"""Projects of a document: those of its table of projects, those that only a form names, and what a name means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from converters.entities.name_matching import match_name
from converters.entities.organisations import Organisations
from converters.model.iris import mint_named_project, mint_project
from converters.recognition.table_parts import RowHeader
from ontology.phrases import load_phrases
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Project:
    """A project; `organisation` is the key of the unit that holds it, None if it is not printed.

    `code` is None for a project that only a form names.
    """

    key: str
    code: str | None
    name: str
    organisation: str | None


def find_projects(heads: Iterable[RowHeader], organisations: Organisations) -> tuple[Project, ...]:
    """The projects whose codes are printed at the head of a row, each once."""
    projects: dict[str, Project] = {}
    for head in heads:
        code = head.codes.get("project")
        if code is not None and head.line is None:
            holder = organisations.by_name(head.holder) if head.holder else None
            unit = organisations.by_code.get(head.codes.get("organisation", "")) if holder is None else holder
            key = mint_project(code)
            projects.setdefault(key, Project(key, code, head.label, unit.key if unit else None))
    return tuple(projects.values())


def name_projects(
    names: Iterable[str], known: Sequence[Project], division: str, vocabulary: Vocabulary
) -> tuple[Project, ...]:
    """Projects for the names that mean none of those known, each once, under addresses of their own."""
    strangers = (name for name in names if tie_project(name, known, vocabulary) is None)
    named = {mint_named_project(division, clean_label(name)): name for name in strangers}
    return tuple(Project(key, None, name, None) for key, name in named.items())


def tie_project(name: str, projects: Sequence[Project], vocabulary: Vocabulary) -> Project | None:
    """The one project that a printed name means, exactly or clipped (see `match_name`), None if none or several."""
    found = match_name(name, {project.key: project.name for project in projects}, load_phrases(vocabulary))
    return next(p for p in projects if p.key in found) if len(found) == 1 else None
