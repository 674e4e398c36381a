"""A job: one disclosure to convert, check or prepare for publication, done in a worker; and its outcome."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Any

from converters import Conversion, DocumentError, StatedFacts
from converters.multi_file import HALVES
from converters.rdf.publications import NONE_STATED, Publications
from converters.readers import import_readers
from ontology.messages import LANGUAGES, message
from ontology.statements import write_ntriples
from shapes.report import Report
from yusuan.api import Validated, check_disclosure, convert_disclosure, load_check_options
from yusuan.checked_document import ENGINES, Checked, CheckOptions
from yusuan.cross_disclosure import DisclosureSet
from yusuan.inputs import Inputs, load_inputs
from yusuan.serialization import conversions_to_bytes
from yusuan.validation_output import validated_to_bytes

CONVERT, VALIDATE, PUBLISH = "convert", "validate", "publish"
CONVERTED, FAILED = "converted", "failed"
ALARM_INTERVAL = 0.5  # seconds
GRACE = 30.0  # seconds of processor time for a job to notice that its time is up, before its process is ended


@dataclass(frozen=True, slots=True)
class JobChecks:
    """How disclosures are checked, and the form of their reports.

    `shapes` are the user's files of shapes, `store` is a folder with whose disclosures each is compared. `form` is a
    name of `yusuan validate --format`, empty for no report; `fail_on` and `verbose` are options of that command.
    """

    engine: str = ENGINES[0]
    shapes: tuple[str, ...] = ()
    store: str | None = None
    form: str = ""
    language: str = "en"
    fail_on: str = "violation"
    verbose: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """The files of a disclosure and what to do with them; plain data, so that any machine can be given it.

    `suffix` is the format of the output, `seconds` how long the job may take, `memory` the bytes that its process may
    grow by (0 for no limit), `stated` the year, organisation and phase of disclosures that do not say them, `checks`
    how they are checked, `publications` where and when the government published the files.
    """

    files: tuple[str, ...]
    action: str
    suffix: str
    base: str
    codes: str | None = None
    registers: tuple[str, ...] = ()
    seconds: float = 300.0
    memory: int = 0
    stated: tuple[int | None, str | None, str | None] = (None, None, None)
    checks: JobChecks = field(default_factory=JobChecks)
    publications: Publications = NONE_STATED


@dataclass(frozen=True, slots=True)
class Graphs:
    """The graphs of a disclosure as N-Triples, with the report from which its findings are made."""

    disclosure: str
    version: str
    office: str
    year: int
    triples: bytes
    catalogue: bytes
    report: Report
    document_json: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a job. `verdict` is `converted`, one of `yusuan.checked_document.VERDICTS`, or `failed`.

    `messages` says why it failed, by language. `missing` names the halves that the disclosure lacks, `kinds` are the
    kinds of its tables.
    """

    files: tuple[str, ...]
    verdict: str
    seconds: float
    messages: dict[str, str] = field(default_factory=dict)
    organisation: str = ""
    year: int = 0
    phase: str = ""
    disclosure: str = ""
    figures: int = 0
    issues: int = 0
    violations: int = 0
    warnings: int = 0
    missing: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    output: bytes = b""
    graphs: Graphs | None = None

    @property
    def failed(self) -> bool:
        """Whether the disclosure gave nothing."""
        return self.verdict == FAILED


class TimeUpError(BaseException):
    """A job took longer than it may; no Exception, so that no step of a conversion takes it for its own error."""


def failure(files: Sequence[str], key: str, seconds: float = 0.0, **values: object) -> Outcome:
    """The outcome of a job that failed for the reason that message `key` gives."""
    texts = {language: message(key, language, file=" ".join(files), **values) for language in LANGUAGES}
    return Outcome(tuple(files), FAILED, seconds, texts)


def run_job(job: Job) -> Outcome:
    """Do a job; whatever is wrong with its files is in the outcome."""
    start = perf_counter()
    try:
        import_readers()
        inputs = _inputs(job.codes, job.registers, job.stated)  # what all jobs share is not cut off half made
        with _limits(job):
            return _run(job, inputs, start)
    except DocumentError as error:
        if isinstance(error.__cause__, MemoryError):
            return failure(job.files, "job-too-big", perf_counter() - start, mebibytes=job.memory // 2**20)
        texts = {language: error.text(language) for language in LANGUAGES}
        return Outcome(job.files, FAILED, perf_counter() - start, texts)
    except TimeUpError:
        return failure(job.files, "job-too-long", perf_counter() - start, limit=f"{job.seconds:g}")
    except MemoryError:
        return failure(job.files, "job-too-big", perf_counter() - start, mebibytes=job.memory // 2**20)


@contextmanager
def _limits(job: Job) -> Iterator[None]:
    """Hold a job to its time and memory while the block lasts.

    The alarm is repeated, since Python drops an exception that is raised while it deletes an object. A job that does
    not even notice that its time is up is ended with its process by the limit of processor time. On a thread beside
    others nothing is limited: the process is the cluster's, which has limits of its own.
    """
    from server.processes.resource_limits import limit_memory, limit_time

    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def time_up(_: int, __: FrameType | None) -> None:
        raise TimeUpError

    before = signal.signal(signal.SIGALRM, time_up)
    signal.setitimer(signal.ITIMER_REAL, job.seconds, ALARM_INTERVAL)
    limit_time(2 * job.seconds + GRACE)
    limit_memory(job.memory or None)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        limit_time(None)
        limit_memory(None)


@cache
def _inputs(codes: str | None, registers: tuple[str, ...], stated: tuple[int | None, str | None, str | None]) -> Inputs:
    inputs = load_inputs(Path(codes) if codes else None, map(Path, registers), StatedFacts(*stated))
    _ = inputs.vocabulary, inputs.register  # loads both, before what stays alive is taken out of garbage collection
    gc.freeze()
    return inputs


@cache
def _check_options(engine: str, files: tuple[str, ...]) -> CheckOptions:
    return load_check_options(engine, files)


def _run(job: Job, inputs: Inputs, start: float) -> Outcome:
    files = [Path(file) for file in job.files]
    if job.action == CONVERT:
        conversion = convert_disclosure(files, job.base, inputs)
        known = _conversion_fields(conversion) | {"output": conversions_to_bytes([conversion], job.suffix)}
        return Outcome(job.files, CONVERTED, perf_counter() - start, **known)
    checks = job.checks
    options = _check_options(checks.engine, checks.shapes)
    checked = check_disclosure(files, job.base, inputs, options)
    if checks.store is not None:
        checked = DisclosureSet(job.base, Path(checks.store), inputs, options).check(checked)
    known = _conversion_fields(checked.conversion)
    counts = [checked.report.counts, *(report.counts for report in checked.user_reports)]
    known |= {name + "s": sum(count[name] for count in counts) for name in ("violation", "warning")}
    if job.action == PUBLISH:
        known["graphs"] = _graphs(checked, job.publications)
    elif checks.form:
        known["output"] = validated_to_bytes(
            Validated((checked,), ()),
            checks.form,
            checks.language,
            fail_on=checks.fail_on,
            colour=False,
            verbose=checks.verbose,
        )
    return Outcome(job.files, checked.verdict, perf_counter() - start, **known)


def _conversion_fields(conversion: Conversion) -> dict[str, Any]:
    claims = conversion.content
    return {
        "organisation": conversion.organisation_name,
        "year": claims.year,
        "phase": conversion.vocabulary.notation(claims.phase),
        "disclosure": conversion.disclosure_iri,
        "figures": len(conversion.observations),
        "issues": len(conversion.issues),
        "missing": tuple(issue.key for issue in conversion.issues if issue.key in HALVES),
        "kinds": tuple(sorted({table.kind for table in claims.tables if table.kind is not None})),
    }


def _graphs(checked: Checked, publications: Publications) -> Graphs:
    conversion = checked.conversion
    from yusuan.stores.publishing import version_graphs  # needs the store, and with it POSIX

    graphs = version_graphs(checked, publications)
    return Graphs(
        disclosure=graphs.disclosure,
        version=graphs.version,
        office=conversion.iris.full(conversion.content.organisation),
        year=graphs.year,
        triples=write_ntriples(graphs.triples),
        catalogue=write_ntriples(graphs.catalogue),
        report=checked.report,
        document_json=graphs.document_json,
    )
