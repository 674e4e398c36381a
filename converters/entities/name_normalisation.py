"""When two printed names are one organisation. The rules are few and each is safe; what fits none stays apart.

Never joined are: names in two divisions, names of which one is only a part of the other (本级 is the unit inside its
department), abbreviations that no register holds, and names cut short.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ontology.divisions import division_names
from ontology.register import Register, Registered
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

UNKNOWN_DIVISION = "x"
_SHORTEST_NAME = 3


class MatchRule(StrEnum):
    """By what a name was joined: its printed code, the same name, the same name without the division, the register."""

    CODE = "code"
    NAME = "name"
    DIVISION = "division"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as printed, the key of the organisation it was joined to, and by which rule; None if to none."""

    name: str
    key: str | None
    rule: MatchRule | None


def same_name(one: str, other: str, division: str, vocabulary: Vocabulary) -> MatchRule | None:
    """The rule by which two names printed in one division are the same, None if they are not."""
    if clean_label(one) == clean_label(other):
        return MatchRule.NAME
    return (
        MatchRule.DIVISION
        if _barest_name(one, division, vocabulary) == _barest_name(other, division, vocabulary)
        else None
    )


def _barest_name(name: str, division: str, vocabulary: Vocabulary) -> str:
    """A name without its division, nor the party before it (中共某市委)."""
    return bare_name(without_party(name, vocabulary), division, vocabulary)


def bare_name(name: str, division: str, vocabulary: Vocabulary) -> str:
    """A name, cleaned, without its division's name and those of the divisions above it at its beginning."""
    cleaned = clean_label(name)
    ways = (way for way in _ways(division, vocabulary) if cleaned.startswith(way) and cleaned != way)
    return next((cleaned[len(way) :] for way in ways), cleaned)


def without_party(name: str, vocabulary: Vocabulary) -> str:
    """A name, cleaned, without the party before the place whose committee it is."""
    cleaned = clean_label(name)
    return next((cleaned.removeprefix(w) for w in vocabulary.cues["party"] if cleaned.startswith(w)), cleaned)


@lru_cache(maxsize=1024)
def _ways(division: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """How a division is written, the longest way first."""
    return tuple(
        sorted((way for way, codes in division_names(vocabulary).items() if division in codes), key=len, reverse=True)
    )


def find_registered(
    name: str, division: str, year: int, register: Register, vocabulary: Vocabulary
) -> Registered | None:
    """The registered organisation that a name stands for in a division; the name may leave the division out or not."""
    if division == UNKNOWN_DIVISION:
        return None
    found = register.named(name, division, year)
    if found is not None:
        return found
    barest = _barest_name(name, division, vocabulary)
    same = [
        organisation
        for organisation in register.organisations.values()
        if organisation.division == division
        and any(_barest_name(known.text, division, vocabulary) == barest for known in organisation.names)
    ]
    return same[0] if len(same) == 1 else None


def registered_division(name: str, year: int, register: Register, vocabulary: Vocabulary) -> str | None:
    """The division of the one registered organisation of this name, if the name itself tells it from all others."""
    found = register.named(name, None, year)
    if found is None or found.division is None:
        return None
    cleaned = clean_label(name)
    telling = any(codes == {found.division} and way in cleaned for way, codes in division_names(vocabulary).items())
    return found.division if telling else None
