"""How far a check has come, for those who wait for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from server.checking.stages import Announcement

WAITING = "waiting"
"""The stage before the checking process starts; the others are those of `server.checking.stages`."""
_TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)


@dataclass
class CheckProgress:
    """The last announcement of a check.

    `tells_findings` is set unless findings may have been accepted before, which the checking process does not know.
    """

    announced: Announcement = field(default_factory=partial(Announcement, WAITING))
    tells_findings: bool = True

    def keep(self, announcement: Announcement) -> None:
        """Keep an announcement, its findings only if they may be told."""
        self.announced = announcement if self.tells_findings else Announcement(announcement.stage)


class FollowedChecks:
    """The checks whose progress a page asks for, by the tokens that the pages chose."""

    def __init__(self) -> None:
        self.checks: dict[str, CheckProgress] = {}

    @contextmanager
    def follow(self, token: str) -> Iterator[CheckProgress]:
        """Yield the progress of a check; while the block lasts, `find` returns it.

        A token that is not one, or is in use, is not followed.
        """
        progress = CheckProgress()
        if not _TOKEN.fullmatch(token) or token in self.checks:
            yield progress
            return
        self.checks[token] = progress
        try:
            yield progress
        finally:
            del self.checks[token]

    def find(self, token: str) -> CheckProgress | None:
        """Return the progress of a check, None if none with this token is under way."""
        return self.checks.get(token)
