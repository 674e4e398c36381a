"""The task of a checking process: read, convert and check one uploaded disclosure.

A separate process can be stopped when a file takes too long or too much memory. It imports nothing of HTTP and pages,
so that it starts sooner.
"""

import sys
from base64 import b64encode
from pathlib import Path

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
from server.checking.result import MOST_FILES, CheckedFinding, CheckedMistake, CheckResult
from server.reports import FORMATS, build_report

DOWNLOADS = ("html", "docx", "xlsx", "csv")


def run(base: str, codes: str | None, registers: list[str], files: list[tuple[str, int]], language: str) -> None:
    """Check the disclosure on standard input and print the result as JSON.

    `base` begins the addresses of the disclosure; `codes` is the folder of imported code lists, `registers` are files;
    `files` gives the name and the size in bytes of each file, in the order in which they arrive; `language` is that of
    the reports to download.
    """
    try:
        editions = edition_files(Path(codes)) if codes else ()
        words = load_vocabulary(codes=editions)
        uploads = ((Path(name), sys.stdin.buffer.read(size)) for name, size in files)
        documents = [read_content(*file, words) for upload in uploads for file in _unpacked(*upload)]
        if not documents:
            raise DocumentError("unread-empty", file=files[0][0])
        result = check(join_documents(documents), base, editions, tuple(map(Path, registers)), language)
    except DocumentError as error:
        result = CheckResult(error={language: error.text(language) for language in LANGUAGES})
    sys.stdout.buffer.write(result.to_bytes())


def _unpacked(path: Path, content: bytes) -> list[tuple[Path, bytes]]:
    """Return the files of a ZIP archive, which are parts of one disclosure, and any other file as it is."""
    return unpack(path, content, MOST_FILES) if sniff_format(content) == ZIP else [(path, content)]


def check(
    document: Document, base: str, editions: tuple[Path, ...], registers: tuple[Path, ...], language: str
) -> CheckResult:
    """Return the snapshot, findings, tallies and reports of a document.

    Raise DocumentError if no table is recognised.
    """
    conversion: Conversion = convert_document(
        document, base, vocabulary=load_vocabulary(codes=editions), register=load_register(registers)
    )
    vocabulary = shapes.select_vocabulary(load_vocabulary(base, editions).words, base)
    report = shapes.check(conversion.triples, vocabulary=vocabulary, base=base)
    covered = coverage(document, conversion)
    conforms = False if not report.conforms else None if find_unread(conversion) else True
    handed_on = build_report(conversion, report, covered, language=language, conforms=conforms)
    return CheckResult(
        version=conversion.version_iri,
        document=take_snapshot(conversion, covered),
        findings=tuple(map(_finding, report.findings)),
        mistakes=tuple(
            CheckedMistake(
                tuple((figure.observation, amount) for figure, amount in repair.candidates if figure.observation),
                tuple(repair.findings),
            )
            for repair in report.repairs
        ),
        reports={name: b64encode(FORMATS[name].write([handed_on])).decode() for name in DOWNLOADS},
        tallies={rule: (t.passed, t.failed, t.not_applicable) for rule, t in report.checked.items()},
    )


def _finding(finding: shapes.Finding) -> CheckedFinding:
    operands = [finding.left, finding.right, *finding.parts]
    figures = [operand.observation for operand in operands if operand is not None and operand.observation]
    return CheckedFinding(
        id=finding.id,
        severity=finding.severity,
        rule=finding.rule,
        message=dict(finding.message),
        figures=tuple(dict.fromkeys(figures)),
        others=tuple(iri for iri in (finding.focus, finding.value) if iri),
        difference=finding.difference,
        quote=finding.quote,
        follows=finding.follows,
        doubtful=finding.doubtful,
    )
