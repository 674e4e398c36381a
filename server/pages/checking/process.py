"""The process that reads, converts and checks one upload: its bytes come in, what was found goes out as JSON.

A process of its own can be stopped when a file takes too long or too much memory. A file is never written to disk.
"""

import json
import sys
from pathlib import Path
from typing import Any

import shapes
from converters import (
    Conversion,
    Document,
    DocumentError,
    conversion_to_snapshot,
    convert_document,
    coverage,
    join_documents,
)
from converters.readers import READERS
from ontology import load_vocabulary
from ontology.codelists.edition_files import edition_files
from ontology.messages import LANGUAGES
from ontology.register import load_register
from server.processes.lifecycle import OUT_OF_MEMORY
from server.processes.resource_limits import limit_memory, limit_time


def main() -> None:
    """Check the disclosure on standard input.

    The arguments: bytes of memory and seconds of computing that it may take; base of its addresses; folder of imported
    editions of code lists, or nothing; how many registers of organisations, and these; name and size of each file.
    """
    memory, seconds, base, codes, count, *others = sys.argv[1:]
    registers, sized = others[: int(count)], others[int(count) :]
    limit_memory(int(memory))
    limit_time(float(seconds))
    try:
        uploads = zip(sized[::2], map(int, sized[1::2]), strict=True)
        files = [read_upload(name, sys.stdin.buffer.read(size)) for name, size in uploads]
        editions = edition_files(Path(codes)) if codes else ()
        answer = check(join_documents(files), base, editions, tuple(map(Path, registers)))
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    except DocumentError as error:
        answer = {"error": {language: error.text(language) for language in LANGUAGES}}
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)


def read_upload(name: str, content: bytes) -> Document:
    """The document of a file that is only in memory; DocumentError as in `read_document`."""
    path = Path(name)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError("unknown-format", file=name, known=", ".join(READERS))
    return reader(path, content)


def check(document: Document, base: str, editions: tuple[Path, ...], registers: tuple[Path, ...]) -> dict[str, Any]:
    """The snapshot of the document, its findings and tallies; DocumentError if nothing of it is recognised."""
    conversion: Conversion = convert_document(
        document, base, vocabulary=load_vocabulary(codes=editions), register=load_register(registers)
    )
    vocabulary = shapes.select_vocabulary(load_vocabulary(base, editions).words, base)
    report = shapes.check(conversion.triples, vocabulary=vocabulary, base=base)
    return {
        "version": conversion.version_iri,
        "document": json.loads(conversion_to_snapshot(conversion, coverage(document, conversion))),
        "findings": [
            shapes.finding_to_json(finding) | {"focus": finding.focus, "value": finding.value}
            for finding in report.findings
        ],
        "mistakes": shapes.report_to_json(report)["repairs"],
        "asked": {rule: [t.passed, t.failed, t.not_applicable] for rule, t in report.checked.items()},
    }


if __name__ == "__main__":
    main()
