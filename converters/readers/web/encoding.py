"""The encoding of a web page: declared, or found by decoding, or guessed."""

from __future__ import annotations

import re
from pathlib import Path

from charset_normalizer import from_bytes

from converters.model.document import DocumentError

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_LOOKED_AT = 4096
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHINESE = ("gb2312", "gbk", "gb_2312", "x-gbk", "cp936")
"""Older encodings; pages that declare one use characters of gb18030, which contains all of them."""


def decode_page(path: Path, content: bytes) -> str:
    """Return the text of a page. Raise DocumentError if no encoding fits its bytes."""
    for encoding in _candidates(content):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(content).best()
    if best is None:
        raise DocumentError("not-text", file=path)
    return str(best)


def _candidates(content: bytes) -> list[str]:
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    found = _DECLARED.search(content[:_LOOKED_AT])
    declared = found[1].decode("ascii").lower() if found else ""
    declared = "gb18030" if declared in _CHINESE else declared
    return [*marked, *([declared] if declared else []), "utf-8", "gb18030"]
