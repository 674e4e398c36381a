"""The text and tables of a web page in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from lxml import etree, html

from converters.model.document import Document, DocumentError, Issue, TextBlock
from converters.readers.assembly import assemble_document
from converters.readers.raw_tables import LAYOUT_SHARE, RawTable
from converters.readers.web.encoding import decode_page
from converters.readers.web.navigation import attachments, is_left_out
from converters.readers.web.tables import TableTooLargeError, read_table
from ontology.locators import Locator
from ontology.vocabulary import Vocabulary

_INLINE_TAGS = (
    "a abbr acronym b bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup"
    " tt u var o:p st1:p"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
_WRAP = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n]\s*(?={_WIDE})")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TITLE = re.compile(r"<title[^>]*>([^<]*)</title>", re.IGNORECASE)
_SITE = re.compile(r" [-\u2014] |[_|]")


@dataclass
class _Page:
    """A page being read: the current line of text, and the number of paragraphs and tables so far."""

    flow: list[TextBlock | RawTable] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0

    def end_line(self) -> None:
        text = collapse("".join(self.line))
        self.line.clear()
        if text:
            self.paragraphs += 1
            self.flow.append(TextBlock(text, Locator(paragraph=self.paragraphs)))


def collapse(text: str) -> str:
    """Return the text with white space collapsed as in a browser; a line end between Chinese characters is dropped."""
    return _SPACES.sub(" ", _WRAP.sub("", text)).replace("\xa0", " ").strip(" \u3000\u2003\u2002\u2009\u200b\ufeff")


def read_html(path: Path, content: bytes, vocabulary: Vocabulary) -> Document:
    """Return the displayed content of a page without navigation; files offered for download become issues.

    Raise DocumentError if the page has no known encoding, is empty, or is nested too deeply.
    """
    text = _XML_DECLARATION.sub("", decode_page(path, content)).replace("\0", "")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    page = _Page()
    try:
        root = html.document_fromstring(text, parser)
        _walk(root, page)
    except (etree.ParserError, etree.XMLSyntaxError, RecursionError) as error:
        raise DocumentError("unread-damaged", file=path) from error
    except TableTooLargeError as error:
        raise DocumentError("table-too-large", file=path, table=page.tables) from error
    page.end_line()
    issues = [Issue("attachment", Locator(), {"name": name, "address": a}) for name, a in attachments(root)]
    return assemble_document(path, content, "html", page.flow, vocabulary, issues)


def read_page_title(path: Path, content: bytes) -> str | None:
    """Return the title in the head of a page, without the name of the site behind it; None if there is none."""
    match = _TITLE.search(decode_page(path, content))
    title = collapse(unescape(match[1])) if match else ""
    return _SITE.split(title, maxsplit=1)[0].strip() or None


def _walk(element: html.HtmlElement, page: _Page) -> None:
    if is_left_out(element):
        return
    if element.tag == "table" and not _is_layout(element):
        _add_table(element, page)
        return
    block = element.tag not in _INLINE
    if block:
        page.end_line()
    page.line.append(_own_text(element))
    for child in element:
        if isinstance(child.tag, str):
            _walk(child, page)
        page.line.append(child.tail or "")
    if block:
        page.end_line()


def _own_text(element: html.HtmlElement) -> str:
    """Return the text before the first child, with the number of an ordered list item."""
    if element.tag != "li" or (parent := element.getparent()) is None or parent.tag != "ol":
        return element.text or ""
    start = parent.get("start", "1")
    number = (int(start) if start.isdecimal() else 1) + sum(1 for _ in element.itersiblings("li", preceding=True))
    return f"{number}. {element.text or ''}"


def _is_layout(table: html.HtmlElement) -> bool:
    """Return whether a table only arranges the page: most of its text stands in nested tables."""
    inner = [t for t in table.iter("table") if t is not table and _nearest_table(t) is table]
    nested = sum(len("".join(t.text_content().split())) for t in inner)
    return bool(inner) and nested > LAYOUT_SHARE * len("".join(table.text_content().split()))


def _nearest_table(element: html.HtmlElement) -> html.HtmlElement | None:
    return next(element.iterancestors("table"), None)


def _add_table(table: html.HtmlElement, page: _Page) -> None:
    page.end_line()
    caption = table.find("caption")
    if caption is not None:
        _walk(caption, page)
    page.tables += 1
    page.flow.append(read_table(table, page.tables, _cell_text))
    for inner in table.iter("table"):
        if inner is not table and _nearest_table(inner) is table:
            _walk(inner, page)


def _cell_text(cell: html.HtmlElement) -> str:
    return "\n".join(filter(None, map(collapse, "".join(_pieces(cell)).split("\v"))))


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    """Yield the text of a cell without nested tables, with a vertical tab at each line end."""
    yield _own_text(element).replace("\v", " ")
    for child in element:
        if isinstance(child.tag, str) and child.tag != "table" and not is_left_out(child):
            ends = child.tag not in _INLINE
            yield "\v" if ends else ""
            yield from _pieces(child)
            yield "\v" if ends else ""
        yield (child.tail or "").replace("\v", " ")
