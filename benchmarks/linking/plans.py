"""A third generator of budgets and notices, made otherwise than the others: by lists of projects with their phases.

An office has a list of named projects, most with one row. Its notices merge several projects, buy one of several
phases, extend a contract, or report an award alone. They name things by shortened or merged names, and misprint
amounts. Decoys are supervision and design of a project, the same project of the year before or of the neighbouring
place, and other purchases of the office.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from benchmarks.linking.budgets import MadeBudgets, MadeLine, items_below, load_words, places
from benchmarks.linking.records import MadeRecord
from converters.model.iris import digest
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices

_YEAR = 2025
_TEN_THOUSAND = Decimal(10000)


@dataclass(frozen=True, slots=True)
class _Planner:
    """An office with its place, the names under which it buys, and its lines."""

    place: str
    division: str
    names: tuple[str, ...]
    lines: tuple[MadeLine, ...]


def make_plans(seed: int, lines: int) -> tuple[MadeBudgets, list[MadeRecord]]:
    """Return budgets with about `lines` rows, and the notices about them, with known truth."""
    dice = random.Random(f"plans {seed}")
    planners: list[_Planner] = []
    names: dict[str, tuple[str, ...]] = {}
    divisions: dict[str, str] = {}
    for division, place in dice.sample(places(), k=len(places())):
        for field in dice.sample(sorted(load_words()["offices"]), k=2):
            planner = _make_planner(dice, division, place, field)
            planners.append(planner)
            office = planner.lines[0].line.office
            names[office], divisions[office] = planner.names[:1], division
        if sum(len(planner.lines) for planner in planners) >= lines:
            break
    records = [record for planner in planners for record in _notices(dice, planner)]
    dice.shuffle(records)
    numbered = [replace(r, notice=replace(r.notice, key=f"urn:plan:{n}")) for n, r in enumerate(records)]
    rows = tuple(line for planner in planners for line in planner.lines)
    return MadeBudgets(rows, Offices(names, {}, divisions)), numbered


@cache
def _things() -> tuple[tuple[str, str, str], ...]:
    """Return kind of work, code and name of the items of the catalogue from which projects are named."""
    kinds = load_words()["plans"]["kinds"]
    return tuple((kinds[letter], *item) for letter in kinds for item in items_below(letter) if item[1])


def _make_planner(dice: random.Random, division: str, place: str, field: str) -> _Planner:
    told, words = load_words()["offices"][field], load_words()["plans"]
    office, name = f"urn:plans:{division}:{field}", place + told["office"]
    lines = []
    for kind, code, item in dice.sample(_things(), k=dice.randint(6, 16)):
        project = dice.choice(words["names"]).format(
            where=dice.choice(words["where"]), item=item, work=dice.choice(kind)
        )
        amount = Decimal(dice.choice((1, 5, 10, 25))) * dice.randint(3, 60) * 1000 + dice.choice((0, 0, 0, 480, 75))
        line = BudgetLine(
            key=f"urn:planned:{digest(f'{office} {project} {code}')}",
            organisation=office,
            office=office,
            division=division,
            year=_YEAR,
            amount=amount,
            project=project,
            item=code if dice.random() < 0.85 else None,
            item_name=item,
            function=f"{field}0199",
            economic=dice.choice(("30299", "31002", "30213", "30227")),
        )
        lines.append(MadeLine(line, project, name, name, (), ()))
    suffixes = words["suffixes"]
    return _Planner(place, division, (name, *(name + suffix for suffix in suffixes)), tuple(lines))


def _notices(dice: random.Random, planner: _Planner) -> Iterator[MadeRecord]:
    waiting = [line for line in planner.lines if dice.random() < 0.8]
    dice.shuffle(waiting)
    while waiting:
        line = waiting.pop()
        fate = dice.random()
        if fate < 0.1 and waiting:
            rows = [line, *(waiting.pop() for _ in range(min(len(waiting), dice.choice((1, 1, 1, 2)))))]
            yield _notice(dice, planner, rows, _merged_name(dice, rows), _sum(rows))
        elif fate < 0.2:
            for phase in load_words()["plans"]["phases"][: dice.randint(2, 4)]:
                part = _sum([line]) * dice.randint(15, 45) / 100
                yield _notice(dice, planner, [line], _shortened(dice, line.topic) + phase, part)
        else:
            share = dice.choice((100, 100, 100, dice.randint(70, 99)))
            yield _notice(dice, planner, [line], _shortened(dice, line.topic), _sum([line]) * share / 100)
        if dice.random() < 0.3:
            yield _decoy(dice, planner, line)


def _notice(dice: random.Random, planner: _Planner, rows: Sequence[MadeLine], name: str, amount: Decimal) -> MadeRecord:
    """Return a notice that spends rows: its budget or its award, sometimes rounded or with a digit misprinted."""
    words, item = load_words()["plans"], rows[0].line.item or ""
    fate = dice.random()
    if fate < 0.12:
        amount = max(_TEN_THOUSAND, (amount / _TEN_THOUSAND).quantize(Decimal(1)) * _TEN_THOUSAND)
    elif fate < 0.14:
        amount = Decimal(str(int(amount))[::-1])
    day = date(_YEAR, dice.randint(2, 12), dice.randint(1, 28))
    if dice.random() < 0.05:
        day = date(_YEAR - 1, 12, day.day)
    told = dice.choices(("budget", "award", "neither"), (75, 20, 5))[0]
    buyer = dice.choice(planner.names)
    return MadeRecord(
        NoticeRecord(
            key="",
            year=day.year,
            issued=day,
            buyer=buyer,
            project=dice.choice(words["purchases"]).format(buyer=buyer, name=name, year=_YEAR),
            items=(item[: dice.choice((len(item), len(item), 5))],) if item and dice.random() < 0.45 else (),
            budget=amount.quantize(Decimal("0.01")) if told == "budget" else None,
            awarded=(amount * dice.randint(82, 100) / 100).quantize(Decimal("0.01")) if told != "neither" else None,
        ),
        frozenset(row.line.key for row in rows),
    )


def _decoy(dice: random.Random, planner: _Planner, line: MadeLine) -> MadeRecord:
    """Return a notice like those about a line that no line pays for."""
    fate = dice.random()
    if fate < 0.3:
        by_the_way = dice.choice(load_words()["plans"]["asides"])
        record = _notice(dice, planner, [line], line.topic + by_the_way, _sum([line]) * dice.randint(2, 9) / 100)
        if line.line.item is None:  # a project without rows also pays for what accompanies it
            return replace(record, notice=replace(record.notice, items=()))
        other = replace(record.notice, items=())
    elif fate < 0.5:
        record = _notice(dice, planner, [line], line.topic, _sum([line]) * dice.randint(60, 140) / 100)
        other = replace(record.notice, year=_YEAR - 2, issued=date(_YEAR - 2, 7, 1))
    elif fate < 0.65:
        neighbour = dice.choice(places())
        buyer = planner.names[0].replace(planner.place, neighbour[1])
        record = _notice(dice, planner, [line], line.topic, _sum([line]))
        name = (record.notice.project or "").replace(planner.place, neighbour[1])
        other = replace(record.notice, buyer=buyer, project=name)
    else:
        taken = {each.line.item_name for each in planner.lines}
        kind, code, item = dice.choice([thing for thing in dice.sample(_things(), k=40) if thing[2] not in taken])
        amount = dice.choice((_sum([line]), Decimal(dice.randint(5, 900)) * 1000))
        row = replace(line, line=replace(line.line, item=code))
        record = _notice(dice, planner, [row], item + dice.choice(kind), amount)
        other = record.notice
    return MadeRecord(other, frozenset())


def _merged_name(dice: random.Random, rows: Sequence[MadeLine]) -> str:
    words = load_words()["plans"]
    if dice.random() < 0.25:
        return str(words["several"]).format(first=rows[0].topic, count=len(rows))
    return str(dice.choice(words["joints"])).join(_shortened(dice, row.topic) for row in rows)


def _shortened(dice: random.Random, name: str) -> str:
    """Return a name as it is, or without its first or last part, or with characters left out in the middle."""
    fate = dice.random()
    if fate < 0.25 and len(name) > 6:
        return name[dice.randint(1, len(name) // 4) :]
    if fate < 0.4 and len(name) > 6:
        middle = len(name) // 2
        return name[: middle - 1] + name[middle + dice.randint(0, 1) :]
    if fate < 0.55:
        for word, other in load_words()["plans"]["synonyms"].items():
            if word in name:
                return name.replace(word, other)
    return name


def _sum(rows: Sequence[MadeLine]) -> Decimal:
    return sum((row.line.amount or Decimal(0) for row in rows), Decimal(0))
