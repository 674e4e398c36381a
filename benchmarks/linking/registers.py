"""A fourth generator of notices, made otherwise than the others: a register whose fields are spoilt one by one.

The budgets are those of the first generator. Each notice copies a line; then every field is spoilt by itself, at rates
drawn anew for each seed: characters of the name fall out or change places, its halves change places, the item takes its
place; the buyer loses its place or gets another body behind it; amounts are discounted, rounded, raised or divided;
codes slip to the item beside. Of the rest, some renew a line in a year without it, some buy once more what was bought,
some carry a line of another office, and some are free inventions.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from benchmarks.linking.budgets import MadeBudgets, MadeLine, items_below, load_words, make_budgets
from benchmarks.linking.records import MadeRecord
from yusuan.linking.sides import NoticeRecord

_SHORTEST, _LEAST_NAME = 3, 6
_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class _Rates:
    """How often a field of a copied line is spoilt, 0 to 1, and how many notices no line pays for."""

    name: float
    buyer: float
    amount: float
    code: float
    divided: float
    unpaid: float


def make_registers(seed: int, lines: int) -> tuple[MadeBudgets, list[MadeRecord]]:
    """Return budgets with about `lines` rows, and the notices about them, with known truth."""
    dice = random.Random(f"registers {seed}")
    budgets = make_budgets(5000 + seed, lines)
    rates = _Rates(
        *(dice.uniform(low, high) for low, high in ((0.3, 0.8), (0.2, 0.6), (0.3, 0.8), (0.1, 0.5))), 0.1, 0.4
    )
    records: list[MadeRecord] = []
    for made in budgets.lines:
        if dice.random() < 0.75:
            records += _copies(dice, made, rates)
        if dice.random() < rates.unpaid:
            records.append(_unpaid(dice, made, budgets.lines, rates))
    dice.shuffle(records)
    numbered = [replace(r, notice=replace(r.notice, key=f"urn:register:{n}")) for n, r in enumerate(records)]
    return budgets, numbered


def _copies(dice: random.Random, made: MadeLine, rates: _Rates) -> list[MadeRecord]:
    parts = dice.randint(2, 3) if dice.random() < rates.divided else 1
    amount = (made.line.amount or Decimal(0)) / parts
    return [MadeRecord(_notice(dice, made, amount, rates), frozenset((made.line.key,))) for _ in range(parts)]


def _unpaid(dice: random.Random, made: MadeLine, lines: Sequence[MadeLine], rates: _Rates) -> MadeRecord:
    """Return a notice like that about a line, which no line pays for."""
    fate = dice.random()
    amount = made.line.amount or Decimal(0)
    record = _notice(dice, made, amount * dice.randint(70, 130) / 100, rates)
    if fate < 0.25:  # a renewal in a year that has no such line
        year = made.line.year + dice.choice((-2, 2, 3))
        record = replace(record, year=year, issued=date(year, 6, 1))
    elif fate < 0.5:  # what another office has a line for
        other = dice.choice(
            [line for line in dice.sample(lines, k=min(len(lines), _SAMPLE)) if line.office != made.office]
        )
        record = replace(_notice(dice, other, amount, rates), buyer=made.office, year=made.line.year)
    else:
        code, item = dice.choice(items_below(dice.choice("ABC")))
        taken = {line.line.item for line in lines if line.line.office == made.line.office}
        kinds = load_words()["plans"]["kinds"]
        project = item + dice.choice(kinds[code[0]])
        items = () if code in taken else (code,)
        record = replace(
            record, project=project, items=items, budget=Decimal(dice.randint(5, 900)) * 1000, awarded=None
        )
    return MadeRecord(record, frozenset())


def _notice(dice: random.Random, made: MadeLine, amount: Decimal, rates: _Rates) -> NoticeRecord:
    name = made.topic or made.line.project or made.line.item_name or ""
    if dice.random() < rates.name:
        name = _spoilt(dice, name, made.line.item_name)
    buyer = dice.choice((made.office, made.unit))
    if dice.random() < rates.buyer:
        buyer = dice.choice((*made.units, *made.unlisted, buyer))
    if dice.random() < rates.amount:
        amount = dice.choice(
            (amount * dice.randint(60, 99) / 100, _rounded(amount), amount * dice.randint(101, 108) / 100)
        )
    item = made.line.item or ""
    if item and dice.random() < rates.code:
        item = dice.choice((item[:5], dice.choice(items_below(item[:3]))[0], ""))
    day = date(made.line.year, dice.randint(1, 12), dice.randint(1, 28))
    told = dice.choices(("budget", "award", "neither"), (70, 22, 8))[0]
    return NoticeRecord(
        key="",
        year=day.year,
        issued=day,
        buyer=buyer,
        project=f"{buyer}{name}" if dice.random() < 0.3 else name,
        items=(item,) if item else (),
        budget=amount.quantize(Decimal("0.01")) if told == "budget" else None,
        awarded=(amount * dice.randint(85, 100) / 100).quantize(Decimal("0.01")) if told == "award" else None,
    )


def _spoilt(dice: random.Random, name: str, item: str | None) -> str:
    """Return a name with characters lost or exchanged, with its halves exchanged, or the name of the item."""
    if len(name) < _LEAST_NAME:
        return name
    place, fate = dice.randrange(1, len(name) - _SHORTEST), dice.random()
    if fate < 0.3:
        return name[:place] + name[place + dice.randint(1, 2) :]
    if fate < 0.5:
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    if fate < 0.7:
        return name[len(name) // 2 :] + name[: len(name) // 2]
    return item if item and fate < 0.85 else name[: max(_SHORTEST, place)]


def _rounded(amount: Decimal) -> Decimal:
    return max(Decimal(10000), (amount / 10000).quantize(Decimal(1)) * 10000)
