"""Suggested links: the pairs of budget lines and notices that are likely enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from ontology.procurement.link_words import LinkWords, load_link_words
from ontology.vocabulary import Vocabulary
from yusuan.linking.buyers import BuyerNames
from yusuan.linking.features import ALL_FEATURES, MERGED, NEITHER, level_of
from yusuan.linking.merging import merged_levels
from yusuan.linking.model import LinkModel
from yusuan.linking.probabilities import competing_scores, estimate_shift, scores_to_probabilities
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices, Suggestion
from yusuan.linking.table_comparison import compare_tables
from yusuan.linking.tables import lines_to_table, notices_to_table


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
