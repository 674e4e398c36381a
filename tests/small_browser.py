"""Chromium driven over a pair of pipes, with the DevTools protocol; nothing but the standard library."""

import base64
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import Any

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-dev-shm-usage --hide-scrollbars --lang=zh-CN --remote-debugging-pipe"
)

PATIENCE = 60.0
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
STILL = [{"name": "prefers-reduced-motion", "value": "reduce"}]


class Tab:
    """A tab: where it goes, what it is asked, and what it complained of."""

    def __init__(self, commands: int, answers: int) -> None:
        self.commands = os.fdopen(commands, "wb", buffering=0)
        self.answers = answers
        self.unread = b""
        self.number = 0
        self.session: str | None = None
        self.complaints: list[str] = []
        self.happened: set[str] = set()

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command and wait for its result; what happens meanwhile is noted."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        self.commands.write(json.dumps(command).encode() + b"\0")
        patience = time.monotonic() + PATIENCE
        while time.monotonic() < patience:
            answer = self.read()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer["error"]
                result: dict[str, Any] = answer["result"]
                return result
        raise AssertionError(f"the browser does not answer {method}")

    def read(self) -> dict[str, Any]:
        """The next message; complaints of the console and of the network are kept."""
        while b"\0" not in self.unread:
            assert select([self.answers], [], [], PATIENCE)[0], "the browser does not answer"
            received = os.read(self.answers, 2**16)
            assert received, "the browser has gone"
            self.unread += received
        text, _, self.unread = self.unread.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        method, parameters = message.get("method", ""), message.get("params", {})
        self.happened.add(method)
        if method == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(parameters["exceptionDetails"]))
        return message

    def open(self, address: str, width: int = 1280, height: int = 900) -> None:
        """Go to an address in a window of a size and wait until the page has loaded; a jump on a page is no loading."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.tell("Emulation.setDeviceMetricsOverride", **size)
        for url in ("about:blank", address):
            self.happened.discard("Page.loadEventFired")
            self.tell("Page.navigate", url=url)
            self.wait_for("Page.loadEventFired")

    def wait_for(self, event: str) -> None:
        """Read until something has happened."""
        patience = time.monotonic() + PATIENCE
        while event not in self.happened:
            assert time.monotonic() < patience, f"the browser does not tell of {event}"
            self.read()

    def ask(self, script: str) -> Any:
        """The value of a JavaScript expression, promises awaited."""
        answer = self.tell("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def move_to(self, selector: str) -> None:
        """Put the pointer over the first element that a selector finds."""
        x, y = self.ask(
            f"(() => {{ const e = document.querySelector({selector!r}); e.scrollIntoView({{block: 'center'}});"
            " const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + 3]; })()"
        )
        self.tell("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def press(self, key: str) -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            self.tell("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEYS[key])

    def take_picture(self, path: Path) -> None:
        """Write what is seen as a PNG."""
        path.write_bytes(base64.b64decode(self.tell("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def open_browser(chromium: Path, profile: Path) -> Iterator[Tab]:
    """A tab in a browser of its own."""
    from_us, commands = os.pipe()
    answers, to_us = os.pipe()
    script = f'exec "$0" {FLAGS} --user-data-dir="$1" about:blank 3<&{from_us} 4>&{to_us}'
    process = subprocess.Popen(
        ["bash", "-c", script, str(chromium), str(profile)],
        pass_fds=(from_us, to_us),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(from_us)
    os.close(to_us)
    tab = Tab(commands, answers)
    try:
        target = tab.tell("Target.createTarget", url="about:blank")["targetId"]
        tab.session = tab.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            tab.tell(f"{domain}.enable")
        tab.tell("Emulation.setEmulatedMedia", features=STILL)
        yield tab
    finally:
        process.terminate()
        process.wait(60)
        tab.commands.close()
        os.close(answers)
