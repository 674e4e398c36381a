"""The settings of the linkage: the weight of each level of agreement, the prior odds and the thresholds.

They are estimated by `python -m benchmarks.linking --fit` on generated records and kept in `model.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yusuan.linking.features import BLOCKS, FEATURES, Feature

MODEL_FILE = Path(__file__).with_name("model.json")
_LABELS = "label_for_charts"


@dataclass(frozen=True, slots=True)
class LinkModel:
    """The settings of the linkage.

    `weights` gives for each level of a feature (`buyer-same`) how much it speaks for a link, as log2 of a factor of the
    odds; `start` are the log2 odds of a pair before anything is compared. `linked` is the usual share of notices
    that one of the compared lines pays for. A suggestion is kept from the probability `least` on and recommended from
    `threshold` on. Its probability is stated from `stated` on: below, what is right depends on habits that differ
    between markets.
    """

    weights: Mapping[str, float]
    start: float
    linked: float
    threshold: float
    stated: float
    least: float

    def settings(self) -> dict[str, Any]:
        """Return the settings of Splink."""
        return {
            "link_type": "link_only",
            "unique_id_column_name": "unique_id",
            "probability_two_random_records_match": 1 / (1 + 2**-self.start),
            "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in BLOCKS],
            "comparisons": [self._comparison(feature) for feature in FEATURES],
            "retain_matching_columns": True,
            "retain_intermediate_calculation_columns": False,
        }

    def _comparison(self, feature: Feature) -> dict[str, Any]:
        levels: list[dict[str, Any]] = [{"sql_condition": feature.missing, "is_null_level": True, _LABELS: "missing"}]
        for name, condition in (*feature.levels, (feature.last, "ELSE")):
            share = 1 / (1 + 2 ** -self.weights[f"{feature.name}-{name}"])  # Splink takes a factor as two probabilities
            shares = {"m_probability": share, "u_probability": 1 - share}
            levels.append({"sql_condition": condition, _LABELS: name, **shares})
        return {"output_column_name": feature.name, "comparison_levels": levels}

    def to_json(self) -> str:
        """Return the settings as they are kept in a file."""
        content = {
            "start": self.start,
            "linked": self.linked,
            "threshold": self.threshold,
            "stated": self.stated,
            "least": self.least,
            "weights": dict(self.weights),
        }
        return json.dumps(content, indent=1) + "\n"


@cache
def load_model(path: Path = MODEL_FILE) -> LinkModel:
    """Load settings from a file, those that are shipped unless another is named."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return LinkModel(
        weights=content["weights"],
        start=content["start"],
        linked=content["linked"],
        threshold=content["threshold"],
        stated=content["stated"],
        least=content["least"],
    )
