"""How much of each disclosure is converted and confirmed: `python -m benchmarks.fidelity FOLDER_OR_FILE…`.

For each file: its tables and how many were recognised; the cells with numbers and the share of them that became
observations; the sums that the tables print and how many hold; the violations. Without
arguments: ../shared/disclosures.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from converters import Conversion, DocumentError, convert_file
from converters.coverage import cover_tables
from shapes import check

DEFAULT = Path(__file__).parent.parent.parent / "shared" / "disclosures"
HEADER = f"{'file':56} {'tables':>9} {'cells':>11} {'share':>7} {'sums':>11}  violations"


def count_cells(conversion: Conversion) -> tuple[int, int]:
    """(cells with a number that is no label, those of them that are observations)."""
    tables = cover_tables(conversion)
    return sum(table.figures for table in tables), sum(table.converted for table in tables)


def measure(path: Path) -> str:
    """The line about one file."""
    try:
        conversion = convert_file(path)
    except DocumentError as error:
        return f"{path.name:56} {error.key}"
    report = check(conversion.triples)
    tables = conversion.claims.tables
    printed, taken = count_cells(conversion)
    sums = report.checked["sum"]
    violations = Counter(f.rule for f in report.findings if f.severity == "violation")
    named = ", ".join(f"{rule} {count}" for rule, count in sorted(violations.items()))
    known = sum(1 for table in tables if table.kind is not None)
    share = f"{taken / printed:.1%}" if printed else "-"
    return (
        f"{path.name:56} {f'{known}/{len(tables)}':>9} {f'{taken}/{printed}':>11} {share:>7} "
        f"{f'{sums.passed}/{sums.passed + sums.failed}':>11}  {named or '-'}"
    )


def find(arguments: Iterable[str]) -> list[Path]:
    """The files that the arguments name, those of a folder in order."""
    paths = [Path(argument) for argument in arguments] or [DEFAULT]
    return [file for path in paths for file in (sorted(path.glob("*.*")) if path.is_dir() else [path])]


def main() -> None:
    """Write a line for each file."""
    sys.stdout.write(HEADER + "\n")
    for path in find(sys.argv[1:]):
        sys.stdout.write(measure(path) + "\n")


if __name__ == "__main__":
    main()
