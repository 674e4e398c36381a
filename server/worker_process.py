"""A worker: a process with one thread that answers one question after another until its input ends.

Started by `server.workers` as `python -m server.worker_process STORE MEMORY SECONDS`; questions come on standard input,
answers leave on standard output, both as frames.
"""

import ctypes
import io
import json
import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import Store

from server import engine
from server.errors import QueryTooBigError, ServiceError
from server.evaluation import Question
from server.frames import BEGIN, DATA, END, FAILURE, READY, read_frame, write_frame
from server.generations import Generations

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

FRAME = 64 * 1024
MEBIBYTE = 2**20
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


class CurrentStore:
    """The current generation, opened for reading and held; `memory` bytes may be used beyond that."""

    def __init__(self, path: Path, memory: int) -> None:
        self.generations = Generations(path)
        self.memory = memory
        self.opened: tuple[Store, Path, int] | None = None

    def open(self) -> tuple[Store, str]:
        """The store and the name of its generation; opens anew when another generation has become current."""
        if self.opened is None or self.generations.current() != self.opened[1]:
            self.close()
            folder, hold = self.generations.hold_current()
            self.opened = Store.read_only(str(folder)), folder, hold
            limit_memory(self.memory)
        store, folder, _ = self.opened
        return store, folder.name

    def close(self) -> None:
        """Close the generation and let it be removed."""
        if self.opened is not None:
            hold = self.opened[2]
            self.opened = None
            os.close(hold)
            limit_memory(None)


class AnswerFrames(io.RawIOBase):
    """What is written becomes frames; the last write is kept back, so that a short answer is known to be whole."""

    def __init__(self, pipe: BinaryIO, media_type: str, generation: str) -> None:
        self.pipe = pipe
        self.beginning = {"media_type": media_type, "generation": generation}
        self.kept: bytes | None = None
        self.begun = False

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Send what was kept, keep this."""
        if self.kept is not None:
            self._send(complete=False)
        self.kept = bytes(data)
        return len(self.kept)

    def finish(self) -> None:
        """Send the rest and the end."""
        self._send(complete=True)
        write_frame(self.pipe, END)

    def _send(self, complete: bool) -> None:
        if not self.begun:
            write_frame(self.pipe, BEGIN, json.dumps({**self.beginning, "complete": complete}).encode())
            self.begun = True
        write_frame(self.pipe, DATA, self.kept or b"")


def limit_memory(allowance: int | None) -> None:
    """Let the process grow by `allowance` bytes from here, or (None) without limit."""
    if allowance is None:
        limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    else:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit(resource.RLIMIT_AS, pages * resource.getpagesize() + allowance)


def limit_time(seconds: float) -> None:
    """Let the process compute for `seconds` more: what ends a query whose parent has been killed."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + seconds) + 2)


def limit(kind: int, value: int) -> None:
    """Set a soft limit, as far as the hard one allows."""
    _, hard = resource.getrlimit(kind)
    finite = [bound for bound in (value, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(finite, default=resource.RLIM_INFINITY), hard))


def leave_network() -> None:
    """Give up the network where the system allows it: the second wall behind the refusal of SERVICE."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(CLONE_NEWNET) != 0:
        unshare(CLONE_NEWUSER | CLONE_NEWNET)


def answer(current: CurrentStore, question: Question, pipe: BinaryIO) -> None:
    """Answer one question; raises ServiceError."""
    store, generation = current.open()
    result = engine.evaluate(Store() if question.parse_only else store, question)
    media_type = engine.choose_type(result, question)
    frames = AnswerFrames(pipe, media_type, generation)
    if not question.parse_only:
        with io.BufferedWriter(frames, FRAME) as output:
            engine.write_result(result, media_type, output)
    frames.finish()


def main() -> None:
    """Answer until the input ends."""
    path, memory, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    leave_network()
    current = CurrentStore(path, memory)
    try:
        current.open()
    except ServiceError as error:
        write_failure(answers, error)
        return
    write_frame(answers, READY)
    while frame := read_frame(questions):
        limit_time(seconds)
        try:
            answer(current, Question.from_json(frame[1]), answers)
        except MemoryError:
            write_failure(answers, QueryTooBigError(mebibytes=memory // MEBIBYTE))
        except ServiceError as error:
            write_failure(answers, error)


def write_failure(pipe: BinaryIO, error: ServiceError) -> None:
    """Say what went wrong."""
    values = {name: str(value) for name, value in error.values.items()}
    write_frame(pipe, FAILURE, json.dumps({"key": error.key, "values": values}).encode())


if __name__ == "__main__":
    main()
