"""Yusuan: published budgets and final accounts as linked data that can be queried, checked and cited.

from yusuan import convert, open, totals, validate

convert("budget.txt").observations      # a pandas data frame with one row for each printed figure
convert("budget.txt").facts             # a pandas data frame with one row for each amount of money
validate("budget.txt").findings         # a pandas data frame with one row for each finding
open("store").facts(year=2024)          # the same of a published store, or of a SPARQL endpoint given by its address
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yusuan.api import Converted, Validated, convert, validate
    from yusuan.arguments import ArgumentError
    from yusuan.checked_document import Checked
    from yusuan.fact_totals import TotalsError, totals
    from yusuan.stores.opened_store import OpenedStore
    from yusuan.stores.opened_store import open_store as open

__all__ = [
    "ArgumentError",
    "Checked",
    "Converted",
    "OpenedStore",
    "TotalsError",
    "Validated",
    "convert",
    "open",
    "totals",
    "validate",
]


def __getattr__(name: str) -> object:
    """Load the public names on first use, which keeps `yusuan --help` fast."""
    if name in __all__:
        from yusuan import api, arguments, fact_totals
        from yusuan.stores import opened_store

        modules = {"TotalsError": fact_totals, "totals": fact_totals, "OpenedStore": opened_store, "open": opened_store}
        modules["ArgumentError"] = arguments
        return getattr(modules.get(name, api), "open_store" if name == "open" else name)
    raise AttributeError(f"module 'yusuan' has no attribute {name!r}")
