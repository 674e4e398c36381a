"""Awards of a notice: who was chosen, for which lot, at which price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from converters.procurement.notice import Supplier
from converters.procurement.statements import AWARDS, BASICS, FAILURE, GOODS, UNKNOWN, NoticeStatement
from converters.procurement.values.money import GLUED, Money, parse_money
from converters.procurement.values.names import ends_as_organisation, find_credit_code, split_organisations
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label

_ROLES = ("supplier", "supplier-code", "amount", "contract-amount", "ordinal", "rank", "lot-name")
_PLACES = (None, AWARDS, BASICS)
ZERO = "zero"
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Award:
    """The suppliers chosen together, the lot, and the price in yuan with the statement that it is read from.

    `problem` tells why there is no price (see `converters.procurement.values.money`).
    """

    suppliers: tuple[Supplier, ...]
    lot: str | None
    ordinal: str | None
    amount: Decimal | None
    problem: str | None
    stated: NoticeStatement | None
    candidates: tuple[Decimal, ...] = ()
    lot_name: str | None = None
    section: str | None = None


@dataclass
class _Group:
    lot: str | None
    row: int | None
    section: str | None = None
    values: dict[str, NoticeStatement] = field(default_factory=dict)


def read_awards(statements: Sequence[NoticeStatement], words: NoticeWords) -> list[Award]:
    """Return the awards in printed order.

    Lists of offers with ranks, and sections about goods, fees and experts, hold no awards. Suppliers in the table of
    goods count only if no other place names one, as do values under unknown headings whose labels say who was chosen.
    """
    awards = list(_awards((s for s in statements if s.section in _PLACES or s.role == "contract-amount"), words))
    awards = _without_repeated(awards)
    if not awards:
        winning = words.words["winning"]
        stray = (s for s in statements if s.section == UNKNOWN and clean_label(s.label).startswith(winning))
        awards = list(_awards(stray, words))
    if not any(award.suppliers for award in awards):
        goods = [s for s in statements if s.section == GOODS and s.role == "supplier"]
        names = dict.fromkeys(name for s in goods for name in split_organisations(s.value, words))
        if names and len(awards) == 1:
            [only] = awards
            suppliers = tuple(map(Supplier, names))
            awards = [replace(only, suppliers=suppliers, ordinal=None)]
        elif names and not awards:
            awards = [Award(tuple(map(Supplier, names)), None, None, None, None, None)]
    return awards


def _without_repeated(awards: Sequence[Award]) -> list[Award]:
    """Return the awards without those before the first section that only repeat suppliers of the section of awards."""
    told = {
        supplier.name for award in awards if award.section == AWARDS and award.stated for supplier in award.suppliers
    }
    return [
        award
        for award in awards
        if award.section is not None
        or not award.suppliers
        or not told >= {supplier.name for supplier in award.suppliers}
    ]


def _awards(statements: Iterator[NoticeStatement], words: NoticeWords) -> Iterator[Award]:
    for group in _group(statements, words):
        award = _award(group, words)
        if award is not None:
            yield award


def _group(statements: Iterator[NoticeStatement], words: NoticeWords) -> list[_Group]:
    """Return the statements about one award each: a repeated role, another lot or another row begins the next."""
    groups: list[_Group] = []
    for statement in statements:
        if statement.role not in _ROLES:
            continue
        last = groups[-1] if groups else None
        moved = last is not None and (statement.lot, statement.row) != (last.lot, last.row)
        if last is not None and not moved and _repeats(statement, last.values.get(statement.role), words):
            continue
        if last is None or statement.role in last.values or moved:
            last = _Group(statement.lot, statement.row, statement.section)
            groups.append(last)
        last.values[statement.role] = statement
    return groups


def _repeats(statement: NoticeStatement, known: NoticeStatement | None, words: NoticeWords) -> bool:
    """Whether a statement says the sum of one before it again, in characters or digits (`合同金额（大写）`)."""
    if known is None or statement.role not in ("amount", "contract-amount") or statement.label == known.label:
        return False
    sums = [parse_money(s.value, s.unit, words).first for s in (known, statement)]
    return sums[0] is not None and sums[0] == sums[1]


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
    problem = money.problem or (ZERO if money.amounts and not amount else None)
    if not suppliers and problem == ZERO:
        return None
    ordinal, lot_name = (group.values[role].value if role in group.values else None for role in ("ordinal", "lot-name"))
    return Award(suppliers, group.lot, ordinal, amount, problem, priced, money.candidates, lot_name, group.section)


def _is_supplier(name: str, words: NoticeWords) -> bool:
    """Whether a name is that of an organisation: names of natural persons are not kept."""
    return ends_as_organisation(name, words) or any(map(str.isascii, name)) or len(name) > 4


def settle_glued(awards: Sequence[Award], total: Decimal | None) -> list[Award]:
    """Return the awards with digits that ran together resolved, where one reading alone agrees with the total.

    A total that ends with zeros may be rounded to hundreds of yuan, a hundredth of 万元.
    """
    if total is None or sum(award.problem == GLUED for award in awards) != 1:
        return list(awards)
    known = sum((award.amount for award in awards if award.amount), Decimal(0))
    rounding = Decimal(1) if total % _HUNDRED else _HUNDRED / 2
    settled = []
    for award in awards:
        fitting = [c for c in award.candidates if abs(known + c - total) <= rounding] if award.problem == GLUED else []
        if len(fitting) == 1:
            award = replace(award, amount=fitting[0], problem=None, candidates=())
        settled.append(award)
    return settled


def failed_lots(statements: Sequence[NoticeStatement]) -> list[str]:
    """Return the numbers of the lots for which a section about failures gives a reason."""
    return [s.lot for s in statements if s.section == FAILURE and s.lot is not None]
