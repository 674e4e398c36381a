"""The documents beside the generations, and which of them belong to versions of a generation.

A publication keeps documents before its generation is there. If it is killed they belong to no version, until it is
repeated. Nothing removes them by itself: one whose graph a client cleared may be all that is left of it.
"""

from pathlib import Path

from pyoxigraph import NamedNode

from server.store.published_store import PublishedStore

SUFFIX = ".json"


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
