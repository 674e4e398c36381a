"""Compare what two installations make of the same disclosures: `python -m benchmarks.compare_outputs OLD NEW [PATH…]`.

OLD and NEW are `yusuan` commands, for example those of two checkouts. For each file of the paths (without any: the
examples and ../shared/disclosures) the CSV, the triples, the findings and the coverage of both are compared. Times and
version digests that follow from them are left out. Then both publish all files, both stores are served, and every page
that the front pages lead to is compared, up to `--pages`. Messages of findings are compared apart from the findings, so
that a change of wording is listed as such. The exit code is 1 if anything but wording differs.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DEFAULT = (*sorted((ROOT / "examples").glob("*.txt")), ROOT.parent / "shared" / "disclosures")
FIRST_PAGES = ("/?lang=zh", "/?lang=en", "/rules", "/def", "/catalogue", "/query", "/check", "/prefixes")
PER_KIND = 4
"""How many pages of one kind are compared: addresses that differ in numbers and digests only."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
_CHANGING = re.compile(r'nonce="[^"]*"|[?&]v=[0-9a-f]+')
_TIMED = re.compile(r"generatedAtTime|startedAtTime|endedAtTime|/terms/(?:issued|modified|created)>")
_KIND = re.compile(r"[0-9a-f]{8,}|\d+")


def run(command: str, *arguments: str | Path) -> str:
    """Return what a command prints; the exit code is part of it."""
    done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, check=False)
    return f"{done.stdout}\nexit code {done.returncode}\n"


def convert(command: str, path: Path, ending: str) -> list[str]:
    """Return the lines of a conversion, sorted, without those that name a time."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, f"out.{ending}")
        run(command, "convert", path, "-o", output)
        lines = output.read_text(encoding="utf-8").splitlines() if output.exists() else []
    return sorted(line for line in lines if not _TIMED.search(line))


def findings(command: str, path: Path) -> tuple[Any, list[str]]:
    """Return (the JSON of `validate` without times and messages, the messages)."""
    printed = run(command, "validate", path, "--format", "json").rpartition("\nexit code")[0]
    messages: list[str] = []

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            messages.extend(str(value[key]) for key in ("message",) if key in value)
            return {key: strip(item) for key, item in value.items() if key not in {"message", "seconds", "text"}}
        return [strip(item) for item in value] if isinstance(value, list) else value

    try:
        return strip(json.loads(printed)), messages
    except json.JSONDecodeError:
        return None, [printed]


COMPARED: dict[str, Callable[[str, Path], Any]] = {
    "CSV": lambda command, path: convert(command, path, "csv"),
    "triples": lambda command, path: convert(command, path, "nt"),
    "findings": lambda command, path: findings(command, path)[0],
    "messages": lambda command, path: findings(command, path)[1],
    "coverage": lambda command, path: run(command, "coverage", path, "--format", "json"),
}


@contextmanager
def served(command: str, paths: Sequence[Path]) -> Iterator[str]:
    """Publish the files, serve the store, and give the address."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        run(command, "publish", *paths, "--store", folder)
        server = subprocess.Popen(
            [command, "serve", "--store", folder, "--port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            while fetch(address, "/health")[0] != 200:
                if server.poll() is not None:
                    raise SystemExit(f"{command} serve ended with {server.returncode}")
                time.sleep(0.2)
            yield address
        finally:
            server.terminate()
            server.wait()


def fetch(address: str, path: str) -> tuple[int, str]:
    """Return the status and the text of a page, without what differs from one request to the next."""
    request = urllib.request.Request(address + path, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, text = answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode("utf-8", "replace")
    except urllib.error.URLError:
        return 0, ""
    return status, _CHANGING.sub("", _TIME.sub("TIME", text).replace(address, ""))


def crawl(address: str, most: int) -> dict[str, tuple[int, str]]:
    """Return up to `most` pages by path, a few of each kind."""
    pages: dict[str, tuple[int, str]] = {}
    kinds: dict[str, int] = {}
    waiting = list(FIRST_PAGES)
    while waiting and len(pages) < most:
        path = waiting.pop(0)
        if path in pages:
            continue
        pages[path] = fetch(address, path)
        for link in re.findall(r'href="(/[^"#]*)', pages[path][1]):
            found = link.replace("&amp;", "&")
            kind = _KIND.sub("N", found)
            if "/static" not in found and "/data/" not in found and kinds.get(kind, 0) < PER_KIND:
                kinds[kind] = kinds.get(kind, 0) + 1
                waiting.append(found)
    return pages


def main() -> None:
    """Compare, print a line a file and a line for the pages, and name every page that differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("paths", nargs="*", type=Path, default=DEFAULT)
    parser.add_argument("--pages", type=int, default=400, help="how many pages to compare at most; 0 for none")
    arguments = parser.parse_args()
    named = [sorted(path.iterdir()) if path.is_dir() else [path] for path in arguments.paths]
    paths = [path for files in named for path in files]
    differ = False
    for path in paths:
        outcome = []
        for name, made in COMPARED.items():
            old, new = made(arguments.old, path), made(arguments.new, path)
            differ = differ or (old != new and name != "messages")
            count = len(old) if isinstance(old, list) else ""
            outcome.append(f"{name} {count} {'equal' if old == new else 'DIFFERENT'}".replace("  ", " "))
        sys.stdout.write(f"{path.name}: {', '.join(outcome)}\n")
        sys.stdout.flush()
    if arguments.pages:
        with served(arguments.old, paths) as address:
            before = crawl(address, arguments.pages)
        with served(arguments.new, paths) as address:
            after = {path: fetch(address, path) for path in before}
        changed = [path for path in before if before[path] != after[path]]
        sys.stdout.write(f"{len(before)} pages: {len(changed)} different\n")
        sys.stdout.writelines(f"  {path}\n" for path in changed)
        differ = differ or bool(changed)
    raise SystemExit(int(differ))


if __name__ == "__main__":
    main()
