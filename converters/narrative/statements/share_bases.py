"""What a share is of: the whole of its list, or what that whole is a share of, but no amount before other money."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from converters.model.hierarchy import Hierarchy
from converters.model.precision import half_of_last_digit
from converters.narrative.paragraphs import Sentence
from converters.narrative.statements.draft_statements import AMOUNT, SHARE, DraftStatement
from converters.narrative.statements.figure_roles import value_of
from converters.narrative.subject_coordinates import of_money
from converters.narrative.tokens import MONEY, Token

_HUNDRED = 100


def settle_bases_of_shares(derived: Sequence[DraftStatement]) -> None:
    """Compare the shares of a sentence with another base than the whole of their list where that suits them.

    In 中小企业采购80万元，占采购总额的80%，其中小微企业采购40万元，占40%, the 40% are of the total, of which the 80万元
    are a share, too. Where that share has no base that is known, neither has this one.
    """
    shares = [d for d in derived if d.measure == SHARE]
    for share in shares:
        part, whole = share.subject, share.reference
        above = next((d for d in shares if whole is not None and d.subject is whole), None)
        if part is None or whole is None or above is None or whole is not part.whole or not value_of(whole):
            continue
        printed, margin = _printed(share)
        broader, uncertain = _printed(above)
        of_whole = value_of(part) / value_of(whole)
        if abs(of_whole * _HUNDRED - printed) > margin and abs(of_whole * broader - printed) <= margin + uncertain:
            share.reference, share.total = above.reference, above.total


def is_of_other_money(
    share: Token,
    latest: DraftStatement,
    whole: DraftStatement | None,
    drafts: Sequence[DraftStatement],
    sentence: Sentence,
    hierarchy: Hierarchy,
) -> bool:
    """Whether a share is that of money right before it which is no statement, and not that of the latest amount.

    In 项目支出200万元，用于甲项目120万元、乙项目60万元，合计180万元，占项目支出的90%, it is that of the 180万元. It
    stays with the latest amount where it suits this one in the `whole`; where none is known, in an amount of `drafts`.
    """
    before = [t for t in sentence.tokens if t.sort == MONEY and t.end <= share.start]
    own = latest.token.start if latest.sentence is sentence else -1
    if latest.measure != AMOUNT or latest.counts or not before or before[-1].start <= own:
        return False
    stated = [d for d in drafts if d.sentence is sentence and d.token.start == before[-1].start]
    money = of_money(latest.coordinates(hierarchy))
    if any(d.measure != AMOUNT or of_money(d.coordinates(hierarchy)) == money for d in stated):
        return False
    wholes = [whole] if whole is not None else [d for d in drafts if d.measure == AMOUNT and d.owner is d]
    percent, margin = _percent(share)
    return not any(value_of(d) and abs(value_of(latest) / value_of(d) * _HUNDRED - percent) <= margin for d in wholes)


def _printed(share: DraftStatement) -> tuple[Decimal, Decimal]:
    """A printed percentage, and by how much it may be off by rounding and the last digit."""
    return _percent(share.token)


def _percent(share: Token) -> tuple[Decimal, Decimal]:
    percent = (share.amount or Decimal(0)) * share.factor * _HUNDRED
    return percent, 2 * half_of_last_digit(share.decimals)
