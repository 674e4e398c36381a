"""Yusuan: published budgets and final accounts as linked data that can be queried, checked and cited.

from yusuan import convert, validate

convert("budget.txt").observations      # a pandas data frame with one row for each printed figure
validate("budget.txt").findings         # a pandas data frame with one row for each finding
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yusuan.api import Converted, Validated, convert, validate
    from yusuan.checked import Checked
    from yusuan.fact_totals import TotalsError, totals

__all__ = ["Checked", "Converted", "TotalsError", "Validated", "convert", "totals", "validate"]


def __getattr__(name: str) -> object:
    """Load the public names on first use, which keeps `yusuan --help` fast."""
    if name in __all__:
        from yusuan import api, fact_totals

        return getattr(fact_totals if name in ("TotalsError", "totals") else api, name)
    raise AttributeError(f"module 'yusuan' has no attribute {name!r}")
