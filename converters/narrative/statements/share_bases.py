"""What a share without words for its base is of: the whole of its list, or what that whole is a share of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from converters.model.precision import half_of_last_digit
from converters.narrative.statements.draft_statements import SHARE, DraftStatement
from converters.narrative.statements.figure_roles import value_of

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


def _printed(share: DraftStatement) -> tuple[Decimal, Decimal]:
    """A printed percentage, and by how much it may be off by rounding and the last digit."""
    percent = (share.token.amount or Decimal(0)) * share.token.factor * _HUNDRED
    return percent, 2 * half_of_last_digit(share.token.decimals)
