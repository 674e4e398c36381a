"""Processes that work for the service end without leaving anything open."""

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE

import pytest

from server.processes import end, log_complaints

TALKS = "import sys, time; sys.stdout.write('x' * 200_000); sys.stdout.flush(); time.sleep(60)"
IS_GONE = "print('x'); raise SystemExit(3)"


@pytest.mark.parametrize(("code", "status"), [(TALKS, -9), (IS_GONE, 3)], ids=["it still talks", "it is gone"])
def test_a_process_that_has_ended_leaves_no_pipe_open(code: str, status: int) -> None:
    async def work() -> None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=PIPE, stdout=PIPE)
        assert process.stdout is not None
        assert await process.stdout.readexactly(1) == b"x"
        if code == IS_GONE:
            await process.wait()
        await end(process)
        assert process.returncode == status
        assert process.stdout.at_eof()

    asyncio.run(work())


def test_what_a_process_complains_of_is_logged_line_by_line(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        code = "import sys; sys.stderr.write('first\\nsecond')"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stderr=PIPE)
        await log_complaints(process, logging.getLogger("server.test"))
        await process.wait()

    asyncio.run(work())
    assert [record.getMessage() for record in caplog.records] == ["first", "second"]
