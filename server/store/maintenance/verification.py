"""Verify a store: the digests of its files, the digests in the addresses of its versions, its default graph."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from converters.model.iris import DIGEST_LENGTH, PENDING_BASE, PENDING_VERSION
from server.store.current_graphs import DEFAULT, PREF_LABEL, TYPE, CurrentGraphs, catalogue_of
from server.store.digests import attest, damaged_files, is_attested, read_digests
from server.store.documents import (
    digests_of_versions,
    is_of_a_version,
    is_whole_document,
    list_documents,
    read_document_digests,
)
from server.store.generation_store import GenerationStore
from server.store.triple_lines import Lines, read_lines

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BUFFER = 2**20
LABEL = str(PREF_LABEL).encode()

Hashes = NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """A problem of a store: the key of a message and the values of its slots."""

    key: str
    values: dict[str, object]


@dataclass(frozen=True)
class Verified:
    """The result of verification: sizes (`triples` if they were read), problems, and notes on what was not verified."""

    generation: str
    triples: int | None
    versions: int
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def verify_store(store: GenerationStore, full: bool = True) -> Verified:
    """Verify everything that is served; raises StoreMissingError.

    The database is read only if its files are whole: a damaged one may keep the engine busy for ever, or end it.
    Without `full`, the statements of a generation whose content is attested are not read again. One that was read
    without finding a problem is attested from then on.
    """
    store.require_base()
    with store.read() as folder:
        digests = read_digests(folder)
        if digests is None:
            notes: tuple[Problem, ...] = (Problem("verify-no-digests", {"path": folder}),)
        elif damaged := tuple(_of_the_files(folder, digests)):
            return Verified(folder.name, 0, 0, damaged, (Problem("verify-not-read", {"path": folder}),))
        else:
            notes = ()
        try:
            opened = Store.read_only(str(folder))
            graphs = CurrentGraphs(opened, store.base)
            versions = sorted(versions_in(opened, graphs), key=str)
            is_known = not full and is_attested(folder)
            problems = [] if is_known else [*_of_statements(store, opened, graphs, versions)]
            problems += _of_what_is_always_there(opened, graphs)
            problems += _of_the_current(graphs, versions)
            of_documents, unchecked = _of_documents_of_versions(store, versions)
            problems += of_documents
            problems += _of_documents(store, opened, folder)
            count = None if is_known else len(opened)
        except (OSError, RuntimeError, ValueError) as error:
            broken = Problem("verify-unreadable", {"path": folder, "reason": error})
            return Verified(folder.name, 0, 0, (broken,), notes)
        if is_known:
            notes += (Problem("verify-attested", {"path": folder}),)
        elif digests is not None and not problems:
            with suppress(OSError):
                attest(folder)
        if unchecked:
            notes += (Problem("verify-documents-unchecked", {"count": unchecked}),)
    return Verified(folder.name, count, len(versions), tuple(problems), notes)


def _of_the_files(folder: Path, digests: dict[str, str]) -> Iterator[Problem]:
    """Yield whether each file is what it was, and no other is there."""
    for file in damaged_files(folder, digests):
        yield Problem(file.key, {"path": file.path, "reason": file.reason})


def versions_in(store: Store, graphs: CurrentGraphs) -> Iterator[NamedNode]:
    """Yield all versions that have a graph."""
    for class_ in graphs.version_classes:
        for quad in store.quads_for_pattern(None, TYPE, class_, None):
            if isinstance(quad.subject, NamedNode) and quad.subject == quad.graph_name:
                yield quad.subject


def recomputed_digest(version: NamedNode, lines: Lines, base: str) -> str:
    """Return the digest that the address of a version with these lines must end in."""
    disclosure, _, _ = version.value.rpartition("/")
    own = re.compile(rb"<" + re.escape(version.value.encode()) + rb"(?=[>/])")
    pending = f"<{disclosure}/{PENDING_VERSION}".encode()
    text = b"\n".join(lines)
    text = own.sub(pending, text).replace(b"<" + base.encode(), b"<" + PENDING_BASE.encode())
    return hashlib.sha256(b"\n".join(sorted(text.split(b"\n")))).hexdigest()[:DIGEST_LENGTH]


def _of_statements(
    store: GenerationStore, opened: Store, graphs: CurrentGraphs, versions: list[NamedNode]
) -> Iterator[Problem]:
    """Yield problems of the statements of versions and of the default graph. Each version is read once."""
    current = []
    for version in versions:
        lines = read_lines(opened, version)
        digest = recomputed_digest(version, lines, store.base)
        if not version.value.endswith(f"/{digest}"):
            yield Problem("verify-digest", {"version": version.value, "digest": digest})
        if graphs.is_current(version):
            current += [hash_lines(lines), hashes_of(opened, catalogue_of(version))]
    yield from _of_the_default_graph(opened, graphs, current)


def _of_documents_of_versions(store: GenerationStore, versions: Iterable[NamedNode]) -> tuple[list[Problem], int]:
    """Return problems of the documents of versions, and the number of documents that have no digest."""
    problems, unchecked = [], 0
    digests = read_document_digests(store.path)
    for version in versions:
        path = store.document_path(version.value)
        if not path.is_file():
            problems.append(Problem("verify-document", {"version": version.value, "path": path}))
        elif path.name not in digests:
            unchecked += 1
        elif not is_whole_document(path, digests[path.name]):
            problems.append(Problem("verify-document-damaged", {"version": version.value, "path": path}))
    return problems, unchecked


def _of_what_is_always_there(opened: Store, graphs: CurrentGraphs) -> Iterator[Problem]:
    """Yield whether the graphs that every publication writes hold something."""
    for graph in (graphs.vocabulary, graphs.rules):
        if next(opened.quads_for_pattern(None, None, None, graph), None) is None:
            yield Problem("verify-empty", {"graph": graph.value})


def _of_documents(store: GenerationStore, opened: Store, folder: Path) -> Iterator[Problem]:
    """Yield whether each document belongs to a version; those of a publication that is not over are left alone."""
    digests = digests_of_versions(opened)
    kept = list_documents(store.path / "documents")
    orphans = [document for document in kept if not is_of_a_version(document, digests)]
    if not orphans or store.generations.is_publishing() or store.current() != folder:
        return  # in this order: who published when they were listed has either ended before or moved the pointer
    for document in orphans:
        if document.exists():
            yield Problem("verify-orphan", {"path": document})


def _of_the_current(graphs: CurrentGraphs, versions: list[NamedNode]) -> Iterator[Problem]:
    """Yield a problem for each disclosure or notice that does not have exactly one current version."""
    counts = Counter[str]()
    for version in versions:
        for disclosure in graphs.published_as(version, version):
            counts[disclosure.value] += graphs.is_current(version)
    for address, count in counts.items():
        if count != 1:
            yield Problem("verify-current", {"disclosure": address, "count": count})


def _of_the_default_graph(opened: Store, graphs: CurrentGraphs, current: list[Hashes]) -> Iterator[Problem]:
    """Yield problems of the default graph: missing triples, surplus triples, and wrong labels.

    Expected are the triples of the current versions, of their catalogues and of the vocabulary. Triples are compared by
    their hashes, to limit memory.
    """
    expected = gather([*current, hashes_of(opened, graphs.vocabulary)])
    actual = gather([hashes_of(opened, DEFAULT)])
    if not np.array_equal(expected, actual):
        missing = np.setdiff1d(expected, actual, assume_unique=True).size
        surplus = np.setdiff1d(actual, expected, assume_unique=True).size
        yield Problem("verify-default", {"missing": missing, "surplus": surplus})
    wrong = sorted(map(str, graphs.mislabelled()))
    if wrong:
        yield Problem("verify-labels", {"count": len(wrong), "thing": wrong[0].strip("<>")})


def hashes_of(store: Store, graph: NamedNode | DefaultGraph) -> Hashes:
    """A hash of each triple of a graph that is no label; the same triple has the same one while the process lives."""
    hasher = LineHasher()
    with io.BufferedWriter(hasher, BUFFER) as buffered:
        store.dump(buffered, RdfFormat.N_TRIPLES, from_graph=graph)
    return hasher.hashes()


def gather(parts: list[Hashes]) -> Hashes:
    """All hashes, sorted and each once. `np.unique` would take ten times as long and several times the memory."""
    hashes = np.concatenate(parts)
    hashes.sort()
    is_new = np.ones(hashes.size, np.bool_)
    np.not_equal(hashes[1:], hashes[:-1], out=is_new[1:])
    return hashes[is_new]


def hash_lines(lines: Iterable[bytes]) -> Hashes:
    """Return a hash of each line that is no label."""
    hashes = [hash(line) for line in lines if not (LABEL in line and line.split(b" ", 2)[1] == LABEL)]
    return np.array(hashes, np.int64)


class LineHasher(io.RawIOBase):
    """A binary stream of N-Triples that keeps a hash of each line."""

    def __init__(self) -> None:
        self.rest = b""
        self.parts: list[Hashes] = [np.empty(0, np.int64)]

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Hash the lines that are complete."""
        *lines, self.rest = (self.rest + bytes(data)).split(b"\n")
        self.parts.append(hash_lines(lines))
        return memoryview(data).nbytes

    def hashes(self) -> Hashes:
        """Return all of them."""
        return np.concatenate(self.parts)
