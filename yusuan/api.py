"""The Python interface: `convert` and `validate` return results with pandas data frames."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from converters import (
    COLUMNS,
    Conversion,
    Document,
    DocumentError,
    StatedFacts,
    conversion_to_fact_rows,
    conversion_to_records,
    convert_document,
    coverage,
    document_errors,
    join_documents,
    read_document,
)
from ontology import DEFAULT_BASE
from ontology.tabular.published_columns import FACTS
from server.reports.json_report import documents_to_json
from shapes import content_families
from shapes.user_shapes import ShapesFileError, load_user_shapes
from yusuan.checked_document import DEFAULT_CHECKS, ENGINES, Checked, CheckOptions, rule_vocabulary
from yusuan.frames import rows_to_frame
from yusuan.inputs import SHIPPED, Inputs, load_inputs

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Files = Path | Sequence[Path]
"""The file or files in which one disclosure is published."""
FileOrFiles = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""A path, or several in a list."""
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
"""The columns of `Validated.findings`."""


@dataclass(frozen=True)
class Converted:
    """The result of `convert`: the conversions, and an error for each file that could not be converted."""

    conversions: tuple[Conversion, ...]
    failures: tuple[DocumentError, ...]

    @cached_property
    def observations(self) -> pd.DataFrame:
        """A data frame with one row for each printed figure; columns as in the CSV (`converters.COLUMNS`).

        `amount` and `precision` are floats in yuan; `printed` is the exact figure as a string.
        """
        import pandas as pd

        frame = pd.DataFrame((r for c in self.conversions for r in conversion_to_records(c)), columns=list(COLUMNS))
        return frame.astype(dict.fromkeys(_NUMBERS, float))

    @cached_property
    def facts(self) -> pd.DataFrame:
        """One row a fact, each amount of money once; columns as in `ontology.tabular.published_columns.FACTS`.

        `amount` and `precision` are floats in yuan. Which rows add up is said by their marks; `yusuan.totals` minds
        them.
        """
        return rows_to_frame(FACTS, (row for c in self.conversions for row in conversion_to_fact_rows(c)))

    @cached_property
    def issues(self) -> pd.DataFrame:
        """A data frame with one row for each thing that was repaired or not read: file, key, place, messages."""
        import pandas as pd

        rows = [
            (c.file_of(i.locator).source.name, i.key, str(i.locator), i.text("zh"), i.text("en"))
            for c in self.conversions
            for i in c.issues
        ]
        return pd.DataFrame(rows, columns=["file", "key", "place", "message_zh", "message_en"])


@dataclass(frozen=True)
class Validated:
    """The result of `validate`: the checked documents, and an error for each file that could not be read."""

    documents: tuple[Checked, ...]
    failures: tuple[DocumentError, ...]

    @property
    def conforms(self) -> bool | None:
        """Whether all files could be read and none has a violation; None if that holds, but not all was checked."""
        verdicts = {document.conforms for document in self.documents}
        if self.failures or False in verdicts:
            return False
        return None if None in verdicts else True

    @cached_property
    def findings(self) -> pd.DataFrame:
        """A data frame with one row for each finding, the most severe first; columns FINDING_COLUMNS."""
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

    def fails_on(self, severity: str) -> bool:
        """Whether a document was not fully checked or has a finding of at least this severity ("violation", "warning").

        Accepted findings do not count.
        """
        return any(document.fails_on(severity) for document in self.documents)

    def to_json(self) -> str:
        """Return the JSON document of `yusuan validate --format json`."""
        errors = [{"zh": error.text("zh"), "en": error.text("en")} for error in self.failures]
        return documents_to_json((document.to_json() for document in self.documents), errors)


def convert(
    *files: FileOrFiles,
    base: str = DEFAULT_BASE,
    codes: str | os.PathLike[str] | None = None,
    register: str | os.PathLike[str] | None = None,
    together: bool = False,
    year: int | None = None,
    organisation: str | None = None,
    phase: str | None = None,
) -> Converted:
    """Convert disclosures to observations.

    Args:
        files: Paths of disclosures of any format that is read, one file each; one path, several, or lists of them.
        base: The base of the IRIs that are minted.
        codes: A folder of imported editions of code lists (`yusuan codes import`).
        register: A Turtle file of organisations, in addition to the shipped register.
        together: The files are parts of one disclosure, for example its tables and its text.
        year: The year of a disclosure whose file does not say it.
        organisation: Whose disclosure it is, if the file does not say it.
        phase: The phase (`budget`, `final`, ...), if the file does not say it.

    Returns:
        The conversions, and the errors of files that could not be read or contain no known table.

    Raises:
        DocumentError: No file could be converted.

    >>> convert("examples/qingshan-npc-office-2024-budget.txt").observations  # doctest: +SKIP
    """
    inputs = load_inputs(codes, [register] if register else [], StatedFacts(year, organisation, phase))
    done, failures = apply_to_each(
        disclosures_of(files, together), lambda paths: convert_disclosure(paths, base, inputs)
    )
    return Converted(tuple(done), tuple(failures))


def validate(
    *files: FileOrFiles,
    base: str = DEFAULT_BASE,
    codes: str | os.PathLike[str] | None = None,
    register: str | os.PathLike[str] | None = None,
    together: bool = False,
    year: int | None = None,
    organisation: str | None = None,
    phase: str | None = None,
    engine: str = ENGINES[0],
    shapes: Sequence[str | os.PathLike[str]] = (),
) -> Validated:
    """Convert disclosures and check them against the rules.

    Disclosures of one organisation are also compared with each other: the figures that one quotes from another year
    or phase.

    Args:
        files: As in `convert`; so are `base`, `codes`, `register`, `together`, `year`, `organisation` and `phase`.
        engine: "set", or "pyshacl" for the slower reference engine.
        shapes: Files of SHACL shapes of your own, which pySHACL runs on each converted graph.

    Raises:
        DocumentError: No file could be converted.
        ShapesFileError: A file of shapes cannot be read or is not valid SHACL.

    >>> validate("budget.pdf", shapes=["house-rules.ttl"]).conforms  # doctest: +SKIP
    False
    """
    from yusuan.cross_disclosure import DisclosureSet, check_together

    inputs = load_inputs(codes, [register] if register else [], StatedFacts(year, organisation, phase))
    options = load_check_options(engine, shapes)
    done, failures = apply_to_each(
        disclosures_of(files, together), lambda paths: check_disclosure(paths, base, inputs, options)
    )
    return Validated(tuple(check_together(done, DisclosureSet(base, inputs=inputs, options=options))), tuple(failures))


def load_check_options(engine: str, files: Iterable[str | os.PathLike[str]]) -> CheckOptions:
    """Load files of shapes. Raise ShapesFileError if one cannot be read."""
    return CheckOptions(engine, tuple(load_user_shapes(Path(file)) for file in files))


def disclosures_of(files: Iterable[FileOrFiles], together: bool) -> list[tuple[Path, ...]]:
    """Group files by disclosure: one file each, or all files together as one disclosure."""
    paths = tuple(Path(path) for some in files for path in ([some] if isinstance(some, str | os.PathLike) else some))
    return [paths] if together else [(path,) for path in paths]


def read_files(files: Files, inputs: Inputs = SHIPPED) -> Document:
    """Read a disclosure from one file or several. Raise DocumentError for the first file that cannot be read."""
    paths = [files] if isinstance(files, Path) else files
    return join_documents([read_document(path, inputs.vocabulary) for path in paths])


def _first_of(files: Files) -> Path:
    return files if isinstance(files, Path) else files[0]


def convert_disclosure(files: Files, base: str = DEFAULT_BASE, inputs: Inputs = SHIPPED) -> Conversion:
    """Read and convert one disclosure. Raise DocumentError if it cannot be read or contains no known table."""
    with document_errors(_first_of(files)):
        return convert_document(
            read_files(files, inputs),
            base,
            vocabulary=inputs.vocabulary,
            register=inputs.register,
            stated=inputs.stated,
        )


def check_disclosure(
    files: Files, base: str = DEFAULT_BASE, inputs: Inputs = SHIPPED, options: CheckOptions = DEFAULT_CHECKS
) -> Checked:
    """Read, convert and check one disclosure, timing each step.

    Raise DocumentError as `convert_disclosure` does, and ShapesFileError for shapes that are not valid SHACL.
    """
    with document_errors(_first_of(files), let_through=(ShapesFileError,)):
        return _check(files, base, inputs, options)


def _check(files: Files, base: str, inputs: Inputs, options: CheckOptions) -> Checked:
    start = perf_counter()
    document = read_files(files, inputs)
    read = perf_counter()
    conversion = convert_document(
        document, base, vocabulary=inputs.vocabulary, register=inputs.register, stated=inputs.stated
    )
    converted = perf_counter()
    vocabulary = rule_vocabulary(base, inputs.editions)
    report = options.check(conversion.graph, vocabulary, base, content_families(base))
    user_reports = options.check_user_shapes(conversion.graph, vocabulary)
    seconds = {"read": read - start, "convert": converted - read, "check": perf_counter() - converted}
    return Checked(conversion, report, seconds, coverage(document, conversion), user_reports)


def apply_to_each(
    disclosures: Iterable[Sequence[Path]], work: Callable[[Sequence[Path]], T]
) -> tuple[list[T], list[DocumentError]]:
    """Apply `work` to each disclosure; return results and errors. Raise the first error if there are no results."""
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
