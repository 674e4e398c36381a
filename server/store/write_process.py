"""A process that makes one generation out of one write, and can be killed at any moment.

Started by `server.store.writer` as `python -m server.store.write_process STORE MEMORY SECONDS`. The write comes on
standard input. On standard output come BEGIN when the generation is about to become the current one, and then END with
what became of it, or FAILURE.
"""

import json
import sys
from pathlib import Path

from pyoxigraph import Store

from server.errors import PreconditionFailedError, QueryTooBigError, ServiceError
from server.processes.resource_limits import MEBIBYTE, leave_network, limit_memory, limit_time, widen_stack
from server.processes.wire_protocol import BEGIN, END, frame, write_all, write_failure
from server.store.generation_store import GenerationStore
from server.store.generations import Generations
from server.store.writes import Write, apply_write


def main() -> None:
    """Read the write, do it, tell."""
    path, memory, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    pipe = sys.stdout.fileno()
    leave_network()
    widen_stack()
    limit_time(seconds)
    write = Write.read(sys.stdin.buffer)
    if write is None:
        return
    created, generations = False, Generations(path)

    def edit(store: Store, _: Path) -> bool:
        nonlocal created
        if write.generation not in ("", generations.current().name):
            raise PreconditionFailedError
        limit_memory(memory)
        created = apply_write(write, store)
        return True

    def before_the_end() -> None:
        limit_memory(None)
        write_all(pipe, frame(BEGIN))

    try:
        generation = GenerationStore(path).write(edit, before_the_end).name
        write_all(pipe, frame(END, json.dumps({"created": created, "generation": generation}).encode()))
    except MemoryError:
        write_failure(pipe, QueryTooBigError(mebibytes=memory // MEBIBYTE))
    except ServiceError as error:
        write_failure(pipe, error)


if __name__ == "__main__":
    main()
