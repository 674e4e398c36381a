"""Backup and restore of a store: a ZIP archive of N-Quads, documents, and a summary.

What is backed up is what the store says, not how the engine lays it out, so that any release can restore it.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, Store, parse

from server.errors import BackupError, StoreBaseError
from server.store.documents import digests_of_versions, is_of_a_version, list_documents, write_document
from server.store.durable_files import UNFINISHED, naming, sync
from server.store.generation_store import GenerationStore

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BUFFER = 2**20
QUADS, SUMMARY, DOCUMENTS = "quads.nq", "summary.json", "documents/"


@dataclass(frozen=True)
class Summary:
    """Counts, generation and base of a backup; the base is missing from backups of earlier releases."""

    generation: str
    quads: int
    documents: int
    base: str = ""


def write_backup(store: GenerationStore, path: Path) -> Summary:
    """Back the current generation up into a file, which is there whole or not at all; raises OSError that names it.

    Documents of no version, as a killed publication leaves them, stay out.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with naming(path), store.read() as folder, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open(QUADS, "w", force_zip64=True) as output:
                quads = LineCounter(output)
                with io.BufferedWriter(quads, BUFFER) as buffered:
                    opened = Store.read_only(str(folder))
                    opened.dump(buffered, RdfFormat.N_QUADS)
            digests = digests_of_versions(opened)
            kept = list_documents(store.path / DOCUMENTS)
            documents = [document for document in kept if is_of_a_version(document, digests)]
            for document in documents:
                archive.write(document, DOCUMENTS + document.name)
            summary = Summary(folder.name, quads.lines, len(documents), store.base)
            archive.writestr(SUMMARY, json.dumps(asdict(summary)))
        with naming(path):
            sync(unfinished)
            unfinished.replace(path)
            sync(path.absolute().parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return summary


def restore_backup(store: GenerationStore, path: Path) -> Summary:
    """Make what a backup holds the next generation, in place of everything; the store need not exist yet.

    Raises BackupError for a file that is not a whole backup, and what `GenerationStore.write` raises.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            summary = Summary(**json.loads(archive.read(SUMMARY)))
            if summary.base not in ("", store.base):
                raise StoreBaseError(path=path, made=summary.base, asked=store.base)
            documents = [name for name in archive.namelist() if name.startswith(DOCUMENTS)]
            if len(documents) != summary.documents:
                raise BackupError(path=path, reason=f"{len(documents)} / {summary.documents}")

            def edit(restored: Store, _: Path) -> bool:
                with archive.open(QUADS) as quads:
                    restored.bulk_extend(read_quads(quads))
                if len(restored) != summary.quads:
                    raise BackupError(path=path, reason=f"{len(restored)} / {summary.quads}")
                restored.optimize()
                for name in documents:
                    write_document(store.path / DOCUMENTS / Path(name).name, archive.read(name))
                return True

            store.write(edit, from_nothing=True)
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, SyntaxError, EOFError) as error:
        raise BackupError(path=path, reason=str(error)) from error
    return summary


def read_quads(file: IO[bytes]) -> Iterator[Quad]:
    """Return the quads of a file, blank nodes by the names that they have there."""
    return iter(parse(file, RdfFormat.N_QUADS))


class LineCounter(io.RawIOBase):
    """A binary stream that counts the lines written to another one."""

    def __init__(self, output: IO[bytes]) -> None:
        self.output = output
        self.lines = 0

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write, and count line breaks."""
        self.lines += bytes(data).count(b"\n")
        return self.output.write(data)
