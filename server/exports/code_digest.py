"""A digest of the code that writes downloads: another build writes others, though the version is the same."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path

import ontology
import server

WRITING = (
    *(Path(server.__file__).parent / room for room in ("dataset", "exports", "sparql", "store")),
    Path(ontology.__file__).parent / "tabular",
)
"""The folders of the modules and queries that decide what is written."""
_LENGTH = 16


@cache
def code_digest() -> str:
    """Return the digest of the installed code and of the releases of Yusuan and of the engine."""
    digest = hashlib.sha256(f"{package_version('yusuan')} {package_version('pyoxigraph')}".encode())
    for folder in WRITING:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".rq")):
            content = path.read_bytes()
            digest.update(f"\n{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:_LENGTH]
