"""The entry point of every child process: `python -m server.processes.child MODULE JSON`.

JSON holds the arguments of the function `run` of the module, the limits of the process, and what it imports before they
hold; see `server.processes.task.Task`.
"""

import json
import os
import sys
from importlib import import_module

from server.processes.resource_limits import apply_limits, limit_memory
from server.processes.task import OUT_OF_MEMORY, Limits


def execute(module: str, content: str) -> None:
    """Set the limits of a task, given as module and JSON, and run it; exits with OUT_OF_MEMORY when memory runs out."""
    task = json.loads(content)
    limits = Limits(**task["limits"])
    apply_limits(limits)
    for name in task["imports"]:
        import_module(name)
    run = import_module(module).run
    if limits.memory is not None:
        limit_memory(limits.memory)
    try:
        run(**task["arguments"])
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # an ordinary exit may need memory too


if __name__ == "__main__":
    execute(*sys.argv[1:])
