"""Lists behind two amounts of the same money: which of the two their parts are parts of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from converters.model.hierarchy import Hierarchy
from converters.narrative.statements.draft_statements import AMOUNT, DraftStatement, Enumeration
from converters.narrative.statements.figure_roles import add_up, total_of, value_of
from converters.narrative.tokens import CARRIED_OVER, CURRENT

_REVENUE = "code/flow/revenue"
_YEARLY = ("vintage", "kind")
"""The dimensions by which money of this year differs from all money, of revenue and of expenditure."""


def settle_doubtful_wholes(enumerations: Iterable[Enumeration], drafts: Sequence[DraftStatement]) -> None:
    """Give lists that have two possible wholes the one that their parts add up to.

    In 采购预算12万元，上年10万元，其中货物9万元、服务3万元, it is the amount of this year. Where the parts add
    up to neither, nothing tells whose parts they are, and they are compared with nothing.
    """
    for enumeration in enumerations:
        whole, nearest = enumeration.whole, enumeration.nearest
        if whole is None or nearest is None or add_up(enumeration.parts, whole):
            continue
        shares = [d for d in drafts if d.subject in enumeration.parts and d.reference is whole]
        if add_up(enumeration.parts, nearest):
            enumeration.whole = nearest
            for part in enumeration.parts:
                part.whole = nearest
        else:
            enumeration.broken = True
            for part in enumeration.parts:
                part.compared = False
        for share in shares:
            share.reference = nearest if enumeration.whole is nearest else None


def settle_lists_of_this_year(
    enumerations: Sequence[Enumeration], implied: Mapping[str, Mapping[str, str]], hierarchy: Hierarchy
) -> None:
    """Make the parts of a list those of the amount of this year where another list has divided the whole by year.

    In 总收入100万元，其中本年收入90万元，年初结转10万元。具体如下：拨款80万元；其他收入10万元, they are of the 90万元,
    unless they add up to the 100万元. `implied` are the dimensions and concepts that a flow implies.
    """
    for at, enumeration in enumerate(enumerations):
        whole = enumeration.whole
        divided = [p for other in enumerations[:at] if other.whole is whole for p in other.parts]
        if whole is None or not divided or add_up(enumeration.parts, whole):
            continue
        usual = implied.get(whole.coordinates(hierarchy).get("flow", ""), {})
        of_year = [p for p in divided if any(p.own.get(d) == c for d, c in usual.items() if d in _YEARLY)]
        apart = [
            p
            for p in enumeration.parts
            for d, c in usual.items()
            if d in p.own and not hierarchy.is_within(p.own[d], c)
        ]
        if len(of_year) == 1 and not apart and of_year[0] not in enumeration.parts:
            enumeration.whole = of_year[0]
            for part in enumeration.parts:
                part.whole = of_year[0]


def settle_divisions_by_year(enumerations: Sequence[Enumeration], hierarchy: Hierarchy) -> None:
    """Compare with nothing the parts of an amount that another list divides into money of this year and carried over.

    In 收入按来源分为：拨款9万元、基金1万元；按年度分为：当年8万元，上年结转2万元, the first list holds both, though its
    words are those for money of this year. Where nothing was carried over (上年结转0万元), they are.
    """
    divided = {
        enumeration.whole
        for enumeration in enumerations
        if enumeration.whole is not None
        and any(
            hierarchy.is_within(part.own.get("vintage", ""), CARRIED_OVER)
            for part in enumeration.parts
            if "vintage" in part.own and part.token.amount
        )
        and add_up(enumeration.parts, enumeration.whole)
    }
    for enumeration in enumerations:
        whole = enumeration.whole
        carried = any(part.own.get("vintage") == CARRIED_OVER for part in enumeration.parts)
        if whole is not None and whole in divided and not carried and add_up(enumeration.parts, whole):
            for part in enumeration.parts:
                received = part.coordinates(hierarchy).get("flow") == _REVENUE
                part.compared = part.compared and not (received and part.own.get("vintage", CURRENT) == CURRENT)


def settle_exceeded_wholes(enumerations: Iterable[Enumeration], drafts: Sequence[DraftStatement]) -> None:
    """Take from lists at the head of a sentence a whole that they exceed, where an amount before it may be the whole.

    In 采购预算168万元。按方式分：集中采购102万元、分散采购66万元。其中面向中小企业120万元, these are of the 168万元.
    """
    for enumeration in enumerations:
        whole, parts = enumeration.whole, enumeration.parts
        if whole is None or not parts or parts[0].sentence is whole.sentence or parts[0].measure != AMOUNT:
            continue
        greatest = max(map(value_of, parts))
        paragraph = whole.sentence.paragraph
        told = [d for d in drafts if d.measure == AMOUNT and d.sentence.paragraph is paragraph]
        before = told[: told.index(whole)] if whole in told else []
        first = all(d.sentence is not whole.sentence for d in before)
        if first or value_of(whole) >= greatest or not any(value_of(d) >= greatest for d in before):
            continue
        enumeration.broken = True
        for part in parts:
            part.whole, part.compared = None, False
        for share in drafts:
            if share.reference is whole and share.subject in parts:
                share.reference = None


def settle_named_parts(enumerations: Iterable[Enumeration]) -> None:
    """Compare parts under names of their own with nothing where they may be parts of something else.

    In 总预算9万元，其中设备6万元，其中电脑5万元，培训3万元, the last list goes on with a part of the first. Unless the
    parts add up to the whole, the list is no sum, and where they are more than it, they are not its parts; nor are
    they certain to be where the list names other parts in words of the vocabulary.
    """
    for enumeration in enumerations:
        named = [part for part in enumeration.parts if part.named]
        whole = enumeration.whole
        mixed = len(named) < len(enumeration.parts)
        if whole is None or not named or (add_up(enumeration.parts, whole) and not mixed):
            continue
        enumeration.broken = True
        if mixed or total_of(enumeration.parts) > value_of(whole):
            for part in named:
                part.compared = False
