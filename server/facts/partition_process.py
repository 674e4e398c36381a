"""The task of a process that writes the facts of a generation as Parquet."""

from pathlib import Path

from server.facts.partitions import generation_to_record, write_partitions
from server.store.published_store import open_generation


def run(folder: str, base: str, output: str, previous: str) -> None:
    """Write the partitions of the generation in `folder` to the new folder `output`.

    `previous` is the folder of an earlier generation's partitions, from which unchanged ones are taken; empty for none.
    """
    generation = Path(folder)
    store = open_generation(generation)
    record = generation_to_record(store, generation, base)
    write_partitions(store, record, Path(output), Path(previous) if previous else None)
