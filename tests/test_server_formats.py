"""Content negotiation: media types and languages."""

import pytest

from server.serialization.media_types import (
    GRAPH_TYPES,
    RESULT_TYPES,
    content_type,
    offered_types,
    preferred_languages,
    preferred_type,
)

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("*", JSON),
        ("application/*", JSON),
        ("text/*", "text/csv"),
        (JSON, JSON),
        (f"{JSON};charset=utf-8", JSON),
        ("application/json", "application/json"),
        ("APPLICATION/JSON", "application/json"),
        ("application/foo", None),
        ("application/foo, */*;q=0.1", JSON),
        ("text/foo;q=0.9,text/csv", "text/csv"),
        ("text/foo;q=0.5 , text/json ; q = 0.7", "text/json"),
        ("text/csv, */*", "text/csv"),
        (f"{XML};q=0.5, text/csv;q=0.6", "text/csv"),
        (f"*/*;q=1, {JSON};q=0, text/csv;q=0.5", XML),
        ("text/*, text/csv;q=0", "text/tab-separated-values"),
        ("text/csv;q=0", None),
        ("text/csv;charset=utf-8;q=0, text/csv;q=1, text/tab-separated-values;q=0.5", "text/tab-separated-values"),
        ("text/csv;header=absent;q=0, text/csv;q=1", "text/csv"),
        ("text/csv;header=absent", None),
        ("text/csv;header=present, application/json;q=0.5", "text/csv"),
        ("application/json;header=present", None),
        ("text/csv;charset=iso-8859-1;q=0, text/csv;q=1", "text/csv"),
        ('application/foo;x="a,b;q=1", text/csv', "text/csv"),
        ("text/csv;q=much", "text/csv"),
    ],
)
def test_the_accept_header_chooses(accept: str, expected: str | None) -> None:
    assert preferred_type(accept, None, RESULT_TYPES) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("json", JSON), ("XML", XML), ("csv", "text/csv"), ("text/csv", "text/csv"), ("turtle", None), ("pdf", None)],
)
def test_the_format_parameter_overrides_the_accept_header(name: str, expected: str | None) -> None:
    assert preferred_type("text/tab-separated-values", name, RESULT_TYPES) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("json", "application/ld+json"),
        ("xml", "application/rdf+xml"),
        ("nt", "application/n-triples"),
        ("ttl", "text/turtle"),
        ("csv", None),
    ],
)
def test_the_same_names_serve_for_graphs(name: str, expected: str | None) -> None:
    assert preferred_type("*/*", name, GRAPH_TYPES) == expected


def test_json_ld_is_compacted_whatever_else_a_client_would_take() -> None:
    profiles = " ".join(f"http://www.w3.org/ns/json-ld#{name}" for name in ("expanded", "compacted"))
    assert preferred_type(f'application/ld+json; profile="{profiles}"', None, GRAPH_TYPES) == "application/ld+json"
    assert preferred_type(f'text/turtle; profile="{profiles}"', None, GRAPH_TYPES) is None


@pytest.mark.parametrize("profile", ["compacted", "expanded", "flattened"])
def test_json_ld_is_given_whatever_profile_is_preferred(profile: str) -> None:
    accept = f'application/ld+json;profile="http://www.w3.org/ns/json-ld#{profile}"'
    assert preferred_type(accept, None, GRAPH_TYPES) == "application/ld+json"


def test_each_format_is_offered_once_by_its_proper_name() -> None:
    assert offered_types(RESULT_TYPES) == [JSON, XML, "text/csv", "text/tab-separated-values"]
    assert offered_types(GRAPH_TYPES) == [
        "text/turtle",
        "application/n-triples",
        "application/ld+json",
        "application/rdf+xml",
        "application/n-quads",
        "application/trig",
    ]


def test_text_says_that_it_is_utf_8() -> None:
    assert content_type("text/csv") == "text/csv; charset=utf-8"
    assert content_type(JSON) == JSON


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ("zh", "en")),
        ("*", ("zh", "en")),
        ("fr", ("zh", "en")),
        ("zh-CN,zh;q=0.9,en;q=0.8", ("zh",)),
        ("en-GB", ("en",)),
        ("zh;q=0.3, en;q=0.7", ("en",)),
        ("zh;q=0, en;q=0.1", ("en",)),
    ],
)
def test_a_client_is_addressed_in_its_language(header: str, expected: tuple[str, ...]) -> None:
    assert preferred_languages(header) == expected
