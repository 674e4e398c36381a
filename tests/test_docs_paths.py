"""Paths, links and modules that the documentation names exist."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md"))
    if path.is_file()
)
FOLDERS = ("ontology", "converters", "shapes", "server", "yusuan")
PROJECT = (*FOLDERS, "tests", "benchmarks", "docs", "deploy", "examples", "scripts", "requirements", ".ci")
ELSEWHERE = {"__init__.py"}  # of any package
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+(/[\w.*-]+)*/?")
FILE = re.compile(r"[\w-]+\.(py|ttl|rq|md|toml|html|css|conf|service)")
MODULE = re.compile(rf"(?:python -m )?(({'|'.join((*FOLDERS, 'benchmarks'))})(?:\.\w+)+)(?: .*)?")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def names() -> set[str]:
    """The names of all files of the project."""
    return {path.name for folder in PROJECT for path in (ROOT / folder).rglob("*")} | {p.name for p in ROOT.iterdir()}


def words(document: Path) -> Iterator[str]:
    """What stands between backticks in a document, blocks of code excepted."""
    yield from CODE.findall(FENCE.sub("", document.read_text(encoding="utf-8")))


def test_there_are_documents_with_paths() -> None:
    assert sum(1 for document in DOCUMENTS for word in words(document) if word.startswith(PROJECT)) > 50


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_in_backticks_exists(document: Path, names: set[str]) -> None:
    missing = []
    for word in words(document):
        first, slash, _ = word.partition("/")
        if PATH.fullmatch(word) and slash and first in PROJECT:
            if not list(ROOT.glob(word)) and "NAME" not in word:
                missing.append(word)
        elif FILE.fullmatch(word) and word not in names | ELSEWHERE:
            missing.append(word)
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_in_backticks_can_be_imported(document: Path) -> None:
    missing = []
    for word in words(document):
        match = MODULE.fullmatch(word)
        if match and "NAME" not in word and importlib.util.find_spec(match[2]) and not module_exists(match[1]):
            missing.append(word)
    assert missing == []


def module_exists(name: str) -> bool:
    """Whether a module of this name exists, or an attribute of one (`yusuan.validate`)."""
    path = ROOT.joinpath(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    module, _, attribute = name.rpartition(".")
    return "." not in module and hasattr(importlib.import_module(module), attribute) if module else False


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    assert [link for link in LINK.findall(text) if not (document.parent / link).exists()] == []


DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_a_title_and_its_parts(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    number, _, title = text.splitlines()[0].removeprefix("# ").partition(". ")
    assert decision.name.startswith(f"{int(number):04}-")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert "\n**Status**: accepted." in text
    assert title


def test_no_number_is_used_twice() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(numbers) == len(set(numbers))
