"""A task for a child process: the module that does it, its arguments, and the limits of the process."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

CHILD = "server.processes.child"
OUT_OF_MEMORY = 75
"""The exit status of a child process that cannot get the memory it needs."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child process may use.

    `memory` is in bytes beyond what the process has when its module is loaded, `seconds` is processor time; None means
    no limit. Every child ends when its parent does.
    """

    memory: int | None = None
    seconds: float | None = None
    network: bool = False
    deep_stack: bool = False
    low_priority: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A module with a function `run(**arguments)`, its arguments, and the limits of its process.

    `imports` are further modules that the process imports before its memory is limited.
    """

    module: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = Limits()
    imports: tuple[str, ...] = ()

    def command(self) -> list[str]:
        """Return the command line that runs the task."""
        content = json.dumps(
            {"arguments": dict(self.arguments), "limits": asdict(self.limits), "imports": self.imports}
        )
        return [sys.executable, "-P", "-m", CHILD, self.module, content]
