"""Yusuan: published budgets and final accounts as linked data that can be queried, checked and cited.

from yusuan import convert, validate

convert("budget.txt").observations      # a pandas frame, one row a printed figure
validate("budget.txt").findings         # a pandas frame, one row a contradiction
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yusuan.api import Converted, Validated, convert, validate
    from yusuan.checked import Checked

__all__ = ["Checked", "Converted", "Validated", "convert", "validate"]


def __getattr__(name: str) -> object:
    """The public names, loaded when first used, so that `yusuan --help` answers at once."""
    if name in __all__:
        from yusuan import api

        return getattr(api, name)
    raise AttributeError(f"module 'yusuan' has no attribute {name!r}")
