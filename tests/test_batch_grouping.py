"""Tables and text of one disclosure in two files, wherever the files are found."""

import zipfile
from pathlib import Path

import pytest
from small_batch import TEXT, InProcess, disclosure, rows, run
from small_disclosures import BUREAU

from converters import DocumentError, read_document
from yusuan.batch.paths import find_files
from yusuan.stores.opened_store import open_store

OTHER = "武汉市青山区财政局"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yusuan.batch.executors.ProcessPool", InProcess)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Tables and text of one office, and the tables of another, in a folder and in an archive."""
    place = tmp_path / "in"
    place.mkdir()
    (place / "tables.txt").write_bytes(disclosure(BUREAU))
    (place / "text.txt").write_text(TEXT, encoding="utf-8")
    (place / "other.txt").write_bytes(disclosure(OTHER))
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for file in sorted(place.iterdir()):
            archive.write(file, f"下级/{file.name}")
    return place


@pytest.mark.parametrize("paths", ["in", "in.zip", "in/*.txt"])
def test_files_of_a_folder_an_archive_and_a_pattern_are_checked_in_groups(folder: Path, paths: str) -> None:
    out = folder.parent / "out"
    result = run("validate", folder.parent / paths, "-o", out, "--format", "json")
    assert result.exit_code in (0, 1), result.output
    grouped = [
        sorted(Path(file).name for file in row["files"].split(".txt") if file)
        for row in rows(out / "report.csv").values()
    ]
    assert sorted(grouped) == [["other"], ["tables", "text"]]
    assert sorted(path.name for path in out.glob("*.json")) == ["other.json", "tables.json"]


@pytest.mark.usefixtures("no_lists")
def test_files_of_an_archive_and_a_pattern_are_published_in_groups(folder: Path) -> None:
    store = folder.parent / "store"
    (folder / "tables.txt").unlink()
    (folder / "other.txt").unlink()
    with zipfile.ZipFile(folder.parent / "tables.zip", "w") as archive:
        archive.writestr("tables.txt", disclosure(BUREAU))
    result = run("publish", folder.parent / "tables.zip", folder / "*.txt", "--store", store, "-j", 1)
    assert result.exit_code == 0, result.output
    versions = open_store(store).query("SELECT ?v { ?v a <https://w3id.org/yusuan/def#DisclosureVersion> }")
    assert len(versions) == 1


def test_an_archive_or_a_folder_without_files_says_so(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("__MACOSX/a.txt", b"x")
    for name, key in (("folder", "folder-empty"), ("empty.zip", "zip-empty")):
        [found] = find_files([tmp_path / name])
        with pytest.raises(DocumentError) as caught:
            read_document(found)
        assert caught.value.key == key
    result = run("validate", tmp_path / "folder", "--lang", "zh")
    assert result.exit_code == 2
    assert "folder" in result.output


def test_an_archive_of_too_many_files_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("converters.readers.archives.MOST_PARTS", 2)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", disclosure(BUREAU))
    [found] = find_files([tmp_path / "many.zip"])
    with pytest.raises(DocumentError) as caught:
        read_document(found)
    assert caught.value.key == "package-too-large"
