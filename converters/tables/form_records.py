"""Convert a form to records: field values, project, period of its sums of money, and goals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from converters.entities.disclosure_context import DisclosureContext
from converters.entities.projects import PROJECT_NAME, Project, tie_project
from converters.model.observation import PropertyValue, Record
from converters.recognition.attribute_values import FilledAttribute, find_dates, values_of
from converters.recognition.forms.forms import Form
from converters.recognition.table_parts import TablePart
from converters.tables.table_records import to_entry
from ontology.namespaces import XSD
from ontology.vocabulary import TableKind

_DEPARTMENT = "def#departmentName"
_CODE, _START, _END = "def#projectCode", "def#startDate", "def#endDate"
_FORM_ROW = 1


def place_form(form: Form, context: DisclosureContext) -> dict[str, str]:
    """Return the coordinates shared by all cells of a form: project, by code or name, and the unit that runs it."""
    project = _project(form.fields, context)
    if project is None:
        return {}
    return {"project": project.key} | ({"organisation": project.organisation} if project.organisation else {})


def _project(fields: Sequence[FilledAttribute], context: DisclosureContext) -> Project | None:
    projects = context.projects
    for filled in fields:
        if filled.attribute.key == _CODE:
            coded = next((p for p in projects if p.code == filled.name), None)
            if coded is not None:
                return coded
    names = (filled.name for filled in fields if filled.attribute.key == PROJECT_NAME)
    return next(
        (project for name in names if (project := tie_project(name, projects, context.vocabulary)) is not None), None
    )


def settle_period(form: Form, context: DisclosureContext) -> tuple[TablePart, ...]:
    """Return the parts of a form, with sums of money in the period "year" if the form covers at most one year.

    By default the sums of a form (项目总投入) cover the lifetime of the project. The year of the dates is ignored.
    """
    year = context.vocabulary.dimensions["period"].top
    if year is None or not _within_a_year(form.fields):
        return form.parts
    return tuple(
        replace(
            part,
            row_headers=tuple(
                replace(row_header, places={**row_header.places, "period": year}) for row_header in part.row_headers
            ),
        )
        if "period" in part.block.row_dimensions
        else part
        for part in form.parts
    )


def _within_a_year(fields: Sequence[FilledAttribute]) -> bool:
    days = [day for filled in fields for day in _span(filled)]
    return len(days) == 2 and days[0] <= days[1] < _year_after(days[0])


def _span(filled: FilledAttribute) -> list[date]:
    attribute = filled.attribute
    if attribute.first_date is not None or attribute.key in (_START, _END):
        return find_dates(filled.name)
    return []


def _year_after(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if leap_day else day.replace(year=day.year + 1)


def form_records(
    form: Form, kind: TableKind, places: Mapping[str, str], context: DisclosureContext
) -> Iterator[Record]:
    """Yield the record of a form, identified by its first row, and the records of its goals."""
    locator = next(cell.locator for cell in form.grid.cells if cell.text.strip())
    values = [value for filled in form.fields for value in values_of(filled, context.code_keys, context.vocabulary)]
    about = [(f"def#{name}", PropertyValue(key, None)) for name, key in sorted(places.items())]
    departments = (
        context.organisations.filed_by(f.name, context.vocabulary)
        for f in form.fields
        if f.attribute.key == _DEPARTMENT
    )
    about += (("def#filedBy", PropertyValue(office.key, None)) for office in departments if office is not None)
    entries = (to_entry(f, {}, context) for f in form.fields if f.cells[0].row > 0)
    named = tuple(
        replace(entry, value=places.get("project")) if entry.attribute in (PROJECT_NAME, _CODE) else entry
        for entry in entries
    )
    yield Record(_FORM_ROW, kind.form_class or "", (*about, *values), (), named, locator)
    for goal in form.goals:
        text = (goal.filled.attribute.key, PropertyValue(goal.filled.name, XSD + "string"))
        number = ("def#ordinal", PropertyValue(str(goal.ordinal), XSD + "integer"))
        links = (("def#form", _FORM_ROW),)
        class_ = goal.filled.attribute.numbered_class or ""
        yield Record(goal.row, class_, (text, number), links, (), goal.filled.cells[0].locator)
