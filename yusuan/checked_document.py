"""A converted and checked document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import shapes
from converters import Conversion, Coverage, UnreadRegion, find_unread
from ontology import load_vocabulary
from ontology.caching import cached
from server.reports import DocumentReport, EarlierFinding, build_report
from server.reports.comparison import accept_findings, compare_with_earlier
from server.reports.json_report import JSON_VERDICTS, document_to_json, with_comparison
from shapes.report import Report
from shapes.user_shapes import UserReport, UserShapes, check_user_shapes

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
VERDICTS = JSON_VERDICTS
"""The verdicts by what `Checked.conforms` is."""


@dataclass(frozen=True)
class Checked:
    """A converted document with its validation report, its coverage, and the seconds that each step took.

    `earlier` are the findings of an earlier report to compare with, None if there is none; `reasons` say by fingerprint
    why findings are accepted.
    """

    conversion: Conversion
    report: shapes.Report
    seconds: dict[str, float] = field(compare=False)
    coverage: Coverage
    user_reports: tuple[UserReport, ...] = ()
    earlier: tuple[EarlierFinding, ...] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def unread(self) -> tuple[UnreadRegion, ...]:
        """The tables and regions with figures that were not read."""
        return find_unread(self.conversion)

    @property
    def has_tables(self) -> bool:
        """Whether the title of a table was recognised."""
        return any(table.kind is not None for table in self.conversion.content.tables)

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
        report = build_report(
            self.conversion,
            self.report,
            self.coverage,
            language=language,
            conforms=self.conforms,
            user_reports=self.user_reports,
        )
        compared = report if self.earlier is None else compare_with_earlier(report, self.earlier)
        return accept_findings(compared, self.reasons) if self.reasons else compared

    def fails_on(self, severity: str) -> bool:
        """Whether not all was checked, or a finding of at least this severity was not accepted."""
        return self.conforms is None or self.to_report("en").fails_on(severity)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the document in `yusuan validate --format json`."""
        content = document_to_json(
            self.conversion,
            self.report,
            self.unread,
            conforms=self.conforms,
            seconds=self.seconds,
            user_reports=self.user_reports,
        )
        is_plain = self.earlier is None and not self.reasons
        return content if is_plain else with_comparison(content, self.to_report("zh"))


@cached
def rule_vocabulary(base: str, editions: tuple[Path, ...] = ()) -> tuple[ox.Triple, ...]:
    """Load the part of the vocabulary that the rules use, with the given editions of code lists."""
    return shapes.select_vocabulary(load_vocabulary(base, editions).words, base)
