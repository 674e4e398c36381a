"""Commands and Python of the documentation, run as they stand there."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def activated() -> dict[str, str]:
    """The environment after `source .venv/bin/activate`."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def run_command(words: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run a command in a folder; its exit code and output."""
    done = subprocess.run(words, cwd=folder, env=activated(), capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def run_python(text: str, folder: Path) -> None:
    """Run Python in a folder; raises CalledProcessError where it fails."""
    subprocess.run([sys.executable, "-c", text], cwd=folder, env=activated(), check=True, capture_output=True)
