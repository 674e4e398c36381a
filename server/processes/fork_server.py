"""A fork server: a process that has loaded what tasks need and forks a process for each; started on first use."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from server.processes import fork_client
from server.processes.task import Limits, Task

FORK_SERVER = "server.processes.fork_server_process"
IDLE_SECONDS = 600.0
WAITING = 64


def _has_process_files() -> bool:
    """Return whether processes can be waited for as files; older systems cannot, and containers may forbid it."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


class ForkServer:
    """A process with modules loaded, from which those of tasks are forked; it ends when it has been idle for a while.

    One that was started by `prepare` stays loaded as long as the process that started it lives.

    `preload` are modules with a function `preload()`, which is called once. Where the system does not allow waiting for
    a process by `os.pidfd_open`, tasks start as ordinary processes.
    """

    def __init__(self, *preload: str, idle: float = IDLE_SECONDS) -> None:
        self._options: dict[str, Any] = {"preload": preload, "idle": idle}
        self._folder: TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Start the fork server before it is needed, and keep it; it loads its modules by itself."""
        self._options["keeper"] = os.getpid()
        if _has_process_files() and not self._runs():
            self._start()

    def command(self, task: Task) -> list[str]:
        """Return the command line that runs a task; the fork server is started unless it runs."""
        if not _has_process_files():
            return task.command()
        if not self._runs():
            self._start()
        return [sys.executable, "-I", "-S", fork_client.__file__, str(self._address()), *task.command()]

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _start(self) -> None:
        """Start the fork server. Clients may connect at once, and wait until it has loaded its modules."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="yusuan-", ignore_cleanup_errors=True)
        with suppress(FileNotFoundError):
            self._address().unlink()
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self._address()))
            listener.listen(WAITING)
            task = Task(FORK_SERVER, self._options, Limits())
            self._process = subprocess.Popen(task.command(), stdin=listener.fileno(), start_new_session=True)

    def _address(self) -> Path:
        assert self._folder is not None
        return Path(self._folder.name) / "fork-server"

    def close(self) -> None:
        """End the fork server, with the processes that were forked from it, and remove its socket."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._folder is not None:
            self._folder.cleanup()
