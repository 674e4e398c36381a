"""Amounts that a change is counted from and that stand in another place than right before it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from converters.narrative.statements.draft_statements import AMOUNT, CHANGE, CHANGES, SHARE, DraftStatement
from converters.narrative.tokens import FIGURES

_ENDS = frozenset({"stop", "semicolon"})


def settle_printed_bases(drafts: Sequence[DraftStatement]) -> None:
    """Count the changes of a sentence from amounts that stand elsewhere in it than right before them.

    `drafts` are those of the sentence. Such an amount stands in brackets behind the change
    (24万元，同比下降6%（上年26万元）), ends the sentence (24万元，同比下降6%，上年为26万元), stands before a word for
    what was reached (由73万元压减至68万元，压减5万元), or is the budget that was carried out
    (预算2.6万元，决算2万元，完成预算的76.92%，较预算数减少0.6万元).
    """
    _count_from_budgets(drafts)
    for before, behind in pairwise(drafts):
        if before.measure in CHANGES and behind.measure == AMOUNT and _is_earlier_behind(before, behind):
            for change in drafts:
                alike = change.subject is before.subject and change.against == before.against
                if change.measure in CHANGES and alike and change.base is None:
                    change.base = behind
        elif before.measure == behind.measure == AMOUNT and _is_reached_from(before, behind):
            reached = next((d for d in drafts if d.subject is behind and d.measure == CHANGE), None)
            if reached is not None and reached.base is None and not _has_figures(behind, reached):
                reached.base = before


def _count_from_budgets(drafts: Sequence[DraftStatement]) -> None:
    """Count the difference of an outturn from its budget from the budget that its degree of completion is of."""
    budgets = {d.subject: d.reference for d in drafts if d.measure == SHARE and d.reference is not None}
    for change in drafts:
        year, phase = change.against or (None, None)
        budget = budgets.get(change.subject)
        told = change.measure in CHANGES and change.base is None and year is None and phase is not None
        if told and budget is not None and budget.own.get("phase") == phase:
            change.base = budget


def _is_earlier_behind(change: DraftStatement, amount: DraftStatement) -> bool:
    """Whether an amount right behind a change is that of the year that it is counted from.

    It stands alone in brackets, or ends its sentence or its part of that.
    """
    subject, comparison = change.subject, change.comparison
    if subject is None or subject.measure != AMOUNT or comparison is None or comparison.year is None:
        return False
    behind = next((t.sort for t in amount.sentence.tokens if t.start >= amount.token.end), "stop")
    between = [t.sort for t in change.tokens_until(amount.token)]
    bracketed = between[:1] == ["open"] and behind == "close"
    alone = bracketed or (between[:1] == ["comma"] and behind in _ENDS and "of-which" not in between)
    own = {d: c for d, c in amount.own.items() if d != "year"}
    same = own == {d: c for d, c in subject.own.items() if d != "year"}
    return alone and same and amount.own.get("year") == str(comparison.year)


def _is_reached_from(before: DraftStatement, amount: DraftStatement) -> bool:
    """Whether only a word for what was reached stands between two amounts: 73万元压减至68万元."""
    return [t.sort for t in before.tokens_until(amount.token)] == ["reached"]


def _has_figures(one: DraftStatement, other: DraftStatement) -> bool:
    return any(t.sort in FIGURES for t in one.tokens_until(other.token))
