"""The Python interface: files in, conversions and reports out, with pandas frames of both."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

import pyoxigraph as ox

import shapes
from converters import (
    COLUMNS,
    Conversion,
    DocumentError,
    conversion_to_records,
    convert_document,
    read_document,
)
from ontology import DEFAULT_BASE, load_vocabulary
from yusuan.known import SHIPPED, Known, find_known

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
_NUMBERS = ("amount", "precision")
FINDING_COLUMNS = ("file", "rule", "family", "severity", "message_zh", "message_en", "difference", "focus", "id")
"""The columns of the frame of findings."""


@dataclass(frozen=True)
class Converted:
    """What `convert` returns: a conversion for each file that gave one, an error for each that did not."""

    conversions: tuple[Conversion, ...]
    failures: tuple[DocumentError, ...]

    @cached_property
    def observations(self) -> pd.DataFrame:
        """One row a printed figure; columns as in the CSV (`converters.COLUMNS`).

        `amount` and `precision` are floats in yuan; `printed` keeps the exact figure as a string.
        """
        import pandas as pd

        frame = pd.DataFrame((r for c in self.conversions for r in conversion_to_records(c)), columns=list(COLUMNS))
        return frame.astype(dict.fromkeys(_NUMBERS, float))

    @cached_property
    def issues(self) -> pd.DataFrame:
        """One row for each thing that was not taken or was repaired: file, key, place, message in zh and en."""
        import pandas as pd

        rows = [
            (c.documents[0].source.name, i.key, str(i.locator), i.text("zh"), i.text("en"))
            for c in self.conversions
            for i in c.issues
        ]
        return pd.DataFrame(rows, columns=["file", "key", "place", "message_zh", "message_en"])


@dataclass(frozen=True)
class Checked:
    """A converted document, the report of its rules, and the seconds that reading, converting and checking took."""

    conversion: Conversion
    report: shapes.Report
    seconds: dict[str, float] = field(compare=False)

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


@dataclass(frozen=True)
class Validated:
    """What `validate` returns: a checked document for each file that gave one, an error for each that did not."""

    documents: tuple[Checked, ...]
    failures: tuple[DocumentError, ...]

    @property
    def conforms(self) -> bool:
        """Whether every file could be read and none has a violation."""
        return not self.failures and all(document.report.conforms for document in self.documents)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row a finding, worst first in each document; columns FINDING_COLUMNS."""
        import pandas as pd

        rows = [
            (
                document.conversion.documents[0].source.name,
                f.rule,
                f.family,
                f.severity,
                f.message["zh"],
                f.message["en"],
                None if f.difference is None else float(f.difference),
                f.focus,
                f.id,
            )
            for document in self.documents
            for f in document.report.findings
        ]
        return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))

    def to_json(self) -> str:
        """The JSON of `yusuan validate --format json`: one shape for one file or many."""
        documents = [document.to_json() for document in self.documents]
        errors = [{"message": {"zh": e.text("zh"), "en": e.text("en")}} for e in self.failures]
        content = {"yusuan": version("yusuan"), "documents": documents} | ({"errors": errors} if errors else {})
        return json.dumps(content, ensure_ascii=False, indent=2)


def convert(
    *files: str | os.PathLike[str],
    base: str = DEFAULT_BASE,
    codes: str | os.PathLike[str] | None = None,
    register: str | os.PathLike[str] | None = None,
) -> Converted:
    """Convert disclosures, a file each, to observations with addresses under `base`.

    `codes` is a folder of editions of code lists that you imported, `register` a file of organisations. A file that
    cannot be read or holds no known table is among the `failures`; if all fail, the first error is raised.
    """
    known = find_known(codes, [register] if register else [])
    done, failures = each(files, lambda path: convert_known(path, base, known))
    return Converted(tuple(done), tuple(failures))


def validate(
    *files: str | os.PathLike[str],
    base: str = DEFAULT_BASE,
    codes: str | os.PathLike[str] | None = None,
    register: str | os.PathLike[str] | None = None,
) -> Validated:
    """Convert disclosures and check each against the rules; arguments and failures as in `convert`."""
    known = find_known(codes, [register] if register else [])
    done, failures = each(files, lambda path: check_file(path, base, known))
    return Validated(tuple(done), tuple(failures))


def convert_known(path: Path, base: str = DEFAULT_BASE, known: Known = SHIPPED) -> Conversion:
    """Read and convert one file with what is known beforehand; DocumentError if it gives nothing."""
    return convert_document(read_document(path), base, vocabulary=known.vocabulary, register=known.register)


def check_file(path: Path, base: str = DEFAULT_BASE, known: Known = SHIPPED) -> Checked:
    """Read, convert and check one file, timing each step; DocumentError if it gives nothing."""
    start = perf_counter()
    document = read_document(path)
    read = perf_counter()
    conversion = convert_document(document, base, vocabulary=known.vocabulary, register=known.register)
    triples = conversion.triples
    converted = perf_counter()
    report = shapes.check(triples, vocabulary=rule_vocabulary(base, known.editions), base=base)
    seconds = {"read": read - start, "convert": converted - read, "check": perf_counter() - converted}
    return Checked(conversion, report, seconds)


@cache
def rule_vocabulary(base: str, editions: tuple[Path, ...] = ()) -> tuple[ox.Triple, ...]:
    """The part of the vocabulary, a user's editions of code lists included, that the rules look at."""
    return shapes.select_vocabulary(load_vocabulary(base, editions).words, base)


def each(files: Iterable[str | os.PathLike[str]], work: Callable[[Path], T]) -> tuple[list[T], list[DocumentError]]:
    """The work's results and errors, file by file; if there are only errors, the first is raised."""
    done: list[T] = []
    failures: list[DocumentError] = []
    for file in files:
        try:
            done.append(work(Path(file)))
        except DocumentError as error:
            failures.append(error)
    if failures and not done:
        raise failures[0]
    return done, failures
