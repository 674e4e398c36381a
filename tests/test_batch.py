"""Many files at once: folders, archives and patterns; one bad file stops nothing; a run goes on where it stopped."""

import json
import pickle
import resource
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from exiting_task import die_of_three
from hostile import hostile_files
from small_batch import TEXT, InProcess, disclosure, rows, run
from small_disclosures import BUREAU

from converters import DocumentError, read_document
from ontology.messages import message
from shapes.user_shapes import ShapesFileError
from yusuan.batch.executors import ProcessPool, WorkerDiedError
from yusuan.batch.grouping import group_halves
from yusuan.batch.jobs import Job, Outcome, run_job
from yusuan.batch.paths import find_files
from yusuan.batch.run import output_names
from yusuan.commands.batch import report_outcomes
from yusuan.commands.validate import exit_code


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs over many stay in this process: what they do is the same, and no process has to load everything."""
    monkeypatch.setattr("yusuan.batch.executors.ProcessPool", InProcess)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    (place / "sub").mkdir(parents=True)
    (place / "a.txt").write_bytes(disclosure("武汉市青山区财政局"))
    (place / "sub" / "b.txt").write_bytes(disclosure("武汉市青山区教育局"))
    (place / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    (place / "~$a.txt").write_bytes(b"lock")
    (place / ".hidden").write_bytes(b"x")
    with zipfile.ZipFile(place / "more.zip", "w") as archive:
        archive.writestr("下级/c.txt", disclosure("武汉市青山区民政局"))
        archive.writestr("../../d.txt", disclosure("武汉市青山区司法局"))
        archive.writestr("__MACOSX/c.txt", b"x")
    return place


# ── Paths ───────────────────────────────────────────────────────────────────────────────────────


def test_folders_and_archives_stand_for_the_files_in_them(folder: Path) -> None:
    found = [path.relative_to(folder).as_posix() for path in find_files([folder])]
    assert found == ["a.txt", "bad.pdf", "more.zip/下级/c.txt", "more.zip/d.txt", "sub/b.txt"]


def test_a_pattern_stands_for_the_files_that_it_matches(folder: Path) -> None:
    assert [path.name for path in find_files([folder / "sub" / "*.txt", folder / "sub" / "b.txt"])] == ["b.txt"]


def test_a_path_that_names_nothing_stays(tmp_path: Path) -> None:
    assert find_files([tmp_path / "no.txt"]) == [tmp_path / "no.txt"]


def test_a_file_in_an_archive_is_read_by_the_path_behind_the_archive(folder: Path) -> None:
    assert read_document(folder / "more.zip" / "下级" / "c.txt").format == "text"


@pytest.mark.parametrize(("member", "key"), [("d.txt", "member-climbs-out"), ("no.txt", "file-missing")])
def test_a_member_that_cannot_be_read_says_why(folder: Path, member: str, key: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(folder / "more.zip" / member)
    assert caught.value.key == key


def test_names_of_members_in_gb_18030_are_read(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("????.txt", disclosure(BUREAU))
    archive.write_bytes(archive.read_bytes().replace(b"????.txt", "预算.txt".encode("gb18030")))
    assert [path.name for path in find_files([archive])] == ["预算.txt"]
    assert read_document(archive / "预算.txt").format == "text"


def test_outputs_of_files_with_one_name_have_two() -> None:
    names = output_names([Path("x/a.txt"), Path("y/a.pdf"), Path("b.txt")])
    assert names["b.txt"] == "b"
    assert len(set(names.values())) == 3


# ── Runs ────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_is_converted_and_one_bad_file_stops_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("convert", folder, "-o", out, "--format", "csv", "-j", 1, "--lang", "zh")
    assert result.exit_code == 2
    assert {path.name for path in out.iterdir()} == {"a.csv", "b.csv", "c.csv", "report.csv", "manifest.jsonl"}
    verdicts = {name: row["verdict"] for name, row in rows(out / "report.csv").items()}
    assert verdicts == {"a.txt": "converted", "b.txt": "converted", "c.txt": "converted"} | dict.fromkeys(
        ("bad.pdf", "d.txt"), "failed"
    )
    assert "损坏" in rows(out / "report.csv")["bad.pdf"]["message_zh"]
    assert "a.txt\t武汉市青山区财政局\t2024\t已转换" in result.output
    single = tmp_path / "single.csv"
    assert run("convert", folder / "a.txt", "-o", single).exit_code == 0
    assert (out / "a.csv").read_bytes() == single.read_bytes()


@pytest.mark.usefixtures("here")
def test_a_second_run_does_only_what_is_new(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("convert", folder / "a.txt", folder / "sub", "-o", out, "--format", "nt")
    assert run(*words).exit_code == 0
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.nt")}
    (folder / "sub" / "b.txt").write_bytes(disclosure("武汉市青山区水务局"))
    (out / "a.nt").touch()
    touched = (out / "a.nt").stat().st_mtime_ns
    assert run(*words).exit_code == 0
    assert (out / "a.nt").stat().st_mtime_ns == touched
    assert (out / "b.nt").stat().st_mtime_ns > before["b.nt"]
    assert len(rows(out / "report.csv")) == 2


@pytest.mark.usefixtures("here")
def test_validating_many_writes_a_report_for_each(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("validate", folder / "a.txt", folder / "sub", "-o", out, "--lang", "en")
    assert result.exit_code in (0, 1)
    assert {path.name for path in out.glob("*.json")} == {"a.json", "b.json"}


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <https://w3id.org/yusuan/def#> .
<urn:house> a sh:NodeShape ; sh:targetClass :Disclosure ;
  sh:property [ sh:path :approvedBy ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""


@pytest.mark.usefixtures("here", "no_lists")
def test_many_are_checked_with_the_options_that_one_is_checked_with(folder: Path, tmp_path: Path) -> None:
    out, store, own = tmp_path / "out", tmp_path / "store", tmp_path / "house.ttl"
    own.write_text(SHAPES, encoding="utf-8")
    assert run("publish", folder / "a.txt", "--store", store).exit_code == 0
    checks = ("--store", store, "--shapes", own, "--format", "csv", "--lang", "zh")
    words = ("validate", folder / "a.txt", *checks)
    assert run(*words, "-o", tmp_path / "one.csv").exit_code == 1
    assert run(*words, "-o", out).exit_code == 1
    assert (out / "a.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()
    assert int(rows(out / "report.csv")["a.txt"]["warnings"]) > 0


@pytest.mark.parametrize(("fail_on", "code"), [("violation", 0), ("warning", 1)])
def test_a_warning_in_one_of_many_counts_where_it_is_to(fail_on: str, code: int) -> None:
    outcome = Outcome(("a.txt",), "conforms", 1.0, warnings=1, kinds=("k",))
    assert exit_code([outcome], fail_on) == code


def test_the_halves_of_a_whole_do_not_count_beside_it() -> None:
    halves = [Outcome((name,), "not-fully-checked", 1.0, kinds=("k",)) for name in "ab"]
    whole = Outcome(("a", "b"), "conforms", 1.0, kinds=("k",))
    assert report_outcomes(iter([*halves, whole]), 2, "en") == [whole]


@pytest.mark.usefixtures("here")
def test_shapes_that_are_not_shacl_stop_a_run_over_many(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "house.ttl"
    own.write_text(
        "<urn:a> a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#path> 3 .", encoding="utf-8"
    )
    error = pickle.loads(pickle.dumps(ShapesFileError(own, "reason")))
    assert (error.file, error.reason) == (own, "reason")
    result = run("validate", folder / "a.txt", "-j", 1, "--shapes", own, "--lang", "zh")
    assert (result.exit_code, "house.ttl" in result.output) == (2, True)


@pytest.mark.usefixtures("here")
def test_reports_of_many_need_a_folder(folder: Path) -> None:
    result = run("validate", folder, "-j", 2, "--format", "html")
    assert (result.exit_code, "many reports need a folder" in result.output) == (2, True)


@pytest.mark.usefixtures("here", "no_lists")
def test_files_together_are_one_of_many(tmp_path: Path) -> None:
    place, out = tmp_path / "in", tmp_path / "out"
    place.mkdir()
    (place / "tables.txt").write_bytes(disclosure(BUREAU))
    (place / "text.txt").write_text(TEXT, encoding="utf-8")
    assert run("convert", place, "--together", "-o", out, "--format", "csv").exit_code == 0
    assert run("publish", place, "--together", "--store", tmp_path / "store", "-o", tmp_path / "log").exit_code == 0
    for report in (out / "report.csv", tmp_path / "log" / "report.csv"):
        assert [row["files"].count(".txt") for row in rows(report).values()] == [2]


@pytest.mark.usefixtures("here", "no_lists")
def test_publishing_many_is_one_generation_and_again_is_none(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    words = ("publish", folder / "a.txt", folder / "sub", "--store", store, "-j", 1)
    assert run(*words).exit_code == 0
    generations = sorted(path.name for path in (store / "gen").iterdir())
    assert len(generations) == 1
    assert run(*words).exit_code == 0
    assert sorted(path.name for path in (store / "gen").iterdir()) == generations


@pytest.mark.usefixtures("here")
def test_tables_and_text_in_two_files_are_one_disclosure(tmp_path: Path) -> None:
    place, out = tmp_path / "in", tmp_path / "out"
    place.mkdir()
    (place / "tables.txt").write_bytes(disclosure(BUREAU))
    (place / "text.txt").write_text(TEXT, encoding="utf-8")
    result = run("convert", place, "-o", out, "--format", "csv")
    assert result.exit_code == 0
    assert [path.name for path in out.glob("*.csv") if path.name != "report.csv"] == ["tables.csv"]
    [row] = rows(out / "report.csv").values()
    assert row["files"].count(".txt") == 2


def test_the_same_tables_in_two_formats_stay_two_disclosures() -> None:
    def half(file: str, *kinds: str) -> Outcome:
        missing = ("text-elsewhere",) if kinds else ("tables-elsewhere",)
        return Outcome((file,), "converted", 1.0, organisation="某局", year=2024, missing=missing, kinds=kinds)

    grouped = group_halves([half("a.pdf", "k1", "k2"), half("a.xlsx", "k1", "k2"), half("n.docx")])
    assert [[outcome.files[0] for outcome in group] for group in grouped] == [["a.pdf", "n.docx"]]


def hostile_folder(place: Path) -> int:
    """Write hostile files; return how many."""
    place.mkdir()
    files = hostile_files()
    for name, content in files.items():
        (place / name).write_bytes(content)
    return len(files)


@pytest.mark.usefixtures("here")
def test_hostile_files_at_once_give_a_message_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("converters.readers.pdf.reader.can_recognise", lambda: False)
    count = hostile_folder(tmp_path / "in")
    result = run("validate", tmp_path / "in", "-o", tmp_path / "out", "--lang", "zh")
    assert (result.exit_code, result.exception.__class__) == (2, SystemExit)
    report = rows(tmp_path / "out" / "report.csv")
    assert (len(report), {row["verdict"] for row in report.values()}) == (count, {"failed"})
    unexplained = message("file-breaks-conversion", "zh", file="", reason="").partition("：")[2][:8]
    assert {name: row["message_zh"] for name, row in report.items() if unexplained in row["message_zh"]} == {}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.csv"]


@pytest.mark.exhaustive
def test_hostile_files_in_a_pool_give_a_message_each(tmp_path: Path) -> None:
    count = hostile_folder(tmp_path / "in")
    result = run("convert", tmp_path / "in", "-o", tmp_path / "out", "-j", 2)
    assert result.exit_code == 2
    assert len(rows(tmp_path / "out" / "report.csv")) == count


# ── Workers ─────────────────────────────────────────────────────────────────────────────────────


def test_only_the_task_that_kills_its_process_fails() -> None:
    results = dict(ProcessPool(2).run(die_of_three, list(range(8))))
    assert {task for task, result in results.items() if isinstance(result, WorkerDiedError)} == {3}
    assert {task: result for task, result in results.items() if task != 3} == {n: n * n for n in range(8) if n != 3}


def job(file: Path, **limits: float) -> Job:
    return Job((str(file),), "convert", ".csv", "https://w3id.org/yusuan/", **limits)  # type: ignore[arg-type]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the first alarm may meet a destructor
def test_a_job_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_bytes(disclosure(BUREAU) * 600)
    outcome = run_job(job(file, seconds=0.2))
    assert (outcome.verdict, "0.2" in outcome.messages["zh"]) == ("failed", True)


def test_limits_end_with_their_job(tmp_path: Path) -> None:
    before = [resource.getrlimit(kind) for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS)]
    run_job(job(tmp_path / "no.txt", seconds=600, memory=2**30))
    assert [resource.getrlimit(kind) for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS)] == before


def test_a_missing_file_is_an_outcome(tmp_path: Path) -> None:
    outcome = run_job(job(tmp_path / "no.txt"))
    assert outcome.failed
    assert "no.txt" in outcome.messages["en"]


ON_A_CLUSTER = """
import json, sys
from distributed import LocalCluster
from yusuan.batch.cluster import DaskCluster

if __name__ == "__main__":
    workers = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(silence_logs=50, **workers) as cluster:
        executor = DaskCluster(cluster.scheduler_address)
        results = {task: repr(result) for task, result in executor.run(eval, sys.argv[1:])}
        print(json.dumps(results), flush=True)
        executor.client.close()
"""


@pytest.mark.exhaustive
@pytest.mark.skipif(find_spec("distributed") is None, reason="the extra `cluster` is not installed")
def test_only_the_task_that_kills_its_worker_fails_on_a_cluster(tmp_path: Path) -> None:
    script = tmp_path / "on_a_cluster.py"
    script.write_text(ON_A_CLUSTER, encoding="utf-8")
    tasks = ["0 * 0", "1 * 1", "__import__('os')._exit(9)", "2 * 2"]
    # The code of exit says how closing the local cluster went while a worker starts again, which is not tested.
    done = subprocess.run([sys.executable, script, *tasks], capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    assert json.loads(done.stdout.splitlines()[0]) == dict(
        zip(tasks, ["0", "1", "WorkerDiedError()", "4"], strict=True)
    )
