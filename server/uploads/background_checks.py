"""Checks that go on after their request was answered: progress, results for a while, and cancelling."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from server.checking.result import CheckResult
from server.errors import ServiceError, UploadBrokenError
from server.uploads.progress import CheckProgress

TOKEN_BYTES = 18
KEPT_SECONDS = 600.0
"""The time for which a result waits for its client."""
MOST_JOBS, MOST_WAITING_OF_CLIENT = 200, 20


@dataclass(eq=False)
class RunningCheck:
    """A check that is under way or done."""

    token: str
    names: str
    task: asyncio.Task[CheckResult]
    client: str = ""
    progress: CheckProgress = field(default_factory=CheckProgress)
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None

    @property
    def seconds(self) -> float:
        """The seconds since the check began, or that it took."""
        return (self.ended or time.monotonic()) - self.began

    async def wait(self, seconds: float) -> bool:
        """Wait until the check is done, at most so many seconds, and return whether it is."""
        await asyncio.wait([self.task], timeout=seconds)
        return self.task.done()

    def result(self) -> CheckResult:
        """Return the result of a check that is done. Raise the ServiceError with which it failed."""
        try:
            return self.task.result()
        except (ServiceError, asyncio.CancelledError):
            raise
        except Exception as error:
            raise UploadBrokenError(file=self.names) from error


class RunningChecks:
    """The checks of a service, by tokens that nobody can guess; done ones are forgotten after KEPT_SECONDS.

    Of one client MOST_WAITING_OF_CLIENT results are remembered, so that it does not displace those of others.
    """

    def __init__(self) -> None:
        self.jobs: dict[str, RunningCheck] = {}

    def start(
        self,
        names: str,
        work: Coroutine[Any, Any, CheckResult],
        client: str = "",
        progress: CheckProgress | None = None,
    ) -> RunningCheck:
        """Start a check of files with these names, whose work keeps `progress` up to date.

        `client` is empty for one without a limit.
        """
        self._forget()
        own = [job for job in self.jobs.values() if client and job.client == client and job.ended is not None]
        for job in own[: max(0, len(own) - MOST_WAITING_OF_CLIENT + 1)]:
            del self.jobs[job.token]
        token = secrets.token_urlsafe(TOKEN_BYTES)
        task = asyncio.get_running_loop().create_task(work)
        job = self.jobs[token] = RunningCheck(token, names, task, client, progress or CheckProgress())
        job.task.add_done_callback(lambda _: self._note(job))
        return job

    def find(self, token: str) -> RunningCheck | None:
        """Return the check of a token, None if it is unknown, cancelled or forgotten."""
        self._forget()
        return self.jobs.get(token)

    def cancel(self, token: str) -> bool:
        """End and forget a check; return whether it was known."""
        job = self.jobs.pop(token, None)
        if job is not None:
            job.task.cancel()
        return job is not None

    async def close(self) -> None:
        """End all checks."""
        tasks = [job.task for job in self.jobs.values()]
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
        self.jobs.clear()

    def _note(self, job: RunningCheck) -> None:
        job.ended = time.monotonic()
        if not job.task.cancelled():
            job.task.exception()  # an error that nobody asks for is no warning

    def _forget(self) -> None:
        now = time.monotonic()
        done = [job for job in self.jobs.values() if job.ended is not None]
        done.sort(key=lambda job: job.ended or now)
        surplus = len(self.jobs) - MOST_JOBS
        for number, job in enumerate(done):
            if number < surplus or (job.ended or now) + KEPT_SECONDS < now:
                del self.jobs[job.token]
