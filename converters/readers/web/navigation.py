"""Parts of a web page that are not content: scripts, hidden elements, menus and other lists of links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import html

_SILENT_TAGS = (
    "script style noscript template head iframe object svg math audio video select button textarea nav footer aside map"
    " dialog"
)
_SILENT = frozenset(_SILENT_TAGS.split())
_ROLE_NAMES = "navigation banner contentinfo search menu menubar dialog complementary"
_ROLES = frozenset(_ROLE_NAMES.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MENU = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|bread-?crumbs?|crumbs?|footer|share|sidebar|copyright)(?:$|[-_ ])"
)
_GROUPS = frozenset(("ul", "ol", "dl", "div", "p", "table", "header", "section", "td"))
_MOSTLY = 0.5
_FEWEST_LINKS = 2
_ATTACHED_ENDINGS = ".pdf .doc .docx .wps .xls .xlsx .et .ods .odt .ofd .rtf .zip .rar .7z"
ATTACHED = frozenset(_ATTACHED_ENDINGS.split())
"""The extensions of files offered for download."""


def is_left_out(element: html.HtmlElement) -> bool:
    """Return whether an element is not displayed or is navigation."""
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return True
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
        return True
    if element.get("role", "") in _ROLES:
        return True
    named = f"{element.get('class', '')} {element.get('id', '')}".lower()
    return (bool(_MENU.search(named)) and not _holds_table(element)) or _is_list_of_links(element)


def _holds_table(element: html.HtmlElement) -> bool:
    return element.tag == "table" or element.find(".//table") is not None


def _is_list_of_links(element: html.HtmlElement) -> bool:
    """Return whether nearly all text of a group of elements is in links to other pages."""
    if element.tag not in _GROUPS:
        return False
    links = list(element.iter("a"))
    if len(links) < _FEWEST_LINKS or any(attachment_of(link) for link in links):
        return False
    linked = sum(_length(link) for link in links)
    return linked > 0 and linked >= _MOSTLY * _length(element)


def _length(element: html.HtmlElement) -> int:
    return len("".join(element.text_content().split()))


def attachment_of(link: html.HtmlElement) -> str | None:
    """Return the address of the file that a link offers; None if the link leads to a page."""
    address = str(link.get("href", "")).strip()
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return None
    return address if PurePosixPath(path).suffix.lower() in ATTACHED else None


def attachments(root: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield (name, address) of each file that a page offers."""
    seen = set()
    for link in root.iter("a"):
        address = attachment_of(link)
        if address is not None and address not in seen:
            seen.add(address)
            yield " ".join(link.text_content().split()) or PurePosixPath(unquote(urlsplit(address).path)).name, address
