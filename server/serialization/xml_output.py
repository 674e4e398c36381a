"""Refuse what XML 1.0 cannot represent: property names without an XML name, and forbidden characters.

The engine writes them all the same, and no parser reads what comes out. So whatever is written as XML is checked on its
way; a carriage return, which parsers would read as a line feed, is written as a reference.
"""

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, Triple

from ontology.namespaces import RDF
from server.errors import UnwritableTermError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

TYPE = NamedNode(RDF + "type")
RESERVED = frozenset(
    RDF + name
    for name in (
        *("RDF", "ID", "about", "bagID", "parseType", "resource", "nodeID", "datatype"),
        *("Description", "aboutEach", "aboutEachPrefix", "li"),
    )
)
START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
LOCAL_NAME = re.compile(rf"[{START}][{START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*\Z")
CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())
FORBIDDEN = re.compile(rb"[%b]|%b|%b" % (CONTROLS, *NONCHARACTERS))
CUT = 2  # bytes of a forbidden character that the piece before may hold
SHOWN = 60

GRAPH_FORMATS = "text/turtle, application/n-triples, application/ld+json"
RESULT_FORMATS = "application/sparql-results+json, text/csv, text/tab-separated-values"


class XmlOutput(io.RawIOBase):
    """Passes XML on to `output`; raises UnwritableTermError at a character that XML does not have."""

    def __init__(self, output: BinaryIO, form: RdfFormat | QueryResultsFormat) -> None:
        self.output = output
        self.form = form
        self.tail = b""

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Check and pass on."""
        piece = bytes(data)
        checked = self.tail + piece
        if may_be_forbidden(checked) and (found := FORBIDDEN.search(checked)):
            raise unwritable(text_around(checked, found.start()), self.form)
        self.tail = checked[-CUT:]
        self.output.write(piece.replace(b"\r", b"&#13;"))
        return len(piece)


def may_be_forbidden(xml: bytes) -> bool:
    """Check fast whether forbidden characters may be present."""
    return len(xml.translate(None, CONTROLS)) < len(xml) or any(map(xml.__contains__, NONCHARACTERS))


def check_names(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the triples as they are; raises UnwritableTermError at a property or class that RDF/XML has no name for.

    The engine makes an element of the class that a subject is first said to be of.
    """
    known = set[NamedNode]()
    subject: object = None
    for triple in triples:
        property_ = triple.predicate
        if property_ not in known:
            if property_.value in RESERVED or not LOCAL_NAME.search(property_.value):
                raise unwritable(str(property_), RdfFormat.RDF_XML)
            known.add(property_)
        said = triple.object
        if property_ == TYPE and isinstance(said, NamedNode) and said not in known and triple.subject != subject:
            if not LOCAL_NAME.search(said.value):
                raise unwritable(str(said), RdfFormat.RDF_XML)
        elif isinstance(said, Triple):
            list(check_names([said]))
        subject = triple.subject
        yield triple


def unwritable(term: str, form: RdfFormat | QueryResultsFormat) -> UnwritableTermError:
    """Return the error for a term, as far as it is to be shown."""
    offered = GRAPH_FORMATS if isinstance(form, RdfFormat) else RESULT_FORMATS
    return UnwritableTermError(term=term, given=form.media_type, offered=offered)


def text_around(xml: bytes, place: int) -> str:
    """The text between two tags that has a character at `place`, as far as it is to be shown, in SPARQL's escapes."""
    start = max(xml.rfind(b">", 0, place) + 1, place - SHOWN)
    end = xml.find(b"<", place)
    text = xml[start : min(end if end >= 0 else len(xml), place + SHOWN)].decode("utf-8", "ignore")
    shown = (c if c.isprintable() else f"\\u{ord(c):04X}" for c in text)
    return f'"{"".join(shown)}"'
