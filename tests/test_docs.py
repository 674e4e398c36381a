"""Every command and every piece of Python in the README is run, those that install software excepted."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import click
import httpx2
import pytest
from documented_commands import activated, run_command, run_python
from small_store import publish_small

from yusuan.commands.main import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE_README = (ROOT / "README.zh.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(README)
TYPED = re.findall(r"^\$ (.+)$", README, re.MULTILINE)
COMMAND = re.compile(r"`(?:\w+=\w+ )?yusuan ([a-z]+)")
INSTALLED = re.compile(r"^\| `'?\.(?:\[(\w+)\])?'?` \|", re.MULTILINE)
VIOLATIONS = 1
SECONDS_TO_START = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which the README's relative paths lead somewhere."""
    for name in ("examples", "ontology"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def test_the_readme_shows_commands_and_python() -> None:
    assert {kind for kind, _ in BLOCKS} == {"sh", "python"}
    assert {command.split()[0] for command in TYPED} == {"make", "pipx", "uv", "yusuan"}


def test_the_chinese_readme_gives_commands_of_the_other() -> None:
    commands, others = (
        {command for _, text in BLOCK.findall(readme) for command in text.splitlines()}
        for readme in (CHINESE_README, README)
    )
    assert commands
    assert commands <= others


@pytest.mark.exhaustive
def test_what_the_readme_says_runs(folder: Path) -> None:
    for kind, text in BLOCKS:
        if kind == "python":
            run_python(text, folder)
            continue
        for command in text.splitlines():
            words = command.split()
            code, output = run_command(words, folder)
            assert code == (VIOLATIONS if words[:2] == ["yusuan", "validate"] else 0), f"{command}\n{output}"
    assert (folder / "figures.csv").stat().st_size > 0
    assert (folder / "graph.trig").stat().st_size > 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("command", [command for command in TYPED if command.startswith("yusuan serve ")])
def test_what_the_readme_serves_answers(command: str, tmp_path: Path) -> None:
    publish_small(tmp_path / "data")
    words = re.sub(r"--port \d+", "--port 0", command).split()
    assert words != command.split(), "on a port that may be taken"
    with subprocess.Popen(words, cwd=tmp_path, env=activated(), stdout=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout
            page = service.stdout.readline().split()[-1]
            assert httpx2.get(page, timeout=SECONDS_TO_START).status_code == 200
        finally:
            service.terminate()


@pytest.mark.parametrize("command", [command for command in TYPED if command.startswith("make ")])
def test_make_has_the_targets_of_the_readme(command: str) -> None:
    subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize(
    "page", sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
)
def test_every_command_in_a_sentence_exists(page: str) -> None:
    commands = set(COMMAND.findall((ROOT / page).read_text(encoding="utf-8")))
    assert commands <= set(main.list_commands(click.Context(main)))


def test_the_extras_of_the_readme_are_those_for_users() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = set(filter(None, INSTALLED.findall(README)))
    assert named == {"server", "parquet", "remote", "cluster", "link", "mcp", "ocr", "notebook"}
    assert named <= set(project["optional-dependencies"])
