"""The flow of a disclosure's money: fund, functional class, kind of expenditure, economic class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from server.pages.office.money import EXPENDITURE, OfficeFact, OfficeMoney

STAGES = ("fund", "function", "kind", "economic")


@dataclass(frozen=True, slots=True)
class MoneyFlow:
    """Money that flows from a concept of one stage to one of the next; `fact` is what prints the amount."""

    source: tuple[str, str]
    target: tuple[str, str]
    amount: Decimal
    fact: str


def flows_of(money: OfficeMoney, set_: str, base: str) -> list[MoneyFlow]:
    """Return the flows of a disclosure's expenditure between neighbouring stages, as far as its facts tell them.

    A stage follows another only where a table prints both together and the parts add up to the whole: so each flow is
    a fact, and none is estimated.
    """
    flows = _fund_to_function(money, set_)
    by_kind = money.parts(set_, EXPENDITURE, {"function": 1, "kind": 1})
    flows += _flows(by_kind, "function", "kind", lambda fact: fact.codes)
    basic = f"{base}code/kind/basic"
    if by_kind:
        classes = money.parts(set_, EXPENDITURE, {"economic": 1}, {"kind": basic})
        flows += _flows(classes, "kind", "economic", lambda fact: fact.codes)
    return flows


def _fund_to_function(money: OfficeMoney, set_: str) -> list[MoneyFlow]:
    classes = money.parts(set_, EXPENDITURE, {"function": 1})
    whole = money.whole(set_, EXPENDITURE)
    if whole is not None and whole.fund_only is not None and not whole.fund_only.endswith("/total"):
        fund = whole.fund_only
        return _flows(classes, "fund", "function", lambda fact: {**fact.codes, "fund": fund})
    both = money.parts(set_, EXPENDITURE, {"fund": 1, "function": 1})
    return _flows(both, "fund", "function", lambda fact: fact.codes)


def _flows(
    facts: Iterable[OfficeFact], source: str, target: str, codes: Callable[[OfficeFact], Mapping[str, str]]
) -> list[MoneyFlow]:
    return [
        MoneyFlow((source, codes(fact)[source]), (target, codes(fact)[target]), fact.amount, fact.iri)
        for fact in facts
        if fact.amount > 0
    ]
