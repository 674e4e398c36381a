"""A converted and checked document."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import shapes
from converters import Conversion, Coverage, UnreadRegion, find_unread
from ontology import load_vocabulary
from server.reports import DocumentReport, build_report
from shapes.report import Report
from shapes.user_shapes import UserReport, UserShapes, check_user_shapes, user_report_to_json

ENGINES = ("set", "pyshacl")
"""The engines that can evaluate the rules: set-based queries, or pySHACL, the slower reference."""


@dataclass(frozen=True)
class CheckOptions:
    """How disclosures are checked: the engine, one of ENGINES, and shapes of the user's own."""

    engine: str = ENGINES[0]
    shapes: tuple[UserShapes, ...] = ()

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise ValueError(f"engine must be one of {', '.join(ENGINES)}, not {self.engine!r}")

    def check(
        self, triples: Iterable[ox.Triple], vocabulary: Iterable[ox.Triple], base: str, families: Collection[str] | None
    ) -> Report:
        """Check a graph against the shipped rules with the chosen engine."""
        engine = shapes.check_with_pyshacl if self.engine == "pyshacl" else shapes.check
        return engine(triples, vocabulary=vocabulary, base=base, families=families)

    def check_user_shapes(
        self, triples: Iterable[ox.Triple], vocabulary: Iterable[ox.Triple]
    ) -> tuple[UserReport, ...]:
        """Check a graph against the user's shapes. Raise ShapesFileError for a file that is not valid SHACL."""
        return check_user_shapes(triples, self.shapes, vocabulary=vocabulary)


DEFAULT_CHECKS = CheckOptions()
VERDICTS = {True: "conforms", False: "does-not-conform", None: "not-fully-checked"}
"""The verdicts by what `Checked.conforms` is."""


@dataclass(frozen=True)
class Checked:
    """A converted document with its validation report, its coverage, and the seconds that each step took."""

    conversion: Conversion
    report: shapes.Report
    seconds: dict[str, float] = field(compare=False)
    coverage: Coverage
    user_reports: tuple[UserReport, ...] = ()

    @cached_property
    def unread(self) -> tuple[UnreadRegion, ...]:
        """The tables and regions with figures that were not read."""
        return find_unread(self.conversion)

    @property
    def has_tables(self) -> bool:
        """Whether the title of a table was recognised."""
        return any(table.kind is not None for table in self.conversion.claims.tables)

    @property
    def conforms(self) -> bool | None:
        """Whether rules and user's shapes have no violation; None if they have none but not all figures were read."""
        if not (self.report.conforms and all(report.conforms for report in self.user_reports)):
            return False
        return None if self.unread or not self.has_tables else True

    @property
    def verdict(self) -> str:
        """The verdict in a word, one of VERDICTS."""
        return VERDICTS[self.conforms]

    def to_report(self, language: str) -> DocumentReport:
        """Return the report to hand on, in a language."""
        return build_report(
            self.conversion,
            self.report,
            self.coverage,
            language=language,
            conforms=self.conforms,
            user_reports=self.user_reports,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the document in `yusuan validate --format json`."""
        claims = self.conversion.claims
        content = {
            "files": [str(document.source) for document in self.conversion.documents],
            "organisation": self.conversion.organisation_name,
            "year": claims.year,
            "phase": self.conversion.vocabulary.notation(claims.phase),
            "seconds": {step: round(seconds, 4) for step, seconds in self.seconds.items()},
            **shapes.report_to_json(self.report),
            "conforms": self.conforms,
            "verdict": self.verdict,
            "unread": [
                {
                    "place": str(region.locator),
                    "figures": region.figures,
                    "message": {language: region.text(language) for language in ("zh", "en")},
                }
                for region in self.unread
            ],
            "issues": [
                {"key": i.key, "place": str(i.locator), "message": {"zh": i.text("zh"), "en": i.text("en")}}
                for i in self.conversion.issues
            ],
        }
        if self.user_reports:
            user_reports = [user_report_to_json(report) for report in self.user_reports]
            content |= {"shapes": user_reports}
        return content


@cache
def rule_vocabulary(base: str, editions: tuple[Path, ...] = ()) -> tuple[ox.Triple, ...]:
    """Load the part of the vocabulary that the rules use, with the given editions of code lists."""
    return shapes.select_vocabulary(load_vocabulary(base, editions).words, base)
