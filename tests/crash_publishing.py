"""Publishes into copies of a store and kills itself at one step after another.

Run as `python crash_publishing.py TEMPLATE FOLDER STEPS`: TEMPLATE is a store, and FOLDER/NUMBER becomes a copy of
it in which a publication was killed at that step. With STEPS `every`, these are the steps in which the system or the
engine is asked for something, and some between them; with `sample` the first and the last of each kind.
Prints a line `NUMBER STEP` for each. The parent never opens a database, so that it may fork.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from small_store import RULES, SECOND, VOCABULARY, small_version

from server.store.generation_store import GenerationStore

SYSTEM = {"flock", "fsync", "mkdir", "open", "rename", "replace", "rmdir", "unlink", "write"}
BETWEEN = 25
REPORT = "steps"


def publish(path: Path, at_step: Callable[[str], None]) -> None:
    """Publish a new version, and tell of every function that is called and of its end."""

    def step(frame: FrameType, event: str, argument: object) -> None:
        name = getattr(argument, "__qualname__", "") if event.startswith("c_") else frame.f_code.co_name
        at_step(f"{event} {name}")

    version = small_version("108", 2024, "111.00", "new", SECOND)
    store = GenerationStore(path)
    sys.setprofile(step)
    store.publish([version], VOCABULARY, RULES)
    sys.setprofile(None)


def in_child(work: Callable[[], None]) -> None:
    """Do something in another process and wait for its end."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    os.waitpid(child, 0)


def list_steps(template: Path, folder: Path) -> list[str]:
    """All steps of a publication, in order."""
    path, report = folder / "whole", folder / REPORT
    shutil.copytree(template, path)
    steps: list[str] = []

    def work() -> None:
        publish(path, steps.append)
        report.write_text("\n".join(steps), encoding="utf-8")

    in_child(work)
    return report.read_text(encoding="utf-8").splitlines()


def chosen_steps(steps: list[str], which: str) -> list[int]:
    """The steps at which to be killed: around calls of the system and of the engine, and now and then between them."""
    asked: dict[str, list[int]] = {"between": list(range(0, len(steps), max(1, len(steps) // BETWEEN)))}
    for number, step in enumerate(steps):
        if step.startswith("c_") and (step.split(" ")[1] in SYSTEM or " Store." in step):
            asked.setdefault(step, []).append(number)
    if which == "sample":
        asked = {kind: [numbers[0], numbers[-1]] for kind, numbers in asked.items()}
    return sorted({number for numbers in asked.values() for number in numbers})


def main() -> None:
    """Be killed at each of the chosen steps."""
    template, folder, which = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    steps = list_steps(template, folder)
    for number in chosen_steps(steps, which):
        path = shutil.copytree(template, folder / str(number))
        count = 0

        def at_step(_: str, last: int = number) -> None:
            nonlocal count
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1

        in_child(lambda path=path, at_step=at_step: publish(path, at_step))  # type: ignore[misc]
        sys.stdout.write(f"{number} {steps[number]}\n")


if __name__ == "__main__":
    main()
