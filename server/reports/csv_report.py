"""Reports as CSV: a row for each finding to correct."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from server.reports.model import DocumentReport

COLUMNS = (
    *("file", "organisation", "year", "severity", "rule", "page", "line", "cell", "table", "row", "column"),
    *("printed", "should_be", "unit", "difference", "message", "consequences", "doubtful", "id"),
    *("fingerprint", "status", "reason"),
)
_FORMULA = re.compile(r"[=+\-@\t]")
_NUMBER = re.compile(r"[-+]?[\d,.]+%?")


def reports_to_csv(reports: Sequence[DocumentReport]) -> bytes:
    """Return one row for each correction, in UTF-8 with the byte order mark that spreadsheets need.

    Reasons in the column `reason` can be given to the next check (`yusuan validate --waivers`).

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for report in reports:
        for correction in report.corrections:
            figure = correction.figure
            values = {
                "file": report.files[min(figure.file if figure else 1, len(report.files)) - 1],
                "organisation": report.organisation,
                "year": report.year,
                "severity": correction.severity,
                "rule": correction.rule,
                "difference": correction.difference,
                "message": correction.message,
                "consequences": len(correction.consequences),
                "doubtful": "true" if correction.doubtful else "false",
                "id": correction.identifier,
                "fingerprint": correction.fingerprint,
                "status": correction.status,
                "reason": correction.reason,
            } | ({name: getattr(figure, name, None) for name in COLUMNS if hasattr(figure, name) and name != "file"})
            writer.writerow(_cell(values.get(name)) for name in COLUMNS)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
