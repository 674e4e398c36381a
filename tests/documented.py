"""Commands and Python of the documentation, run as they stand there."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from yusuan.commands.main import main

PROGRAM = "yusuan"
EACH_ALONE = pytest.mark.parametrize(
    "alone",
    [False, pytest.param(True, marks=pytest.mark.exhaustive)],
    ids=["all in one process", "each in a process of its own"],
)
"""A process needs two seconds to load everything, so the default set runs the commands in its own."""


def activated() -> dict[str, str]:
    """The environment after `source .venv/bin/activate`."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def run_command(words: Sequence[str], folder: Path, *, alone: bool) -> tuple[int, str]:
    """Run a command of ours in a folder, in a process of its own or in this one; its exit code and output."""
    if alone or words[0] != PROGRAM:
        done = subprocess.run(words, cwd=folder, env=activated(), capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(main, words[1:])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def run_python(text: str, folder: Path, *, alone: bool) -> None:
    """Run Python in a folder, in a process of its own or in this one; raises what it raises."""
    if alone:
        subprocess.run([sys.executable, "-c", text], cwd=folder, env=activated(), check=True, capture_output=True)
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(compile(text, "README.md", "exec"), {})
