"""The task of a writing process: make one generation out of one write. It may be killed at any moment.

The write arrives on standard input. On standard output leave BEGIN when the generation is about to become the current
one, and then END with the result, or FAILURE.
"""

import json
import sys
from pathlib import Path

from pyoxigraph import Store

from server.errors import PreconditionFailedError, QueryTooBigError, ServiceError
from server.processes.resource_limits import MEBIBYTE, limit_memory
from server.processes.wire_protocol import BEGIN, END, frame, write_all, write_failure
from server.store.client_writes import Write, apply_write
from server.store.generation_store import open_store
from server.store.generations import Generations


def run(store: str, base: str, memory: int) -> None:
    """Read the write, apply it, and report.

    `base` is that of the store, `memory` the number of bytes that applying the write may use.
    """
    path, pipe = Path(store), sys.stdout.fileno()
    write = Write.read(sys.stdin.buffer)
    if write is None:
        return
    created, generations = False, Generations(path)

    def edit(opened: Store, _: Path) -> bool:
        nonlocal created
        if write.generation not in ("", generations.current().name):
            raise PreconditionFailedError
        limit_memory(memory)
        created = apply_write(write, opened)
        return True

    def before_the_end() -> None:
        limit_memory(None)
        write_all(pipe, frame(BEGIN))

    try:
        generation = open_store(path, base).write(edit, before_the_end).name
        write_all(pipe, frame(END, json.dumps({"created": created, "generation": generation}).encode()))
    except MemoryError:
        write_failure(pipe, QueryTooBigError(mebibytes=memory // MEBIBYTE))
    except ServiceError as error:
        write_failure(pipe, error)
