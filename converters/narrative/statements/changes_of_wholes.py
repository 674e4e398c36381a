"""Changes of a whole that stand behind an amount of a part: 项目支出200万元。总支出比上年增加100万元."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from converters.model.hierarchy import Hierarchy
from converters.model.precision import half_of_last_digit
from converters.narrative.statements.draft_statements import (
    AMOUNT,
    CHANGE,
    CHANGE_RATE,
    CHANGES,
    SHARE,
    DraftStatement,
)
from converters.narrative.statements.figure_roles import value_of
from converters.narrative.statements.implied_subjects import holds_for, tie
from converters.narrative.subject_coordinates import NAMING
from converters.narrative.tokens import UNCHANGED

_OF_ALL_KINDS = 2
"""The depth of the kinds of outlay that a total may be of: all outlay, or that of this year."""
_HUNDRED = 100
_BARE = frozenset({"flow", "phase", "year"})
"""What the words tell that may stand for an amount of their own sentence in short: 支出, 预算."""


def names_whole(words: Mapping[str, str], hierarchy: Hierarchy) -> bool:
    """Whether coordinates of words are those of all money of a flow, fund, phase or year, whatever it is for."""
    narrow = len(hierarchy.line(words.get("kind", ""))) > _OF_ALL_KINDS
    return bool(words) and words.keys().isdisjoint(NAMING) and not narrow


def settle_changes_of_wholes(
    derived: Sequence[DraftStatement], earlier: Sequence[DraftStatement], hierarchy: Hierarchy
) -> None:
    """Take changes that are those of a whole from an amount of a part before them that they do not suit.

    `derived` are the shares and changes of a sentence, `earlier` the statements of its section up to them. Such a
    change names a whole, or nothing in another sentence than the part. It is that of the only whole of the part that it
    suits, else one of an amount that the text does not print. In the sentence of the part, words such as 支出 may mean
    the part, whose change is then wrong; so may none, unless the share of the part tells of a whole that suits.
    """
    for change, rate in _changes(derived):
        part, words = change.owner, change.general
        if part.measure != AMOUNT or not _is_part(part, hierarchy):
            continue
        between = {t.sort for t in part.tokens_until(change.token)}
        near = part.sentence is change.sentence and "semicolon" not in between
        proved = (change.measure == CHANGE and rate is not None) or change.base is not None
        proved = proved and value_of(change) != 0
        if (words is None and (near or not proved or not change.implied)) or (
            _suits(part, change, rate) if proved else near
        ):
            continue
        before = [d for d in earlier if d.sentence is not change.sentence or d.token.end <= change.token.start]
        wholes = [d for d in before if d.measure == AMOUNT and d.owner is d and is_whole_of(part, d, hierarchy)]
        fitting = [d for d in wholes if _suits(d, change, rate)] if proved else []
        if len({value_of(d) for d in fitting}) == 1:
            tie(change, rate, fitting[0])
        elif words is None:
            if any(d.measure == SHARE and d.subject is part and _tells_whole(d, part, change, rate) for d in before):
                _release(change, rate)
        elif not near or not words.keys() <= _BARE or not words:
            _release(change, rate)


def _suits(amount: DraftStatement, change: DraftStatement, rate: DraftStatement | None) -> bool:
    """Whether a change and its rate can be those of an amount; one that is new has no rate."""
    new = change.direction == "increase" and rate is not None and value_of(change) == value_of(amount)
    return holds_for(amount, change, rate) and not new


def _tells_whole(
    share: DraftStatement, part: DraftStatement, change: DraftStatement, rate: DraftStatement | None
) -> bool:
    """Whether a share of a part is one in the amount whose change has such a rate."""
    percent = value_of(rate) if rate is not None else Decimal(0)
    if not percent:
        return False
    earlier = value_of(change) / percent
    whole = earlier + value_of(change) * (-1 if change.direction == "decrease" else 1)
    wide = 2 * half_of_last_digit(share.token.decimals)
    return whole > 0 and abs(value_of(part) / whole - value_of(share)) * _HUNDRED <= wide


def _changes(derived: Sequence[DraftStatement]) -> Iterator[tuple[DraftStatement, DraftStatement | None]]:
    """The changes of a sentence, each with the rate right behind it; a rate without a change stands alone."""
    before: DraftStatement | None = None
    found: dict[DraftStatement, DraftStatement | None] = {}
    for draft in (d for d in derived if d.measure in CHANGES):
        if draft.measure == CHANGE_RATE and before is not None and before.owner is draft.owner and draft.implied:
            found[before], before = draft, None
        else:
            found[draft] = None
            before = draft if draft.measure == CHANGE and draft.token.sort != UNCHANGED else None
    yield from found.items()


def _is_part(amount: DraftStatement, hierarchy: Hierarchy) -> bool:
    """Whether an amount has a name of its own: a use, a scope, a project, or a kind of outlay such as 项目支出."""
    return not names_whole({"flow": "", **amount.coordinates(hierarchy)}, hierarchy)


def is_whole_of(part: DraftStatement, amount: DraftStatement, hierarchy: Hierarchy) -> bool:
    """Whether an amount is of all that a part is of, and more."""
    one, other = part.coordinates(hierarchy), amount.coordinates(hierarchy)
    uses = {d: c for d, c in other.items() if d in (*NAMING, "kind")}
    if uses == {d: c for d, c in one.items() if d in (*NAMING, "kind")}:
        return False
    return all(d in one and hierarchy.is_within(one[d], c) for d, c in uses.items() if d != "kind") and (
        "kind" not in uses
        or len(hierarchy.line(uses["kind"])) <= _OF_ALL_KINDS
        or hierarchy.is_within(one.get("kind", ""), uses["kind"])
    )


def _release(change: DraftStatement, rate: DraftStatement | None) -> None:
    """Make a change and its rate those of an amount that the text does not print."""
    words, context = change.general or {}, change.context or change.owner.context
    if change.base is not None:
        change.base.compared = False
    for draft in (change, rate):
        if draft is not None:
            draft.own, draft.context, draft.compared = words, context, False
            draft.subject = draft.like = draft.again = draft.rate_of = draft.base = None
    if rate is not None:
        rate.like = change
