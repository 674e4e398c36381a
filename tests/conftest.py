"""Fixtures of many test modules. Documents, stores and services that some of them share are in `small_*.py`."""

import fcntl
import gc
import pickle
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from hypothesis import settings
from shared_conversions import nothing_shared, share_conversions
from small_disclosures import checked_example, example_tables
from small_edge import broken_app, strict_settings
from small_pages import HTML, Published, publish_pages, short_triples, triples_without_codes, wait_until_counted
from small_service import running_application, undigested_application
from small_store import publish_small

from ontology import DEFAULT_BASE
from server.execution import worker
from server.pages import HtmlPages
from server.search.index.local_index import open_index
from server.settings import Settings
from shapes import set_engine
from yusuan.inputs import Inputs
from yusuan.stores.publishing import publish_checked

ROOT = Path(__file__).parent.parent
MATERIAL = ROOT.parent / "shared"

SharedCopy = Callable[[str, Callable[[Path], None]], Path]

# The same questions in every run, and no stop-watch: a slow machine is not a failing test.
settings.register_profile("house", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("exhaustive", settings.get_profile("house"), max_examples=200)


# Most of what the tests make is what they read or keep: the collector need not look at it so often.
gc.set_threshold(100_000, 50, 50)


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples of a property are tried; let nothing be converted or checked twice, nor in threads."""
    settings.load_profile("exhaustive" if config.getoption("markexpr") == "exhaustive" else "house")
    share_conversions()
    set_engine._MOST_THREADS = 1  # the processes of the tests take the processors


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say which tests are exhaustive besides those that are marked.

    Of a test that is marked `sampled(every=n)` these are all cases but the first, the one `n` after it and so on; when
    the exhaustive tests are run, also properties, which are then tried with more examples.
    """
    is_exhaustive = config.getoption("markexpr") == "exhaustive"
    cases = Counter[tuple[object, str]]()
    for item in items:
        sampled = item.get_closest_marker("sampled")
        test = item.parent, getattr(item, "originalname", item.name)
        if sampled is not None and cases[test] % sampled.kwargs["every"]:
            item.add_marker(pytest.mark.exhaustive)
        cases[test] += 1
        if is_exhaustive and getattr(getattr(item, "function", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.exhaustive)


def pytest_collection_finish() -> None:
    """Keep modules and collected tests out of garbage collection: they live as long as the process."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def material() -> Path:
    """The folder of real disclosures beside the checkout; for tests marked `material`."""
    if not MATERIAL.is_dir():
        pytest.skip("needs the real disclosures, and there is no ../shared beside this checkout")
    return MATERIAL


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium; for tests marked `browser`, which are asked for by name and so never skip."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("needs Chromium, and there is none on the path (on Debian: apt-get install chromium)")
    return Path(program)


@pytest.fixture(scope="session")
def ten_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the example up to its tenth table: one violation, and a third of the time of the whole."""
    lines = (ROOT / "examples" / "qingshan-npc-office-2024-budget.txt").read_text("utf-8").splitlines(keepends=True)
    end = next(n for n, line in enumerate(lines) if line.startswith("表 11."))
    path = tmp_path_factory.mktemp("ten-tables") / "ten-tables.txt"
    path.write_text("".join(lines[:end]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def two_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables 4 and 5 of the example, for what holds of every file."""
    path = tmp_path_factory.mktemp("two-tables") / "two-tables.txt"
    path.write_text(example_tables(4, 5), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def shared_copy(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> SharedCopy:
    """Copies folders for this process. `shared_copy(name, build)` builds a folder in the first process that asks."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def copy(name: str, build: Callable[[Path], None]) -> Path:
        built = shared / f"{name}-built"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not built.exists():
                unfinished = Path(tempfile.mkdtemp(dir=shared))
                build(unfinished)
                unfinished.rename(built)
        return Path(shutil.copytree(built, own / name))

    return copy


def build_example(folder: Path) -> None:
    """Publish the example with short lists."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inputs, "triples", short_triples)
        publish_checked([checked_example()], folder / "store", DEFAULT_BASE)


@pytest.fixture(scope="session")
def example_store(shared_copy: SharedCopy) -> Path:
    """A store with the example and short lists, published once: to be read, or copied before it is written."""
    return shared_copy("example", build_example) / "store"


@pytest.fixture
def made_anew() -> Iterator[None]:
    """What the test converts and checks is converted and checked each time, for tests of the same being the same."""
    with nothing_shared():
        yield


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing takes a third of the time: it leaves out the long lists that no figure of the test uses."""
    monkeypatch.setattr(Inputs, "triples", short_triples)


@pytest.fixture
def no_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing leaves out all code lists, where nothing is asked about codes."""
    monkeypatch.setattr(Inputs, "triples", triples_without_codes)


@pytest.fixture
def sleeping_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that are started while the test lasts sleep where queries say so; see `sleeping_worker`."""
    task_of = worker.worker_task
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr(worker, "worker_task", lambda settings: replace(task_of(settings), module="sleeping_worker"))


@pytest.fixture(scope="session")
def pages_folder(shared_copy: SharedCopy) -> Path:
    """A folder with the store of the tests of the pages and what was published there."""
    return shared_copy("pages", build_pages)


def build_pages(folder: Path) -> None:
    """Publish what the tests of the pages show, with the index that services would make."""
    (folder / "published.pickle").write_bytes(pickle.dumps(publish_pages(folder / "store")))
    open_index(folder / "store", DEFAULT_BASE)


@pytest.fixture(scope="session")
def pages_store(pages_folder: Path) -> Path:
    """Where the store of the tests of the pages is."""
    return pages_folder / "store"


@pytest.fixture(scope="session")
def pages(pages_folder: Path) -> Published:
    """What is in that store."""
    published: Published = pickle.loads((pages_folder / "published.pickle").read_bytes())
    return published


@pytest.fixture(scope="session")
def pages_address(pages_store: Path, pages: Published) -> Iterator[str]:
    """Where the pages of that store are served, without sizes and checksums of downloads."""
    assert pages.current.version
    with running_application(undigested_application(Settings(pages_store, workers=1), HtmlPages())) as address:
        yield address


@pytest.fixture(scope="session")
def site_session(pages_address: str) -> Iterator[httpx2.Client]:
    """A client for all tests of the pages."""
    with httpx2.Client(base_url=pages_address, headers=HTML, timeout=60) as client:
        yield client


@pytest.fixture
def site(site_session: httpx2.Client) -> httpx2.Client:
    """A client that prefers Chinese pages and has not been there before."""
    site_session.cookies.clear()
    return site_session


@pytest.fixture
def counted_site(site: httpx2.Client) -> httpx2.Client:
    """The site when everything is counted, for which nobody is kept waiting long."""
    wait_until_counted(site)
    return site


@pytest.fixture
def indexed_site(site: httpx2.Client) -> httpx2.Client:
    """The site when its search index is built."""
    for _ in range(60):
        if site.get("/search.json", params={"q": "a"}).status_code == 200:
            break
        time.sleep(0.2)
    return site


@pytest.fixture(scope="module")
def strict_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small store, for a service with strict limits."""
    return publish_small(tmp_path_factory.mktemp("strict") / "store").path


@pytest.fixture(scope="module")
def strict_address(strict_store: Path) -> Iterator[str]:
    """A service with strict limits, in which a page is broken."""
    with running_application(broken_app(strict_settings(strict_store))) as address:
        yield address


@pytest.fixture
def strict_client(strict_address: str) -> Iterator[httpx2.Client]:
    """A client of that service."""
    with httpx2.Client(base_url=strict_address) as client:
        yield client
