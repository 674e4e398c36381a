"""`yusuan publish`: add disclosures to a store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.batch.command_line import (
    cluster_option,
    jobs_option,
    make_job,
    memory_option,
    open_executor,
    report_outcomes,
    seconds_option,
)
from yusuan.commands.options import (
    NOTHING,
    base_option,
    codes_option,
    files_argument,
    language_option,
    load_inputs_or_exit,
    register_option,
    stated_options,
    store_option,
    together_option,
)
from yusuan.commands.progress import check_disclosures, reported_errors

if TYPE_CHECKING:
    from converters import DocumentError
    from server.store.generation_store import VersionGraphs
    from yusuan.checked import Checked


@click.command()
@files_argument
@together_option
@store_option
@stated_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for report.csv and the manifest of many files.",
)
@jobs_option
@cluster_option
@seconds_option
@memory_option
@codes_option
@register_option
@base_option
@language_option
def publish(
    files: tuple[Path, ...],
    together: bool,
    store: Path,
    year: int | None,
    organisation: str | None,
    phase: str | None,
    output: Path | None,
    jobs: int | None,
    cluster: str | None,
    seconds: float,
    memory: int,
    codes: Path | None,
    registers: tuple[Path, ...],
    base: str,
    language: str,
) -> None:
    """Convert and check disclosures and add them to a store in one atomic step.

    Findings are published with the figures and do not prevent publication. Figures quoted from other disclosures are
    compared with those published before. Exit code 2 if a file could not be read or contains no known table; the
    other files are still published.

    A folder, a ZIP archive or a pattern stands for the files in it. With -o, -j or --cluster up to a thousand
    disclosures become one generation, with a line for each; the same command goes on where it was stopped.
    """
    from yusuan.api import disclosures_of
    from yusuan.batch.jobs import FAILED
    from yusuan.batch.paths import find_files
    from yusuan.batch.run import Batch, publish_batch
    from yusuan.checked import DEFAULT_CHECKS
    from yusuan.commands.output import say
    from yusuan.cross_disclosure import DisclosureSet, check_in_order
    from yusuan.publishing import publish_versions, version_graphs

    inputs = load_inputs_or_exit(codes, registers, language, year, organisation, phase)
    if (output, jobs, cluster) != (None, None, None):
        model = make_job("publish", "", base, codes, registers, seconds, memory, (year, organisation, phase))
        found = [path.resolve() for path in find_files(files)]
        if output is not None:
            output.mkdir(parents=True, exist_ok=True)
        batch = Batch(open_executor(jobs, cluster, language), model, output)
        verdicts = report_outcomes(publish_batch(batch, found, store, inputs), len(found), language)
        sys.exit(NOTHING if FAILED in verdicts else 0)
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

    disclosures = disclosures_of(find_files(files), together)
    checked = check_disclosures(disclosures, base, language, inputs, failures, DEFAULT_CHECKS)
    versions = versions_of(check_in_order(checked, DisclosureSet(base, store, inputs)))
    first = next(versions, None)
    if first is not None:
        generation = publish_versions(chain([first], versions), store, base, inputs)
        for disclosure in published:
            say("published", language, disclosure=disclosure, generation=generation.name)
    sys.exit(NOTHING if failures else 0)
