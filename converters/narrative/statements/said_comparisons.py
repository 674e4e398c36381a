"""Clauses that say which of two amounts is the greater, without a figure: 决算数小于预算数."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from converters.narrative.clause_state import ClauseState, printed_words
from converters.narrative.statements.draft_statements import AMOUNT, SHARE, DraftStatement
from converters.narrative.statements.figure_roles import value_of
from converters.narrative.statements.statement_building import StatementBuilder
from converters.narrative.subject_coordinates import RESTATING
from converters.narrative.tokens import FIGURES, FINAL, UNKNOWN, Token

_TURNS = ("increase", "decrease")


def add_said_comparison(clause: Sequence[Token], builder: StatementBuilder, state: ClauseState) -> bool:
    """Read a clause that says that an outturn is above or below its budget; return whether it is one.

    What a reason behind it explains is this comparison, and no change before it. The outturn is the latest one of the
    paragraph. Where an amount or a degree of completion beside it bears the words out, they are taken to be true, for
    there may be several budgets.
    """
    turns = [at for at, token in enumerate(clause) if token.sort in _TURNS]
    if len(turns) != 1 or any(t.sort in FIGURES or t.sort == UNKNOWN for t in clause):
        return False
    named = builder.read(clause[: turns[0]], state).coordinates
    against = builder.read(clause[turns[0] + 1 :], state).coordinates
    phases = builder.antecedents.budget_phases(against) if "phase" in against else frozenset()
    if named.get("phase") != FINAL or FINAL in phases or not named.keys() | against.keys() <= RESTATING or not phases:
        return False
    builder.changes = []
    latest = builder.current
    if latest is None or latest.measure != AMOUNT or latest.sentence.paragraph is not state.sentence.paragraph:
        return True
    outturn, _ = builder.antecedents.carried_out(latest, against)
    if not builder.antecedents.is_of_phase(outturn, FINAL):
        return True
    greater = clause[turns[0]].sort == "increase"
    beside = builder.antecedents.budgets_of(outturn, phases)
    near = takewhile(lambda d: d.sentence.paragraph is state.sentence.paragraph, reversed(builder.drafts))
    shares = [d for d in near if d.measure == SHARE and d.subject is outturn]
    degrees = [d for d in shares if d.budget_phases & phases or d.reference in beside]
    evidence = [*beside, *degrees]
    if evidence and not any(_bears_out(outturn, other, greater) for other in evidence):
        outturn.said_against, outturn.said = evidence[0], printed_words(clause, state)
        outturn.said_direction = clause[turns[0]].sort
    return True


def _bears_out(outturn: DraftStatement, other: DraftStatement, greater: bool) -> bool:
    """Whether an outturn is greater than its budget, or less, by an amount or by a percentage; equal may be rounded."""
    difference = value_of(outturn) - value_of(other) if other.measure == AMOUNT else value_of(other) - 1
    return difference >= 0 if greater else difference <= 0
