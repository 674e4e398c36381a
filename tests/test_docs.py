"""Every command and every piece of Python in the README is run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
VIOLATIONS = 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the README's relative paths lead somewhere."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("examples", "ontology"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def test_the_readme_shows_commands_and_python() -> None:
    assert {kind for kind, _ in BLOCKS} == {"sh", "python"}


def test_what_the_readme_says_runs(folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for kind, text in BLOCKS:
        commands = text.splitlines() if kind == "sh" else [text]
        for command in commands:
            words = command.split() if kind == "sh" else [sys.executable, "-c", command]
            done = subprocess.run(words, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
            expected = VIOLATIONS if words[:2] == ["yusuan", "validate"] else 0
            assert done.returncode == expected, f"{command}\n{done.stdout}{done.stderr}"
    assert (folder / "figures.csv").stat().st_size > 0
    assert (folder / "graph.trig").stat().st_size > 0
