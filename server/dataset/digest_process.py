"""The task of a process that computes the size and checksum of downloads from one generation of a store."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from server.dataset.dump_process import file_digest
from server.store.published_store import open_generation


def run(folder: str, base: str, downloads: Sequence[tuple[str, str]]) -> None:
    """Write the digests of downloads, pairs of a format and a version (empty for all current data), as JSON lines."""
    store = open_generation(Path(folder))
    for form, version in downloads:
        json.dump(asdict(file_digest(form, store, base, version or None)), sys.stdout)
        sys.stdout.write("\n")
        sys.stdout.flush()
