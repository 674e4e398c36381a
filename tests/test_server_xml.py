"""What XML cannot say, however it comes."""

import io

import pytest
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple
from small_store import BASE

from server.errors import UnwritableTermError
from server.serialization.jsonld import graph_to_bytes
from server.serialization.xml_output import XmlOutput

THING = NamedNode("http://a")


def test_a_description_is_held_to_it_too() -> None:
    triple = Triple(THING, NamedNode("http://b/1"), Literal("c"))
    assert b"http://b/1" in graph_to_bytes([triple], RdfFormat.TURTLE, {}, BASE, "")
    with pytest.raises(UnwritableTermError, match="<http://b/1>"):
        graph_to_bytes([triple], RdfFormat.RDF_XML, {}, BASE, "")


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_character_that_comes_in_pieces_is_seen(size: int) -> None:
    written = io.BytesIO()
    output = XmlOutput(written, QueryResultsFormat.XML)
    text = "<a>预算￥\ufffd</a><b>\uffff</b>".encode()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    with pytest.raises(UnwritableTermError, match=r"\\uFFFF"):
        output.writelines(pieces)
    assert len(written.getvalue()) < len(text)
