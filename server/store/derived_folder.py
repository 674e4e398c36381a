"""The folder of files that are derived from a store: downloads, the search index, facts as Parquet."""

import os
import tempfile
from pathlib import Path


class DerivedFolder:
    """A folder of the store, or a temporary one where the store is read-only."""

    def __init__(self, store: Path, name: str) -> None:
        self._store, self._name = store, name
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def path(self) -> Path:
        """Return where files are written; once the folder is a temporary one, it stays so."""
        if self._temporary is None:
            if os.access(self._store, os.W_OK):
                return self._store / self._name
            self._temporary = tempfile.TemporaryDirectory(prefix="yusuan-")
        return Path(self._temporary.name)

    def close(self) -> None:
        """Remove the folder if it is a temporary one."""
        if self._temporary is not None:
            self._temporary.cleanup()
