"""Measure the pages: `python -m benchmarks.measure_pages --store FOLDER --disclosures 200`.

A store of made disclosures is served (it is made if it is not there), the search index and the facts are awaited, and
each kind of page is asked for at addresses that nobody has asked for before, then at the same addresses again. Printed
are the medians of the processor time of the service, with all its processes, of the time by the clock, and the size of
the compressed page. On a machine that does something else, processor time is what can be relied on.
"""

from __future__ import annotations

import gzip
import os
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import click

from benchmarks.corpus import FIRST_DEPARTMENT, FIRST_YEAR
from benchmarks.serve_queries import build_store, write
from benchmarks.take_screenshots import serving

DIVISION = "420107"
OFFICES = range(FIRST_DEPARTMENT, FIRST_DEPARTMENT + 40)
SEARCHED = ("training", "%E5%9F%B9%E8%AE%AD%E8%B4%B9", "qingshan", "housing", "204", "gongjijin", "%E6%8A%80%E6%9C%AF")
FUNCTIONS = ("201", "208", "210", "221", "20101", "20805", "2010101", "2210201")
ECONOMIC = ("301", "302", "303", "310", "30101", "30216", "30231", "30201")
_TICKS = os.sysconf("SC_CLK_TCK")
_SETTLED = 3


@dataclass(frozen=True)
class View:
    """One view of a page: seconds of the processor and by the clock, and bytes as sent."""

    processor: float
    clock: float
    size: int


def addresses(times: int) -> Mapping[str, Sequence[str]]:
    """Return the addresses to ask for, by kind of page; none is asked for twice."""
    offices = [f"{DIVISION}/{number}" for number in OFFICES]
    chosen = offices[20:]
    kinds = {
        "home": ["/", "/?sort=figures", f"/?year={FIRST_YEAR}", "/?verdict=violation", "/?page=2", "/?q=2&sort=title"],
        "search": [f"/search?q={word}" for word in SEARCHED],
        "disclosure": [f"/doc/disclosure/{DIVISION}/{FIRST_YEAR}/budget/{number}" for number in OFFICES],
        "office": [f"/doc/org/{office}" for office in offices],
        "code, function": [f"/code/function/{code}" for code in FUNCTIONS],
        "code, economic class": [f"/code/economic/{code}" for code in ECONOMIC],
        "compare, all offices": [
            f"/compare?rows=organisation&columns={columns}&year={FIRST_YEAR}&show={show}"
            for columns in ("year", "kind", "fund")
            for show in ("amount", "share")
        ],
        "compare, two offices": [
            f"/compare?rows=function&columns=organisation&organisation={first}&organisation={second}"
            for first, second in zip(chosen[::2], chosen[1::2], strict=True)
        ],
        "compare, codes": [
            f"/compare?rows={rows}&columns={columns}"
            for rows in ("function", "economic", "kind")
            for columns in ("year", "phase", "division")
        ],
    }
    return {kind: found[:times] for kind, found in kinds.items()}


@click.command()
@click.option("--store", required=True, type=click.Path(path_type=Path), help="Folder in which stores are kept.")
@click.option("--disclosures", default=200, show_default=True, help="Number of disclosures in the store.")
@click.option("--times", default=5, show_default=True, help="Pages of each kind.")
@click.option("--only", default="", help="Only kinds of page whose name contains this.")
def main(store: Path, disclosures: int, times: int, only: str) -> None:
    """Print a row for each kind of page."""
    with serving(build_store(store / str(disclosures), disclosures)) as address:
        service = find_service()
        settle(address, service)
        write(f"{'page':24}{'first, ms':>12}{'clock':>8}{'again, ms':>12}{'clock':>8}{'KB':>8}{'largest':>9}")
        for kind, paths in addresses(times).items():
            if only not in kind:
                continue
            ask(address + paths[-1] + ("&" if "?" in paths[-1] else "?") + "lang=en", service)
            first = [ask(address + path, service) for path in paths]
            again = [ask(address + path, service) for path in paths]
            write(f"{kind:24}{row(first)}{row(again)}{median_size(first):8.0f}{max(v.size for v in first) / 1e3:9.0f}")


def row(views: Sequence[View]) -> str:
    """Return the medians of views, in milliseconds."""
    processor = statistics.median(view.processor for view in views)
    return f"{1000 * processor:12.0f}{1000 * statistics.median(view.clock for view in views):8.0f}"


def median_size(views: Sequence[View]) -> float:
    """Return the median size of views, in kilobytes."""
    return statistics.median(view.size for view in views) / 1000


def ask(address: str, service: int) -> View:
    """Ask for a page in Chinese, following redirects."""
    headers = {"Accept": "text/html", "Accept-Language": "zh", "Accept-Encoding": "gzip"}
    busy, start = processor_seconds(service), time.perf_counter()
    with urlopen(Request(address, headers=headers), timeout=300) as answer:
        body: bytes = answer.read()
    clock = time.perf_counter() - start
    assert answer.headers["Content-Encoding"] == "gzip", address
    assert b"<h1" in gzip.decompress(body), address
    return View(processor_seconds(service) - busy, clock, len(body))


def find_service() -> int:
    """Return the process that this one has started."""
    [service] = children(os.getpid())
    return service


def settle(address: str, service: int) -> None:
    """Wait until the service has made its index and the files of facts, and does nothing more by itself."""
    ask(address + "/", service)
    ask(address + "/compare", service)
    while True:
        try:
            with urlopen(f"{address}/search?q=204&format=json", timeout=60):
                break
        except HTTPError as error:
            if error.code != 503:
                raise
            time.sleep(1)
    quiet = 0
    while quiet < _SETTLED:
        busy = processor_seconds(service)
        time.sleep(1)
        quiet = quiet + 1 if processor_seconds(service) - busy < 0.05 else 0


def processor_seconds(process: int) -> float:
    """Return the processor time of a process and its descendants, those that have ended included."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / _TICKS
    return own + sum(map(processor_seconds, children(process)))


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that run."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


if __name__ == "__main__":
    main()
