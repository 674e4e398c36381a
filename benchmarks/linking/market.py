"""A second generator of budgets and notices, made otherwise than the first: by years of purchasing.

Each project of an office has several rows, one for each item of the catalogue. A buyer plans purchases from its rows:
a whole project at once, one row, or a row in instalments; renews what it bought the year before; and buys what no row
pays for. Purchases are named by items or by projects, with synonyms, batches and remarks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from benchmarks.linking.budgets import MadeBudgets, MadeLine, items_below, load_words, places
from benchmarks.linking.records import MadeRecord
from converters.model.iris import digest
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices

_YEAR = 2024
_PURCHASES = 1.3
"""Purchases of an office for each of its rows."""


@dataclass(frozen=True, slots=True)
class _Buyer:
    """An office with the names under which it and its branches buy, and its rows by project."""

    office: str
    division: str
    place: str
    names: tuple[str, ...]
    branches: tuple[str, ...]
    projects: tuple[tuple[MadeLine, ...], ...]


def make_market(seed: int, lines: int) -> tuple[MadeBudgets, list[MadeRecord]]:
    """Return budgets with about `lines` rows, and the notices about them, with known truth, in order of their dates."""
    dice = random.Random(f"market {seed}")
    buyers: list[_Buyer] = []
    names: dict[str, tuple[str, ...]] = {}
    divisions: dict[str, str] = {}
    for division, place in dice.sample(places(), k=len(places())):
        for field in dice.sample(sorted(load_words()["offices"]), k=3):
            buyer = _make_buyer(dice, division, place, field)
            buyers.append(buyer)
            names[buyer.office] = buyer.names[:1]
            divisions[buyer.office] = division
        if sum(len(rows) for buyer in buyers for rows in buyer.projects) >= lines:
            break
    rows = [row for buyer in buyers for project in buyer.projects for row in project]
    records = [record for buyer in buyers for record in _year_of(dice, buyer)]
    records.sort(key=lambda record: (record.notice.issued or date.min, record.notice.project or ""))
    numbered = [replace(r, notice=replace(r.notice, key=f"urn:purchase:{n}")) for n, r in enumerate(records)]
    return MadeBudgets(tuple(rows), Offices(names, {}, divisions)), numbered


@cache
def _goods() -> tuple[tuple[str, str], ...]:
    return tuple(item for letter in "ABC" for item in items_below(letter) if item[1])


def _make_buyer(dice: random.Random, division: str, place: str, field: str) -> _Buyer:
    told, market = load_words()["offices"][field], load_words()["market"]
    office = f"urn:market:{division}:{field}"
    name = place + told["office"]
    projects = []
    for kind in dice.sample(market["projects"], k=dice.randint(2, 4)):
        items = dice.sample(_goods(), k=dice.randint(1, 5))
        projects.append(tuple(_row(dice, office, division, name, field, kind, item) for item in items))
    branches = tuple(place + unit for unit in (*told["units"], *told["unlisted"]))
    short = place[-3:] + told["office"] if len(place) > 5 else name
    return _Buyer(office, division, place, (name, short), branches, tuple(projects))


def _row(
    dice: random.Random, office: str, division: str, name: str, field: str, project: str, item: tuple[str, str]
) -> MadeLine:
    amount = Decimal(str(round(dice.lognormvariate(2.6, 1.2), 2))) * 10000  # 万元 with two decimals
    line = BudgetLine(
        key=f"urn:row:{digest(f'{office} {project} {item}')}",
        organisation=office,
        office=office,
        division=division,
        year=_YEAR,
        amount=max(amount, Decimal(1000)),
        project=project,
        item=item[0],
        item_name=item[1],
        function=f"{field}0101",
        economic="30299",
    )
    return MadeLine(line, item[1], name, name, (), ())


def _year_of(dice: random.Random, buyer: _Buyer) -> Iterator[MadeRecord]:
    """Yield the purchases of a buyer: what its rows pay for, earlier and later years of it, and what they do not."""
    rows = [row for project in buyer.projects for row in project]
    for project in buyer.projects:
        if len(project) > 1 and dice.random() < 0.1:
            yield _purchase(dice, buyer, project, sum((r.line.amount or Decimal(0) for r in project), Decimal(0)))
            continue
        for row in project:
            amount = row.line.amount or Decimal(0)
            fate = dice.random()
            if fate < 0.12:
                parts = dice.randint(2, 3)
                for _ in range(parts):
                    yield _purchase(dice, buyer, (row,), amount / parts)
            elif fate < 0.85:
                yield _purchase(dice, buyer, (row,), amount)
    for _ in range(round(len(rows) * (_PURCHASES - 1))):
        row = dice.choice(rows)
        yield dice.choice((_unplanned, _renewed, _same_price))(dice, buyer, row)


def _purchase(dice: random.Random, buyer: _Buyer, rows: Sequence[MadeLine], amount: Decimal) -> MadeRecord:
    """Return a notice: a budget at or below the rows, an award below it, or neither."""
    market = load_words()["market"]
    line = rows[0].line
    printed = dice.choice((amount, amount, _rounded(dice, amount), amount * Decimal(dice.randint(90, 99)) / 100))
    told = dice.choices(("budget", "award", "none"), (75, 20, 5))[0]
    day = date(_YEAR, 1, 10) + timedelta(days=round(dice.triangular(0, 340, 120)))
    where = dice.choices((buyer.names[:1], buyer.names, buyer.branches), (65, 20, 15))[0]
    subject = line.project if len(rows) > 1 else dice.choices((line.item_name, line.project), (85, 15))[0]
    buyer_name, remark = dice.choice(where), dice.choice(market["remarks"])
    name = dice.choice(market["purchases"]).format(
        buyer=buyer_name, subject=_reworded(dice, subject or ""), year=_YEAR, remark=remark
    )
    code = dice.choices((line.item, (line.item or "")[:5], "", _another(dice)), (50, 15, 30, 5))[0]
    notice = NoticeRecord(
        key="",
        year=day.year,
        issued=day,
        buyer=buyer_name,
        project=name,
        plan=f"{buyer.division}-{_YEAR}-{dice.randint(1, 99999):05}" if dice.random() < 0.6 else None,
        items=(code,) if code and len(rows) == 1 else (),
        budget=printed.quantize(Decimal("0.01")) if told == "budget" else None,
        awarded=(printed * Decimal(dice.randint(80, 100)) / 100).quantize(Decimal("0.01")) if told != "none" else None,
    )
    return MadeRecord(notice, frozenset(row.line.key for row in rows))


def _unplanned(dice: random.Random, buyer: _Buyer, row: MadeLine) -> MadeRecord:
    """Return a purchase of something that no row pays for."""
    taken = {each.line.item for project in buyer.projects for each in project}
    item = dice.choice([item for item in dice.sample(_goods(), k=40) if item[0] not in taken])
    other = replace(row, line=replace(row.line, item=item[0], item_name=item[1], project=item[1]))
    amount = Decimal(str(round(dice.lognormvariate(2.6, 1.2), 2))) * 10000
    return replace(_purchase(dice, buyer, (other,), amount), truth=frozenset())


def _renewed(dice: random.Random, buyer: _Buyer, row: MadeLine) -> MadeRecord:
    """Return the same purchase two years before or after, with another amount."""
    amount = (row.line.amount or Decimal(0)) * Decimal(dice.randint(60, 140)) / 100
    notice = _purchase(dice, buyer, (row,), amount).notice
    year = _YEAR + dice.choice((-2, 2))
    day = date(year, notice.issued.month if notice.issued else 6, 15)
    name = (notice.project or "").replace(str(_YEAR), str(year))
    return MadeRecord(replace(notice, year=year, issued=day, project=name, plan=None), frozenset())


def _same_price(dice: random.Random, buyer: _Buyer, row: MadeLine) -> MadeRecord:
    """Return a purchase of something else at the price of a row."""
    other = _unplanned(dice, buyer, row)
    return replace(other, notice=replace(other.notice, budget=row.line.amount, awarded=None))


def _rounded(dice: random.Random, amount: Decimal) -> Decimal:
    step = dice.choice((Decimal(1000), Decimal(10000)))
    return max(step, (amount / step).quantize(Decimal(1)) * step)


def _reworded(dice: random.Random, subject: str) -> str:
    """Return a name with a synonym, without its first or last characters, or as it is."""
    fate = dice.random()
    if fate < 0.15 and len(subject) > 5:
        return subject[dice.randint(1, 2) :]
    if fate < 0.3 and len(subject) > 5:
        return subject[: -dice.randint(1, 2)]
    if fate < 0.5:
        for word, other in load_words()["market"]["synonyms"].items():
            if word in subject:
                return subject.replace(word, other)
    return subject


def _another(dice: random.Random) -> str:
    return dice.choice(_goods())[0]
