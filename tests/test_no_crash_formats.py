"""Office documents and web pages with any change inside are read or refused with a reason, never a traceback."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_disclosures import BUREAU, tabbed, table

from benchmarks.renderings.__main__ import WRITERS
from benchmarks.renderings.pieces import read_pieces
from converters import DocumentError, convert_document
from converters.readers import read_content

TEXT = tabbed(
    f"{BUREAU}2024年部门预算\n"
    + table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1,234.50\n20101 | 人大事务 | 1,234.50")
    + f"\n{BUREAU}2024年支出预算1234.50元。\n"
)
PIECES = list(read_pieces(read_content(Path("budget.txt"), TEXT.encode())))
CONTENTS = {ending: write(PIECES, layouts[0]) for ending, (write, layouts) in WRITERS.items()}
PACKAGES = sorted(ending for ending, content in CONTENTS.items() if zipfile.is_zipfile(io.BytesIO(content)))
INSERTED = (
    *("", '"', "<", ">", "&", "]]>", "</w:tbl>", "<w:tr/>", "<row/>", "<c/>", "</td>", "<table>", "<td rowspan=99999>"),
    *(' colspan="-1"', ' w:val="99999999"', ' r="ZZZ0"', ' r="A1048577"', 'number-rows-repeated="10000000"', ' t="s"'),
    *(' t="e"', "<v>1e999</v>", "<v>-</v>", "<v>NaN</v>", "&#0;", "&#x110000;", "\x00", "\ud800", "٣", "9" * 5000),
)
Change = tuple[int, int, int, str]
"""The number of a part, a place in it, how many characters go, and what comes."""
changes = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 10**6), st.integers(0, 40), st.sampled_from(INSERTED)),
    min_size=1,
    max_size=4,
)
spoils = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
FEW = settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=SLOW)
MANY = settings(max_examples=90, deadline=None, suppress_health_check=SLOW)


def read_or_refuse(name: str, content: bytes) -> None:
    try:
        conversion = convert_document(read_content(Path(name), content))
    except DocumentError:
        return
    assert conversion.triples


def changed_text(content: bytes, changed: Sequence[Change]) -> bytes:
    text = content.decode("utf-8", "surrogateescape")
    for _, place, length, inserted in changed:
        start = place % (len(text) + 1)
        text = text[:start] + inserted + text[start + length :]
    return text.encode("utf-8", "surrogatepass")


def changed_package(content: bytes, changed: Sequence[Change]) -> bytes:
    """A package with changes inside its parts, each of which is most often the part with the tables."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as written:
        names = sorted(package.namelist(), key=lambda name: -package.getinfo(name).file_size)
        for number, name in enumerate(names):
            own = [change for change in changed if change[0] % (2 * len(names)) in (number, number + len(names))]
            own += [change for change in changed if number < 2 and change[0] % 2 == number]
            part = package.read(name)
            written.writestr(name, changed_text(part, own) if own else part)
    return out.getvalue()


def spoilt(content: bytes, spoiled: Sequence[tuple[int, int]]) -> bytes:
    bytes_ = bytearray(content)
    for place, value in spoiled:
        bytes_[place % len(bytes_)] = value
    return bytes(bytes_)


def check_packages(ending: str, bound: settings) -> None:
    @bound
    @given(changes)
    def check(changed: list[Change]) -> None:
        read_or_refuse(f"budget.{ending}", changed_package(CONTENTS[ending], changed))

    check()


def check_pages(bound: settings) -> None:
    @bound
    @given(changes)
    def check(changed: list[Change]) -> None:
        read_or_refuse("budget.html", changed_text(CONTENTS["html"], changed))

    check()


def check_spoilt(ending: str, bound: settings) -> None:
    @bound
    @given(spoils)
    def check(spoiled: list[tuple[int, int]]) -> None:
        read_or_refuse(f"budget.{ending}", spoilt(CONTENTS[ending], spoiled))

    check()


CHECKS: dict[str, Callable[[settings], None]] = {
    **{f"{ending}-parts": lambda bound, ending=ending: check_packages(ending, bound) for ending in PACKAGES},  # type: ignore[misc]
    **{f"{ending}-bytes": lambda bound, ending=ending: check_spoilt(ending, bound) for ending in CONTENTS},  # type: ignore[misc]
    "html-text": check_pages,
}


@pytest.mark.parametrize("check", CHECKS)
def test_a_changed_file_is_read_or_refused(check: str) -> None:
    CHECKS[check](FEW)


@pytest.mark.exhaustive
@pytest.mark.parametrize("check", CHECKS)
def test_many_changed_files_are_read_or_refused(check: str) -> None:
    CHECKS[check](MANY)
