"""The task of a fork server: load what tasks need, then fork a process for each task."""

import gc
import json
import os
import select
import socket
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module

from server.processes.child import execute
from server.processes.fork_client import FILES, LENGTH, STATUS
from server.processes.sessions import kill_session

TAKEN = b"T"
SECONDS_TO_ASK = 10


@dataclass(frozen=True, slots=True)
class ForkedTask:
    """A forked process: its number, its end as a file, and the connection on which its client waits for that."""

    number: int
    end: int
    connection: socket.socket


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """What a client asks for: module and JSON of a task, the folder of temporary files, standard files."""

    module: str
    content: str
    temporary: str | None
    files: list[int]


def run(preload: list[str], idle: float, keeper: int | None = None) -> None:
    """Call the function `preload` of each module, then serve clients on the socket that is standard input.

    The fork server ends after `idle` seconds without a task, but not while its parent is the process `keeper`. A forked
    process returns from `serve` with its task.
    """
    for name in preload:
        import_module(name).preload()
    gc.collect()
    gc.freeze()  # forked processes share these objects as long as nobody writes to them
    with socket.socket(fileno=os.dup(0)) as listener:
        request = serve(listener, idle, keeper)
    if request is not None:
        execute(request.module, request.content)
        sys.stdout.flush()
        os._exit(0)  # nothing is left to do, and what is loaded need not be taken down


def begin(request: TaskRequest) -> None:
    """Make this process one of its own: a session, standard files, and the folder of temporary files."""
    os.setsid()
    for number, file in enumerate(request.files):
        os.dup2(file, number)
    if request.temporary is not None:
        os.environ["TMPDIR"] = request.temporary
        tempfile.tempdir = None


def serve(listener: socket.socket, idle: float, keeper: int | None) -> TaskRequest | None:
    """Fork a process for each task. Return the task in a forked process, None in the fork server once it is to end."""
    running: dict[int, ForkedTask] = {}
    while True:
        waiting = [listener.fileno(), *running, *(task.connection.fileno() for task in running.values())]
        ready = wait(waiting, None if running else idle, keeper)
        if not ready:
            return None
        for task in [*running.values()]:
            if task.end in ready:
                del running[task.end]
                finish(task)
            elif task.connection.fileno() in ready:  # its client is gone
                kill_session(task.number)
        if listener.fileno() in ready:
            with accepted(listener) as (connection, request):
                if request is None:
                    continue
                number = os.fork()
                if number == 0:
                    for task in running.values():
                        task.connection.close()
                        os.close(task.end)
                    begin(request)
                    return request
                task = ForkedTask(number, os.pidfd_open(number), connection.dup())
                running[task.end] = task


def wait(files: list[int], idle: float | None, keeper: int | None) -> set[int]:
    """Return the files that can be read; none after `idle` seconds, unless the parent is the process `keeper`."""
    while True:
        ready = set(select.select(files, (), (), idle)[0])
        if ready or os.getppid() != keeper:
            return ready


@contextmanager
def accepted(listener: socket.socket) -> Iterator[tuple[socket.socket, TaskRequest | None]]:
    """Accept a connection and read its request, None if it broke off; the connection is closed after the block."""
    connection, _ = listener.accept()
    with connection:
        files: list[int] = []
        try:
            connection.settimeout(SECONDS_TO_ASK)
            length, files, _, _ = socket.recv_fds(connection, LENGTH.size, FILES)
            content = connection.recv(LENGTH.unpack(length)[0], socket.MSG_WAITALL)
            module, task, temporary = json.loads(content)
            request = TaskRequest(module, task, temporary, files)
            connection.sendall(TAKEN)
        except (OSError, ValueError, TypeError, struct.error):
            request = None
        yield connection, request
        for file in files:
            os.close(file)


def finish(task: ForkedTask) -> None:
    """Tell the client of a forked process how that has ended."""
    _, status = os.waitpid(task.number, 0)
    os.close(task.end)
    with suppress(OSError), task.connection:
        task.connection.sendall(STATUS.pack(os.waitstatus_to_exitcode(status)))
