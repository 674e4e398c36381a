"""File formats, recognised by content; the file name does not matter."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection

PDF, XLSX, XLS, ODS, DOCX, HTML, TEXT, ZIP = "pdf", "xlsx", "xls", "ods", "docx", "html", "text", "zip"
DOC, RTF, ODT = "doc", "rtf", "odt"
PACKAGES = frozenset({XLSX, DOCX, ODS, ODT})
"""The formats that are zipped packages of parts."""
NOT_OF_TEXTS = frozenset(
    (*(f".{name}" for name in (PDF, XLSX, XLS, ODS, DOCX, DOC, RTF, ODT, ZIP)), ".et", ".wps", ".xlsm")
)
"""Endings of names that promise another format than text."""
EMPTY, ENCRYPTED, DAMAGED = "empty", "encrypted", "damaged"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"{\\rtf", RTF),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
)
_OLE_STREAMS = (("EncryptedPackage", ENCRYPTED), ("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS))
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.spreadsheet": ODS,
    b"application/vnd.oasis.opendocument.text": ODT,
}
_PARTS = frozenset({"_rels/.rels", "word/document.xml", "xl/workbook.xml", "META-INF/manifest.xml"})
"""Parts of office documents; no archive of files has them, so that what says which document it is has been lost."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p|meta|script)[\s>]", re.IGNORECASE)
_WEB_ARCHIVE = re.compile(rb"\A\s*(?:[\w-]+:[^\n]*\n)*?content-type:\s*multipart/related", re.IGNORECASE)
_OFFICE_XML = re.compile(rb"<\?mso-application|urn:schemas-microsoft-com:office:spreadsheet|<pkg:package")
_LOOKED_AT = 4096


def sniff_format(content: bytes) -> str:
    """Return the format of the bytes of a file, `text` if no other is recognised.

    The result is a name of this module, or the name of an unsupported format with a message (`ofd`, `picture`).
    """
    start = content[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return EMPTY if not content.strip(b"\xef\xbb\xbf \t\r\n") else TEXT
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _package_format(content)
    if content.startswith(_OLE):
        return _ole_format(content)
    return next((name for signature, name in _SIGNATURES if start.startswith(signature)), None) or _markup_format(start)


def _markup_format(start: bytes) -> str:
    if _OFFICE_XML.search(start):
        return "office-xml"
    if _WEB_ARCHIVE.search(start):
        return "web-archive"
    return HTML if start.startswith(b"<") and _HTML.search(start) else TEXT


def _package_format(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if "mimetype" in names and package.getinfo("mimetype").file_size < _LOOKED_AT:
                return _OPEN_DOCUMENTS.get(package.read("mimetype").strip(), "unknown-package")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return DAMAGED
    if "[Content_Types].xml" in names:
        return _office_format(names)
    if names & _PARTS:
        return DAMAGED
    return "ofd" if "OFD.xml" in names else ZIP


def _office_format(names: Collection[str]) -> str:
    if any(name.startswith("xl/") for name in names):
        return "xlsb" if "xl/workbook.bin" in names else XLSX
    return DOCX if any(name.startswith("word/") for name in names) else "unknown-package"


def _ole_format(content: bytes) -> str:
    """Return the format of an OLE container from the names in its directory, which are stored as UTF-16."""
    streams = ((name.encode("utf-16-le") + b"\0\0", format_name) for name, format_name in _OLE_STREAMS)
    return next((format_name for name, format_name in streams if name in content), DAMAGED)
