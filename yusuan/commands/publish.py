"""`yusuan publish`: add disclosures to a store."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from converters.rdf.publications import Publication, Publications, parse_publications
from yusuan.commands.batch import BatchOptions, batch_options, find_many, open_batch, report_outcomes
from yusuan.commands.shared.file_checking import check_disclosures, reported_errors
from yusuan.commands.shared.options import NOTHING, DisclosureOptions, disclosure_options, files_argument, store_option

if TYPE_CHECKING:
    from converters import DocumentError
    from server.store.generation_store import VersionGraphs
    from yusuan.checked_document import Checked


@click.command()
@files_argument
@store_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for report.csv and the manifest of many files.",
)
@click.option("--source", metavar="URL", help="Address of the file on the government's site.")
@click.option("--issued", metavar="DATE", help="Date on which the government published it, as 2024-02-05.")
@click.option(
    "--sources",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="CSV with the columns file, source and issued, for many files.",
)
@click.option(
    "--waivers",
    metavar="REPORT",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Report in CSV or JSON with reasons: its findings are published as accepted, with the reason.",
)
@click.option("--made", is_flag=True, help="The files are made up, not published by a government; pages say so.")
@batch_options
@disclosure_options
def publish(
    files: tuple[Path, ...],
    store: Path,
    output: Path | None,
    source: str | None,
    issued: str | None,
    sources: Path | None,
    waivers: Path | None,
    made: bool,
    disclosures: DisclosureOptions,
    many: BatchOptions,
) -> None:
    """Convert and check disclosures and procurement notices and add them to a store in one atomic step.

    A file whose title or columns name a kind of procurement notice is published as a notice (text, web page, Word, JSON
    or CSV; not with -o, -j or --cluster).

    Findings are published with the figures and do not prevent publication. Figures quoted from other disclosures are
    compared with those published before. Exit code 2 if a file could not be read or contains no known table; the
    other files are still published.

    The address and the date of a file at the government (--source and --issued, or --sources for many files) are
    published with it, and the pages of figures open the file at their page.

    Disclosures that were made up for a demonstration (--made) are marked in the data and on the pages.

    Findings that a report gives a reason for (--waivers) are published as accepted: pages show the reason and do not
    count them.

    A folder, a ZIP archive or a pattern stands for the files in it. With -o, -j or --cluster up to a thousand
    disclosures become one generation, with a line for each; the same command goes on where it was stopped.
    """
    from yusuan.api import disclosures_of
    from yusuan.batch.paths import find_files
    from yusuan.batch.run import publish_batch
    from yusuan.checked_document import DEFAULT_CHECKS
    from yusuan.commands.shared.notice_files import notice_versions, split_notices
    from yusuan.commands.shared.output import say
    from yusuan.cross_disclosure import DisclosureSet, check_in_order
    from yusuan.stores.publishing import publish_versions, version_graphs

    language, base = disclosures.language, disclosures.base
    publications = _load_publications(source, issued, sources, one=len(files) == 1 or disclosures.together)
    if made:
        publications = Publications(of_all=Publication(made=True))
    inputs = disclosures.load_inputs()
    reasons = _load_reasons(waivers, language, is_batch=many.parallel or output is not None)
    if many.parallel or output is not None:
        found = find_many(files)
        batch = open_batch("publish", disclosures, many, output, publications=publications)
        outcomes = report_outcomes(publish_batch(batch, found, store, inputs), len(found), language)
        sys.exit(NOTHING if any(outcome.failed for outcome in outcomes) else 0)
    failures: list[DocumentError] = []
    published: list[str] = []
    announced: list[str] = []

    def versions_of(documents: Iterator[Checked]) -> Iterator[VersionGraphs]:
        for document in documents:
            with reported_errors(language) as outcome:
                graphs = version_graphs(replace(document, reasons=reasons), publications)
            if outcome.error is None:
                published.append(graphs.disclosure)
                yield graphs
            else:
                failures.append(outcome.error)

    notices, rest = split_notices(find_files(files))
    each = disclosures_of(rest, disclosures.together)
    checked = check_disclosures(each, base, language, inputs, failures, DEFAULT_CHECKS)
    versions = chain(
        versions_of(check_in_order(checked, DisclosureSet(base, store, inputs))) if rest else (),
        notice_versions(notices, base, language, source, failures, announced),
    )
    first = next(versions, None)
    if first is not None:
        generation = publish_versions(chain([first], versions), store, base, inputs)
        for disclosure in published:
            say("published", language, disclosure=disclosure, generation=generation.name)
        for notice in announced:
            say("published-notice", language, notice=notice, generation=generation.name)
    sys.exit(NOTHING if failures else 0)


def _load_reasons(waivers: Path | None, language: str, *, is_batch: bool) -> dict[str, str]:
    """Return the reasons in a report by fingerprint, or end with what is wrong with it."""
    if waivers is None:
        return {}
    if is_batch:
        raise click.BadParameter("belongs to a few disclosures, not to -o, -j or --cluster", param_hint="--waivers")
    from yusuan.validation.earlier_reports import ReportFileError, read_reasons

    try:
        return read_reasons(waivers, language)
    except ReportFileError as error:
        click.echo(error.text, err=True)
        sys.exit(NOTHING)


def _load_publications(source: str | None, issued: str | None, sources: Path | None, *, one: bool) -> Publications:
    """Return what the options state of files, or end with what is wrong with them."""
    if sources is not None:
        try:
            with sources.open(encoding="utf-8-sig", newline="") as lines:
                return parse_publications(lines)
        except (ValueError, csv.Error) as error:
            problem = f"line {error}: needs the columns file, source (a URL) and issued (as 2024-02-05)"
            raise click.BadParameter(problem, param_hint="--sources") from error
    if (source or issued) and not one:
        raise click.BadParameter("is for one file; name the files in a CSV with --sources", param_hint="--source")
    try:
        return Publications(of_all=Publication(source, issued))
    except ValueError as error:
        raise click.BadParameter("needs a URL, and a date as 2024-02-05", param_hint="--source, --issued") from error
