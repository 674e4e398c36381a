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
    """A converted document, the report of its rules, the seconds that it took, and what became of its numbers."""

    conversion: Conversion
    report: shapes.Report
    seconds: dict[str, float] = field(compare=False)
    coverage: Coverage

    def to_json(self) -> dict[str, Any]:
        """The document's part of `yusuan validate --format json`."""
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
    """The part of the vocabulary, a user's editions of code lists included, that the rules look at."""
    return shapes.select_vocabulary(load_vocabulary(base, editions).words, base)
