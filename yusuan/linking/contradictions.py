"""Printed project codes that cannot be right: the buyer of the notice is none of those whose project it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ontology.procurement.link_words import LinkWords
from ontology.vocabulary import Vocabulary
from yusuan.linking.buyers import Buyer, BuyerNames
from yusuan.linking.names import find_field
from yusuan.linking.sides import NoticeRecord, Offices


@dataclass(frozen=True, slots=True)
class ProjectOwner:
    """The unit that a budget names for a project, and its department."""

    organisation: str
    office: str


@dataclass(frozen=True, slots=True)
class PrintedTie:
    """A notice that prints the code of a budgeted project, and the owners of that project in published budgets."""

    notice: NoticeRecord
    project: str
    owners: tuple[ProjectOwner, ...]


def contradicted_ties(
    ties: Iterable[PrintedTie], offices: Offices, vocabulary: Vocabulary, words: LinkWords
) -> list[PrintedTie]:
    """Return the ties whose buyer belongs to none of the departments that have the project.

    A buyer that budgets list is compared by department, another one by place and by branch of public work, as far as
    its name tells them. A buyer whose name tells nothing contradicts nothing.
    """
    buyers = BuyerNames(offices, vocabulary, words)
    return [
        tie
        for tie in ties
        if tie.owners
        and not any(
            _may_buy(buyers.resolve(tie.notice.buyer, tie.notice.plan), owner, offices, words) for owner in tie.owners
        )
    ]


def _may_buy(buyer: Buyer, owner: ProjectOwner, offices: Offices, words: LinkWords) -> bool:
    if buyer.organisation is not None:
        return buyer.organisation == owner.organisation or buyer.office == owner.office
    place = offices.divisions.get(owner.organisation) or offices.divisions.get(owner.office)
    if buyer.division is not None and place is not None and not _are_nested(buyer.division, place):
        return False
    names = (*offices.names.get(owner.organisation, ()), *offices.names.get(owner.office, ()))
    fields = {field for name in names if (field := find_field(name, words)) is not None}
    return buyer.field is None or not fields or buyer.field in fields


def _are_nested(one: str, other: str) -> bool:
    """Whether one division lies in the other, or is it: codes of provinces and cities end with zeros."""
    shorter, longer = sorted((_trimmed(one), _trimmed(other)), key=len)
    return longer.startswith(shorter)


def _trimmed(code: str) -> str:
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def notices_of(ties: Sequence[PrintedTie]) -> frozenset[str]:
    """Return the keys of the notices of ties."""
    return frozenset(tie.notice.key for tie in ties)
