"""Made notices about made budget lines, with real kinds of noise and known truth."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from benchmarks.linking.budgets import MadeBudgets, MadeLine, items_below, load_words
from yusuan.linking.sides import NoticeRecord


@dataclass(frozen=True, slots=True)
class Noise:
    """How often each kind of noise occurs, 0 to 1."""

    other_unit: float = 0.2
    unlisted: float = 0.15
    no_buyer_place: float = 0.05
    abbreviated: float = 0.3
    item_name_only: float = 0.15
    split: float = 0.12
    merged: float = 0.08
    rounded: float = 0.15
    wrong_code: float = 0.1
    no_code: float = 0.3
    no_amount: float = 0.06
    award_only: float = 0.2
    cut: float = 0.15
    out_of_year: float = 0.1
    unrelated: float = 0.35
    decoys: float = 0.15
    asides: float = 0.08


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """A notice and the keys of the budget lines that it truly spends; none for an unrelated one."""

    notice: NoticeRecord
    truth: frozenset[str]


def vary(seed: int) -> Noise:
    """Return the rates of a seed: each between two thirds and four thirds of the usual."""
    dice = random.Random(f"noise {seed}")
    usual = Noise()
    return replace(
        usual, **{name: getattr(usual, name) * dice.uniform(2 / 3, 4 / 3) for name in Noise.__dataclass_fields__}
    )


def make_records(seed: int, budgets: MadeBudgets, records: int, noise: Noise | None = None) -> list[MadeRecord]:
    """Return about `records` notices about the lines of budgets, in random order."""
    dice = random.Random(f"records {seed}")
    rates = noise or vary(seed)
    by_office: dict[tuple[str, int], list[MadeLine]] = {}
    for made in budgets.lines:
        by_office.setdefault((made.line.office, made.line.year), []).append(made)
    found: list[MadeRecord] = []
    rounds = 0
    while len(found) < records and rounds < 100:
        rounds += 1
        for group in dice.sample(sorted(by_office), k=len(by_office)):
            found.extend(_of_office(dice, by_office[group], rates))
            if len(found) >= records:
                break
    dice.shuffle(found)
    return [
        MadeRecord(replace(record.notice, key=f"urn:notice:{number}"), record.truth)
        for number, record in enumerate(found)
    ]


def _of_office(dice: random.Random, lines: Sequence[MadeLine], rates: Noise) -> Iterator[MadeRecord]:
    waiting = [made for made in lines if dice.random() < 0.7]
    topics = [made.topic for made in lines]
    while waiting:
        made = waiting.pop()
        if waiting and dice.random() < rates.merged:
            yield _merged(dice, made, waiting.pop(), rates)
        elif dice.random() < rates.split:
            yield from _split(dice, made, rates)
        else:
            yield _single(dice, made, rates, made.line.amount or Decimal(0))
        if dice.random() < rates.unrelated:
            yield _unrelated(dice, made, topics)
        if dice.random() < rates.decoys:
            yield _decoy(dice, made, topics)
        if dice.random() < rates.asides:
            yield _aside(dice, made, rates)


def _single(dice: random.Random, made: MadeLine, rates: Noise, amount: Decimal) -> MadeRecord:
    return MadeRecord(_notice(dice, made, rates, amount, _topic(dice, made, rates)), frozenset((made.line.key,)))


def _split(dice: random.Random, made: MadeLine, rates: Noise) -> Iterator[MadeRecord]:
    count = dice.randint(2, 4)
    shares = [dice.uniform(0.5, 1.5) for _ in range(count)]
    topic = _topic(dice, made, rates)
    for number, share in enumerate(shares, start=1):
        amount = (made.line.amount or Decimal(0)) * Decimal(share / sum(shares))
        notice = _notice(dice, made, rates, amount.quantize(Decimal(100)) or Decimal(100), topic)
        name = load_words()["patterns"]["lot"].format(purchase=notice.project, number=number)
        yield MadeRecord(replace(notice, project=name), frozenset((made.line.key,)))


def _merged(dice: random.Random, made: MadeLine, other: MadeLine, rates: Noise) -> MadeRecord:
    amount = (made.line.amount or Decimal(0)) + (other.line.amount or Decimal(0))
    pattern = dice.choice(load_words()["patterns"]["merged"])
    topic = pattern.format(first=made.topic, second=other.topic)
    return MadeRecord(_notice(dice, made, rates, amount, topic), frozenset((made.line.key, other.line.key)))


def _notice(dice: random.Random, made: MadeLine, rates: Noise, amount: Decimal, topic: str) -> NoticeRecord:
    line = made.line
    buyer = _buyer(dice, made, rates)
    if dice.random() < rates.rounded:
        amount = max(Decimal(10000), (amount / 10000).quantize(Decimal(1)) * 10000)
    if dice.random() < rates.cut:
        amount = (amount * Decimal(dice.uniform(0.8, 0.99))).quantize(Decimal(100))
    item = line.item or ""
    if item and dice.random() < rates.wrong_code:
        item = dice.choice(items_below(dice.choice((item[:5], item[:3]))))[0]
    with_item = item and dice.random() >= rates.no_code
    awarded = (amount * Decimal(dice.uniform(0.85, 1))).quantize(Decimal(1))
    issued = _day(dice, line.year, rates.out_of_year)
    has_amount = dice.random() >= rates.no_amount
    budget = amount if has_amount and dice.random() >= rates.award_only else None
    pattern = dice.choice(load_words()["patterns"]["purchase"])
    return NoticeRecord(
        key="",
        year=issued.year,
        issued=issued,
        buyer=buyer,
        project=pattern.format(buyer=buyer, topic=topic, year=issued.year),
        plan=f"{line.division}-{issued.year}-{dice.randint(1, 9999):05}" if dice.random() < 0.3 else None,
        items=(item,) if with_item else (),
        budget=budget,
        awarded=awarded if has_amount else None,
    )


def _buyer(dice: random.Random, made: MadeLine, rates: Noise) -> str:
    fate = dice.random()
    if fate < rates.other_unit and made.units:
        name = dice.choice(made.units)
    elif fate < rates.other_unit + rates.unlisted and made.unlisted:
        name = dice.choice(made.unlisted)
    else:
        name = dice.choice((made.unit, made.office))
    return name


def _topic(dice: random.Random, made: MadeLine, rates: Noise) -> str:
    if made.line.item_name and dice.random() < rates.item_name_only:
        return made.line.item_name
    topic = made.topic
    if dice.random() < rates.abbreviated and len(topic) > 4:
        kept = sorted(dice.sample(range(len(topic)), k=max(4, round(len(topic) * dice.uniform(0.6, 0.85)))))
        topic = "".join(topic[position] for position in kept)
    return topic


def _day(dice: random.Random, year: int, out_of_year: float) -> date:
    fate = dice.random()
    if fate < out_of_year / 2:
        return date(year - 1, dice.randint(10, 12), dice.randint(1, 28))
    if fate < out_of_year:
        return date(year + 1, dice.randint(1, 3), dice.randint(1, 28))
    return date(year, dice.randint(1, 12), dice.randint(1, 28))


def _unrelated(dice: random.Random, made: MadeLine, topics: Sequence[str]) -> MadeRecord:
    """Return a purchase of the same buyer that no line of its budget pays for."""
    words = load_words()
    others = {**words["general"], **words["topics"][dice.choice(sorted(words["topics"]))]}
    topic = dice.choice([topic for topic in others if topic not in topics])
    return _foreign(dice, made, topic, others[topic], Decimal(round(10 ** dice.uniform(3.7, 6.9), -2)))


def _decoy(dice: random.Random, made: MadeLine, topics: Sequence[str]) -> MadeRecord:
    """Return an unrelated purchase with the amount of the line, or with its name in another year."""
    if dice.random() < 0.25:
        notice = _notice(dice, made, Noise(), made.line.amount or Decimal(0), made.topic)
        year = made.line.year + dice.choice((-2, 2))
        day = date(year, 6, dice.randint(1, 28))
        return MadeRecord(replace(notice, year=year, issued=day, plan=None), frozenset())
    record = _unrelated(dice, made, topics)
    return MadeRecord(replace(record.notice, budget=made.line.amount), frozenset())


def _aside(dice: random.Random, made: MadeLine, rates: Noise) -> MadeRecord:
    """Return the purchase of a service that accompanies what a line is for; a line with an item does not pay for it."""
    amount = ((made.line.amount or Decimal(0)) * Decimal(dice.uniform(0.01, 0.12))).quantize(Decimal(100))
    topic = made.topic + dice.choice(load_words()["asides"])
    notice = _notice(dice, made, replace(rates, item_name_only=0), max(amount, Decimal(500)), topic)
    truth = frozenset((made.line.key,)) if made.line.item is None else frozenset[str]()
    return MadeRecord(replace(notice, items=()), truth)


def _foreign(dice: random.Random, made: MadeLine, topic: str, prefix: str, amount: Decimal) -> MadeRecord:
    line = replace(made.line, item=dice.choice(items_below(prefix))[0])
    other = replace(made, line=line, topic=topic)
    return MadeRecord(_notice(dice, other, Noise(), amount, topic), frozenset())
