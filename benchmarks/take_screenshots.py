"""Renew the pictures of the documentation: `python -m benchmarks.take_screenshots [--store DIRECTORY] [NAME…]`.

The examples are published in a temporary store (or the store given is used, which must hold them), its pages are served
on a free port and drawn by Chromium, and each picture is reduced to 128 colours. Needs `chromium` and a Chinese font
(on Debian: `chromium`, `fonts-noto-cjk`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import click
from PIL import Image

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT, COLOURS = 1280, 1080, 128
PAGES = {
    "disclosure": "/id/disclosure/420107/2024/budget/108",
    "compare": "/compare?scope=vehicles&show=per-head&unit=yuan",
}
"""The path of each picture's page; the page is in Chinese."""


@click.command(help=__doc__)
@click.option("--store", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Store with the examples.")
@click.argument("names", nargs=-1, type=click.Choice(list(PAGES)))
def main(store: Path | None, names: tuple[str, ...]) -> None:
    """Draw the pages and write the pictures."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise click.ClickException("chromium is missing (on Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        if store is None:
            store = Path(folder) / "store"
            publish_examples(store)
        with serving(store) as address:
            for name in names or PAGES:
                drawn = Path(folder) / f"{name}.png"
                draw(chromium, final_address(address + PAGES[name]), drawn, Path(folder) / "profile")
                size = reduce(drawn, IMAGES / f"{name}.png")
                click.echo(f"{IMAGES.relative_to(ROOT) / name}.png  {size / 1000:,.0f} kB")


def publish_examples(store: Path) -> None:
    """Publish what `make demo` publishes."""
    examples = ROOT / "examples"
    for arguments in (
        [*sorted(examples.glob("*.txt")), examples / "notices"],
        [*sorted((examples / "made").glob("*.txt")), "--made"],
    ):
        run = [sys.executable, "-m", "yusuan", "publish", *map(str, arguments), "--store", str(store)]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """Serve a store on a free port while the block lasts; yield the address."""
    run = [sys.executable, "-m", "yusuan", "serve", "--store", str(store), "--port", "0", "--lang", "en"]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = next(line for line in process.stdout if "http://" in line)
            yield line.split()[-1].rstrip("/")
        finally:
            process.terminate()


def final_address(address: str) -> str:
    """Return the address in Chinese to which redirects lead; the first answer of a service takes longest."""
    with urlopen(Request(address, headers={"Accept": "text/html", "Accept-Language": "zh"}), timeout=120) as answer:
        final: str = answer.url
    return f"{final}{'&' if '?' in final else '?'}lang=zh"


def draw(chromium: str, address: str, path: Path, profile: Path) -> None:
    """Write what Chromium shows at an address as a PNG."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--lang=zh-CN"]
    flags += [f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={path}"]
    run = [chromium, *flags, "--virtual-time-budget=5000", address]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)


def reduce(drawn: Path, path: Path) -> int:
    """Write a picture in few colours and return its size in bytes."""
    with Image.open(drawn) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    main()
