"""A file is what its content says, whatever its name; what cannot be read says what to save it as."""

import io
import zipfile
from pathlib import Path

import pytest

from converters import DocumentError
from converters.readers import read_content
from converters.readers.sniffing import sniff_format

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def zipped(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        if mimetype:
            package.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name in names:
            package.writestr(zipfile.ZipInfo(name), "x")  # without the time, so that names of tests stay the same
    return out.getvalue()


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\0" * 40


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\0\n%PDF-1.4", "pdf"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (zipped("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
        (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "unknown-package"),
        (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "odt"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (zipped("a.txt", "b.pdf"), "zip"),
        (zipped(), "zip"),
        (zipped("a.txt")[:30], "damaged"),
        (zipped("_rels/.rels", "word/document.xml"), "damaged"),
        (zipped("xl/workbook.xml", "xl/worksheets/sheet1.xml"), "damaged"),
        (zipped("word/budget.docx"), "zip"),
        (ole("Workbook"), "xls"),
        (ole("Book"), "xls"),
        (ole("WordDocument"), "doc"),
        (ole("EncryptedPackage"), "encrypted"),
        (OLE, "damaged"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"<!DOCTYPE html>\n<html>", "html"),
        (b"\xef\xbb\xbf\r\n<HTML xmlns:o='x'><table>", "html"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "html"),
        (b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook>", "office-xml"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "web-archive"),
        (b"Rar!\x1a\x07", "archive"),
        (b"\x89PNG\r\n", "picture"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b" " * 5000 + b"201\t5", "text"),
        ("编码\t合计".encode(), "text"),
        (b"1 < 2", "text"),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, name: str) -> None:
    assert sniff_format(content) == name


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (zipped("OFD.xml"), "PDF"),
        (b"{\\rtf1", "docx"),
        (ole("WordDocument"), "docx"),
        (zipped("[Content_Types].xml", "xl/workbook.bin"), "xlsx"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), ".pdf"),
        (ole("EncryptedPackage"), "密码"),
        (b"Rar!\x1a\x07", "zip"),
        (b"\x89PNG\r\n", "OCR"),
        (b"", "空"),
    ],
)
def test_what_is_not_read_says_what_to_do(content: bytes, remedy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # no office program that would convert it
    with pytest.raises(DocumentError) as caught:
        read_content(Path("预算.docx"), content)
    assert "预算.docx" in caught.value.text("zh")
    assert remedy in caught.value.text("zh")
    assert caught.value.text("en") != caught.value.text("zh")
