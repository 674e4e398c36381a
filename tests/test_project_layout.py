"""The house itself: its packages, its locks, and what must never be written down in it."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

PACKAGES = ["ontology", "converters", "shapes", "server", "yusuan"]
LOCKS = [
    *("base", "server", "parquet", "test", "check", "lock", "bench"),
    *("cluster", "ocr", "remote", "notebook", "mcp", "link", "browser", "build"),
]
NOT_IMPORTED = {
    "onnxruntime": "rapidocr runs its models with it",
    "python-multipart": "FastAPI reads forms with it",
    "uvloop": "uvicorn loads the loop that the service names",
}
IMPORTED_EXTRAS = ("server", "parquet", "cluster", "mcp", "remote", "link")
TYPES_ONLY = {"_typeshed"}
DISTRIBUTIONS = {"docx": "python-docx", "PIL": "pillow", "SPARQLWrapper": "sparqlwrapper"}
"""The distribution of each module that has another name."""
ENTRY = re.compile(r"[a-z0-9-]+==\S+( ; [^-]+?)?( +--hash=sha256:[0-9a-f]{64})+")
NOT_OURS = {".git", ".venv", "build", "dist", "__pycache__"}
MOST_MODULES, MOST_LINES = 16, 400
CACHES = re.compile(r"^\..*(cache|hypothesis)")


@pytest.fixture(scope="module")
def pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def lock_entries(lock: Path) -> list[str]:
    """The requirements of a lock, each with its continuation lines joined."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]


def pinned(lock: Path) -> set[str]:
    """`name==version ; marker` of each entry."""
    return {entry.split("--hash")[0].strip() for entry in lock_entries(lock)}


def text_files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_OURS and not CACHES.match(name)]
        yield from (Path(folder, name) for name in files if not name.endswith((".png", ".pyc")))


def product_modules(root: Path) -> list[Path]:
    return [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]


def test_a_test_that_hangs_ends_with_tracebacks(pytestconfig: pytest.Config) -> None:
    assert 0 < float(pytestconfig.getini("faulthandler_timeout")) <= 900
    assert pytestconfig.getini("faulthandler_exit_on_timeout") is True


def test_a_public_class_name_means_one_thing(root: Path) -> None:
    places: dict[str, list[str]] = {}
    for path in product_modules(root):
        for name in re.findall(r"^class ([A-Za-z]\w*)", path.read_text(encoding="utf-8"), re.MULTILINE):
            places.setdefault(name, []).append(path.relative_to(root).as_posix())
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_folders_and_modules_stay_small(root: Path) -> None:
    modules = product_modules(root)
    folders = Counter(path.parent for path in modules if path.name != "__init__.py")
    assert {folder.relative_to(root).as_posix(): n for folder, n in folders.items() if n > MOST_MODULES} == {}
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {path.relative_to(root).as_posix(): n for path, n in lines.items() if n > MOST_LINES} == {}


def test_every_question_stands_in_a_folder_has_its_own_name_and_is_asked(root: Path) -> None:
    questions = list((root / "server" / "sparql" / "queries").rglob("*.rq"))
    assert {len(path.relative_to(root / "server" / "sparql" / "queries").parts) for path in questions} == {2}
    assert len({path.stem for path in questions}) == len(questions) > 90
    asking = "\n".join(path.read_text("utf-8") for package in PACKAGES for path in (root / package).rglob("*.py"))
    assert [path.stem for path in questions if f'"{path.stem}"' not in asking] == []


def names_store(module: ast.Module) -> bool:
    """Whether a module uses the class `Store` of pyoxigraph."""
    imported = {
        alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "pyoxigraph"
        for alias in node.names
    }
    attributes = {
        node.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("ox", "pyoxigraph")
    }
    return "Store" in imported | attributes


def test_only_the_store_opens_databases(root: Path) -> None:
    """Published data are read through `server.store.published_store`; rules and the parser use stores in memory."""
    modules = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in product_modules(root)}
    naming = {name for name, text in modules.items() if "Store" in text and names_store(ast.parse(text))}
    assert {name for name in naming if not name.startswith(("server/store/", "server/execution/", "shapes/"))} == {
        "server/sparql/syntax.py"
    }
    opening = {name for name, text in modules.items() if ".read_only(" in text}
    assert {name for name in opening if not name.startswith("server/store/")} == set()


@pytest.mark.parametrize("package", ["converters", "server", "server.pages", "yusuan"])
def test_rooms_of_a_package_stand_in_layers(root: Path, pyproject: dict[str, Any], package: str) -> None:
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    [contract] = [c for c in contracts if c.get("containers") == [package]]
    named = {name for layer in contract["layers"] for name in layer.split(" | ")}
    folder = root / package.replace(".", "/")
    here = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    assert named == here - {"__init__"}
    assert contract["exhaustive"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_and_hashed(root: Path, name: str) -> None:
    entries = lock_entries(root / "requirements" / f"{name}.txt")
    assert entries
    assert [entry for entry in entries if not ENTRY.fullmatch(entry.strip())] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_index(root: Path, name: str) -> None:
    text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE)


def test_each_extra_has_its_lock(root: Path, pyproject: dict[str, Any]) -> None:
    extras = set(pyproject["project"]["optional-dependencies"])
    assert extras | {"base", "build"} == set(LOCKS)
    assert {path.stem for path in (root / "requirements").iterdir()} == set(LOCKS)


def test_locks_agree_and_contain_one_another(root: Path) -> None:
    base, server, parquet, test, check = (pinned(root / "requirements" / f"{n}.txt") for n in LOCKS[:5])
    assert base < server < parquet < test < check


def test_locks_meet_what_pyproject_asks_for(root: Path, pyproject: dict[str, Any]) -> None:
    project = pyproject["project"]
    asked = {"base": project["dependencies"], **project["optional-dependencies"]}
    asked["build"] = pyproject["build-system"]["requires"]
    for name, requirements in asked.items():
        locked = {pin.split("==")[0] for pin in pinned(root / "requirements" / f"{name}.txt")}
        names = {re.split(r"[\[<>=]", requirement)[0] for requirement in requirements} - {"yusuan"}
        assert names <= locked, name


@cache
def imports_of(path: Path) -> list[ast.Import | ast.ImportFrom]:
    """The imports of a module, wherever they stand in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(root: Path, *packages: str) -> set[str]:
    """The distributions whose modules these packages import, anywhere."""
    names: set[str] = set()
    for path in (path for package in packages for path in (root / package).rglob("*.py")):
        for node in imports_of(path):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            else:
                names.add((node.module or "").partition(".")[0])
    others = names - sys.stdlib_module_names - set(PACKAGES) - TYPES_ONLY
    return {DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in others}


def test_every_import_is_declared_and_every_declared_package_is_imported(root: Path, pyproject: dict[str, Any]) -> None:
    project = pyproject["project"]
    extras = project["optional-dependencies"]
    base, reading, optional = (
        {re.split(r"[\[<>=;]", requirement)[0] for requirement in requirements} - {"yusuan"}
        for requirements in (
            project["dependencies"],
            extras["ocr"],
            [each for name in IMPORTED_EXTRAS for each in extras[name]],
        )
    )
    assert imported(root, "ontology", "shapes") <= base
    assert imported(root, "converters") <= base | reading
    assert imported(root, *PACKAGES) == (base | reading | optional) - set(NOT_IMPORTED)


def test_every_package_exists_is_shipped_and_is_held_to_the_import_contract(
    root: Path, pyproject: dict[str, Any]
) -> None:
    tool = pyproject["tool"]
    contract = next(c for c in tool["importlinter"]["contracts"] if "containers" not in c)
    layers = [name for layer in contract["layers"] for name in layer.split(" | ")]
    assert sorted(layers) == sorted(PACKAGES)
    assert tool["importlinter"]["root_packages"] == PACKAGES
    assert tool["hatch"]["build"]["targets"]["wheel"]["packages"] == PACKAGES
    on_disk = {path.parent.name for path in root.glob("*/__init__.py")}
    assert on_disk == set(PACKAGES)


def test_the_wheel_ships_words_rules_and_pages(root: Path, pyproject: dict[str, Any], tmp_path: Path) -> None:
    [wheel] = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    shipped = set(zipfile.ZipFile(wheel).namelist())
    ours = {path.relative_to(root).as_posix() for package in PACKAGES for path in text_files(root / package)}
    assert ours <= shipped
    about = f"yusuan-{pyproject['project']['version']}.dist-info"
    assert {Path(name).parts[0] for name in shipped} == {*PACKAGES, about}
    assert {f"{about}/licenses/LICENSE", f"{about}/licenses/LICENSE-vocabulary"} <= shipped


def test_an_installed_wheel_checks_a_file_of_another_folder(root: Path, tmp_path: Path, ten_tables: Path) -> None:
    [wheel] = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(installed)
    elsewhere.mkdir()
    (elsewhere / "budget.txt").write_bytes(ten_tables.read_bytes())
    program = (
        "import ontology, sys; print(ontology.__file__, file=sys.stderr); from yusuan.commands.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "validate", "budget.txt"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines() == [str(installed / "ontology" / "__init__.py")]
    assert done.returncode == 1
    assert "violation" in done.stdout


def test_no_path_of_somebodys_machine_is_written_down(root: Path) -> None:
    here = "|".join(re.escape(str(path)) for path in (root, root.parent / "shared"))
    machine = re.compile(rf"(?<![\w.:/])(?:/(?:home|Users)/\w+/|/(?:root)/|(?:{here})\b)")
    found = [
        f"{path.relative_to(root)}: {hit.group()}"
        for path in text_files(root)
        if (hit := machine.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert not found
