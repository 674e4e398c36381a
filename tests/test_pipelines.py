"""The pre-commit hook and the action call the command with options that it has."""

import re
import shlex
from pathlib import Path

import click
import pytest

from yusuan.commands.validate import validate

ROOT = Path(__file__).parents[1]
OPTIONS = {name for option in validate.params if isinstance(option, click.Option) for name in option.opts}


@pytest.fixture(scope="module")
def action() -> str:
    return (ROOT / "action.yml").read_text(encoding="utf-8")


def test_the_hook_calls_the_command_on_what_it_reads() -> None:
    hook = dict(re.findall(r"^[- ] (\w+): (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"), re.MULTILINE))
    assert shlex.split(hook["entry"]) == ["yusuan", "validate"]
    assert re.search(hook["files"], "budgets/2024.pdf")
    assert not re.search(hook["files"], "README.md")


def test_the_action_gives_options_that_the_command_has(action: str) -> None:
    [run] = [step for step in action.split("\n    - ") if 'yusuan" validate' in step or "bin/yusuan" in step]
    given = set(re.findall(r"(?<=[ (])(--[a-z-]+)(?= )", run)) - {"--"}
    assert {"--format", "--fail-on", "--lang", "--waivers"} <= given <= OPTIONS


def test_inputs_reach_the_shell_as_variables_only(action: str) -> None:
    for run in re.findall(r"run: (.+|\|\n(?: {8}.*\n)+)", action):
        assert "${{" not in run
    declared = set(re.findall(r"^  ([a-z-]+):$", action.partition("\noutputs:")[0], re.MULTILINE))
    assert set(re.findall(r"inputs\.([a-z-]+)", action)) == declared
