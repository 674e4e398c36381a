"""Made budgets: offices of real places with units, and lines with projects, items of the catalogue and amounts."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from converters.model.iris import digest
from ontology import load_vocabulary
from ontology.procurement.link_words import load_link_words
from yusuan.linking.names import trimmed_item, usual_payments
from yusuan.linking.sides import BudgetLine, Offices

YEARS = (2023, 2024, 2025)
_DOUBTFUL_LENGTH = 12


@dataclass(frozen=True, slots=True)
class MadeLine:
    """A budget line with what the notices about it need: the topic, the names of office and unit, of other buyers."""

    line: BudgetLine
    topic: str
    office: str
    unit: str
    units: tuple[str, ...]
    unlisted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeBudgets:
    """Lines and the organisations to which they belong."""

    lines: tuple[MadeLine, ...]
    offices: Offices


@cache
def load_words() -> dict[str, Any]:
    """Return the words of the made budgets and notices."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@cache
def items_below(prefix: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of the items of the catalogue whose codes begin with a prefix, leaves only."""
    concepts = load_vocabulary().lists.whole("code/procurement-item").concepts
    parents = {concept.parent for concept in concepts.values()}
    found = [
        (concept.notation, concept.preferred)
        for key, concept in sorted(concepts.items())
        if concept.notation.startswith(prefix) and key not in parents and len(concept.preferred) <= _DOUBTFUL_LENGTH
    ]
    return tuple(found) or ((prefix.ljust(9, "0"), ""),)


@cache
def places() -> tuple[tuple[str, str], ...]:
    """Return code and full name of the counties whose name no other division has."""
    concepts = load_vocabulary().lists.whole("code/division").concepts
    names: dict[str, int] = {}
    for concept in concepts.values():
        names[concept.preferred] = names.get(concept.preferred, 0) + 1
    return tuple(
        (concept.notation, concept.preferred)
        for _, concept in sorted(concepts.items())
        if not concept.notation.endswith("00") and not concept.grouping and names[concept.preferred] == 1
    )


def make_budgets(seed: int, lines: int, real: Sequence[BudgetLine] = (), names: Offices | None = None) -> MadeBudgets:
    """Return about `lines` made budget lines after the real ones, which keep their offices."""
    dice = random.Random(f"budgets {seed}")
    made = list(_of_real_lines(real, names or Offices()))
    organisations = dict((names or Offices()).names)
    departments = dict((names or Offices()).departments)
    divisions = dict((names or Offices()).divisions)
    counties = dice.sample(places(), k=min(len(places()), lines // 60 + 2))
    fields = list(load_words()["offices"])
    for division, place in counties:
        for field in dice.sample(fields, k=dice.randint(2, 5)):
            told = load_words()["offices"][field]
            office = f"urn:office:{division}:{field}"
            units = {f"{office}:{n}": place + unit for n, unit in enumerate(told["units"], start=1)}
            organisations |= {office: (place + told["office"],)} | {unit: (name,) for unit, name in units.items()}
            departments |= dict.fromkeys(units, office)
            divisions |= dict.fromkeys((office, *units), division)
            made.extend(
                _office_lines(
                    dice,
                    field,
                    division,
                    office,
                    units,
                    place + told["office"],
                    tuple(place + name for name in told["unlisted"]),
                )
            )
            if len(made) >= lines:
                return MadeBudgets(tuple(made[:lines]), Offices(organisations, departments, divisions))
    return MadeBudgets(tuple(made), Offices(organisations, departments, divisions))


def _of_real_lines(real: Sequence[BudgetLine], names: Offices) -> Iterator[MadeLine]:
    for line in real:
        office = next(iter(names.names.get(line.office, ("",))))
        unit = next(iter(names.names.get(line.organisation, (office,))))
        topic = line.item_name or line.project or ""
        if office and topic:
            yield MadeLine(line, topic, office, unit, (), ())


def _office_lines(
    dice: random.Random,
    field: str,
    division: str,
    office: str,
    units: dict[str, str],
    name: str,
    unlisted: tuple[str, ...],
) -> Iterator[MadeLine]:
    words = load_words()
    topics = {**words["topics"][field], **dict(dice.sample(sorted(words["general"].items()), k=dice.randint(3, 9)))}
    year = dice.choice(YEARS)
    for topic, prefix in topics.items():
        project = dice.choice(words["patterns"]["project"]).format(topic=topic)
        for _ in range(2 if dice.random() < 0.12 else 1):
            itemised = dice.random() < 0.75
            code, item_name = dice.choice(items_below(prefix))
            unit = dice.choice([office, *units])
            paid = usual_payments([trimmed_item(code)], load_link_words())
            amount = _amount(dice)
            key = f"urn:line:{digest(f'{office} {year} {project} {code} {amount}')}"
            line = BudgetLine(
                key=key,
                organisation=unit,
                office=office,
                division=division,
                year=year,
                amount=amount,
                project=project,
                item=code if itemised else None,
                item_name=item_name if itemised and item_name else None,
                function=f"{field}{dice.choice(('0101', '0299', '0501'))}",
                economic=(dice.choice(paid) if paid and dice.random() < 0.8 else "30299") if itemised else None,
            )
            yield MadeLine(line, topic, name, units.get(unit, name), tuple(units.values()), unlisted)


def _amount(dice: random.Random) -> Decimal:
    """Return an amount as budgets have them: many round, some to the yuan."""
    raw = 10 ** dice.uniform(3.7, 6.9)
    step = dice.choice((10000, 10000, 1000, 100, 1))
    return Decimal(max(step, round(raw / step) * step))
