"""Sessions of processes: a child process leads one, and what it starts belongs to it."""

import os
import signal
from contextlib import suppress
from pathlib import Path


def kill_session(leader: int) -> None:
    """Kill a process that leads a session and whatever it has started there."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            _, _, _, session, *_ = stat.read_text(encoding="latin-1").rpartition(")")[2].split()
            if int(session) == leader:
                os.kill(int(stat.parent.name), signal.SIGKILL)
