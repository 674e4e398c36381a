"""Disclosures with what lists of them are filtered and sorted by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ontology.namespaces import SEVERITIES
from server.search.index.store_reader import StoreReader
from server.store.current_graphs import FINDINGS

DIVISIONS = "code/division"


@dataclass(frozen=True, slots=True)
class IndexedDisclosure:
    """A current version with what lists of disclosures are filtered and sorted by; `counts` are findings by severity.

    `counts` is None for a version that was not checked.
    """

    version: str
    disclosure: str
    title: str
    organisation: str
    year: str
    phase: str
    figures: int
    counts: Mapping[str, int] | None


def read_disclosures(reader: StoreReader) -> list[IndexedDisclosure]:
    """Return the current versions of all disclosures, the newest year first."""
    # Sorted here: engines limit the rows that they sort.
    by_name = sorted(
        reader.select("which_disclosures_are_current"), key=lambda row: (row.get("name", ""), row["disclosure"])
    )
    found = sorted(by_name, key=lambda row: row.get("year", ""), reverse=True)
    rows = {row["version"]: row for row in found}
    counted = reader.select("how_many_figures_does_each_version_have", named_graphs=list(rows))
    figures = {row["version"]: int(row["figures"]) for row in counted if "version" in row}
    reports = [version + FINDINGS for version in rows]
    counts = count_by_severity(reader.select("how_many_findings_does_each_version_have", named_graphs=reports))
    return [
        IndexedDisclosure(
            version=version,
            disclosure=row["disclosure"],
            title=row.get("title", ""),
            organisation=row["organisation"],
            year=row.get("year", ""),
            phase=row.get("phase", ""),
            figures=figures.get(version, 0),
            counts=counts.get(version),
        )
        for version, row in rows.items()
    ]


def count_by_severity(rows: Iterable[Mapping[str, str]]) -> dict[str, dict[str, int]]:
    """Return the findings of each checked version by severity, from rows of (report, severity, findings)."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if "report" in row:
            counts = found.setdefault(row["report"].removesuffix(FINDINGS), dict.fromkeys(SEVERITIES.values(), 0))
            if row.get("severity") in SEVERITIES:
                counts[SEVERITIES[row["severity"]]] = int(row["findings"])
    return found


def division_of(organisation: str, base: str) -> str:
    """Return the IRI of the division in the IRI of an organisation, which need not exist."""
    return f"{base}{DIVISIONS}/{organisation.removeprefix(f'{base}id/org/').partition('/')[0]}"
