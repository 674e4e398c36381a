"""Measure the page that checks a file: `python -m benchmarks.measure_checks --store FOLDER FILE…`.

Each file is sent as a browser sends it, to a service over the store (any store will do), and its progress is asked for
every tenth of a second. Printed are the seconds by the clock until the first finding is told and until the page of the
result has arrived, and the processor time of the service with all its processes.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

import click

from benchmarks.measure_pages import find_service, processor_seconds, settle
from benchmarks.serve_queries import write
from benchmarks.take_screenshots import serving

STEP = 0.1


@dataclass
class CheckTimes:
    """Seconds from sending a file: when each stage was first seen, the first finding, and the end."""

    began: float = field(default_factory=time.perf_counter)
    stages: dict[str, float] = field(default_factory=dict)
    first: float | None = None
    end: float = 0.0

    def now(self) -> float:
        """Return the seconds since the file was sent."""
        return time.perf_counter() - self.began


@click.command()
@click.option("--store", required=True, type=click.Path(path_type=Path, exists=True), help="Folder of a store.")
@click.option("--times", default=2, show_default=True, help="Checks of each file.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def main(store: Path, times: int, files: tuple[Path, ...]) -> None:
    """Print a row for each check."""
    with serving(store) as address:
        service = find_service()
        settle(address, service)
        write(f"{'file':30}{'first, s':>10}{'end, s':>8}{'processor, s':>14}  stages")
        for file in (file for file in files for _ in range(times)):
            busy = processor_seconds(service)
            measured = check(address, file)
            first = "-" if measured.first is None else f"{measured.first:.1f}"
            stages = " ".join(f"{stage} {seconds:.1f}" for stage, seconds in measured.stages.items())
            spent = processor_seconds(service) - busy
            write(f"{file.name[:29]:30}{first:>10}{measured.end:8.1f}{spent:14.1f}  {stages}")


def check(address: str, file: Path) -> CheckTimes:
    """Send a file and follow its check."""
    token, boundary = uuid4().hex, uuid4().hex
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    head = f'{part}progress"\r\n\r\n{token}\r\n{part}file"; filename="{file.name}"\r\n\r\n'
    body = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept": "text/html"}
    measured = CheckTimes()
    with sent(Request(f"{address}/check", data=body, headers=headers), measured) as sending:
        while sending.is_alive():
            time.sleep(STEP)
            with urlopen(f"{address}/check/progress/{token}", timeout=60) as answer:
                told = json.load(answer) if answer.status == 200 else None
            if told is not None:
                measured.stages.setdefault(told["stage"], measured.now())
                if told["findings"] and measured.first is None:
                    measured.first = measured.now()
    return measured


@contextmanager
def sent(request: Request, measured: CheckTimes) -> Iterator[threading.Thread]:
    """Send a request in a thread, which notes when its answer has arrived; wait for it at the end of the block."""

    def send() -> None:
        with urlopen(request, timeout=300) as answer:
            answer.read()
        measured.end = measured.now()

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield thread
    finally:
        thread.join()


if __name__ == "__main__":
    main()
