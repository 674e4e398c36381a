"""The keys of clients that may write. Only their digests are stored.

The key file has a line for each key: its name, the day on which it was made, and its SHA-256. A key is 32 random bytes,
so its digest needs neither a salt nor a slow hash.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from server.errors import KeyFileError, KeyNameError
from server.store.durable_files import write_durably

BEGINNING = "yusuan_"
RANDOM_BYTES = 32
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LINE = re.compile(rf"(?P<name>{NAME.pattern})\s+(?P<made>\d{{4}}-\d\d-\d\d)\s+sha256:(?P<digest>[0-9a-f]{{64}})")


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is stored: its name, the day on which it was made, and its digest in hexadecimal."""

    name: str
    made: date
    digest: str


def read_keys(path: Path) -> tuple[Key, ...]:
    """Return the keys of a file; none if it does not exist. Raises KeyFileError, which names the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(path=path, line=1) from error
    return tuple(
        parse_key(line, path, number)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    )


def parse_key(line: str, path: Path, number: int) -> Key:
    """Return the key of a line of a file; raises KeyFileError."""
    match = LINE.fullmatch(line.strip())
    try:
        if match is not None:
            return Key(match["name"], date.fromisoformat(match["made"]), match["digest"])
    except ValueError as error:
        raise KeyFileError(path=path, line=number) from error
    raise KeyFileError(path=path, line=number)


def write_keys(path: Path, keys: Sequence[Key]) -> None:
    """Write a key file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{key.name} {key.made.isoformat()} sha256:{key.digest}\n" for key in keys)
    write_durably(path, text.encode("utf-8"))


def add_key(path: Path, name: str, made: date) -> str:
    """Add a key and return its secret, which is not stored; raises KeyNameError if the name is taken."""
    keys = read_keys(path)
    if NAME.fullmatch(name) is None or name in {key.name for key in keys}:
        raise KeyNameError(name=name)
    secret = BEGINNING + secrets.token_urlsafe(RANDOM_BYTES)
    write_keys(path, (*keys, Key(name, made, digest_of(secret))))
    return secret


def revoke_key(path: Path, name: str) -> None:
    """Remove a key, which is refused from the next request on; raises KeyNameError if there is none."""
    keys = read_keys(path)
    kept = tuple(key for key in keys if key.name != name)
    if len(kept) == len(keys):
        raise KeyNameError(name=name)
    write_keys(path, kept)


def find_key(keys: Sequence[Key], secret: str) -> Key | None:
    """The key that a client presents, if it is one of these; takes as long for a wrong one as for a right one."""
    digest = digest_of(secret)
    found = None
    for key in keys:
        if secrets.compare_digest(key.digest, digest):
            found = key
    return found


def digest_of(secret: str) -> str:
    """Return the digest of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
