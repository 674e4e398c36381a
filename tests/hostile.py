"""Files made to do harm, damaged, or not what their names say."""

import io
import zipfile
from collections.abc import Mapping

import docx
from small_pdfs import LOCKED, PdfPage, write_pdf
from small_workbooks import ROWS, TITLE, saved, workbook

ENTITY = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
WIDE = b'</sheetData><mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>'
SHEET = "xl/worksheets/sheet1.xml"
REPEATED = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:'
    'text:1.0"><office:body><office:spreadsheet><table:table table:name="a"><table:table-row table:number-rows-repeated'
    '="999999999"><table:table-cell table:number-columns-repeated="999999999"><text:p>1</text:p></table:table-cell>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def hostile_files() -> dict[str, bytes]:
    """The files by name; each is to be refused with one message."""
    book = parts_of(saved(workbook({"Sheet1": [(TITLE,), *ROWS]})))
    word = io.BytesIO()
    docx.Document().save(word)
    letter = parts_of(word.getvalue())
    wide = PdfPage()
    wide.box = (-1e9, -1e9, 1e9, 1e9)
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return {
        "empty.pdf": b"",
        "cut.pdf": write_pdf(PdfPage())[:200],
        "locked.pdf": write_pdf(PdfPage(), trailer=LOCKED),
        "boxes.pdf": write_pdf(wide),
        "pages.pdf": write_pdf(*[PdfPage() for _ in range(10_000)]),
        "program.pdf": b"MZ" + bytes(range(256)) * 20,
        "bomb.xlsx": zipped(book | {SHEET: b" " * 300 * 2**20}),
        "far.xlsx": zipped(book | {SHEET: book[SHEET].replace(b"</sheetData>", FAR)}),
        "wide.xlsx": zipped(book | {SHEET: book[SHEET].replace(b"</sheetData>", WIDE)}),
        "cut.xlsx": zipped(book | {SHEET: book[SHEET][:200]}),
        "locked.xlsx": OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
        "cut.xls": OLE + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600,
        "noise.xls": OLE + bytes(range(256)) * 8,
        "entities.docx": zipped(letter | {"word/document.xml": ENTITY + letter["word/document.xml"]}),
        "half.docx": zipped({name: content for name, content in letter.items() if name != "word/document.xml"}),
        "repeated.ods": zipped({"mimetype": mimetype, "content.xml": REPEATED}),
        "script.html": b"<html><body><script>for(;;);</script></body></html>",
        "deep.html": b"<html><body>" + b"<div>" * 100_000 + "某局2024年预算".encode() + b"</body></html>",
        "spans.html": b"<html><table><tr><td rowspan=999999999 colspan=999999999>1</td><td>2</td></tr></table></html>",
        "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "binary.txt": b"\xff\xfe\x00\xd8" * 50,
        "layout.docx": zipped({"OFD.xml": "<ofd/>"}),
        "archive.docx": b"Rar!\x1a\x07\x01\x00" + bytes(100),
        "climbs.zip": zipped({"../../budget.txt": b"x"}),
    }
