"""State of the service for uploads: limits, running checks, and kept results."""

from __future__ import annotations

from fastapi import Request

from server.uploads.background_checks import RunningChecks
from server.uploads.concurrency import UploadLimiter
from server.uploads.kept_results import KeptResults
from server.uploads.progress import FollowedChecks


def uploads_of(request: Request) -> UploadLimiter:
    """Return the limits on uploads, which pages and programs share."""
    limiter = request.app.state.uploads
    assert isinstance(limiter, UploadLimiter)
    return limiter


def running_checks_of(request: Request) -> RunningChecks:
    """Return the checks that go on after their request."""
    jobs = request.app.state.running_checks
    assert isinstance(jobs, RunningChecks)
    return jobs


def followed_checks_of(request: Request) -> FollowedChecks:
    """Return the checks whose progress pages ask for."""
    followed = request.app.state.followed_checks
    assert isinstance(followed, FollowedChecks)
    return followed


def kept_of(request: Request) -> KeptResults:
    """Return the results that are kept."""
    kept = request.app.state.kept_results
    assert isinstance(kept, KeptResults)
    return kept
