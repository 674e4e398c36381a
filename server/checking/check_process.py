"""The task of a checking process: read, convert and check one uploaded disclosure, or check a graph.

A separate process can be stopped when a file takes too long or too much memory. It imports nothing of HTTP and pages,
so that it starts sooner.
"""

import gc
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import shapes
from converters import (
    Conversion,
    Document,
    DocumentError,
    convert_document,
    coverage,
    find_unread,
    join_documents,
)
from converters.readers import read_content
from converters.readers.archives import unpack
from converters.readers.sniffing import ZIP, sniff_format
from converters.reports.snapshot import take_snapshot
from ontology import load_vocabulary
from ontology.codelists.edition_files import edition_files
from ontology.messages import LANGUAGES
from ontology.register import load_register
from server.checking.graphs import GraphError, check_graph, graph_format, parse_shapes
from server.checking.result import MOST_FILES, CheckedFinding, CheckedMistake, CheckResult, PagePicture, ReportState
from server.checking.stages import (
    CHECKING,
    DRAWING,
    LONGEST_FIRST,
    MOST_FIRST,
    PLACING,
    READING,
    WRITING,
    Announcement,
    FirstFinding,
    announce,
    keep_silent,
)
from server.checking.sum_trees import trees_of_findings
from server.reports import DocumentReport, build_report
from server.reports.json_report import document_to_json
from server.reports.receipt import CODES, OWN_SHAPES, REGISTER, ReceiptInput, file_to_input
from server.reports.turtle_report import triples_to_turtle
from shapes.user_shapes import ShapesFileError, UserShapes, check_user_shapes

PDF = "pdf"
YOUNG_OBJECTS = 50_000
LARGEST_ANNOTATED = 12 * 2**20
UploadHead = tuple[str, str, int]
"""The name, the media type and the size in bytes of a file."""


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The arguments of a check besides the files: see `run`."""

    base: str
    editions: tuple[Path, ...]
    registers: tuple[Path, ...]
    language: str
    pictures: bool
    annotated: bool
    announce: Callable[[Announcement], None] = keep_silent


def run(
    base: str,
    codes: str | None,
    registers: list[str],
    files: list[UploadHead],
    language: str,
    shapes: Sequence[UploadHead] = (),
    pictures: bool = False,
    annotated: bool = False,
    stages: bool = False,
) -> None:
    """Check the disclosure or the graph on standard input and print the result as JSON.

    `base` begins the addresses of the disclosure; `codes` is the folder of imported code lists, `registers` are files;
    `files` are those to check, and `shapes` files of SHACL, in the order in which they arrive; `language` is that of
    the report; `pictures` asks for the pages of PDF files with findings, `annotated` for an annotated PDF,
    `stages` for the announcement of each stage before the result.
    """
    editions = edition_files(Path(codes)) if codes else ()
    tell = announce if stages else keep_silent
    settings = CheckSettings(base, editions, tuple(map(Path, registers)), language, pictures, annotated, tell)
    gc.set_threshold(YOUNG_OBJECTS)  # the objects of a document live as long as the process
    tell(Announcement(READING))
    try:
        uploads = [(name, media_type, sys.stdin.buffer.read(size)) for name, media_type, size in files]
        shape_files = [(name, kind, sys.stdin.buffer.read(size)) for name, kind, size in shapes]
        own = tuple(parse_shapes(*file) for file in shape_files)
        if graph_format(*uploads[0]) is not None:
            result = check_graph(uploads, own, base, language)
        else:
            result = check_files([(Path(name), content) for name, _, content in uploads], settings, own)
        result = with_inputs(result, uploads, shape_files, settings)
    except (DocumentError, GraphError) as error:
        result = CheckResult(error={language: error.text(language) for language in LANGUAGES})
    except ShapesFileError as error:
        unusable = GraphError("shapes-unusable", file=error.file, reason=error.reason)
        result = CheckResult(error={language: unusable.text(language) for language in LANGUAGES})
    tell(Announcement(WRITING))
    sys.stdout.buffer.write(result.to_bytes())


def check_files(
    uploads: Sequence[tuple[Path, bytes]], settings: CheckSettings, own: tuple[UserShapes, ...] = ()
) -> CheckResult:
    """Read files, unpacking archives, and check them as one disclosure. Raise DocumentError or ShapesFileError."""
    words = load_vocabulary(codes=settings.editions)
    started = perf_counter()
    contents = [file for upload in uploads for file in _unpacked(*upload)]
    if not contents:
        raise DocumentError("unread-empty", file=uploads[0][0])
    documents = [read_content(path, content, words) for path, content in contents]
    pdfs = {
        number: content
        for number, ((_, content), document) in enumerate(zip(contents, documents, strict=True), start=1)
        if document.format == PDF
    }
    return check(join_documents(documents), settings, pdfs, own, perf_counter() - started)


def with_inputs(
    result: CheckResult,
    uploads: Sequence[tuple[str, str, bytes]],
    shape_files: Sequence[tuple[str, str, bytes]],
    settings: CheckSettings,
) -> CheckResult:
    """Return a result that knows what its receipt says: the files that were used, and the present time."""
    if result.state is None:
        return result
    inputs = (
        *(ReceiptInput(Path(name).name, sha256(content).hexdigest()) for name, _, content in uploads),
        *(ReceiptInput(Path(name).name, sha256(content).hexdigest(), OWN_SHAPES) for name, _, content in shape_files),
        *(file_to_input(path, CODES) for path in settings.editions),
        *(file_to_input(path, REGISTER) for path in settings.registers),
    )
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(result, state=replace(result.state, inputs=inputs, moment=moment))


def _unpacked(path: Path, content: bytes) -> list[tuple[Path, bytes]]:
    """Return the files of a ZIP archive, which are parts of one disclosure, and any other file as it is."""
    return unpack(path, content, MOST_FILES) if sniff_format(content) == ZIP else [(path, content)]


def check(
    document: Document,
    settings: CheckSettings,
    pdfs: Mapping[int, bytes],
    own: tuple[UserShapes, ...] = (),
    seconds: float = 0.0,
) -> CheckResult:
    """Return all that is said of a document that took so many seconds to read; `pdfs` are its PDF files by number.

    Raise DocumentError if no table is recognised, ShapesFileError for shapes that are not valid SHACL.
    """
    base, language = settings.base, settings.language
    began = perf_counter()
    settings.announce(Announcement(PLACING))
    conversion: Conversion = convert_document(
        document,
        base,
        vocabulary=load_vocabulary(codes=settings.editions),
        register=load_register(settings.registers),
    )
    converted = perf_counter()
    settings.announce(Announcement(CHECKING))
    vocabulary = shapes.select_vocabulary(load_vocabulary(base, settings.editions).words, base)
    report = shapes.check(conversion.graph, vocabulary=vocabulary, base=base, families=shapes.content_families(base))
    user_reports = check_user_shapes(conversion.graph, own, vocabulary=vocabulary)
    checked = perf_counter()
    covered = coverage(document, conversion)
    unread = find_unread(conversion)
    conforms = False if not (report.conforms and all(r.conforms for r in user_reports)) else None if unread else True
    handed_on = build_report(
        conversion, report, covered, language=language, conforms=conforms, user_reports=user_reports
    )
    settings.announce(Announcement(DRAWING, first_findings(handed_on), len(handed_on.to_correct)))
    figures = {figure for finding in report.findings for figure in _figures(finding)}
    entry = document_to_json(
        conversion,
        report,
        unread,
        conforms=conforms,
        seconds={"read": seconds, "convert": converted - began, "check": checked - converted},
        user_reports=user_reports,
    )
    turtle = triples_to_turtle(shapes.report_to_triples(report, conversion.version_iri, base), base)
    return CheckResult(
        version=conversion.version_iri,
        document=take_snapshot(conversion, covered),
        findings=tuple(map(checked_finding, report.findings)),
        mistakes=tuple(
            CheckedMistake(
                tuple(
                    (figure.observation, amount, figure.unit or "")
                    for figure, amount in repair.candidates
                    if figure.observation
                ),
                tuple(repair.findings),
                repair.together,
            )
            for repair in report.repairs
        ),
        tallies={rule: (t.passed, t.failed, t.not_applicable) for rule, t in report.checked.items()},
        pictures=_pictures(conversion, pdfs, figures) if settings.pictures else (),
        trees=trees_of_findings(
            conversion,
            report.findings,
            {f.observation: amount for r in report.repairs for f, amount in r.candidates if f.observation},
        ),
        annotated=_annotated(handed_on, pdfs) if settings.annotated else None,
        state=ReportState(handed_on, entry, turtle.decode(), base),
    )


def first_findings(report: DocumentReport) -> tuple[FirstFinding, ...]:
    """Return the findings that are shown before the result is written."""
    return tuple(FirstFinding(each.severity, each.message[:LONGEST_FIRST]) for each in report.to_correct[:MOST_FIRST])


def _pictures(conversion: Conversion, pdfs: Mapping[int, bytes], figures: set[str]) -> tuple[PagePicture, ...]:
    if not pdfs or not figures:
        return ()
    from server.checking.page_pictures import take_pictures  # Pillow takes a moment to load

    return tuple(take_pictures(conversion, pdfs, figures))


def _annotated(report: DocumentReport, pdfs: Mapping[int, bytes]) -> str | None:
    """Return the annotated PDF in Base64; None without PDF files, for large ones and those that resist."""
    if not pdfs or sum(map(len, pdfs.values())) > LARGEST_ANNOTATED:
        return None
    from server.reports.pdf_report import AnnotationError, report_to_pdf  # pypdf takes a moment to load

    try:
        return b64encode(report_to_pdf(report, pdfs)).decode()
    except AnnotationError:
        return None


def _figures(finding: shapes.Finding) -> tuple[str, ...]:
    operands = [finding.left, finding.right, *finding.parts]
    figures = [operand.observation for operand in operands if operand is not None and operand.observation]
    return tuple(dict.fromkeys(figures))


def checked_finding(finding: shapes.Finding) -> CheckedFinding:
    """Return a finding as pages need it."""
    return CheckedFinding(
        id=finding.id,
        severity=finding.severity,
        rule=finding.rule,
        message=dict(finding.message),
        figures=_figures(finding),
        others=tuple(iri for iri in (finding.focus, finding.value) if iri),
        difference=finding.difference,
        quote=finding.quote,
        follows=finding.follows,
        doubtful=finding.doubtful,
        fingerprint=finding.fingerprint,
    )
