"""Years of an office side by side, and its budgets against its final accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.pages.office.money import EXPENDITURE, REVENUE, OfficeFact, OfficeMoney

KINDS = ("basic", "personnel", "public", "project", "operating")
SCOPES = ("three-public", "abroad", "vehicles", "reception", "meeting", "training", "operating-expense")
BUDGET, FINAL = "budget", "final"

Time = tuple[str, str, str]
"""Year, IRI of the phase, and set of facts of a disclosure."""


@dataclass(frozen=True, slots=True)
class OverYears:
    """A line of the table of years: the concept (or a flow) it is about, and its fact in each disclosure."""

    subject: str
    facts: tuple[OfficeFact | None, ...]


@dataclass(frozen=True, slots=True)
class Execution:
    """A budget and the final account of the same year: both facts, the difference and the rate of execution."""

    subject: str
    budget: OfficeFact
    final: OfficeFact

    @property
    def difference(self) -> Decimal:
        """The final account less the budget."""
        return self.final.amount - self.budget.amount

    @property
    def rate(self) -> Decimal | None:
        """The final account as a share of the budget; None if nothing was budgeted."""
        return self.final.amount / self.budget.amount if self.budget.amount > 0 else None


def years_of(money: OfficeMoney, times: Sequence[Time], base: str) -> list[OverYears]:
    """Return a line for revenue, expenditure, each kind of expenditure and each selected expense that is printed."""
    lines = [OverYears(flow, tuple(money.whole(set_, flow) for _, _, set_ in times)) for flow in (REVENUE, EXPENDITURE)]
    for kind in (f"{base}code/kind/{name}" for name in KINDS):
        lines.append(OverYears(kind, tuple(money.one(set_, EXPENDITURE, kind=kind) for _, _, set_ in times)))
    for scope in (f"{base}code/scope/{name}" for name in SCOPES):
        lines.append(OverYears(scope, tuple(money.expense(set_, scope) for _, _, set_ in times)))
    return [line for line in lines if any(line.facts)]


def personnel_shares(money: OfficeMoney, times: Sequence[Time], base: str) -> list[Decimal | None]:
    """Return the share of personnel in the expenditure of each disclosure; None where it does not print both."""
    shares: list[Decimal | None] = []
    for _, _, set_ in times:
        whole = money.whole(set_, EXPENDITURE)
        personnel = money.one(set_, EXPENDITURE, kind=f"{base}code/kind/personnel")
        known = whole is not None and personnel is not None and whole.amount > 0
        shares.append(personnel.amount / whole.amount if known and personnel and whole else None)
    return shares


def executions_of(money: OfficeMoney, times: Sequence[Time]) -> dict[str, list[Execution]]:
    """Return, by year, the budget against the final account: the total first, then each functional class of both."""
    found: dict[str, list[Execution]] = {}
    for year in sorted({time[0] for time in times}):
        sets = {phase.rpartition("/")[2]: set_ for of, phase, set_ in times if of == year}
        if BUDGET not in sets or FINAL not in sets:
            continue
        planned, spent = _by_class(money, sets[BUDGET]), _by_class(money, sets[FINAL])
        lines = [Execution(subject, planned[subject], spent[subject]) for subject in planned if subject in spent]
        if lines:
            found[year] = [line for line in lines if line.budget.amount or line.final.amount]
    return found


def _by_class(money: OfficeMoney, set_: str) -> dict[str, OfficeFact]:
    whole = money.whole(set_, EXPENDITURE)
    classes = money.parts(set_, EXPENDITURE, {"function": 1})
    facts = [*([] if whole is None else [whole]), *sorted(classes, key=lambda fact: fact.codes["function"])]
    return {fact.codes["function"]: fact for fact in facts}
