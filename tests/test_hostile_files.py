"""Files made to do harm, or damaged: each is refused with one reason."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from small_workbooks import ROWS, TITLE, saved, workbook

from converters import DocumentError
from converters.readers import package_limits, read_content

# ── Hostile workbooks ───────────────────────────────────────────────────────────────────────────


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    whole = zipfile.ZipFile(io.BytesIO(saved(workbook({"Sheet1": [(TITLE,), *ROWS]}))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in whole.namelist():
            content = whole.read(name)
            package.writestr(name, change(content) if name == part else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
WIDE = b'</sheetData><mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>'
ENTITY = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("part", "change", "key"),
    [
        (SHEET, lambda xml: xml.replace(b"</sheetData>", FAR), "sheet-too-large"),
        (SHEET, lambda xml: xml.replace(b"</sheetData>", WIDE), "sheet-too-large"),
        (SHEET, lambda xml: ENTITY + xml, "unread-entities"),
        (SHEET, lambda xml: ENTITY.decode().encode("utf-16") + xml, "unread-entities"),
        (SHEET, lambda xml: xml[:200], "workbook-damaged"),
        (SHEET, lambda _: b" " * 10**6, "package-too-large"),
        ("xl/workbook.xml", lambda _: b"", "workbook-damaged"),
    ],
    ids=["far-cell", "wide-merge", "entities", "entities-utf-16", "cut-part", "bomb", "empty-part"],
)
def test_a_hostile_workbook_is_refused_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, part: str, change: Callable[[bytes], bytes], key: str
) -> None:
    monkeypatch.setattr(package_limits, "MOST_UNPACKED", 10**6)
    with pytest.raises(DocumentError) as caught:
        read_content(Path("book.xlsx"), changed(part, change))
    assert caught.value.key == key


def test_a_package_whose_parts_begin_before_the_file_is_damaged() -> None:
    content = saved(workbook({"Sheet1": ROWS}))
    second = content.index(b"PK\x03\x04", 4)
    with pytest.raises(DocumentError) as caught:
        read_content(Path("book.xlsx"), content[:second] + content[second + 20 :])
    assert caught.value.key == "unread-damaged"


def test_a_locked_zip_is_encrypted() -> None:
    content = bytearray(saved(workbook({"Sheet1": ROWS})))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(signature, start + 4)
    with pytest.raises(DocumentError) as caught:
        read_content(Path("book.xlsx"), bytes(content))
    assert caught.value.key == "unread-encrypted"
