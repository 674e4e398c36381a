"""Purchases that merge several budget lines: lines that a notice names, and whose sum suits its amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from yusuan.linking.features import MERGED, NEITHER, level_number

_NAMED = {"name": ("akin", "near", "contained", "same"), "subject": ("named",)}
"""The levels at which a notice names a line."""
_MOST_LINES, _MOST_MERGED = 10, 4
_CENT, _TEN_THOUSAND = 0.005, 10_000
_LEAST_SHARE = 2 / 3
SUM, NEAR, NAMED = (level_number(MERGED.name, level) for level in ("sum", "near", "named"))


def merged_levels(pairs: pd.DataFrame, lines: pd.DataFrame, notices: pd.DataFrame) -> NDArray[np.int64]:
    """Return the level of the feature `merged` of each pair, -1 for pairs of notices that merge no lines.

    Only lines that the notice names, and that are smaller than its amount, are added up, four at the most.
    """
    amounts = _looked_up(pairs["line"], lines, "amount").to_numpy(dtype=float, na_value=np.nan)
    paid = _looked_up(pairs["notice"], notices, "amount").to_numpy(dtype=float, na_value=np.nan)
    awarded = _looked_up(pairs["notice"], notices, "awarded").to_numpy(dtype=bool)
    whole, parts = (
        _looked_up(pairs[side], table, "project").fillna("").to_numpy(dtype=str)
        for side, table in (("notice", notices), ("line", lines))
    )
    named = np.logical_or.reduce(
        [
            pairs[f"gamma_{feature}"].isin([level_number(feature, level) for level in levels]).to_numpy()
            for feature, levels in _NAMED.items()
        ]
    )
    levels = np.full(len(pairs), NEITHER)
    chosen = np.flatnonzero(named & ~(amounts >= paid))
    for places in pd.Series(chosen).groupby(pairs["notice"].to_numpy()[chosen]).agg(np.array):
        if 1 < len(places) <= _MOST_LINES:
            level, merged = _find_sum(amounts[places], paid[places[0]], bool(awarded[places[0]]))
            if level == NEITHER:
                level, merged = NAMED, _find_parts(whole[places[0]], parts[places])
            levels[places[list(merged)]] = level
    return levels


def _looked_up(keys: pd.Series[str], table: pd.DataFrame, column: str) -> pd.Series[float]:
    return keys.map(dict(zip(table["unique_id"], table[column], strict=True))).astype(table[column].dtype)


def _find_sum(amounts: NDArray[np.float64], paid: float, awarded: bool) -> tuple[int, Sequence[int]]:
    """Return the level of the lines whose sum suits an amount best, and their places; none if two sums do equally."""
    sums = [
        (places, float(amounts[list(places)].sum()))
        for count in range(2, min(_MOST_MERGED, len(amounts)) + 1)
        for places in combinations(range(len(amounts)), count)
    ]
    equal: list[tuple[int, Callable[[float], bool]]] = [
        (SUM, lambda total: abs(total - paid) < _CENT),
        (SUM, lambda total: abs(total - paid) <= _TEN_THOUSAND / 2),
    ]
    for level, suits in [*([] if awarded else equal), (NEAR, lambda total: total * _LEAST_SHARE <= paid <= total)]:
        found = [places for places, total in sums if suits(total)]
        if found:
            return (level, found[0]) if len(found) == 1 else (NEITHER, ())
    return NEITHER, ()


def _find_parts(whole: str, parts: Sequence[str]) -> Sequence[int]:
    """Return the places of the names that stand in a name one beside the other; none if it holds less than two."""
    rest, found = whole, []
    for place in sorted(range(len(parts)), key=lambda place: -len(parts[place])):
        if parts[place] and parts[place] in rest:
            rest = rest.replace(parts[place], " ", 1)
            found.append(place)
    return found if len(found) > 1 else ()
