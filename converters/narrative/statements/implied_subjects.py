"""The amount that a change refers to, found by arithmetic where the words do not name it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from converters.model.precision import half_of_last_digit
from converters.narrative.statements.draft_statements import AMOUNT, CHANGE, CHANGE_RATE, SHARE, DraftStatement
from converters.narrative.statements.figure_roles import value_of
from converters.narrative.tokens import CARRIED_OVER, COUNT, FIGURES, MONEY, UNCHANGED

_HUNDRED = 100
_DIVIDING = frozenset({"comma", "semicolon", "stop", "colon", "open", "close"})


def settle_implied_subjects(
    derived: Sequence[DraftStatement], earlier: Sequence[DraftStatement], in_turn: Sequence[str]
) -> None:
    """Give the changes of a sentence that name no amount the amounts of which they can be.

    `derived` are the shares and changes of the sentence, `earlier` the statements of its paragraph up to them,
    `in_turn` the words for "in turn". In 基本支出9万元、项目支出3万元，分别增加2万元、1万元, each amount has its
    own change. In 资产总额9万元：流动资产5万元，固定资产4万元。增加1万元，增长12.5%, only the total can have grown so.
    """
    for changes in _implied(derived):
        rates = [d for d in derived if d.measure == CHANGE_RATE and d.implied and _are_together(changes[0], d)]
        if len(changes) > 1:
            _tie_in_order(changes, rates, earlier, in_turn)
        elif len(rates) == 1 or (not rates and changes[0].base is not None):
            _tie_to_fitting(changes[0], rates[0] if rates else None, earlier)
        elif not rates and not holds_for(changes[0].owner, changes[0], None):
            _release_from_carried_over(changes[0], earlier)


def _release_from_carried_over(change: DraftStatement, earlier: Sequence[DraftStatement]) -> None:
    """Tie a change that what is carried over cannot have to no amount, where it may be that of one before it.

    In 当年拨款90万元，上年结转5万元，比上年增加8万元, it is the change of the 90万元, or of both together.
    """
    owner = change.owner
    beside = [d for d in earlier if d.measure == AMOUNT and d.sentence is owner.sentence and d is not owner]
    if owner.own.get("vintage") == CARRIED_OVER and any(holds_for(d, change, None) for d in beside):
        _release([change], owner)


def _release(derived: Sequence[DraftStatement], owner: DraftStatement) -> None:
    """Make a change and its rate those of an amount that the text does not print."""
    for draft in derived:
        draft.context, draft.compared = owner.context, False
        draft.subject = draft.like = draft.again = draft.rate_of = None


def settle_changes_of_other_things(
    drafts: Sequence[DraftStatement], averages: Collection[str], yearly: Sequence[str]
) -> None:
    """Take changes of money from numbers of people and things, those of averages from all money, and the reverse.

    In 运行维护费9万元，保有量3辆。比上年减少1万元, the change is not that of the vehicles; in 接待费2万元，人均49元，比
    上年人均50元减少1元, it is not that of the 2万元. Nor is a rate of each year (年均增长) the rate of a change.
    `averages` and `yearly` are the words for these.
    """
    for rate in [d for d in drafts if d.measure == CHANGE_RATE and d.owner is not d]:
        if any(word in _words_before(rate) for word in yearly):
            _release([rate], rate.owner)
    for change in [d for d in drafts if d.measure == CHANGE and d.token.sort in (MONEY, COUNT)]:
        owner = change.owner
        divided = [t.end for t in change.sentence.tokens if t.sort in _DIVIDING and t.end <= change.token.start]
        begin = max((change.sentence.start, *divided, owner.token.end))
        clause = change.sentence.paragraph.text[begin : change.token.start]
        other = owner.token.sort in (MONEY, COUNT) and owner.token.sort != change.token.sort
        if owner is not change and (other or any(word in clause for word in averages)):
            beside = [d for d in drafts if d.measure == CHANGE_RATE and d.sentence is change.sentence]
            _release([change, *(d for d in beside if d.rate_of is change or _are_together(change, d))], owner)


def settle_shares_behind_lists(drafts: Sequence[DraftStatement]) -> None:
    """Take shares from the last entry of a list of which they may be as a whole, where no other entry has one.

    In 基本支出85万元，其中人员经费78万元、公用经费7万元，占本年支出的86%, the share is that of the 85万元.
    """
    shares = [d for d in drafts if d.measure == SHARE]
    for share in shares:
        last = share.subject
        if last is None or last.measure != AMOUNT or (last.whole is not None and share.reference is last.whole):
            continue
        beside = [d for d in drafts if d.measure == AMOUNT and d.sentence is last.sentence and d.owner is d]
        before = beside[beside.index(last) - 1 : beside.index(last)] if last in beside else []
        listed = [d for d in before if _are_joined(d, last)]
        listed += [d for d in beside if d is not last and d.whole is not None and d.whole is last.whole]
        if listed and not any(other.subject in listed for other in shares):
            share.subject = share.like = share.reference = share.total = None
            share.context, share.compared = last.context, False


def _are_joined(first: DraftStatement, second: DraftStatement) -> bool:
    """Whether only 、 stands between two amounts, and no other mark."""
    between = {t.sort for t in first.tokens_until(second.token)}
    return "enumeration" in between and between.isdisjoint(_DIVIDING)


def tie_to_wholes(derived: Sequence[DraftStatement]) -> None:
    """Tie changes of list entries to the whole of the list where the arithmetic holds for the whole only.

    In 收入300万元，其中拨款200万元，增加50万元，增长20%, the change may be that of either amount. What it is counted
    from is then an earlier amount of the whole, too.
    """
    for change in derived:
        subject = change.subject or change.again
        if change.measure != CHANGE or subject is None or subject.whole is None or subject.counts:
            continue
        rates = [d for d in derived if d.measure == CHANGE_RATE and (d.rate_of or d.subject) in (change, subject)]
        rate = next((d for d in rates if (d.rate_of is change) == (change.again is not None)), None)
        if not holds_for(subject, change, rate) and holds_for(subject.whole, change, rate):
            tie(change, rate, subject.whole)


def _implied(derived: Sequence[DraftStatement]) -> Iterator[list[DraftStatement]]:
    """The changes without words for what they are of, those of one amount and one comparison together."""
    changes = [d for d in derived if d.measure == CHANGE and d.implied and d.owner.measure == AMOUNT]
    changes = [d for d in changes if d.token.sort != UNCHANGED]
    while changes:
        alike = [d for d in changes if d.owner is changes[0].owner and d.against == changes[0].against]
        changes = [d for d in changes if d not in alike]
        yield alike


def _are_together(change: DraftStatement, rate: DraftStatement) -> bool:
    """Whether a rate is of the amount of a change, and compared with the same."""
    return rate.owner is change.owner and (rate.against == change.against or rate.against is None)


def _tie_in_order(
    changes: Sequence[DraftStatement],
    rates: Sequence[DraftStatement],
    earlier: Sequence[DraftStatement],
    in_turn: Sequence[str],
) -> None:
    """Tie several changes to as many amounts before them, in their order; a total behind these is not among them."""
    owner = changes[0].owner
    before = [d for d in earlier if d.measure == AMOUNT and d.owner is d]
    before = before[: before.index(owner) + 1] if owner in before else []
    listed = before[-len(changes) - 1 : -1]
    total = sum((value_of(d) for d in listed), Decimal(0))
    amounts = listed if len(listed) == len(changes) and total == value_of(owner) else before[-len(changes) :]
    if len(amounts) < len(changes) or len(rates) not in (0, len(changes)) or any(d.base is not None for d in changes):
        return
    paired: list[DraftStatement | None] = [*rates] if rates else [None for _ in changes]
    ordered = [*zip(amounts, changes, paired, strict=True)]
    said = any(word in _words_before(changes[0]) for word in in_turn)
    if said or all(holds_for(*each) for each in ordered):
        for amount, change, rate in ordered:
            tie(change, rate, amount)


def _tie_to_fitting(change: DraftStatement, rate: DraftStatement | None, earlier: Sequence[DraftStatement]) -> None:
    """Tie a change to the one amount of the paragraph that it suits, if it does not suit its own.

    It has to suit its rate, or the earlier amount that it is counted from.
    If they suit the sum of the amounts of a sentence, they are of a total that is not printed.
    """
    if holds_for(change.owner, change, rate):
        return
    others = [d for d in earlier if d.measure == AMOUNT and d.owner is d and d is not change.owner]
    fitting = [d for d in others if holds_for(d, change, rate)]
    if fitting and len({value_of(d) for d in fitting}) == 1:
        tie(change, rate, fitting[0])
        return
    sentence = change.owner.sentence
    listed = [d for d in others if d.sentence is sentence and d.whole is change.owner.whole]
    total = sum((value_of(d) for d in listed), value_of(change.owner))
    if listed and change.base is None and _holds_for_amount(total, change, rate):
        _release([change] if rate is None else [change, rate], change.owner)


def tie(change: DraftStatement, rate: DraftStatement | None, amount: DraftStatement) -> None:
    """Make a change and its rate those of an amount, and what the change is counted from an earlier amount of it."""
    if change.base is not None and change.base.whole is change.owner.whole:
        times = {d: c for d, c in change.base.own.items() if d in ("year", "phase")}
        base = change.base
        base.own, base.context = {**amount.own, **times}, amount.context
        base.whole, base.label = amount.whole, amount.label
    further = change.again is not None
    for draft in (change, rate):
        if draft is not None:
            draft.subject, draft.like = (None, amount) if further else (amount, None)
            draft.again = amount if further and draft is change else None
            draft.rate_of = change if further and draft is rate else None
            draft.label, draft.heading = amount.label, amount.heading
            draft.compared = amount.compared and not further


def _words_before(change: DraftStatement) -> str:
    """The text of the sentence between a change and the figure before it."""
    ends = [t.end for t in change.sentence.tokens if t.sort in FIGURES and t.end <= change.token.start]
    return change.sentence.paragraph.text[max(ends, default=change.sentence.start) : change.token.start]


def holds_for(amount: DraftStatement, change: DraftStatement, rate: DraftStatement | None) -> bool:
    """Whether a change, the amount that it is counted from and its rate can be those of an amount."""
    return _holds_for_amount(value_of(amount), change, rate)


def _holds_for_amount(present: Decimal, change: DraftStatement, rate: DraftStatement | None) -> bool:
    """Whether a change and its rate can be those of an amount of this size."""
    difference = value_of(change)
    if change.direction == "decrease":
        difference = -difference
    earlier = present - difference
    if earlier < 0 or (change.base is not None and value_of(change.base) != earlier):
        return False
    if rate is None or not earlier:
        return True
    printed = (rate.token.amount or Decimal(0)) * rate.token.factor * _HUNDRED
    margin = 2 * half_of_last_digit(rate.token.decimals)
    return abs(abs(difference) / earlier * _HUNDRED - printed) <= margin
