"""Suggested links: the pairs that are likely enough, each notice's candidates competing for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ontology.procurement.link_words import LinkWords, load_link_words
from ontology.vocabulary import Vocabulary
from yusuan.linking.buyers import BuyerNames
from yusuan.linking.features import ALL_FEATURES, JOINT_LEVELS, MERGED, NEITHER, level_number, level_of
from yusuan.linking.merging import merged_levels
from yusuan.linking.model import LinkModel
from yusuan.linking.scoring import compare_tables
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices, Suggestion
from yusuan.linking.tables import lines_to_table, notices_to_table

_MOST_WEIGHT = 40.0
_USUAL_NOTICES, _ROUNDS = 200, 50


class Linkage:
    """The budget lines against which notices are compared, prepared once."""

    def __init__(
        self,
        lines: Iterable[BudgetLine],
        offices: Offices,
        vocabulary: Vocabulary,
        model: LinkModel,
        words: LinkWords | None = None,
    ) -> None:
        self._vocabulary, self._model, self._words = vocabulary, model, words or load_link_words()
        self._buyers = BuyerNames(offices, vocabulary, self._words)
        self._lines = lines_to_table(lines, offices, self._words)

    def score(self, notices: Iterable[NoticeRecord], threads: int | None = None) -> pd.DataFrame:
        """Return the compared pairs with their match weight, levels, and competing score (see `competing_scores`)."""
        table = notices_to_table(notices, self._buyers, self._vocabulary, self._words)
        if table.empty or self._lines.empty:
            return pd.DataFrame(columns=["line", "notice", "bundle", "score"])
        pairs = compare_tables(self._lines, table, self._model, threads)
        bundles = dict(zip(self._lines["unique_id"], self._lines["bundle"], strict=True))
        pairs["bundle"] = pairs["line"].map(bundles)
        pairs[f"gamma_{MERGED.name}"] = merged_levels(pairs, self._lines, table)
        pairs["weight"] += self._merged_weights(pairs)
        pairs["weight"] += estimate_shift(pairs, self._model.linked)
        pairs["score"] = competing_scores(pairs)
        return pairs

    def _merged_weights(self, pairs: pd.DataFrame) -> pd.Series[float]:
        names = {value: level_of(MERGED, value) for value in range(len(MERGED.levels) + 1)}
        weights = {value: self._model.weights[name] for value, name in names.items() if name is not None}
        return pairs[f"gamma_{MERGED.name}"].map({NEITHER: 0.0, **weights})

    def suggest(self, notices: Iterable[NoticeRecord], threads: int | None = None) -> list[Suggestion]:
        """Return the suggested links of notices, in the order of their keys."""
        return list(_suggestions(self.score(notices, threads), self._model))


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


def _suggestions(pairs: pd.DataFrame, model: LinkModel) -> Iterator[Suggestion]:
    if pairs.empty:
        return
    probabilities = scores_to_probabilities(pairs["score"].to_numpy(dtype=float))
    kept = pairs[probabilities >= model.least].assign(probability=probabilities[probabilities >= model.least])
    for row in kept.sort_values(["notice", "line"]).to_dict("records"):
        levels = (level_of(feature, int(row[f"gamma_{feature.name}"])) for feature in ALL_FEATURES)
        yield Suggestion(
            notice=str(row["notice"]),
            line=str(row["line"]),
            probability=round(float(row["probability"]), 3),
            evidence=tuple(level for level in levels if level is not None),
        )
