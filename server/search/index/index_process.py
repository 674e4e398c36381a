"""The task of a process that builds the search index of a generation."""

from pathlib import Path

from server.search.index.index_writer import write_index
from server.store.durable_files import sync
from server.store.published_store import open_generation


def run(folder: str, base: str, about: dict[str, str], output: str, listing: str | None = None) -> None:
    """Write the index of the generation in `folder` to the new file `output`, its list of disclosures to `listing`."""
    path = Path(output)
    path.unlink(missing_ok=True)
    write_index(open_generation(Path(folder)), base, about, path, Path(listing) if listing else None)
    sync(path)
