"""A task that says whether it was loaded before, and ends as it is told."""

import json
import os
import signal
import sys
import tempfile
import time

LOADED: list[int] = []


def preload() -> None:
    """Note the process that loads."""
    LOADED.append(os.getpid())


def run(end: str) -> None:
    """Print what this process is, repeat a line of standard input, and end."""
    said = {"loaded": LOADED, "number": os.getpid(), "session": os.getsid(0), "temporary": tempfile.gettempdir()}
    sys.stdout.write(json.dumps(said) + "\n" + sys.stdin.readline())
    sys.stderr.write("said\n")
    sys.stdout.flush()
    if end == "status":
        sys.exit(3)
    elif end == "signal":
        os.kill(os.getpid(), signal.SIGXCPU)
    elif end == "memory":
        raise MemoryError
    elif end == "wait":
        time.sleep(60)
