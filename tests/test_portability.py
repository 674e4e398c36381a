"""What a stranger's machine may lack: modules of POSIX, extras, UTF-8 as the encoding of its files and pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_disclosures import tabbed, table

from yusuan.commands.shared.missing_modules import missing_module_to_text

ROOT = Path(__file__).parents[1]
POSIX = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
EXTRAS = (
    "fastapi",
    "httptools",
    "jinja2",
    "multipart",
    "pyarrow",
    "python_multipart",
    "starlette",
    "uvicorn",
    "uvloop",
)
CONVERT, VALIDATE = (["convert", "-o", "figures.csv"], 0), (["validate", "--lang", "zh"], 1)

DISCLOSURE = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 5\n20101 | 人大事务 | 4"
"""A table whose part is less than its whole."""

# Click is loaded first: it has modules of Windows to take the place of those of POSIX.
_WITHOUT = """
import sys
import click._termui_impl
sys.modules.update(dict.fromkeys(sys.argv.pop(1).split(",")))
from yusuan.commands.main import main
main()
"""


def run_without(
    modules: tuple[str, ...], arguments: list[str], folder: Path, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process in which these modules cannot be imported."""
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT, ",".join(modules), *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    """A file that does not conform."""
    path = tmp_path / "wrong.txt"
    path.write_text(tabbed(table(3, "支出总表", DISCLOSURE)), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("arguments", "code"), [CONVERT, VALIDATE], ids=["convert", "validate"])
def test_convert_and_validate_need_neither_posix_nor_an_extra(
    arguments: list[str], code: int, wrong: str, tmp_path: Path
) -> None:
    results = []
    for modules in ((*POSIX, *EXTRAS), ("nothing_at_all",)):
        done = run_without(modules, [*arguments, wrong], tmp_path)
        assert done.returncode == code, done.stderr.decode()
        figures = tmp_path / "figures.csv"
        results.append((done.stdout, done.stderr, figures.read_bytes() if figures.exists() else b""))
    assert results[0] == results[1]
    assert any(results[0])


@pytest.mark.parametrize(
    ("arguments", "code", "code_page"),
    [(*CONVERT, "cp1252"), (*VALIDATE, "gbk"), pytest.param(*VALIDATE, "cp1252", marks=pytest.mark.exhaustive)],
    ids=["convert", "validate", "validate-cp1252"],
)
def test_files_and_pipes_are_in_utf_8_on_every_system(
    arguments: list[str], code: int, code_page: str, wrong: str, tmp_path: Path
) -> None:
    environment = {"PYTHONWARNDEFAULTENCODING": "1", "PYTHONIOENCODING": code_page}
    done = run_without(("nothing_at_all",), [*arguments, wrong], tmp_path, **environment)
    assert done.returncode == code
    told = done.stderr.decode("utf-8").splitlines()
    ours = [line for line in told if "EncodingWarning" in line and str(ROOT) in line]
    assert [line for line in ours if "site-packages" not in line] == []
    if arguments[0] == "validate":
        assert "wrong.txt" in done.stdout.decode("utf-8")
        assert "未通过" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("module", "language"),
    [
        ("uvicorn", "zh"),
        ("jinja2", "en"),
        *(pytest.param(*case, marks=pytest.mark.exhaustive) for case in (("uvicorn", "en"), ("jinja2", "zh"))),
    ],
)
def test_a_missing_extra_is_told_by_name(module: str, language: str, tmp_path: Path) -> None:
    done = run_without((module,), ["serve", "--store", "data", "--lang", language], tmp_path)
    told = done.stderr.decode()
    assert done.returncode == 2
    assert told.strip() == missing_module_to_text(module, "serve", language)
    assert all(word in told for word in (module, "yusuan serve", "pip install 'yusuan[server]'"))


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.exhaustive)])
def test_a_system_without_locks_is_told_that_a_store_needs_linux(language: str, wrong: str, tmp_path: Path) -> None:
    arguments = ["publish", wrong, "--store", "data", "--lang", language]
    done = run_without(("fcntl",), arguments, tmp_path)
    told = done.stderr.decode().splitlines()[-1]
    assert done.returncode == 2
    assert "Linux" in told
    assert "fcntl" in told
    assert "yusuan publish" in told


def test_the_extra_named_is_the_smallest_that_has_the_module() -> None:
    assert "yusuan[server]" in (missing_module_to_text("python_multipart", "serve", "en") or "")
    assert "yusuan[parquet]" in (missing_module_to_text("pyarrow.parquet", "serve", "en") or "")
    assert missing_module_to_text("nothing_at_all", "serve", "en") is None


def test_a_command_imports_only_what_it_needs(tmp_path: Path) -> None:
    small = tmp_path / "small.txt"
    small.write_text(tabbed(table(3, "支出总表", DISCLOSURE)), encoding="utf-8")
    libraries = ("docx", "numpy", "openpyxl", "pandas", "pypdfium2", "rdflib", "xlrd")
    assert run_without(libraries, ["convert", "-o", "figures.csv", str(small)], tmp_path).returncode == 0
    packages = ("converters", "server.store", "yusuan.api")
    assert run_without(packages, ["--version"], tmp_path).returncode == 0
