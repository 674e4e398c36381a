"""The lots of a notice, from the values that stand under their marks and from the awards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from converters.procurement.awards import Award
from converters.procurement.notice import NoticeLot
from converters.procurement.statements import BASICS, GOODS, NoticeStatement
from converters.procurement.values.money import parse_money
from converters.procurement.values.names import is_nothing, tidy_name
from ontology.procurement.notice_words import NoticeWords


def lots_of(
    statements: Sequence[NoticeStatement], awards: Sequence[Award], failed: Sequence[str], words: NoticeWords
) -> tuple[NoticeLot, ...]:
    """Return the lots in printed order.

    Awards without a mark are lots of their own if there are several; rows of a table of plans are lots too.
    """
    lots: dict[str, NoticeLot] = {}
    for key, group in _grouped(statements).items():
        lots[key] = _lot(key, group, words)
    several = len(awards) > 1
    for position, award in enumerate(awards, start=1):
        if award.lot is None and not several:
            continue
        number = award.lot or award.ordinal
        key = number or f"award {position}"
        known = lots.get(key, NoticeLot(number))
        suppliers = tuple(dict.fromkeys((*known.suppliers, *award.suppliers)))
        amounts = [amount for amount in (known.amount, award.amount) if amount is not None]
        name = known.name or (tidy_name(award.lot_name) if award.lot_name else None)
        lots[key] = replace(known, name=name, suppliers=suppliers, amount=sum(amounts, Decimal(0)) if amounts else None)
    for number in failed:
        lots[number] = replace(lots.get(number, NoticeLot(number)), failed=True)
    return tuple(lot for lot in lots.values() if lot != NoticeLot(lot.number) or len(lots) > 1)


def _grouped(statements: Sequence[NoticeStatement]) -> dict[str, list[NoticeStatement]]:
    """Return the statements about budgets, ceilings and names of lots, by lot or by table row."""
    groups: dict[str, list[NoticeStatement]] = {}
    for statement in statements:
        if (
            statement.role not in ("budget", "ceiling", "lot-name", "project", "item-name")
            or statement.section == GOODS
        ):
            continue
        if statement.lot is not None and (statement.role != "item-name" or _is_only_row(statement, statements)):
            groups.setdefault(statement.lot, []).append(statement)
        elif statement.row is not None and statement.section in (None, BASICS):
            groups.setdefault(f"row {statement.row}", []).append(statement)
    return {key: group for key, group in groups.items() if _is_lot(key, group)}


def _is_only_row(statement: NoticeStatement, statements: Sequence[NoticeStatement]) -> bool:
    """Whether the row of a statement is the only one of its lot that names goods and a budget."""
    rows = [s for s in statements if s.lot == statement.lot and s.row is not None and s.section == statement.section]
    named, priced = ({s.row for s in rows if s.role == role} for role in ("item-name", "budget"))
    return named == priced == {statement.row}


def _is_lot(key: str, group: Sequence[NoticeStatement]) -> bool:
    """Whether a group is a lot: it has a mark, or its row names a project with its budget."""
    roles = {statement.role for statement in group}
    return not key.startswith("row ") or {"project", "budget"} <= roles or {"lot-name", "budget"} <= roles


def _lot(key: str, group: Sequence[NoticeStatement], words: NoticeWords) -> NoticeLot:
    name = budget = ceiling = None
    for statement in sorted(group, key=lambda s: s.role == "item-name"):
        if statement.role in ("lot-name", "project", "item-name"):
            text = tidy_name(statement.value)
            name = name or (None if is_nothing(text, words) else text)
        elif statement.role == "budget":
            budget = budget or parse_money(statement.value, statement.unit, words).first
        else:
            ceiling = ceiling or parse_money(statement.value, statement.unit, words).first
    return NoticeLot(None if key.startswith("row ") else key, name, budget, ceiling)
