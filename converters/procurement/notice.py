"""The model of a procurement notice: what it announces, with the printed words behind each value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from converters.model.document import Issue
from ontology.locators import Locator

INTENTION, TENDER, CORRECTION = "intention", "tender", "correction"
AWARD, CONTRACT, TERMINATION = "award", "contract", "termination"


@dataclass(frozen=True, slots=True)
class Printed:
    """The words from which a value was read, the label before or above them, and their place."""

    label: str
    text: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier by its printed name, with its unified social credit code if one is printed."""

    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """A class of the procurement catalogue, by code, by name, or by the path of names from the top (`货物/设备/…`)."""

    code: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class NoticeLot:
    """A part of a purchase. Amounts are in yuan; `amount` is the awarded one; `failed` if nobody was chosen."""

    number: str | None = None
    name: str | None = None
    budget: Decimal | None = None
    ceiling: Decimal | None = None
    amount: Decimal | None = None
    suppliers: tuple[Supplier, ...] = ()
    failed: bool = False


@dataclass(frozen=True)
class Notice:
    """One notice as read. Amounts are in yuan; what is not printed, or not certain, is None.

    `kind` and `method` are notations of `code/notice-kind` and `code/procurement-method`. `numbers` are the other
    numbers of the purchase by notation of their field. `first_date` is the date of the notice that a correction
    changes. `printed` gives the words behind a field, by its name; `issues` are the fields that could not be read.
    """

    kind: str
    title: str
    source: str
    method: str | None = None
    number: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    plan: str | None = None
    project: str | None = None
    buyer: str | None = None
    agency: str | None = None
    division: str | None = None
    items: tuple[NoticeItem, ...] = ()
    budget: Decimal | None = None
    ceiling: Decimal | None = None
    amount: Decimal | None = None
    published: date | None = None
    first_date: date | None = None
    signed: date | None = None
    suppliers: tuple[Supplier, ...] = ()
    lots: tuple[NoticeLot, ...] = ()
    printed: Mapping[str, Printed] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
