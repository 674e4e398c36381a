"""`yusuan link`: suggest which budget line each procurement notice spends."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.commands.shared.options import NOTHING, base_option, language_option, store_option

if TYPE_CHECKING:
    from converters import DocumentError


@click.command()
@click.argument("records", nargs=-1, metavar="[RECORDS]...", type=click.Path(path_type=Path))
@store_option
@base_option
@language_option
def link(records: tuple[Path, ...], store: Path, base: str, language: str) -> None:
    """Suggest which budget line each published procurement notice spends.

    RECORDS (files or folders of notices) are published first. Suggestions have a calibrated probability and evidence,
    and stand in a graph of their own, apart from established links; review them on the page /links. The same command
    continues where it was interrupted, and changes nothing when nothing is new. Exit code 2 if a file was not read.
    """
    from yusuan.linking.linked_store import link_store  # before anything is published: it may be missing
    from yusuan.linking.model import load_model

    failures: list[DocumentError] = []
    if records:
        _publish_records(records, store, base, language, failures)
    with click.progressbar(length=1, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, of_all: int) -> None:
            bar.length = max(of_all, 1)
            bar.update(done - bar.pos)

        outcome = link_store(store, base, load_model(), progress)
    from yusuan.commands.shared.output import say

    say(
        "link-compared",
        language,
        notices=outcome.notices,
        lines=outcome.lines,
        established=outcome.established,
        contradicted=outcome.contradicted,
        suggestions=outcome.suggestions,
        recommended=outcome.recommended,
        generation=outcome.generation,
    )
    sys.exit(NOTHING if failures else 0)


def _publish_records(
    records: tuple[Path, ...], store: Path, base: str, language: str, failures: list[DocumentError]
) -> None:
    from converters.procurement.sources.files import read_notices
    from yusuan.batch.paths import find_files
    from yusuan.commands.shared.file_checking import reported_errors
    from yusuan.commands.shared.notice_files import notice_versions
    from yusuan.stores.publishing import publish_versions

    files = []
    for path in find_files(records):
        with reported_errors(language) as outcome:
            files.append((path, read_notices(path).notices))
        if outcome.error is not None:
            failures.append(outcome.error)
    announced: list[str] = []
    versions = notice_versions(files, base, language, None, failures, announced)
    first = next(versions, None)
    if first is not None:
        publish_versions(chain([first], versions), store, base)
