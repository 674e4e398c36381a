"""Values of tables about purchases, as they are shown."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from server.charts.yuan_and_wan import share_to_text
from server.pages.figures import money

MONEY = frozenset(("awarded", "budget", "budgeted", "over", "smallMedium", "smallMicro", "unitPrice"))
SHARES = frozenset(("share", "probability", "plannedShare", "awardedShare"))
FIGURES = MONEY | SHARES | {"quantity", "awards"}
"""The columns of numbers."""
NOTHING = "–"


def cell_to_text(column: str, value: str | None) -> str:
    """Return a value of a column: an amount of money in yuan, a share as a percentage, a dash for none, or the text."""
    if not value:
        return NOTHING
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if column in SHARES:
        return share_to_text(number)
    return money(number) if column in MONEY else value
