"""Limits that a child process sets for itself: memory, processor time, stack, network, and the life of its parent."""

import ctypes
import os
import resource
import signal
from pathlib import Path

from server.processes.task import Limits

MEBIBYTE = 2**20
STACK = 96 * MEBIBYTE  # Linux keeps 128 free below the stack of a process
PR_SET_PDEATHSIG = 1
LOW_PRIORITY = 10
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def apply_limits(limits: Limits) -> None:
    """Apply what can be applied before the module of a task is loaded: all limits but that of memory."""
    if not limits.network:
        leave_network()
    die_with_parent()
    if limits.deep_stack:
        widen_stack()
    if limits.low_priority:
        os.nice(LOW_PRIORITY)
    if limits.seconds is not None:
        limit_time(limits.seconds)


def limit_memory(allowance: int | None) -> None:
    """Let the process grow by `allowance` bytes from its present size, or without limit if None."""
    if allowance is None:
        limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    else:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit(resource.RLIMIT_AS, pages * resource.getpagesize() + allowance)


def limit_time(seconds: float | None) -> None:
    """Let the process use `seconds` more of processor time, or without limit if None.

    The limit ends a query even if the parent process is gone.
    """
    if seconds is None:
        limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
    else:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + seconds) + 2)


def widen_stack() -> None:
    """Allow a deep stack: the engine evaluates long queries by recursion."""
    limit(resource.RLIMIT_STACK, STACK)


def limit(kind: int, value: int) -> None:
    """Set a soft limit, as far as the hard one allows."""
    _, hard = resource.getrlimit(kind)
    finite = [bound for bound in (value, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(finite, default=resource.RLIM_INFINITY), hard))


def leave_network() -> None:
    """Leave the network namespace where the system allows it: a second defence behind the refusal of SERVICE."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(CLONE_NEWNET) != 0:
        unshare(CLONE_NEWUSER | CLONE_NEWNET)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, even in the middle of a query.

    Call it after `leave_network`, which would undo it.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
