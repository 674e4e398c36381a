"""How much there is of what in a generation, and the file `counts` in its folder that keeps it.

The next generation is a copy of the database alone, so that the file stays behind with what it counts. It begins with
the digest of the rest, which names its format, the store and the generation: a file that is damaged or
from elsewhere is not read.
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
    """Numbers of the default graph of one generation, by IRI; `within` counts statements by class and property.

    Without a generation nothing is counted yet.
    """

    generation: str = ""
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    within: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        """How many statements there are."""
        return sum(self.properties.values())


def read_counts(folder: Path, store: str) -> Counts | None:
    """Return the counts that are kept with the generation in a folder of the store with that identity, if they are."""
    try:
        digest, _, content = (folder / FILE).read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(content):
        return None
    kept = json.loads(content)
    return Counts(**kept["counts"]) if kept["of"] == [FORMAT, store, folder.name] else None


def keep_counts(counts: Counts, folder: Path, store: str) -> None:
    """Keep counts with the generation that they are of; raises OSError where nothing can be written."""
    content = json.dumps({"of": [FORMAT, store, counts.generation], "counts": asdict(counts)}).encode()
    write_durably(folder / FILE, _digest(content) + b"\n" + content)


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode("ascii")
