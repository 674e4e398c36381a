"""The labelled values of a notice, each with the section and the lot that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from converters.procurement.labels import Labelled, LotMark, find_role, split_labels, split_lot, split_mark
from converters.procurement.reading_order import NoticeFlow, NoticeLine, NoticeTable
from converters.procurement.summary import split_summary
from converters.procurement.tables import TableRow, read_pairs, read_rows, read_run_together
from converters.procurement.values.money import find_unit, find_unit_behind
from converters.procurement.values.names import tidy_name
from ontology.locators import Locator
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label, narrow

SUMMARY, BASICS, AWARDS, GOODS, FAILURE, OTHER = "summary", "basics", "award", "goods", "failure", "other"
UNKNOWN = "unknown"
_BY_LOT = ("budget", "ceiling")
_PARTIES = {"buyer": "buyer", "agency": "agency"}
_NAME_AND_NUMBER = "name-and-number"
_EXACT = ("budget", "ceiling", "amount", "contract-amount", "total", "number", "plan", "file-number", "contract-number")
_OTHER_LABEL = re.compile(r"[^\W\d]{2,}(?:\([^()]*\))?:")
_HEADED = ("number", "plan", "file-number", "contract-number", "contract-name", "project")


@dataclass(frozen=True, slots=True)
class NoticeStatement:
    """A labelled value. `section` is the notation of its section, None before the first; `unit` is in yuan.

    The section below a heading that is not known is `UNKNOWN`.

    `row` numbers the table row that the value stands in, None outside of tables.
    """

    role: str
    label: str
    value: str
    section: str | None
    lot: str | None
    locator: Locator
    unit: Decimal | None = None
    row: int | None = None


@dataclass
class _Place:
    """The state of reading a notice."""

    section: str | None = None
    lot: str | None = None
    pending: tuple[str, str] | None = None
    rows: int = 0


def read_statements(flow: NoticeFlow, words: NoticeWords) -> Iterator[NoticeStatement]:
    """Yield the labelled values of a notice in reading order. Values of sections about other things are left out."""
    place = _Place()
    lines, rest = split_summary(flow, words)
    for found, locator in lines:
        yield NoticeStatement(found.role, found.label, found.value, SUMMARY, None, locator, find_unit(found.label))
    for part in _joined_rows(rest, words):
        if isinstance(part, NoticeTable):
            place.pending = None
            yield from _table_statements(part, place, words)
        else:
            yield from _line_statements(part, place, words)


def _joined_rows(flow: NoticeFlow, words: NoticeWords) -> Iterator[NoticeLine | NoticeTable]:
    """Yield lines and tables; a line of run-together cells that lacks its amount is joined with the next line."""
    waiting: NoticeLine | None = None
    for part in flow:
        if waiting is not None and isinstance(part, NoticeLine):
            joined = replace(waiting, text=waiting.text.rstrip() + part.text.strip())
            if read_run_together(joined.text, joined.locator, words):
                waiting = None
                yield joined
                continue
        if waiting is not None:
            yield waiting
            waiting = None
        if isinstance(part, NoticeLine) and read_run_together(part.text, part.locator, words) == []:
            waiting = part
        else:
            yield part
    if waiting is not None:
        yield waiting


def _line_statements(line: NoticeLine, place: _Place, words: NoticeWords) -> Iterator[NoticeStatement]:
    level, text = split_mark(line.text, words)
    if _enters_section(level, text, place, words):
        return
    head, _, rest = text.replace("\u3000", " ").partition(" ")
    if level is not None and _is_party_heading(head, words) and split_labels(rest, words):
        _enters_section(level, head, place, words)
        text = rest.strip()
    mark = split_lot(text, words)
    if mark is not None and place.section != OTHER:
        place.lot, place.pending = mark.number, None
        if mark.name:
            yield NoticeStatement("lot-name", "", mark.name, place.section, place.lot, line.locator)
        if not mark.rest:
            return
        text = mark.rest
        if mark.spaced and place.section == AWARDS and not split_labels(text, words):
            yield NoticeStatement("lot-name", "", text, place.section, place.lot, line.locator)
            return
    rows = read_run_together(text, line.locator, words) if place.section not in (OTHER, GOODS) else None
    if rows is not None:
        place.pending = None
        yield from _row_statements(rows, place)
        return
    yield from _text_statements(level, text, place, line.locator, words)


def _text_statements(
    level: int | None, text: str, place: _Place, locator: Locator, words: NoticeWords
) -> Iterator[NoticeStatement]:
    """Yield the values of a line behind its list mark; a label alone waits for the next line."""
    found = split_labels(text, words) or (_spaced_value(text, words) if level == 1 else [])
    heading = find_role(text, None, words) if level is not None and not found else None
    if level == 1:
        place.section, place.lot = (None if found or heading else UNKNOWN), None
    if found:
        yield from _labelled(found, place, locator, words)
    elif (glued := _glued_supplier(text, words)) is not None:
        yield from _labelled([glued], place, locator, words)
    elif place.pending is not None:
        role, label = place.pending
        place.pending = None
        if role in _EXACT and _OTHER_LABEL.match(narrow(text)) and find_unit_behind(text) is None:
            return  # the label had no value, and this line has a label of its own
        yield from _stated(Labelled(role, label, _behind_bracket(text)), place, locator, words)
    elif heading in _PARTIES and level != 1:
        place.section = _PARTIES[heading]
    elif heading is not None:
        place.pending = heading, text.strip()
    elif level is not None and place.section in _PARTIES:
        place.section = OTHER  # another party (`3.财政部门`)


def _spaced_value(text: str, words: NoticeWords) -> list[Labelled]:
    """Return the number or name that a space divides from the heading before it (`二、计划编号 A-1`)."""
    label, _, value = text.strip().partition(" ")
    role = find_role(label, None, words)
    return [Labelled(role, label, value.strip())] if role in _HEADED and value.strip() else []


def _glued_supplier(text: str, words: NoticeWords) -> Labelled | None:
    """The company behind a label that says who was chosen, without anything between them (`中标供应商某公司`)."""
    name = tidy_name(text)
    if not name.endswith(words.words["company"]) or re.search(r"[,;:\uff0c\uff1b\uff1a\u3002\u3001]", name):
        return None
    known = (label for label, role in words.fields.items() if role == "supplier" and name.startswith(label))
    label = max((each for each in known if each.startswith(words.words["winning"])), key=len, default=None)
    return Labelled("supplier", label, name.removeprefix(label)) if label else None


def _behind_bracket(text: str) -> str:
    """The value behind the end of a label that the line before it has begun (`等、如有）：A-1`)."""
    plain = narrow(text)
    end = plain.find("):")
    return text[end + 2 :].strip() if end >= 0 and "(" not in plain[:end] else text.strip()


def _enters_section(level: int | None, text: str, place: _Place, words: NoticeWords) -> bool:
    """Whether a line is the heading of a section; then the section is entered."""
    head, _, rest = text.replace("\uff1a", ":").partition(":")
    section = find_role(head, words.sections, words)
    if section is None and level is not None:
        section = _party_heading(head, words) if not rest.strip() else None
    if section is None or (rest.strip() and section not in (OTHER, FAILURE)):
        return False
    if level is None and section in (BASICS, OTHER) and rest.strip():
        return False
    place.section, place.lot, place.pending = section, None, None
    return True


def _is_party_heading(head: str, words: NoticeWords) -> bool:
    """Whether a text is the heading of a section about buyer or agency, behind which values may follow."""
    return find_role(head, words.sections, words) in _PARTIES.values()


def _party_heading(head: str, words: NoticeWords) -> str | None:
    """The section of a heading that is only the name of a party (`1.采购人`)."""
    return _PARTIES.get(find_role(head, None, words) or "")


def _labelled(found: list[Labelled], place: _Place, locator: Locator, words: NoticeWords) -> Iterator[NoticeStatement]:
    place.pending = None
    for labelled in found:
        if labelled.value:
            yield from _stated(labelled, place, locator, words)
        elif labelled is found[-1]:
            if labelled.role in _PARTIES and place.section == OTHER:
                place.section = _PARTIES[labelled.role]
            else:
                place.pending = labelled.role, labelled.label


def _stated(labelled: Labelled, place: _Place, locator: Locator, words: NoticeWords) -> Iterator[NoticeStatement]:
    role, value = labelled.role, labelled.value
    if place.section == OTHER and role not in _PARTIES:
        return
    if role == _NAME_AND_NUMBER:
        yield from _name_and_number(labelled, place, locator)
        return
    if role == "name":
        if place.section not in _PARTIES:
            return
        role = _PARTIES[place.section]
    if role == "lot":
        mark = split_lot(value, words) or split_lot(f"{labelled.label}{value}", words)
        place.lot = mark.number if mark else _plain_number(value)
        return
    if role in _BY_LOT and (parts := _split_by_lots(value, words)):
        for part in parts:
            unit = find_unit(labelled.label)
            yield NoticeStatement(role, labelled.label, part.rest, place.section, part.number, locator, unit)
        return
    mark = _lot_of(role, value, words)
    if mark is not None and role == "lot-name" and not mark.rest:
        place.lot = mark.number
        return
    if mark is not None and mark.rest:
        place.lot, value = mark.number, mark.rest
    yield NoticeStatement(role, labelled.label, value, place.section, place.lot, locator, find_unit(labelled.label))


def _lot_of(role: str, value: str, words: NoticeWords) -> LotMark | None:
    """The lot that the value of a field names: before it, or in brackets behind a supplier."""
    mark = split_lot(value, words) if role in ("supplier", "lot-name", "amount") else None
    return _lot_in_bracket(value, words) if mark is None and role == "supplier" else mark


def _lot_in_bracket(value: str, words: NoticeWords) -> LotMark | None:
    """The lot in brackets behind the name of a supplier (`某公司（包1）`)."""
    match = re.search(r"\(([^()]+)\)\s*$", narrow(value))
    mark = split_lot(match[1], words) if match else None
    return replace(mark, rest=value[: match.start()].strip()) if match and mark and not mark.rest else None


def _name_and_number(labelled: Labelled, place: _Place, locator: Locator) -> Iterator[NoticeStatement]:
    """Yield the project and the number in brackets behind it (`项目名称及编号：桌椅（A-1）`)."""
    plain = narrow(labelled.value).rstrip(" ;.\u3002")
    start, depth = len(plain), 0
    for position in range(len(plain) - 1, 0, -1) if plain.endswith(")") else ():
        depth += {")": 1, "(": -1}.get(plain[position], 0)
        if depth == 0:
            start = position
            break
    number = labelled.value[start + 1 : len(plain) - 1]
    for role, value in (("project", labelled.value[:start]), ("number", number)):
        if value.strip():
            yield NoticeStatement(role, labelled.label, value.strip(), place.section, place.lot, locator)


def _split_by_lots(value: str, words: NoticeWords) -> list[LotMark]:
    """The amounts of a value that gives one for each lot (`包1-100元；包2-50元`); nothing if one part has no mark."""
    marks = [split_lot(part, words) for part in re.split(r"[,;\uff0c\uff1b\u3001]", value) if part.strip()]
    return [mark for mark in marks if mark is not None and mark.rest] if all(marks) else []


def _plain_number(value: str) -> str | None:
    match = re.match(r"\s*0*(\d{1,3}|[A-Z])\b", clean_label(value))
    return match[1] if match else None


def _table_statements(table: NoticeTable, place: _Place, words: NoticeWords) -> Iterator[NoticeStatement]:
    if place.section == OTHER:
        return
    rows = list(read_rows(table, words))
    if rows:
        yield from _row_statements(rows, place, words)
        return
    for labelled, locator in read_pairs(table, words):
        yield from _stated(labelled, place, locator, words)
    for cells, locator in zip(table.rows, table.locators, strict=True):
        for cell in dict.fromkeys(cells):
            for line in cell.splitlines():
                if split_labels(line, words):
                    yield from _line_statements(NoticeLine(line, locator), place, words)


def _row_statements(rows: list[TableRow], place: _Place, words: NoticeWords | None = None) -> Iterator[NoticeStatement]:
    for row in rows:
        place.rows += 1
        lot = place.lot
        if "lot" in row.values:
            printed = row.values["lot"]
            mark = split_lot(printed.value, words) if words else None
            lot = mark.number if mark else _plain_number(printed.value) or lot
        for role, labelled in row.values.items():
            statement = NoticeStatement(
                role, labelled.label, labelled.value, place.section, lot, row.locator, row.units.get(role), place.rows
            )
            if words is not None and role in ("supplier", "lot-name"):
                mark = _lot_of(role, labelled.value, words)
                if mark is not None and mark.rest:
                    statement = replace(statement, lot=mark.number, value=mark.rest)
            yield statement
