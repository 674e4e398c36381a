"""The file `counts` in the folder of a generation, which stores its counts.

The next generation copies the database only, so that counts stay with their generation. The file begins with a digest
over the rest, the format, the store and the generation: a damaged or foreign file is not read.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from server.store.durable_files import write_durably

FILE = "counts"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of the default graph of one generation by IRI; `within` counts statements by class and property.

    Without a generation all counts are empty.
    """

    generation: str = ""
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    within: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        """The number of statements."""
        return sum(self.properties.values())


def read_counts(folder: Path, store: str) -> Counts | None:
    """Return the counts stored in the folder of a generation; None if there are none for that store.

    `store` is the identity of the store.
    """
    try:
        digest, _, content = (folder / FILE).read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(content):
        return None
    kept = json.loads(content)
    return Counts(**kept["counts"]) if kept["of"] == [FORMAT, store, folder.name] else None


def keep_counts(counts: Counts, folder: Path, store: str) -> None:
    """Store counts with their generation. Raise OSError if the file cannot be written."""
    content = json.dumps({"of": [FORMAT, store, counts.generation], "counts": asdict(counts)}).encode()
    write_durably(folder / FILE, _digest(content) + b"\n" + content)


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode("ascii")
