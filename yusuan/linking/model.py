"""The settings of the linkage: how often each level holds for true and for other pairs, and the calibration.

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

    `levels` gives for each level of a feature (`buyer-same`) how often it holds among true pairs and among the other
    pairs that are compared; `prior` is the share of true pairs. `calibration` are pairs of a score and the probability
    at it, ascending. A suggestion is recommended from `threshold` on, and kept from `least` on.
    """

    levels: Mapping[str, tuple[float, float]]
    prior: float
    calibration: tuple[tuple[float, float], ...]
    threshold: float
    least: float

    def settings(self) -> dict[str, Any]:
        """Return the settings of Splink."""
        return {
            "link_type": "link_only",
            "unique_id_column_name": "unique_id",
            "probability_two_random_records_match": self.prior,
            "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in BLOCKS],
            "comparisons": [self._comparison(feature) for feature in FEATURES],
            "retain_matching_columns": True,
            "retain_intermediate_calculation_columns": False,
        }

    def _comparison(self, feature: Feature) -> dict[str, Any]:
        levels: list[dict[str, Any]] = [{"sql_condition": feature.missing, "is_null_level": True, _LABELS: "missing"}]
        for name, condition in (*feature.levels, (feature.last, "ELSE")):
            true, other = self.levels[f"{feature.name}-{name}"]
            levels.append({"sql_condition": condition, _LABELS: name, "m_probability": true, "u_probability": other})
        return {"output_column_name": feature.name, "comparison_levels": levels}

    def to_json(self) -> str:
        """Return the settings as they are kept in a file."""
        content = {
            "prior": self.prior,
            "threshold": self.threshold,
            "least": self.least,
            "levels": {name: list(shares) for name, shares in self.levels.items()},
            "calibration": [list(knot) for knot in self.calibration],
        }
        return json.dumps(content, indent=1) + "\n"


@cache
def load_model(path: Path = MODEL_FILE) -> LinkModel:
    """Load settings from a file, those that are shipped unless another is named."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return LinkModel(
        levels={name: (shares[0], shares[1]) for name, shares in content["levels"].items()},
        prior=content["prior"],
        calibration=tuple((score, probability) for score, probability in content["calibration"]),
        threshold=content["threshold"],
        least=content["least"],
    )


def level_of(feature: Feature, value: int) -> str | None:
    """Return the notation of the level that Splink numbers, the last being 0 and the first highest; None if missing."""
    if value < 0:
        return None
    names = [feature.last, *(name for name, _ in reversed(feature.levels))]
    return f"{feature.name}-{names[value]}"


def level_number(feature: str, level: str) -> int:
    """Return the number that Splink gives to a level of a feature, both by name: `level_number("amount", "exact")`."""
    [found] = [each for each in FEATURES if each.name == feature]
    return len(found.levels) - [name for name, _ in found.levels].index(level)
