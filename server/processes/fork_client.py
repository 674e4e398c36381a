"""Run a task in a process forked by a fork server, in the place of this one: `python fork_client.py SOCKET COMMAND...`.

This program passes its standard input, output and error on to the forked process and ends as that does: with the same
exit status, or by the same signal. When it is killed, so is the forked process. Without a fork server it becomes the
ordinary COMMAND, whose last two words are the module of the task and its JSON. It imports little, so as to start soon.
"""

import json
import os
import resource
import signal
import socket
import struct
import sys

STATUS = struct.Struct(">i")
LENGTH = struct.Struct(">I")
FILES = 3
TASK_WORDS = 2


def main() -> None:
    """Hand the task over and end as the forked process does."""
    address, *command = sys.argv[1:]
    status = ask_fork_server(address, command[-TASK_WORDS:])
    if status is None:
        os.execv(command[0], command)
    elif status < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(-status, signal.SIG_DFL) if -status != signal.SIGKILL else None
        os.kill(os.getpid(), -status)
    os._exit(status)


def ask_fork_server(address: str, task: list[str]) -> int | None:
    """Return the status of the forked process, negative for a signal; None if no fork server takes the task."""
    content = json.dumps([*task, os.environ.get("TMPDIR")]).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(address)
            socket.send_fds(connection, [LENGTH.pack(len(content))], range(FILES))
            connection.sendall(content)
            taken = connection.recv(1)
        except OSError:
            return None
        if not taken:
            return None
        received = connection.recv(STATUS.size, socket.MSG_WAITALL)
    return STATUS.unpack(received)[0] if len(received) == STATUS.size else -signal.SIGKILL


if __name__ == "__main__":
    main()
