"""From the match weights of compared pairs to probabilities: each notice's candidates compete for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from yusuan.linking.features import JOINT_LEVELS, MERGED, NEITHER, level_number

_MOST_WEIGHT = 40.0
_USUAL_NOTICES, _ROUNDS = 200, 50


def competing_scores(pairs: pd.DataFrame) -> NDArray[np.float64]:
    """Return the log2 odds of each pair when a notice belongs to one of its candidates or to none.

    A candidate that is much alike loses against another that is more alike. Rows of one project whose sum the amount
    suits do not compete with each other, nor do lines that a notice merges.
    """
    odds = np.exp2(pairs["weight"].clip(-_MOST_WEIGHT, _MOST_WEIGHT).to_numpy(dtype=float))
    groups = joint_groups(pairs)
    total = pd.Series(odds).groupby(pairs["notice"].to_numpy()).transform("sum").to_numpy()
    own = pd.Series(odds).groupby(groups).transform("sum").to_numpy()
    scores: NDArray[np.float64] = np.log2(odds / (1 + np.maximum(total - own, 0)))
    return scores


def estimate_shift(pairs: pd.DataFrame, linked: float) -> float:
    """Return how much the weights are to be raised because more notices have a line among these than is usual.

    The share of notices that a line pays for is estimated from their own weights by expectation maximisation, with the
    usual share counted as `_USUAL_NOTICES` notices, so that a few notices change little (Saerens et al. 2002).
    """
    odds = np.exp2(pairs["weight"].clip(-_MOST_WEIGHT, _MOST_WEIGHT).to_numpy(dtype=float))
    totals = np.bincount(pd.factorize(pairs["notice"])[0], odds)
    shift = 0.0
    for _ in range(_ROUNDS):
        raised = totals * 2**shift
        expected = float((raised / (1 + raised)).sum()) + _USUAL_NOTICES * linked
        share = expected / (len(totals) + _USUAL_NOTICES)
        shift = float(np.log2(share / (1 - share)) - np.log2(linked / (1 - linked)))
    return shift


def joint_groups(pairs: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for each pair, the same for pairs of a notice that do not compete with each other."""
    whole = pairs["gamma_amount"].isin([level_number("amount", name) for name in JOINT_LEVELS])
    keys = pd.Series(np.arange(len(pairs)).astype(str), index=pairs.index)
    keys = keys.mask(whole & pairs["bundle"].notna(), pairs["bundle"].astype(str))
    keys = keys.mask(pairs[f"gamma_{MERGED.name}"] != NEITHER, MERGED.name)
    frame = pd.DataFrame({"notice": pairs["notice"], "key": keys})
    return np.asarray(frame.groupby(["notice", "key"]).ngroup(), dtype=np.int64)


def scores_to_probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities with given log2 odds."""
    probabilities: NDArray[np.float64] = 1 / (1 + np.exp2(-scores))
    return probabilities
