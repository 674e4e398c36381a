"""The documents beside the generations, and which of them belong to versions of a generation.

A publication keeps documents before its generation is there. If it is killed they belong to no version, until it is
repeated. Nothing removes them by itself: one whose graph a client cleared may be all that is left of it.
"""

import hashlib
import re
from pathlib import Path

from pyoxigraph import NamedNode

from server.store.durable_files import write_durably
from server.store.published_store import PublishedStore

SUFFIX = ".json"
DIGESTS = "documents.sha256"
"""A file beside the folder of documents, with a line for each that was written; the last line of a name holds."""
_LINE = re.compile(r"([0-9a-f]{64})  documents/(.+)")


def write_document(path: Path, content: bytes) -> None:
    """Keep a document and its digest; raise OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, content)
    with (path.parent.parent / DIGESTS).open("a", encoding="utf-8") as digests:
        digests.write(f"{hashlib.sha256(content).hexdigest()}  documents/{path.name}\n")


def read_document_digests(store: Path) -> dict[str, str]:
    """Return the digests of the documents of a store by their file names; those of earlier releases have none."""
    try:
        text = (store / DIGESTS).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    return {match[2]: match[1] for match in map(_LINE.fullmatch, text.splitlines()) if match is not None}


def is_whole_document(path: Path, digest: str) -> bool:
    """Return whether a document is as it was written."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def list_documents(folder: Path) -> list[Path]:
    """Return all files in the folder of documents, which need not exist."""
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def digests_of_versions(opened: PublishedStore) -> set[str]:
    """Return the last parts of the names of all graphs that hold something: a document is named by its version's."""
    graphs = (graph for graph in opened.named_graphs() if isinstance(graph, NamedNode))
    held = (graph for graph in graphs if any(True for _ in opened.quads_for_pattern(None, None, None, graph)))
    return {graph.value.rpartition("/")[2] for graph in held}


def is_of_a_version(document: Path, digests: set[str]) -> bool:
    """Return whether a file is the document of one of these."""
    return document.suffix == SUFFIX and document.stem in digests
