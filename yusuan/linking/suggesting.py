"""Suggested links: the pairs that are likely enough, each notice's candidates competing for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ontology.procurement.link_words import LinkWords, load_link_words
from ontology.vocabulary import Vocabulary
from yusuan.linking.buyers import BuyerNames
from yusuan.linking.features import FEATURES, JOINT_LEVELS
from yusuan.linking.model import LinkModel, level_number, level_of
from yusuan.linking.scoring import compare_tables
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices, Suggestion
from yusuan.linking.tables import lines_to_table, notices_to_table

_MOST_WEIGHT = 40.0


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
        pairs["score"] = competing_scores(pairs)
        return pairs

    def suggest(self, notices: Iterable[NoticeRecord], threads: int | None = None) -> list[Suggestion]:
        """Return the suggested links of notices, in the order of their keys."""
        return list(_suggestions(self.score(notices, threads), self._model))


def competing_scores(pairs: pd.DataFrame) -> NDArray[np.float64]:
    """Return the log2 odds of each pair when a notice belongs to one of its candidates or to none.

    A candidate that is much alike loses against another that is more alike. Rows of one project whose sum the amount
    suits do not compete with each other.
    """
    odds = np.exp2(pairs["weight"].clip(-_MOST_WEIGHT, _MOST_WEIGHT).to_numpy(dtype=float))
    total = pd.Series(odds, index=pairs.index).groupby(pairs["notice"]).transform("sum").to_numpy()
    joint = (
        pairs["gamma_amount"].isin([level_number("amount", name) for name in JOINT_LEVELS]) & pairs["bundle"].notna()
    )
    own = pd.Series(odds, index=pairs.index)
    together = own[joint].groupby([pairs["notice"][joint], pairs["bundle"][joint]]).transform("sum")
    own.update(together)
    scores: NDArray[np.float64] = np.log2(odds / (1 + np.maximum(total - own.to_numpy(), 0)))
    return scores


def calibrated(scores: NDArray[np.float64], model: LinkModel) -> NDArray[np.float64]:
    """Return the probabilities at scores, interpolated between the knots of the calibration."""
    knots = np.array(model.calibration)
    probabilities: NDArray[np.float64] = np.interp(scores, knots[:, 0], knots[:, 1])
    return probabilities


def _suggestions(pairs: pd.DataFrame, model: LinkModel) -> Iterator[Suggestion]:
    if pairs.empty:
        return
    probabilities = calibrated(pairs["score"].to_numpy(dtype=float), model)
    kept = pairs[probabilities >= model.least].assign(probability=probabilities[probabilities >= model.least])
    for row in kept.sort_values(["notice", "line"]).to_dict("records"):
        levels = (level_of(feature, int(row[f"gamma_{feature.name}"])) for feature in FEATURES)
        yield Suggestion(
            notice=str(row["notice"]),
            line=str(row["line"]),
            probability=round(float(row["probability"]), 3),
            evidence=tuple(level for level in levels if level is not None),
        )
