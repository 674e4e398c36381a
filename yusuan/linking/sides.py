"""The two sides of a link: budget lines and procurement notices, as far as they are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A row of a procurement table, or a project without one.

    `key` is the IRI of its coordinates, or of the project; `organisation` that of the unit, `office` that of the
    department. `division` is the code of the place, None if unknown. `item`, `function` and `economic` are codes;
    `phase` and `project_key` are IRIs, `project` is a name.
    """

    key: str
    organisation: str
    office: str
    division: str | None
    year: int
    amount: Decimal | None
    project: str | None = None
    item: str | None = None
    item_name: str | None = None
    function: str | None = None
    economic: str | None = None
    phase: str | None = None
    project_key: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A procurement notice. Amounts are in yuan; `items` are codes of the catalogue, `item_names` paths of names."""

    key: str
    year: int
    buyer: str | None = None
    project: str | None = None
    issued: date | None = None
    plan: str | None = None
    items: tuple[str, ...] = ()
    item_names: tuple[str, ...] = ()
    budget: Decimal | None = None
    awarded: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Offices:
    """The organisations of budgets: names by IRI, and the department of each unit."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    divisions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested link: the keys of notice and line, the calibrated probability, and notations of its evidence."""

    notice: str
    line: str
    probability: float
    evidence: tuple[str, ...]
