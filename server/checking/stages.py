"""The stages of a check, which the checking process announces before its result."""

import sys

READING, PLACING, CHECKING, WRITING = STAGES = ("reading", "placing", "checking", "writing")
"""In their order: the file is read, figures are placed, rules are checked, pictures and the result are written."""


def announce(stage: str) -> None:
    """Write a stage as a line to standard output; the result follows the line of the last stage."""
    sys.stdout.buffer.write(f"{stage}\n".encode())
    sys.stdout.buffer.flush()


def keep_silent(stage: str) -> None:
    """Announce nothing, for a caller that expects the result alone."""
