"""The budget lines, organisations and notices of a store, as far as they are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from ontology import load_vocabulary
from server.sparql.query_templates import fill_query
from yusuan.linking.contradictions import PrintedTie, ProjectOwner
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices
from yusuan.stores.local_source import LocalSource


def read_lines(source: LocalSource) -> list[BudgetLine]:
    """Return the budgeted lines: rows of procurement tables, and the projects that have no such row.

    Raise ServiceError if nothing is published.
    """
    divisions = {row["organisation"]: row["division"] for row in _organisations(source) if "division" in row}
    found: dict[str, BudgetLine] = {}
    itemised: set[str] = set()
    for row in _rows(source, "which_procurement_lines_can_be_linked"):
        itemised.add(row.get("project", ""))
        line = _line(row["key"], row, divisions)
        known = found.get(line.key)
        if known is None or (line.amount or 0) > (known.amount or 0):
            found[line.key] = line
    for row in _rows(source, "which_projects_can_be_linked"):
        if row["project"] not in itemised and row["project"] not in found:
            found[row["project"]] = _line(row["project"], row, divisions)
    return list(found.values())


def read_offices(source: LocalSource) -> Offices:
    """Return the organisations of published budgets."""
    names: dict[str, list[str]] = {}
    departments: dict[str, str] = {}
    divisions: dict[str, str] = {}
    for row in _organisations(source):
        organisation = row["organisation"]
        names.setdefault(organisation, []).append(row["name"])
        if "department" in row:
            departments[organisation] = row["department"]
        if "division" in row:
            divisions[organisation] = _code(row["division"])
    return Offices({key: tuple(dict.fromkeys(of)) for key, of in names.items()}, departments, divisions)


def read_notices(source: LocalSource) -> tuple[list[NoticeRecord], list[PrintedTie]]:
    """Return the notices that print no code of a published project, and the ties of those that do."""
    by_notice: dict[str, list[Mapping[str, str]]] = {}
    for row in _rows(source, "which_notices_can_be_linked"):
        by_notice.setdefault(row["notice"], []).append(row)
    owners: dict[str, dict[ProjectOwner, None]] = {}
    for row in _rows(source, "which_projects_can_be_linked"):
        owners.setdefault(row["project"], {})[ProjectOwner(row["organisation"], row["office"])] = None
    untied: list[NoticeRecord] = []
    ties: list[PrintedTie] = []
    for rows in by_notice.values():
        notice = _notice(rows)
        projects = sorted({row["established"] for row in rows if "established" in row})
        ties.extend(PrintedTie(notice, project, tuple(owners.get(project, ()))) for project in projects)
        if not projects:
            untied.append(notice)
    return untied, ties


def _line(key: str, row: Mapping[str, str], divisions: dict[str, str]) -> BudgetLine:
    organisation = row.get("organisation", row["office"])
    division = divisions.get(organisation) or divisions.get(row["office"])
    return BudgetLine(
        key=key,
        organisation=organisation,
        office=row["office"],
        division=_code(division) if division else None,
        year=int(row["year"]),
        amount=Decimal(row["amount"]),
        project=row.get("projectName"),
        item=_code(row["item"]) if "item" in row else None,
        item_name=_item_name(row.get("item")),
        function=_code(row["function"]) if "function" in row else None,
        economic=_code(row["economic"]) if "economic" in row else None,
        phase=row.get("phase"),
        project_key=row.get("project"),
    )


def _notice(rows: list[Mapping[str, str]]) -> NoticeRecord:
    row = rows[0]
    budget = row.get("budget") or row.get("ceiling")
    return NoticeRecord(
        key=row["notice"],
        year=int(row["year"]),
        buyer=row.get("buyer"),
        project=row.get("purchase") or row["title"],
        issued=date.fromisoformat(row["issued"]) if "issued" in row else None,
        plan=row.get("plan"),
        items=tuple(sorted({_code(each["item"]) for each in rows if "item" in each})),
        item_names=tuple(sorted({each["path"] for each in rows if "path" in each})),
        budget=Decimal(budget) if budget else None,
        awarded=Decimal(row["awarded"]) if "awarded" in row else None,
    )


def _item_name(iri: str | None) -> str | None:
    concept = load_vocabulary().concept(f"code/procurement-item/{_code(iri)}") if iri else None
    return concept.preferred if concept is not None else None


def _organisations(source: LocalSource) -> Iterator[Mapping[str, str]]:
    return _rows(source, "which_organisations_can_be_linked")


def _rows(source: LocalSource, question: str) -> Iterator[Mapping[str, str]]:
    names, solutions = source.solutions(fill_query(question))
    for solution in solutions:
        yield {name: term[0] for name, term in zip(names, solution, strict=True) if term is not None}


def _code(iri: str) -> str:
    return iri.rpartition("/")[2]
