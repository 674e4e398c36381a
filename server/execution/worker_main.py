"""The task of a worker process: answer one question after another, in one thread, until standard input ends.

Questions arrive on standard input and answers leave on standard output, both as frames of
`server.processes.wire_protocol`.
"""

import io
import json
import os
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from pyoxigraph import Store

from server.errors import QueryTooBigError, ServiceError
from server.execution import engine
from server.execution.evaluator import GZIP, Question
from server.processes.resource_limits import MEBIBYTE, limit_memory, limit_time
from server.processes.wire_protocol import (
    BEGIN,
    DATA,
    END,
    HEADER,
    READY,
    frame,
    read_frame,
    write_all,
    write_failure,
)
from server.store.current_generation import CurrentGeneration
from server.store.generations import Generations
from server.store.published_store import PublishedStore, open_generation

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

FRAME = 256 * 1024
WORTH_COMPRESSING = 1400
COMPRESSION_LEVEL = 3


class CurrentStore:
    """The current generation, opened for reading; a query may use `memory` bytes beyond the opened store."""

    def __init__(self, path: Path, memory: int) -> None:
        self.generations = Generations(path)
        self.current = CurrentGeneration(self.generations)
        self.memory = memory
        self.opened: tuple[PublishedStore, Path, int] | None = None

    def open(self) -> tuple[PublishedStore, str]:
        """Open the current generation if it is not open; return the store and the name of the generation."""
        if self.opened is None or self.current.read() != self.opened[1]:
            self.close()
            folder, hold = self.generations.hold_current()
            self.opened = open_generation(folder), folder, hold
            limit_memory(self.memory)
        store, folder, _ = self.opened
        return store, folder.name

    def close(self) -> None:
        """Close the store and release its generation."""
        if self.opened is not None:
            hold = self.opened[2]
            self.opened = None
            os.close(hold)
            limit_memory(None)


class AnswerFrames(io.RawIOBase):
    """A binary stream that writes frames to a pipe; a short answer is one frame, marked as complete."""

    def __init__(self, pipe: int, beginning: dict[str, object], gzip: bool) -> None:
        self.pipe = pipe
        self.beginning = beginning
        self.gzip = gzip
        self.compressor = None if not gzip else zlib.compressobj(COMPRESSION_LEVEL, wbits=31)
        self.kept = bytearray()
        self.begun = False

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Buffer the bytes, and send them once they fill a frame."""
        self.kept += data
        if len(self.kept) >= FRAME:
            self._send(complete=False)
        return memoryview(data).nbytes

    def finish(self) -> None:
        """Send what is buffered, and END."""
        if not self.begun and len(self.kept) < WORTH_COMPRESSING:
            self.compressor = None
        self._send(complete=True)

    def _send(self, complete: bool) -> None:
        """Send the buffer as a frame, with BEGIN before the first one and END after the last one."""
        body: bytes | bytearray = self.kept
        if self.compressor is not None:
            body = self.compressor.compress(body) + (self.compressor.flush() if complete else b"")
        head = self._beginning(complete) + HEADER.pack(DATA, len(body))
        write_all(self.pipe, head, body, frame(END) if complete else b"")
        self.kept.clear()

    def _beginning(self, complete: bool) -> bytes:
        if self.begun:
            return b""
        self.begun = True
        encoding = None if self.compressor is None else GZIP
        return frame(BEGIN, json.dumps({**self.beginning, "encoding": encoding, "complete": complete}).encode())


def answer(current: CurrentStore, question: Question, pipe: int) -> None:
    """Answer one question; raises ServiceError."""
    store, generation = current.open()
    result = engine.evaluate(Store() if question.parse_only else store, question)
    media_type = engine.choose_type(result, question)
    frames = AnswerFrames(pipe, {"media_type": media_type, "generation": generation}, question.gzip)
    if not question.parse_only:
        engine.write_result(result, media_type, question, cast("BinaryIO", frames))
    frames.finish()


def run(store: str, memory: int, seconds: float) -> None:
    """Answer questions from standard input until it ends.

    `memory` is the number of bytes that a query may use beyond the opened store, `seconds` its processor time.
    """
    questions, answers = sys.stdin.buffer, sys.stdout.fileno()
    current = CurrentStore(Path(store), memory)
    try:
        current.open()
    except ServiceError as error:
        write_failure(answers, error)
        return
    write_all(answers, frame(READY))
    answer_all(questions, answers, current, seconds)


def answer_all(questions: BinaryIO, answers: int, current: CurrentStore, seconds: float) -> None:
    """Answer questions until the input ends."""
    while read := read_frame(questions):
        limit_time(seconds)
        try:
            answer(current, Question.from_json(read[1]), answers)
        except MemoryError:
            write_failure(answers, QueryTooBigError(mebibytes=current.memory // MEBIBYTE))
        except ServiceError as error:
            write_failure(answers, error)
