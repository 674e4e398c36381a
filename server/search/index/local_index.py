"""The index of a store on this machine, without a service."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from server.search.index import index_process
from server.search.index.index_files import FOLDER, SUFFIX, about_index, find_index
from server.search.index.index_reader import SearchIndex
from server.store.durable_files import UNFINISHED
from server.store.generations import Generations


def open_index(store: Path, base: str) -> SearchIndex:
    """Return the index of the current generation; one that is missing is built, which can take a minute.

    It is kept in the store, or in the folder for temporary files if the store is read-only. Raise StoreMissingError if
    nothing is published.
    """
    generations = Generations(store)
    folder = generations.path / FOLDER
    with generations.read() as generation:
        found = find_index([folder], generations.identity(), base)
        if found is not None and found.generation == generation.name:
            return found
        if not os.access(generations.path, os.W_OK):
            folder = Path(tempfile.mkdtemp(prefix="yusuan-"))
        folder.mkdir(exist_ok=True)
        path = folder / f"{generation.name}{SUFFIX}"
        descriptor, unfinished = tempfile.mkstemp(UNFINISHED, path.name, folder)
        os.close(descriptor)
        about = about_index(generations.identity(), base, generation.name)
        index_process.run(str(generation), base, about, unfinished)
        Path(unfinished).replace(path)
        return SearchIndex(path.absolute())
