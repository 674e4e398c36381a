"""The Python interface: files in, conversions and reports out, with pandas frames of both."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import shapes
from converters import (
    COLUMNS,
    Conversion,
    Document,
    DocumentError,
    conversion_to_records,
    convert_document,
    coverage,
    join_documents,
    read_document,
)
from ontology import DEFAULT_BASE
from yusuan.checked import Checked, rule_vocabulary
from yusuan.inputs import SHIPPED, Inputs, find_inputs

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Files = Path | Sequence[Path]
"""The file of a disclosure, or the files of one that is published in several."""
_NUMBERS = ("amount", "precision")
FINDING_COLUMNS = (
    "file",
    "rule",
    "family",
    "severity",
    "message_zh",
    "message_en",
    "difference",
    "focus",
    "id",
    "follows",
)
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
            (c.file_of(i.locator).source.name, i.key, str(i.locator), i.text("zh"), i.text("en"))
            for c in self.conversions
            for i in c.issues
        ]
        return pd.DataFrame(rows, columns=["file", "key", "place", "message_zh", "message_en"])


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
                f.follows,
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
    together: bool = False,
) -> Converted:
    """Convert disclosures, a file each, to observations with addresses under `base`.

    With `together` the files are one disclosure, its tables in one and its text in another. `codes` is a folder of
    editions of code lists that you imported, `register` a file of organisations. A file that cannot be read or holds no
    known table is among the `failures`; if all fail, the first error is raised.
    """
    known = find_inputs(codes, [register] if register else [])
    done, failures = each(disclosures_of(files, together), lambda paths: convert_known(paths, base, known))
    return Converted(tuple(done), tuple(failures))


def validate(
    *files: str | os.PathLike[str],
    base: str = DEFAULT_BASE,
    codes: str | os.PathLike[str] | None = None,
    register: str | os.PathLike[str] | None = None,
    together: bool = False,
) -> Validated:
    """Convert disclosures and check each against the rules, and what one quotes of another of its office.

    Arguments and failures as in `convert`.
    """
    from yusuan.cross_disclosure import DisclosureSet, check_beside

    known = find_inputs(codes, [register] if register else [])
    done, failures = each(disclosures_of(files, together), lambda paths: check_file(paths, base, known))
    return Validated(tuple(check_beside(done, DisclosureSet(base, known=known))), tuple(failures))


def disclosures_of(files: Iterable[str | os.PathLike[str]], together: bool) -> list[tuple[Path, ...]]:
    """The files of each disclosure: one each, or all those of one if they belong together."""
    paths = tuple(map(Path, files))
    return [paths] if together else [(path,) for path in paths]


def read_files(files: Files) -> Document:
    """The document of a disclosure in one file or several; DocumentError for the first that cannot be read."""
    return join_documents([read_document(path) for path in ([files] if isinstance(files, Path) else files)])


def convert_known(files: Files, base: str = DEFAULT_BASE, known: Inputs = SHIPPED) -> Conversion:
    """Read and convert one disclosure with what is known beforehand; DocumentError if it gives nothing."""
    return convert_document(read_files(files), base, vocabulary=known.vocabulary, register=known.register)


def check_file(files: Files, base: str = DEFAULT_BASE, known: Inputs = SHIPPED) -> Checked:
    """Read, convert and check one disclosure, timing each step; DocumentError if it gives nothing."""
    start = perf_counter()
    document = read_files(files)
    read = perf_counter()
    conversion = convert_document(document, base, vocabulary=known.vocabulary, register=known.register)
    triples = conversion.triples
    converted = perf_counter()
    report = shapes.check(triples, vocabulary=rule_vocabulary(base, known.editions), base=base)
    seconds = {"read": read - start, "convert": converted - read, "check": perf_counter() - converted}
    return Checked(conversion, report, seconds, coverage(document, conversion))


def each(
    disclosures: Iterable[Sequence[Path]], work: Callable[[Sequence[Path]], T]
) -> tuple[list[T], list[DocumentError]]:
    """The work's results and errors, one disclosure after the other; if there are only errors, the first is raised."""
    done: list[T] = []
    failures: list[DocumentError] = []
    for files in disclosures:
        try:
            done.append(work(files))
        except DocumentError as error:
            failures.append(error)
    if failures and not done:
        raise failures[0]
    return done, failures
