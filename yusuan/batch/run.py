"""Run a job for each of many disclosures: skip finished jobs, write outputs early, join the files of a disclosure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import shapes
from ontology.statements import NTriples
from server.store.durable_files import write_durably
from yusuan.batch.executors import Executor, WorkerDiedError
from yusuan.batch.grouping import group_halves
from yusuan.batch.jobs import Graphs, Job, Outcome, failure, run_job
from yusuan.batch.manifest import Manifest, job_digest
from yusuan.batch.report import NAME as REPORT
from yusuan.batch.report import outcomes_to_csv
from yusuan.cross_disclosure import DisclosureSet
from yusuan.inputs import Inputs

if TYPE_CHECKING:
    from server.store.generation_store import VersionGraphs

GENERATION = 1000
"""Disclosures that are published in one generation at most, so that a long run loses little when it is interrupted."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A run: where jobs run, and the folder of outputs, manifest and report (None for none).

    `model` is a job without files, from which that of each disclosure is made. If `together` is set, all files are one
    disclosure.
    """

    executor: Executor
    model: Job
    folder: Path | None = None
    together: bool = False

    def jobs(self, files: Sequence[Path]) -> list[Job]:
        """A job for each disclosure."""
        names = [str(file) for file in files]
        return [replace(self.model, files=group) for group in ([tuple(names)] if self.together else zip(names))]


def run_batch(batch: Batch, files: Sequence[Path]) -> Iterator[Outcome]:
    """Convert or check files; yields outcomes as jobs end, those of joined halves last, and writes the report.

    An outcome of several files takes the place of those of its halves in the report, and its output that of theirs.
    """
    ended: dict[tuple[str, ...], Outcome] = {}
    names = output_names(files)
    for outcome in _run_jobs(batch, batch.jobs(files), names):
        ended[outcome.files] = outcome
        yield outcome
    joined = [tuple(half.files[0] for half in group) for group in group_halves(ended.values())]
    for outcome in _run_jobs(batch, [replace(batch.model, files=group) for group in joined], names):
        for file in outcome.files:
            del ended[(file,)]
            if batch.folder is not None and file != outcome.files[0]:
                _output(batch, names, (file,)).unlink(missing_ok=True)
        ended[outcome.files] = outcome
        yield outcome
    write_report(batch, ended.values())


def write_report(batch: Batch, outcomes: Iterable[Outcome]) -> None:
    """Write `report.csv` into the folder of the run, if it has one."""
    if batch.folder is not None:
        write_durably(batch.folder / REPORT, outcomes_to_csv(outcomes).encode("utf-8-sig"))


def output_names(files: Sequence[Path]) -> dict[str, str]:
    """The name of the output of each file, without its ending: its own, with a digest of the path where two have it."""
    stems = Counter(file.stem for file in files)
    return {
        str(file): file.stem if stems[file.stem] == 1 else f"{file.stem}-{sha256(str(file).encode()).hexdigest()[:8]}"
        for file in files
    }


def _output(batch: Batch, names: dict[str, str], files: tuple[str, ...]) -> Path:
    assert batch.folder is not None
    return batch.folder / (names[files[0]] + batch.model.suffix)


def _run_jobs(batch: Batch, jobs: Sequence[Job], names: dict[str, str]) -> Iterator[Outcome]:
    manifest = None if batch.folder is None else Manifest(batch.folder)
    digests: dict[tuple[str, ...], str | None] = {}
    waiting: list[Job] = []
    for job in jobs:
        known = None
        if manifest is not None:
            digests[job.files] = job_digest(job)
            known = manifest.outcome(digests[job.files], job.files, _output(batch, names, job.files))
        if known is None:
            waiting.append(job)
        else:
            yield known
    for job, result in batch.executor.run(run_job, waiting):
        outcome = failure(job.files, "job-died") if isinstance(result, WorkerDiedError) else result
        if batch.folder is not None and outcome.output:
            write_durably(_output(batch, names, job.files), outcome.output)
        if manifest is not None:
            manifest.add(digests[job.files], outcome)
        yield replace(outcome, output=b"")


# ── Publishing ──────────────────────────────────────────────────────────────────────────────────


def publish_batch(batch: Batch, files: Sequence[Path], store: Path, inputs: Inputs) -> Iterator[Outcome]:
    """Check files and publish them, up to GENERATION in one generation; yields outcomes, published or failed.

    With a folder, files that an earlier run has published are left out.
    """
    from yusuan.stores.publishing import publish_versions  # needs the store, and with it POSIX

    manifest = None if batch.folder is None else Manifest(batch.folder)
    ended: list[Outcome] = []
    new: list[Job] = []
    digests: dict[tuple[str, ...], str | None] = {}
    for job in batch.jobs(files):
        digests[job.files] = job_digest(job) if manifest is not None else None
        known = manifest.outcome(digests[job.files], job.files, None) if manifest is not None else None
        if known is None:
            new.append(job)
        else:
            ended.append(known)
            yield known
    disclosures = DisclosureSet(batch.model.base, store, inputs)
    stream = _checked(batch, new)
    while (first := next(stream, None)) is not None:
        taken: list[Outcome] = []
        chunk = chain([first], islice(stream, GENERATION - 1))
        versions = _versions(chunk, taken, disclosures)
        start = next(versions, None)
        if start is not None:
            publish_versions(chain([start], versions), store, batch.model.base, inputs)
        for outcome in taken:
            if manifest is not None:
                manifest.add(digests.get(outcome.files) or _digest_of(batch, outcome), outcome)
            ended.append(outcome)
            yield outcome
    write_report(batch, ended)


def _digest_of(batch: Batch, outcome: Outcome) -> str | None:
    return job_digest(replace(batch.model, files=outcome.files))


def _checked(batch: Batch, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """The outcomes of jobs; halves of disclosures last, joined where they belong together."""
    halves: list[Outcome] = []
    for outcome in _run_bare(batch, jobs):
        if outcome.missing:
            halves.append(outcome)
        else:
            yield outcome
    groups = group_halves(halves)
    joined = {outcome.files for group in groups for outcome in group}
    yield from (outcome for outcome in halves if outcome.files not in joined)
    whole = [tuple(outcome.files[0] for outcome in group) for group in groups]
    yield from _run_bare(batch, [replace(batch.model, files=group) for group in whole])


def _run_bare(batch: Batch, jobs: Sequence[Job]) -> Iterator[Outcome]:
    for job, result in batch.executor.run(run_job, jobs):
        yield failure(job.files, "job-died") if isinstance(result, WorkerDiedError) else result


def _versions(outcomes: Iterable[Outcome], taken: list[Outcome], disclosures: DisclosureSet) -> Iterator[VersionGraphs]:
    """The graphs of outcomes, with what each quotes of disclosures before it; notes each outcome without its graphs."""
    for outcome in outcomes:
        taken.append(replace(outcome, graphs=None))
        if outcome.graphs is not None:
            yield _version(outcome.graphs, disclosures)


def _version(graphs: Graphs, disclosures: DisclosureSet) -> VersionGraphs:
    from server.store.generation_store import VersionGraphs

    triples = NTriples(graphs.triples)
    disclosures.add_graph(graphs.office, graphs.disclosure, triples)
    report = disclosures.check_graph(graphs.office, graphs.disclosure, triples, graphs.report)
    base = graphs.version.partition("id/disclosure/")[0]
    return VersionGraphs(
        disclosure=graphs.disclosure,
        version=graphs.version,
        year=graphs.year,
        triples=triples,
        catalogue=NTriples(graphs.catalogue),
        findings=tuple(shapes.report_to_triples(report, graphs.version, base)),
        document_json=graphs.document_json,
    )
