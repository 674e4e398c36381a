"""The coordinates of cells: combined from column, row and table, completed by the disclosure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from converters.entities.disclosure_context import DisclosureContext
from converters.entities.projects import tie_project
from converters.model.document_context import DocumentContext
from converters.model.iris import mint_named_project, mint_project, mint_project_category
from converters.model.observation import Table
from converters.recognition.headers import narrow_into
from converters.recognition.label_parts import LAST_YEAR
from converters.recognition.table_parts import RowHeader
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_PROJECT_KIND = "code/kind/project"
_ORGANISATION, _FUNCTION = "code/organisation", "code/function"
_UNKNOWN_NAME = ("unknown-row", "unknown-code")
_DIGIT = re.compile(r"\d")


def place_cell(
    column: Mapping[str, str], row: Mapping[str, str], fixed: Mapping[str, str], context: DisclosureContext
) -> tuple[dict[str, str], bool]:
    """Combine the coordinates of column, row and table; return them and whether any exclude each other.

    The narrower value wins. Coordinates implied by the flow (declared in its code list) apply unless a word sets them,
    and so does the flow that a kind of outlay over the column implies (项目支出 is spent); all other dimensions are at
    their total.
    """
    hierarchy = context.hierarchy
    places = dict(column)
    conflicts = narrow_into(places, row, hierarchy) + narrow_into(places, fixed, hierarchy)
    if "flow" not in places and "kind" in column:
        places |= context.vocabulary.implied.get(hierarchy.line(column["kind"])[-1], {})
    for dimension, concept in context.vocabulary.implied.get(places.get("flow", ""), {}).items():
        places.setdefault(dimension, concept)
    if places.get("year") == LAST_YEAR:
        places["year"] = str(context.year - 1)
    return context.complete(places), bool(conflicts)


def unread_places(tables: Iterable[Table], context: DocumentContext) -> list[Mapping[str, str]]:
    """Return the coordinates, possibly partial, of printed money that could not be read.

    An unreadable cell has the coordinates of its row and column that are not at their total. A figure in an unknown row
    or column may be anywhere along the running dimensions of its table.
    """
    tops = {name: dimension.top for name, dimension in context.vocabulary.dimensions.items()}
    places: list[Mapping[str, str]] = []
    for table in tables:
        kind = context.vocabulary.table_kinds.get(table.kind or "")
        if kind is None or kind.form_class is not None:
            continue
        gaps = (gap.coordinates for gap in table.gaps if _DIGIT.search(gap.printed))
        places += ({name: key for name, key in gap.items() if key != tops[name]} for gap in gaps)
        if table.unplaced:
            running = {name for block in kind.blocks for name in (*block.row_dimensions, *block.column_dimensions)}
            around = {name: top for name, top in tops.items() if name in running and top is not None}
            places.append(around | dict(kind.fixes))
    return places


def missing_dimension(coordinates: Mapping[str, str], vocabulary: Vocabulary) -> str | None:
    """Return the Chinese name of the first dimension missing from coordinates, None if they are complete."""
    missing = next((name for name in vocabulary.dimensions if name not in coordinates), None)
    if missing is None:
        return None
    return next((word for word, name in vocabulary.dimension_words.items() if name == missing), missing)


def settle_named_units(row_headers: Iterable[RowHeader], context: DisclosureContext) -> None:
    """Give the rows that are named after an organisation of the document that organisation, in place.

    Such rows stand above the rows of a unit, or alone in a table that is not divided by units.
    """
    form = dict(context.vocabulary.patterns)[_ORGANISATION]
    for row_header in row_headers:
        unknown = row_header.issue is not None and row_header.issue.key in _UNKNOWN_NAME
        code = clean_label(row_header.code or "")
        if code and (not form.fullmatch(code) or context.vocabulary.knows_code(_FUNCTION, code)):
            continue
        if unknown and row_header.label and context.organisations.by_name(row_header.label, context.vocabulary):
            row_header.issue, row_header.holder = None, row_header.label


def resolve_row_header(row_header: RowHeader, context: DisclosureContext) -> dict[str, str]:
    """Return the coordinates of a row header, with codes and names resolved in the document and its year."""
    vocabulary = context.vocabulary
    places = {dimension: vocabulary.in_year(key, context.year) for dimension, key in row_header.places.items()}
    organisations = context.organisations
    for dimension, code in row_header.codes.items():
        if dimension == "organisation":
            places[dimension] = organisations.by_code[code].key
        elif dimension == "project":
            places[dimension] = mint_project(code)
        else:
            places[dimension] = context.code_keys[dimension, code]
    if row_header.category is not None and "project" not in row_header.codes:
        places["project"] = mint_project_category(organisations.division, row_header.category)
    if row_header.holder is not None and (holder := organisations.by_name(row_header.holder, vocabulary)) is not None:
        places["organisation"] = holder.key
    if row_header.project is not None:
        places |= _place_project(row_header.project, row_header.line is None, context)
    return places


def _place_project(name: str, is_row: bool, context: DisclosureContext) -> dict[str, str]:
    """Return the coordinates of a printed name of a project; if the name is that of a row, it may be a unit."""
    organisations = context.organisations
    holder = organisations.by_name(name, context.vocabulary) if is_row else None
    if holder is not None:
        return {"organisation": holder.key}
    key = mint_named_project(organisations.division, clean_label(name))
    exact = next((p for p in context.projects if p.key == key), None) if is_row else None
    project = exact or tie_project(name, context.projects, context.vocabulary)
    return {"project": project.key, "kind": _PROJECT_KIND} if project is not None else {}
