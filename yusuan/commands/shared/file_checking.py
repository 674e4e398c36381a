"""Reading and checking several disclosures: progress bar, errors by file, warnings."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from converters import DocumentError
    from yusuan.checked_document import Checked, CheckOptions
    from yusuan.inputs import Inputs


class _Outcome:
    """The error of the block inside `reported_errors`, if any."""

    failed = False
    error: DocumentError | None = None


@contextmanager
def reported_errors(language: str) -> Iterator[_Outcome]:
    """Print the DocumentError of a block in the user's language instead of raising it."""
    from converters import DocumentError

    outcome = _Outcome()
    try:
        yield outcome
    except DocumentError as error:
        outcome.failed, outcome.error = True, error
        click.echo(error.text(language), err=True)


@contextmanager
def show_progress(disclosures: Sequence[Sequence[Path]]) -> Iterator[Iterator[Sequence[Path]]]:
    """Show a progress bar if there are several disclosures and standard error is a terminal."""
    hidden = len(disclosures) < 2 or not sys.stderr.isatty()
    with click.progressbar(disclosures, file=sys.stderr, hidden=hidden, item_show_func=_file_names) as bar:
        yield iter(bar)


def _file_names(paths: Sequence[Path] | None) -> str:
    return " ".join(path.name for path in paths or ())


def check_disclosures(
    disclosures: Sequence[Sequence[Path]],
    base: str,
    language: str,
    inputs: Inputs,
    failures: list[DocumentError],
    options: CheckOptions,
) -> Iterator[Checked]:
    """Check disclosures one by one. Errors are printed and appended to `failures`."""
    from yusuan.api import check_disclosure
    from yusuan.commands.shared.output import record_half, warn_of_halves

    halves: dict[str, dict[str, str]] = {}
    with show_progress(disclosures) as files:
        for paths in files:
            with reported_errors(language) as outcome:
                checked = check_disclosure(paths, base, inputs, options)
            if outcome.error is None:
                record_half(checked.conversion, halves)
                yield checked
            else:
                failures.append(outcome.error)
    warn_of_halves(halves, language)
