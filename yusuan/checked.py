"""A converted and checked document."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import shapes
from converters import Conversion, Coverage
from ontology import load_vocabulary


@dataclass(frozen=True)
class Checked:
    """A converted document with its validation report, its coverage, and the seconds that each step took."""

    conversion: Conversion
    report: shapes.Report
    seconds: dict[str, float] = field(compare=False)
    coverage: Coverage

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the document in `yusuan validate --format json`."""
        claims = self.conversion.claims
        return {
            "files": [str(document.source) for document in self.conversion.documents],
            "organisation": self.conversion.organisation_name,
            "year": claims.year,
            "phase": self.conversion.vocabulary.notation(claims.phase),
            "seconds": {step: round(seconds, 4) for step, seconds in self.seconds.items()},
            **shapes.report_to_json(self.report),
            "issues": [
                {"key": i.key, "place": str(i.locator), "message": {"zh": i.text("zh"), "en": i.text("en")}}
                for i in self.conversion.issues
            ],
        }


@cache
def rule_vocabulary(base: str, editions: tuple[Path, ...] = ()) -> tuple[ox.Triple, ...]:
    """Load the part of the vocabulary that the rules use, with the given editions of code lists."""
    return shapes.select_vocabulary(load_vocabulary(base, editions).words, base)
