"""Tables of notices: rows under column labels, labels beside values, and tables whose cells were run together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from converters.procurement.labels import Labelled, find_role
from converters.procurement.reading_order import NoticeTable
from converters.procurement.values.money import find_unit, money_units
from converters.procurement.values.names import split_address
from ontology.locators import Locator
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label, narrow

_LEAST_COLUMNS = 2
_LEAST_RUN_TOGETHER = 3
_MONEY = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d[\d.]*)(?:\.\d+)?")
_SCORE = r"(?:\d{1,3}(?:\.\d{1,4})?|/|-)?"


@dataclass(frozen=True, slots=True)
class TableRow:
    """The values of a row by role; `units` gives the yuan of the unit that a column, or a cell of the row, names."""

    values: dict[str, Labelled]
    units: dict[str, Decimal]
    locator: Locator


def read_rows(table: NoticeTable, words: NoticeWords) -> Iterator[TableRow]:
    """Yield the rows below each header of a table; a header is a row in which two cells or more are labels.

    Empty cells below a value of a merged column repeat no value. Rows above the first header are left out.
    """
    columns: dict[int, tuple[str, str]] = {}
    units: dict[str, Decimal] = {}
    for cells, locator in zip(table.rows, table.locators, strict=True):
        roles = {col: role for col, cell in enumerate(cells) if (role := find_role(cell, None, words)) is not None}
        if len(set(roles.values())) >= _LEAST_COLUMNS and not _is_pairs(cells, roles):
            columns = {}
            for col, role in roles.items():
                if role not in {known for known, _ in columns.values()}:
                    columns[col] = role, cells[col]
            units = {role: unit for role, label in columns.values() if (unit := find_unit(label)) is not None}
        elif columns:
            values = {
                role: Labelled(role, label, cells[col].strip())
                for col, (role, label) in columns.items()
                if cells[col].strip()
            }
            if values:
                own = money_units().get(clean_label(values["unit"].value)) if "unit" in values else None
                yield TableRow(values, units if own is None else dict.fromkeys(values, own) | units, locator)


def _is_pairs(cells: Sequence[str], roles: dict[int, str]) -> bool:
    """Whether the cells of a row are labels and values by turns."""
    filled = [col for col, cell in enumerate(cells) if cell.strip()]
    return len(filled) >= _LEAST_COLUMNS and all((col in roles) == (n % 2 == 0) for n, col in enumerate(filled))


def read_pairs(table: NoticeTable, words: NoticeWords) -> Iterator[tuple[Labelled, Locator]]:
    """Yield the values that stand to the right of their labels (`项目名称 | 桌椅 | 预算金额 | 3 万元`).

    Cells between may be labels that are not known, values may not be labels. A label may stand before an empty cell.
    """
    for cells, locator in zip(table.rows, table.locators, strict=True):
        distinct = [cell for n, cell in enumerate(cells) if n == 0 or cell != cells[n - 1]]
        for pairs in ([cell for cell in distinct if cell.strip()], distinct):
            roles = [find_role(cell, None, words) for cell in pairs]
            if len(pairs) % 2 or not any(roles[::2]) or any(roles[1::2]):
                continue
            for label, role, value in zip(pairs[::2], roles[::2], pairs[1::2], strict=True):
                if role is not None and value.strip():
                    yield Labelled(role, label.strip(), value.strip()), locator
            break


def read_run_together(text: str, locator: Locator, words: NoticeWords) -> list[TableRow] | None:
    """Return the rows of a table whose cells were run together into one line; None if the line is no such table.

    In `序号供应商名称供应商地址中标（成交）金额评审总得分1甲公司某路1号报价：100（元）94.412乙公司…` the amounts with
    their units divide the rows, ordinals confirm them, and a name ends where an address can begin. The list is empty
    if this does not succeed.
    """
    columns, labels, position = _header(text, words)
    if len(columns) < _LEAST_RUN_TOGETHER or "amount" not in columns:
        return None
    body = text[position:]
    unit = find_unit(labels["amount"])
    amounts = _apart(_amounts(body, needs_unit=unit is None))
    units = {} if unit is None else {"amount": unit}
    rows = []
    for number, (start, digits, end) in enumerate(amounts):
        before = body[amounts[number - 1][2] if number else 0 : digits]
        after = body[end : amounts[number + 1][0] if number + 1 < len(amounts) else len(body)]
        place = columns.index("amount")
        named = before if {"supplier", "supplier-address"} & set(columns[:place]) else after
        name = _name(named, columns, number + 1, named is after, words)
        if name is None:
            return []
        values = {
            "supplier": Labelled("supplier", labels.get("supplier", ""), name),
            "amount": Labelled("amount", labels["amount"], body[start:end]),
        }
        if "ordinal" in columns:
            values["ordinal"] = Labelled("ordinal", labels["ordinal"], str(number + 1))
        rows.append(TableRow(values, units, locator))
    return rows


def _header(text: str, words: NoticeWords) -> tuple[list[str], dict[str, str], int]:
    """Return the roles of the column labels at the beginning of a text, their labels, and where they end."""
    plain = narrow(text)
    known = sorted(words.fields, key=len, reverse=True)
    columns: list[str] = []
    labels: dict[str, str] = {}
    position = 0
    while True:
        start = position + len(plain[position:]) - len(plain[position:].lstrip())
        label = next((label for label in known if plain.startswith(label, start)), None)
        if label is None or words.fields[label] in columns:
            return columns, labels, position
        position = start + len(label)
        bracket = re.match(r"\s*\([^()\d]{1,6}\)", plain[position:])
        position += bracket.end() if bracket else 0
        columns.append(words.fields[label])
        labels[words.fields[label]] = text[start:position]


def _amounts(body: str, *, needs_unit: bool) -> Iterator[tuple[int, int, int]]:
    """Yield where the amounts, their digits and their ends are: commas join further amounts, words precede a colon."""
    plain = narrow(body)
    unit = "|".join(map(re.escape, money_units()))
    unit = rf"\s*\(?(?:{unit}|%)\)?"
    number = _MONEY.pattern + (unit if needs_unit else f"(?:{unit})")
    one = rf"(?:[^\d:\s,;\uff0c]{{0,24}}:\s*)?[\u00a5]?\s*{number}"
    for match in re.finditer(rf"{one}(?:[,;、\uff0c]\s*{one})*", plain):
        digits = re.search(r"\d", match[0])
        yield match.start(), match.start() + (digits.start() if digits else 0), match.end()


def _apart(amounts: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the amounts without those that follow another without anything between, as a checked price does."""
    found: list[tuple[int, int, int]] = []
    end = -1
    for amount in amounts:
        if amount[0] != end:
            found.append(amount)
        end = amount[2]
    return found


def _name(text: str, columns: Sequence[str], ordinal: int, behind: bool, words: NoticeWords) -> str | None:
    """Return the supplier's name in the text between two amounts, which also holds ordinal, address and score."""
    text = text.strip()
    if behind:
        text = re.sub(rf"{_SCORE}(?:{ordinal + 1})?$", "", text)
    elif "ordinal" in columns:
        match = re.match(rf"\s*{_SCORE}\s*{ordinal}\s*(?=\D)", text)
        if match is None:
            return None
        text = text[match.end() :]
    if "supplier-address" not in columns:
        return text.strip() or None
    split = split_address(text, words) if " " not in text else (text.partition(" ")[0], "")
    return split[0] if split else None


def is_label_text(text: str, words: NoticeWords) -> bool:
    """Return whether a text consists of a label of notices alone."""
    return clean_label(text).rstrip(":") in words.fields
