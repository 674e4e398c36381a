"""What a service may be told: where its store is, which base it serves, what a query may cost."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ontology.namespaces import DEFAULT_BASE

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Settings:
    """The settings of one service; impossible values raise ValueError.

    Times are in seconds, sizes in bytes. `query_memory` is what a query may use beyond the opened store; `keys` is the
    file of keys with which clients may write (None: nobody may). `codes`, a folder of imported editions of code lists,
    and `registers`, files of organisations, are what uploads are checked against beside what is shipped.
    """

    store: Path
    base: str = DEFAULT_BASE
    workers: int = 2
    query_timeout: float = 30.0
    query_memory: int = 1024 * MEBIBYTE
    query_length: int = 256 * 1024
    queue_length: int = 32
    answer_ahead: int = 8 * MEBIBYTE
    answers_ahead: int = 128 * MEBIBYTE
    keys: Path | None = None
    codes: Path | None = None
    registers: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        for name in ("workers", "query_timeout", "query_memory", "query_length", "answer_ahead", "answers_ahead"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be greater than 0, not {getattr(self, name)}")
        if not (self.base.startswith(("http://", "https://")) and self.base.endswith("/")):
            raise ValueError(f"base must be an http(s) IRI that ends with a slash, not {self.base}")


def settings_from_environment(store: Path, environment: Mapping[str, str]) -> Settings:
    """The settings for a store, with what the variables YUSUAN_* say; call it where the program begins."""
    given = {name: value for name, value in environment.items() if value}
    defaults = Settings(store)
    return Settings(
        store=store,
        base=given.get("YUSUAN_BASE", defaults.base),
        workers=int(given.get("YUSUAN_WORKERS", defaults.workers)),
        query_timeout=float(given.get("YUSUAN_QUERY_TIMEOUT", defaults.query_timeout)),
        query_memory=int(float(given.get("YUSUAN_QUERY_MEMORY", defaults.query_memory / MEBIBYTE)) * MEBIBYTE),
        query_length=int(given.get("YUSUAN_QUERY_LENGTH", defaults.query_length)),
        keys=Path(given["YUSUAN_KEYS"]) if "YUSUAN_KEYS" in given else None,
        codes=Path(given["YUSUAN_CODES"]) if "YUSUAN_CODES" in given else None,
        registers=tuple(Path(path) for path in given.get("YUSUAN_REGISTER", "").split(os.pathsep) if path),
    )
