"""Decide whether two printed names denote the same organisation, by a few safe rules; otherwise they stay separate.

Not merged are names in different divisions, names of which one is part of the other (本级 is the unit inside its
department), abbreviations absent from the register, and clipped names.
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
    """The rule that matched a name: printed code, equal name, equal name without the division, or register."""

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
    """Return the rule by which two names in one division are the same, None if they differ."""
    if clean_label(one) == clean_label(other):
        return MatchRule.NAME
    return (
        MatchRule.DIVISION
        if _barest_name(one, division, vocabulary) == _barest_name(other, division, vocabulary)
        else None
    )


def _barest_name(name: str, division: str, vocabulary: Vocabulary) -> str:
    """A name without its division and without the party before it (中共某市委)."""
    return bare_name(without_party(name, vocabulary), division, vocabulary)


def bare_name(name: str, division: str, vocabulary: Vocabulary) -> str:
    """Return a cleaned name without the names of its division and of the divisions above at its beginning."""
    cleaned = clean_label(name)
    spellings = (
        spelling
        for spelling in _spellings(division, vocabulary)
        if cleaned.startswith(spelling) and cleaned != spelling
    )
    return next((cleaned[len(spelling) :] for spelling in spellings), cleaned)


def without_party(name: str, vocabulary: Vocabulary) -> str:
    """Return a cleaned name without the name of the party at its beginning."""
    cleaned = clean_label(name)
    return next((cleaned.removeprefix(w) for w in vocabulary.cues["party"] if cleaned.startswith(w)), cleaned)


@lru_cache(maxsize=1024)
def _spellings(division: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The spellings of a division, longest first."""
    return tuple(
        sorted((way for way, codes in division_names(vocabulary).items() if division in codes), key=len, reverse=True)
    )


def find_registered(
    name: str, division: str, year: int, register: Register, vocabulary: Vocabulary
) -> Registered | None:
    """Return the registered organisation with a name in a division; the name may omit the division."""
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
        and any(_barest_name(name.text, division, vocabulary) == barest for name in organisation.names)
    ]
    return same[0] if len(same) == 1 else None


def registered_division(name: str, year: int, register: Register, vocabulary: Vocabulary) -> str | None:
    """Return the division of the only registered organisation of a name, if the name itself contains the division."""
    found = register.named(name, None, year)
    if found is None or found.division is None:
        return None
    cleaned = clean_label(name)
    names = division_names(vocabulary)
    names_division = any(
        way in cleaned and names[way] == {found.division} for way in _spellings(found.division, vocabulary)
    )
    return found.division if names_division else None
