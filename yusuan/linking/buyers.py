"""The organisation that a buyer's name denotes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ontology.procurement.link_words import LinkWords
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary
from yusuan.linking.names import find_field, find_place
from yusuan.linking.sides import Offices

_LIKE = 92.0
"""Least similarity, of 100, of two names of one organisation in one place: a character added or left out."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """What a buyer's name tells: the organisation if known, its department, the division, the branch of public work."""

    organisation: str | None = None
    office: str | None = None
    division: str | None = None
    field: str | None = None


class BuyerNames:
    """Look-up of buyers among the organisations of budgets.

    A name that several organisations share is resolved by the division, else not at all.
    """

    def __init__(self, offices: Offices, vocabulary: Vocabulary, words: LinkWords) -> None:
        self._offices, self._vocabulary, self._words = offices, vocabulary, words
        self._whole: dict[str, set[str]] = {}
        self._bare: dict[tuple[str, str], set[str]] = {}
        self._by_division: dict[str, dict[str, str]] = {}
        for organisation, names in offices.names.items():
            division = offices.divisions.get(organisation)
            for name in map(clean_label, names):
                self._whole.setdefault(name, set()).add(organisation)
                if division is not None:
                    rest = find_place(name, vocabulary)[1]
                    self._bare.setdefault((division, rest), set()).add(organisation)
                    self._by_division.setdefault(division, {})[rest] = organisation

    def resolve(self, name: str | None, plan: str | None) -> Buyer:
        """Return what a buyer's name tells; the number of the procurement plan begins with the code of the division."""
        planned = plan[:6] if plan and plan[:6].isdecimal() else None
        known = planned if planned and self._vocabulary.concept(f"code/division/{planned}") else None
        if not name:
            return Buyer(division=known)
        cleaned = self._without_suffix(clean_label(name))
        division, rest = find_place(cleaned, self._vocabulary)
        division = division or known
        field = find_field(rest, self._words)
        organisation = self._find(cleaned, rest, division)
        if organisation is None:
            return Buyer(division=division, field=field)
        return Buyer(
            organisation,
            self._offices.departments.get(organisation, organisation),
            self._offices.divisions.get(organisation, division),
            field,
        )

    def _without_suffix(self, name: str) -> str:
        """Return a name without what stands behind that of a department that buys for itself (`教育局本级`)."""
        if name in self._whole:
            return name
        return next((name.removesuffix(end) for end in self._words.suffixes if name.endswith(end)), name)

    def _find(self, cleaned: str, rest: str, division: str | None) -> str | None:
        found = self._whole.get(cleaned, set())
        if division is not None:
            found = {o for o in found if self._offices.divisions.get(o, division) == division} or self._bare.get(
                (division, rest), set()
            )
        one = self._department_of(found)
        if one is not None or division is None:
            return one
        near = process.extractOne(
            rest, self._by_division.get(division, {}).keys(), scorer=fuzz.ratio, score_cutoff=_LIKE
        )
        return self._by_division[division][near[0]] if near is not None else None

    def _department_of(self, found: Iterable[str]) -> str | None:
        """Return the one organisation, or the department if it and its own unit share the name."""
        organisations = set(found)
        if len(organisations) > 1:
            organisations = {self._offices.departments.get(o, o) for o in organisations}
        return organisations.pop() if len(organisations) == 1 else None
