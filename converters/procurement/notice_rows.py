"""Notices as JSON objects and CSV rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from converters.procurement.notice import Notice, NoticeItem, NoticeLot
from ontology.locators import locator_to_text
from ontology.messages import message
from ontology.numbers import decimal_to_text
from ontology.text import spreadsheet_safe

COLUMNS = (
    "number",
    "plan",
    "kind",
    "buyer",
    "agency",
    "project",
    "items",
    "budget",
    "amount",
    "date",
    "suppliers",
    "lots",
    "source",
)
"""The fields of a notice that CSV and JSON have in common, in order."""
_LISTED = "; "


def notice_to_object(notice: Notice) -> dict[str, object]:
    """Return a notice as a JSON object: the fields of `COLUMNS`, then what JSON tells beyond them.

    Amounts are numbers in yuan, dates are ISO dates. `printed` gives label, text and place behind a value; `unread` the
    fields that were printed and could not be read.
    """
    return {
        "number": notice.number,
        "plan": notice.plan,
        "kind": notice.kind,
        "buyer": notice.buyer,
        "agency": notice.agency,
        "project": notice.project,
        "items": [_item(item) for item in notice.items],
        "budget": _number(notice.budget),
        "amount": _number(notice.amount),
        "date": _date(notice.published),
        "suppliers": [supplier.name for supplier in notice.suppliers],
        "lots": [_lot(lot) for lot in notice.lots],
        "source": notice.source,
        "title": notice.title,
        "method": notice.method,
        "ceiling": _number(notice.ceiling),
        "division": notice.division,
        "numbers": dict(notice.numbers),
        "supplierCodes": {supplier.name: supplier.code for supplier in notice.suppliers if supplier.code},
        "firstDate": _date(notice.first_date),
        "signed": _date(notice.signed),
        "printed": {
            name: {"label": printed.label, "text": printed.text, "place": str(printed.locator)}
            for name, printed in notice.printed.items()
        },
        "unread": [
            {
                "field": issue.values["field"],
                "problem": issue.key,
                "text": issue.values["text"],
                "place": str(issue.locator),
            }
            for issue in notice.issues
        ],
    }


def notices_to_json(notices: Iterable[Notice]) -> str:
    """Return a JSON list with one object for each notice."""
    return json.dumps([notice_to_object(notice) for notice in notices], ensure_ascii=False, indent=2) + "\n"


def notices_to_csv(notices: Iterable[Notice]) -> str:
    """Return CSV with the columns `COLUMNS`, one row for each notice; lists are joined with semicolons."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for notice in notices:
        known = notice_to_object(notice)
        known["lots"] = [_lot_text(lot) for lot in notice.lots]
        known["budget"], known["amount"] = _text(notice.budget), _text(notice.amount)
        writer.writerow([_cell(known[name]) for name in COLUMNS])
    return lines.getvalue()


def notice_issues(notice: Notice, language: str) -> list[str]:
    """Return a line for each field that was printed and could not be read, with its place."""
    lines = []
    for issue in notice.issues:
        place = locator_to_text(issue.locator, language)
        lines.append(message(issue.key, language, place=place or "-", **issue.values))
    return lines


def _item(item: NoticeItem) -> str:
    return " ".join(filter(None, (item.code, item.name)))


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else decimal_to_text(amount)


def _date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _lot(lot: NoticeLot) -> dict[str, object]:
    return {
        "number": lot.number,
        "name": lot.name,
        "budget": _number(lot.budget),
        "ceiling": _number(lot.ceiling),
        "amount": _number(lot.amount),
        "suppliers": [supplier.name for supplier in lot.suppliers],
        "failed": lot.failed,
    }


def _lot_text(lot: NoticeLot) -> str:
    suppliers = ", ".join(supplier.name for supplier in lot.suppliers)
    return " ".join(filter(None, (lot.number, lot.name, suppliers, _text(lot.amount if lot.amount else lot.budget))))


def _cell(value: object) -> str:
    text = _LISTED.join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return spreadsheet_safe(text)
