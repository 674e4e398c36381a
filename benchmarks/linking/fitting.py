"""Estimation of the settings: weights of levels, by which a notice chooses one of its candidates or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from yusuan.linking.features import ALL_FEATURES, level_of
from yusuan.linking.probabilities import joint_groups

_ROUNDS, _STEP = 1000, 0.05
_STRICTNESS = 0.5
"""How strongly weights are held at zero, in pairs: a level that hardly occurs says little."""
_MOST = 25.0


def level_names() -> list[str]:
    """Return the notations of all levels, feature by feature."""
    named = (level_of(feature, value) for feature in ALL_FEATURES for value in range(len(feature.levels) + 1))
    return [name for name in named if name is not None]


def linked_share(sets: Iterable[pd.DataFrame]) -> float:
    """Return the share of notices that one of the compared lines pays for."""
    found = np.concatenate([each.groupby("notice")["true"].any().to_numpy() for each in sets])
    return round(float(found.mean()), 4)


def fit_weights(sets: Sequence[pd.DataFrame]) -> tuple[dict[str, float], float]:
    """Return the weights of levels and the weight of a pair of which nothing is known, in log2 of odds.

    Each set has compared pairs with the column `true`. The likelihood is that of each pair being true or not when a
    notice belongs to one of its candidates or to none, and pairs of one joint purchase do not compete; Adam climbs it.
    """
    pairs = pd.concat([each.assign(notice=f"{n} " + each["notice"].astype(str)) for n, each in enumerate(sets)])
    pairs = pairs.reset_index(drop=True)
    names = level_names()
    held = _levels_held(pairs, names)
    true = pairs["true"].to_numpy(dtype=float)
    notice = pd.factorize(pairs["notice"])[0]
    group = pd.factorize(joint_groups(pairs))[0]
    weights = np.zeros(len(names) + 1)
    weights[-1] = np.log(max(true.mean(), 1e-6))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, _ROUNDS + 1):
        slope = _slope(weights, held, true, notice, group)
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        weights -= _STEP * (first / (1 - 0.9**turn)) / (np.sqrt(second / (1 - 0.99**turn)) + 1e-8)
    found = weights / np.log(2)
    return dict(zip(names, found[:-1].round(3).tolist(), strict=True)), float(found[-1].round(3))


def _levels_held(pairs: pd.DataFrame, names: Sequence[str]) -> NDArray[np.int64]:
    """Return, for each pair and feature, the place of the level among all names; one behind the last if missing."""
    columns, start = [], 0
    for feature in ALL_FEATURES:
        values = pairs[f"gamma_{feature.name}"].to_numpy(dtype=int)
        columns.append(np.where(values < 0, len(names) + 1, start + values))
        start += len(feature.levels) + 1
    return np.stack(columns, axis=1)


def _slope(
    weights: NDArray[np.float64],
    held: NDArray[np.int64],
    true: NDArray[np.float64],
    notice: NDArray[np.int64],
    group: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the slope of the negative log likelihood with its penalty."""
    padded = np.append(weights, 0.0)
    log_odds = np.clip(padded[held].sum(axis=1) + weights[-1], -_MOST, _MOST)
    odds = np.exp(log_odds)
    of_notice = np.bincount(notice, odds)[notice]
    rivals = 1 + np.maximum(of_notice - np.bincount(group, odds)[group], 0)
    error = 1 / (1 + rivals / odds) - true
    # a pair's odds also count against its rivals: the errors over rivals of its notice outside its group
    against = error / rivals
    outside = np.bincount(notice, against)[notice] - np.bincount(group, against)[group]
    each = error - odds * outside
    slope = np.bincount(held.ravel(), np.repeat(each, held.shape[1]), minlength=len(weights) + 1)[: len(weights)]
    slope[-1] = each.sum()
    slope[:-1] += _STRICTNESS * weights[:-1]
    return np.asarray(slope / len(true))
