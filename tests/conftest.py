"""What many tests share; what only one module needs stands in that module."""

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
MATERIAL = ROOT.parent / "shared"

# The same questions in every run, and no stop-watch: a slow machine is not a failing test.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


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
