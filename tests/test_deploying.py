"""What `deploy/` and its documentation say is so."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from small_store import publish_small

from server.settings import KNOWN, MEBIBYTE, NETWORKS, SIZE, Settings, read_settings, variable_of
from yusuan.commands.main import main

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
LONG_WINDED = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"
SERVE = (sys.executable, "-c", "from yusuan.commands.main import main; main()", "serve", "--settings")
COPY = re.compile(r"^COPY (?!--from)(.+)$", re.MULTILINE)


def table() -> str:
    """The settings as Markdown."""
    lines = ["| setting | default | in | purpose |", "| --- | --- | --- | --- |"]
    for name, about in KNOWN.items():
        exception = f" (`{variable_of(name)}`)" if variable_of(name) != f"YUSUAN_{name.upper()}" else ""
        lines.append(f"| `{name}`{exception} | {default_of(name)} | {about.kind} | {about.explanation} |")
    return "\n".join(lines)


def default_of(name: str) -> str:
    """A default as it would be written in the file."""
    kind, value = KNOWN[name].kind, getattr(Settings(), name)
    if name in ("workers", "long_workers"):
        return "the number of processors, at least 2"
    if value is None or value == ():
        return ""
    if kind == NETWORKS:
        return ", ".join(f"`{network}`" for network in value)
    number = value / MEBIBYTE if kind == SIZE else value
    return f"`{number:g}`" if isinstance(number, float) else f"`{str(number).lower()}`"


def test_the_documentation_lists_all_settings_as_they_are() -> None:
    text = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    assert table() in text


@pytest.mark.parametrize("name", ["settings.toml", "container.toml"])
def test_the_settings_files_are_settings(name: str) -> None:
    settings = read_settings(DEPLOY / name, {})
    assert settings.store.is_absolute()
    assert settings.log == "json"
    commented = re.sub(r"^# (?=\w+ = )", "", (DEPLOY / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert tomllib.loads(commented).keys() <= KNOWN.keys()


def test_the_unit_runs_a_command_that_there_is_and_leaves_time_to_stop() -> None:
    unit = ConfigParser(strict=False, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign] # the names of systemd have capitals
    unit.read(DEPLOY / "yusuan.service", encoding="utf-8")
    program, command, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/.venv/bin/yusuan")
    assert "--settings" in CliRunner().invoke(main, [command, "--help"]).output
    assert arguments[0] == "--settings"
    settings = read_settings(DEPLOY / "settings.toml", {})
    assert int(unit["Service"]["TimeoutStopSec"]) > settings.stop_timeout
    assert settings.store.is_relative_to(unit["Service"]["WorkingDirectory"])


def test_the_unit_is_one_for_systemd() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    unit = str(DEPLOY / "yusuan.service")
    done = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "yusuan" in line and "not executable" not in line]
    assert not complaints


def test_the_container_is_made_of_what_there_is() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    for line in COPY.findall(text):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert all(f"COPY {package}/ {package}/" in text for package in packages["packages"])
    assert '"serve", "--settings"' in text


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become the owner of a folder")
@pytest.mark.parametrize("owner", [0, 4321])
def test_the_container_runs_as_the_owner_of_its_volume(tmp_path: Path, owner: int) -> None:
    (tmp_path / "bin").mkdir()
    tmp_path.chmod(0o755)
    volume = tmp_path / "data"
    volume.mkdir()
    os.chown(volume, owner, owner)
    program = tmp_path / "bin" / "yusuan"
    program.write_text(f"#!/bin/sh\ntouch {volume}/written && stat -c %u {volume}/written && echo $HOME $@\n")
    program.chmod(0o755)
    script = (DEPLOY / "entrypoint.sh").read_text().replace("data=/data", f"data={volume}")
    script = script.replace("yusuan:yusuan", "1234:1234")  # the user that the image makes
    (tmp_path / "entrypoint.sh").write_text(script)
    for folder in tmp_path.parents:
        if folder.stat().st_uid == 0 and folder != Path("/") and folder.is_relative_to(tempfile.gettempdir()):
            folder.chmod(folder.stat().st_mode | 0o011)
    done = subprocess.run(
        ["sh", tmp_path / "entrypoint.sh", "serve", "--port", "0"],
        capture_output=True,
        text=True,
        env={"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
    )
    assert done.stdout == f"{owner or 1234}\n{volume} serve --port 0\n", done.stderr


# ── Starting and stopping ───────────────────────────────────────────────────────────────────────


def test_a_service_that_is_told_to_stop_ends_what_it_began(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    publish_small(tmp_path / "store")
    settings.write_text(f'store = "{tmp_path}/store"\nport = 0\nworkers = 1\nlog = "json"\nquery_timeout = 30\n')
    command = [*SERVE, str(settings)]
    environment = {**os.environ, "YUSUAN_QUERY_TIMEOUT": "2"}
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as served,
        ThreadPoolExecutor(1) as asking,
        ExitStack() as cleanup,
    ):
        cleanup.callback(served.kill)
        assert served.stdout is not None
        lines = [served.stdout.readline() for _ in range(2)]
        assert all(lines), served.communicate()
        page, endpoint = (line.split()[-1] for line in lines)
        assert httpx2.get(f"{page}health").status_code == 200
        answer = asking.submit(httpx2.get, endpoint, params={"query": LONG_WINDED}, timeout=60)
        time.sleep(1)
        started = time.monotonic()
        served.send_signal(signal.SIGTERM)
        assert answer.result().status_code == 503  # its deadline, not the end of the service
        _, log = served.communicate(timeout=60)
    assert served.returncode == 0
    assert time.monotonic() - started < 9
    assert [json.loads(line)["status"] for line in log.splitlines() if '"event": "request"' in line] == [200, 503]


def test_workers_end_with_a_service_that_was_killed(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    publish_small(tmp_path / "store")
    settings.write_text(f'store = "{tmp_path}/store"\nport = 0\nworkers = 1\nquery_timeout = 60\n')
    command = [*SERVE, str(settings)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served,
        ThreadPoolExecutor(1) as asking,
        ExitStack() as cleanup,
    ):
        cleanup.callback(served.kill)
        assert served.stdout is not None
        endpoint = [served.stdout.readline().split()[-1] for _ in range(2)][1]
        children = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text(encoding="ascii").split()
        workers = []
        for pid in children:
            with suppress(OSError):  # a child that has ended
                if "server.execution.worker_main" in Path(f"/proc/{pid}/cmdline").read_text():
                    workers.append(pid)
        assert len(workers) == 1
        answer = asking.submit(httpx2.get, endpoint, params={"query": LONG_WINDED}, timeout=60)
        time.sleep(1)
        assert not answer.done()
        served.kill()
        assert isinstance(answer.exception(timeout=10), httpx2.HTTPError)
    deadline = time.monotonic() + 10
    while is_running(workers[0]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(workers[0])


def is_running(pid: str) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_settings_that_make_no_sense_are_told_with_their_name(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for line, word in (("workers = 0", "workers"), ("wrkers = 1", "wrkers"), ("log = [1]", "log"), ("x", "file")):
        file.write_text(line + "\n")
        result = CliRunner().invoke(main, ["serve", "--settings", str(file), "--lang", "en"])
        assert result.exit_code == 2, line
        assert word in result.stderr or str(file) in result.stderr
    assert CliRunner().invoke(main, ["serve", "--settings", str(tmp_path / "none.toml")]).exit_code == 2
