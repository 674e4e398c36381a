"""`report.csv`: the outcome of each disclosure of a run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from yusuan.batch.jobs import Outcome

NAME = "report.csv"
COLUMNS = (
    "files",
    "verdict",
    "organisation",
    "year",
    "phase",
    "disclosure",
    "figures",
    "issues",
    "violations",
    "warnings",
    "seconds",
    "message_zh",
    "message_en",
)


def outcomes_to_csv(outcomes: Iterable[Outcome]) -> str:
    """The outcomes in the order of their files, a row each."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for outcome in sorted(outcomes, key=lambda outcome: outcome.files):
        writer.writerow(
            {
                "files": " ".join(outcome.files),
                "verdict": outcome.verdict,
                "organisation": outcome.organisation,
                "year": outcome.year or "",
                "phase": outcome.phase,
                "disclosure": outcome.disclosure,
                "figures": outcome.figures,
                "issues": outcome.issues,
                "violations": outcome.violations,
                "warnings": outcome.warnings,
                "seconds": f"{outcome.seconds:.2f}",
                "message_zh": outcome.messages.get("zh", ""),
                "message_en": outcome.messages.get("en", ""),
            }
        )
    return out.getvalue()
