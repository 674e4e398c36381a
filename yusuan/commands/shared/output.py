"""Output of several commands: one message, and a warning of disclosures in two files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ontology.messages import message

if TYPE_CHECKING:
    from converters import Conversion


def say(key: str, language: str, **values: object) -> None:
    """Print the message `key` in `language`."""
    click.echo(message(key, language, **values))


Halves = dict[str, dict[str, str]]
"""Files that look like one half of a disclosure: by disclosure, then by the missing half."""


def record_half(conversion: Conversion, halves: Halves) -> None:
    """Record a conversion if it looks like one half of a disclosure."""
    from converters.multi_file import HALVES

    files = message("list-separator", "en").join(document.source.name for document in conversion.documents)
    missing = {issue.key: files for issue in conversion.issues if issue.key in HALVES}
    halves.setdefault(conversion.disclosure_iri, {}).update(missing)


def warn_of_halves(halves_by_disclosure: Halves, language: str) -> None:
    """Warn on standard error of files that were converted separately but look like halves of one disclosure."""
    from converters.multi_file import HALVES

    for halves in halves_by_disclosure.values():
        if len(halves) == len(HALVES):
            files = message("list-separator", language).join(sorted(halves.values()))
            click.echo(message("halves-apart", language, files=files), err=True)
