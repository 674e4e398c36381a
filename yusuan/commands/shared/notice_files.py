"""Procurement notices among the files that are to be published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yusuan.commands.shared.file_checking import reported_errors

if TYPE_CHECKING:
    from converters import DocumentError
    from converters.procurement.notice import Notice
    from server.store.generation_store import VersionGraphs

NoticeFiles = Sequence[tuple[Path, "tuple[Notice, ...]"]]


def split_notices(files: Sequence[Path]) -> tuple[NoticeFiles, list[Path]]:
    """Return the files that are procurement notices, read, and all other files."""
    from converters import DocumentError
    from converters.procurement.sources.files import find_notices

    notices: list[tuple[Path, tuple[Notice, ...]]] = []
    rest: list[Path] = []
    for path in files:
        try:
            found = find_notices(path)
        except DocumentError:
            found = None  # a disclosure, or the reason is told when it is read as one
        if found is None:
            rest.append(path)
        else:
            notices.append((path, found.notices))
    return notices, rest


def notice_versions(
    files: NoticeFiles,
    base: str,
    language: str,
    source: str | None,
    failures: list[DocumentError],
    announced: list[str],
) -> Iterator[VersionGraphs]:
    """Yield the graphs of notices, and append their addresses to `announced`. Errors are printed and appended.

    `source` is the address of a single file on its site.
    """
    from dataclasses import replace

    from converters.readers.archives import read_bytes
    from yusuan.stores.publishing import notice_graphs

    for path, notices in files:
        sha256 = hashlib.sha256(read_bytes(path)).hexdigest()
        for notice in notices:
            with reported_errors(language) as outcome:
                graphs = notice_graphs(replace(notice, source=source or notice.source), path, sha256, base)
            if outcome.error is None:
                announced.append(graphs.disclosure)
                yield graphs
            else:
                failures.append(outcome.error)
