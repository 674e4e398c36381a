"""Awards of a notice: who was chosen, for which lot, at which price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from converters.procurement.money import GLUED, Money, parse_money
from converters.procurement.names import ends_as_organisation, find_credit_code, split_organisations
from converters.procurement.notice import Supplier
from converters.procurement.statements import AWARDS, BASICS, FAILURE, GOODS, NoticeStatement
from ontology.procurement.notice_words import NoticeWords

_ROLES = ("supplier", "supplier-code", "amount", "contract-amount", "ordinal", "rank")
_PLACES = (None, AWARDS, BASICS)


@dataclass(frozen=True, slots=True)
class Award:
    """The suppliers chosen together, the lot, and the price in yuan with the statement that it is read from.

    `problem` tells why there is no price (see `converters.procurement.money`).
    """

    suppliers: tuple[Supplier, ...]
    lot: str | None
    ordinal: str | None
    amount: Decimal | None
    problem: str | None
    stated: NoticeStatement | None
    candidates: tuple[Decimal, ...] = ()


@dataclass
class _Group:
    lot: str | None
    row: int | None
    values: dict[str, NoticeStatement] = field(default_factory=dict)


def read_awards(statements: Sequence[NoticeStatement], words: NoticeWords) -> list[Award]:
    """Return the awards in printed order.

    Lists of offers with ranks, and sections about goods, fees and experts, hold no awards. Suppliers in the table of
    goods count only if no other place names one.
    """
    awards = list(_awards((s for s in statements if s.section in _PLACES), words))
    if not any(award.suppliers for award in awards):
        goods = [s for s in statements if s.section == GOODS and s.role == "supplier"]
        names = dict.fromkeys(name for s in goods for name in split_organisations(s.value, words))
        if names and len(awards) == 1:
            [only] = awards
            suppliers = tuple(map(Supplier, names))
            awards = [Award(suppliers, only.lot, None, only.amount, only.problem, only.stated, only.candidates)]
        elif names and not awards:
            awards = [Award(tuple(map(Supplier, names)), None, None, None, None, None)]
    return awards


def _awards(statements: Iterator[NoticeStatement], words: NoticeWords) -> Iterator[Award]:
    for group in _group(statements):
        award = _award(group, words)
        if award is not None:
            yield award


def _group(statements: Iterator[NoticeStatement]) -> list[_Group]:
    """Return the statements about one award each: a repeated role, another lot or another row begins the next."""
    groups: list[_Group] = []
    for statement in statements:
        if statement.role not in _ROLES:
            continue
        last = groups[-1] if groups else None
        moved = last is not None and (statement.lot, statement.row) != (last.lot, last.row)
        if last is None or statement.role in last.values or moved:
            last = _Group(statement.lot, statement.row)
            groups.append(last)
        last.values[statement.role] = statement
    return groups


def _award(group: _Group, words: NoticeWords) -> Award | None:
    named = group.values.get("supplier")
    priced = group.values.get("amount") or group.values.get("contract-amount")
    if "rank" in group.values or (named is None and priced is None):
        return None
    names = split_organisations(named.value, words) if named else []
    coded = group.values.get("supplier-code")
    code = find_credit_code(coded.value if coded else named.value if named else "")
    if code is not None:
        names = [name.replace(code, "").strip("() \uff08\uff09") for name in names]
    suppliers = tuple(Supplier(name, code if len(names) == 1 else None) for name in names if _is_supplier(name, words))
    if named is not None and not suppliers and priced is None:
        return None
    money = parse_money(priced.value, priced.unit, words) if priced else Money()
    amount = money.first if money.first else None
    problem = money.problem or ("zero" if money.amounts and not amount else None)
    ordinal = group.values.get("ordinal")
    return Award(suppliers, group.lot, ordinal.value if ordinal else None, amount, problem, priced, money.candidates)


def _is_supplier(name: str, words: NoticeWords) -> bool:
    """Whether a name is that of an organisation: names of natural persons are not kept."""
    return ends_as_organisation(name, words) or any(map(str.isascii, name)) or len(name) > 4


def settle_glued(awards: Sequence[Award], total: Decimal | None, rounding: Decimal) -> list[Award]:
    """Return the awards with digits that ran together resolved, where one reading alone agrees with the total."""
    if total is None or sum(award.problem == GLUED for award in awards) != 1:
        return list(awards)
    known = sum((award.amount for award in awards if award.amount), Decimal(0))
    settled = []
    for award in awards:
        fitting = [c for c in award.candidates if abs(known + c - total) <= rounding] if award.problem == GLUED else []
        if len(fitting) == 1:
            award = Award(award.suppliers, award.lot, award.ordinal, fitting[0], None, award.stated)
        settled.append(award)
    return settled


def failed_lots(statements: Sequence[NoticeStatement]) -> list[str]:
    """Return the numbers of the lots for which a section about failures gives a reason."""
    return [s.lot for s in statements if s.section == FAILURE and s.lot is not None]
