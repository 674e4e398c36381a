"""`yusuan publish`: add disclosures to a store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.commands.batch import BatchOptions, batch_options, find_many, open_batch, report_outcomes
from yusuan.commands.options import NOTHING, DisclosureOptions, disclosure_options, files_argument, store_option
from yusuan.commands.progress import check_disclosures, reported_errors

if TYPE_CHECKING:
    from converters import DocumentError
    from server.store.generation_store import VersionGraphs
    from yusuan.checked import Checked


@click.command()
@files_argument
@store_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for report.csv and the manifest of many files.",
)
@batch_options
@disclosure_options
def publish(
    files: tuple[Path, ...],
    store: Path,
    output: Path | None,
    disclosures: DisclosureOptions,
    many: BatchOptions,
) -> None:
    """Convert and check disclosures and add them to a store in one atomic step.

    Findings are published with the figures and do not prevent publication. Figures quoted from other disclosures are
    compared with those published before. Exit code 2 if a file could not be read or contains no known table; the
    other files are still published.

    A folder, a ZIP archive or a pattern stands for the files in it. With -o, -j or --cluster up to a thousand
    disclosures become one generation, with a line for each; the same command goes on where it was stopped.
    """
    from yusuan.api import disclosures_of
    from yusuan.batch.paths import find_files
    from yusuan.batch.run import publish_batch
    from yusuan.checked import DEFAULT_CHECKS
    from yusuan.commands.output import say
    from yusuan.cross_disclosure import DisclosureSet, check_in_order
    from yusuan.publishing import publish_versions, version_graphs

    language, base = disclosures.language, disclosures.base
    inputs = disclosures.load_inputs()
    if many.parallel or output is not None:
        found = find_many(files)
        batch = open_batch("publish", disclosures, many, output)
        outcomes = report_outcomes(publish_batch(batch, found, store, inputs), len(found), language)
        sys.exit(NOTHING if any(outcome.failed for outcome in outcomes) else 0)
    failures: list[DocumentError] = []
    published: list[str] = []

    def versions_of(documents: Iterator[Checked]) -> Iterator[VersionGraphs]:
        for document in documents:
            with reported_errors(language) as outcome:
                graphs = version_graphs(document)
            if outcome.error is None:
                published.append(graphs.disclosure)
                yield graphs
            else:
                failures.append(outcome.error)

    each = disclosures_of(find_files(files), disclosures.together)
    checked = check_disclosures(each, base, language, inputs, failures, DEFAULT_CHECKS)
    versions = versions_of(check_in_order(checked, DisclosureSet(base, store, inputs)))
    first = next(versions, None)
    if first is not None:
        generation = publish_versions(chain([first], versions), store, base, inputs)
        for disclosure in published:
            say("published", language, disclosure=disclosure, generation=generation.name)
    sys.exit(NOTHING if failures else 0)
