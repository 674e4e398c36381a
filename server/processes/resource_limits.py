"""Limits that a child process sets for itself: memory, processor time, stack, network, and the life of its parent."""

import ctypes
import resource
import signal
from pathlib import Path

MEBIBYTE = 2**20
STACK = 96 * MEBIBYTE  # Linux keeps 128 free below the stack of a process
PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def limit_memory(allowance: int | None) -> None:
    """Let the process grow by `allowance` bytes from here, or (None) without limit."""
    if allowance is None:
        limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    else:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit(resource.RLIMIT_AS, pages * resource.getpagesize() + allowance)


def limit_time(seconds: float) -> None:
    """Let the process compute for `seconds` more: what ends a query whose parent is gone, on any system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + seconds) + 2)


def widen_stack() -> None:
    """Let the stack grow far: the engine walks through a query of many parts by recursion."""
    limit(resource.RLIMIT_STACK, STACK)


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


def die_with_parent() -> None:
    """Have the system kill this process when its parent is gone, even in the middle of a query.

    To be called after `leave_network`, which would undo it, and before a question may come: if the parent went before,
    none comes.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
