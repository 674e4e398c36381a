"""A writable instance over the small store, for the tests that write over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx2
from small_service import running_service
from small_store import publish_small

from server.http.client_keys import add_key
from server.settings import Settings
from server.store.generation_store import GenerationStore


@dataclass(frozen=True)
class Instance:
    """A writable instance: its store, a client with a key, and its address."""

    store: GenerationStore
    client: httpx2.Client
    address: str

    def asks(self, query: str) -> bool:
        """The answer to an ASK."""
        return httpx2.get(f"{self.address}/sparql", params={"query": query, "format": "csv"}).text == "true"


@contextmanager
def writable_instance(folder: Path) -> Iterator[Instance]:
    """A running one, which stops a write after six seconds."""
    store = publish_small(folder / "store")
    secret = add_key(folder / "keys", "tests", date(2024, 1, 1))
    settings = Settings(store.path, workers=2, keys=folder / "keys", write_timeout=6)
    with (
        running_service(settings) as address,
        httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {secret}"}, timeout=60) as client,
    ):
        yield Instance(store, client, address)
