"""What a publication changes in a SPARQL service is read as if it stood there; what a new version says is sent once."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat
from small_sparql_service import sparql_service
from small_store import RULES, VOCABULARY, small_version

from server.store.generation_store import open_store
from server.store.remote import editing
from server.store.remote.addresses import read_addresses
from server.store.remote.connection import ServiceConnection
from server.store.remote.editing import EditedGeneration

DEFAULT = DefaultGraph()
GRAPH, OTHER = NamedNode("urn:graph"), NamedNode("urn:other")
PREDICATE = NamedNode("urn:says")
THINGS = [NamedNode(f"urn:thing:{number}") for number in range(3)]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """The settings file of a store with one version."""
    with sparql_service() as service:
        file = service.write_settings(tmp_path)
        open_store(file).publish([small_version("108", 2024, "100.50", "人大办")], VOCABULARY, RULES)
        yield file


@pytest.fixture
def edited(file: Path, tmp_path: Path) -> Iterator[EditedGeneration]:
    """A generation with two new graphs, each of two things, one of which is the same."""
    with contextlib.closing(EditedGeneration(read_addresses(file), 1, tmp_path / "changes")) as edited:
        for graph, things in ((GRAPH, THINGS[:2]), (OTHER, THINGS[1:])):
            text = "".join(f"{thing} {PREDICATE} {Literal(7)} .\n" for thing in things)
            edited.load(text.encode(), RdfFormat.N_TRIPLES, to_graph=graph)
        yield edited


def said(graph: DefaultGraph | NamedNode, *things: NamedNode) -> list[Quad]:
    return sorted((Quad(thing, PREDICATE, Literal(7), graph) for thing in things), key=str)


def read(edited: EditedGeneration, graph: DefaultGraph | NamedNode | None) -> list[Quad]:
    return sorted(edited.quads_for_pattern(None, PREDICATE, None, graph), key=str)


def test_the_default_graph_has_what_it_shares_once(edited: EditedGeneration) -> None:
    assert read(edited, DEFAULT) == []
    assert edited.share(GRAPH, 2)
    assert edited.share(OTHER, 2)
    assert read(edited, DEFAULT) == said(DEFAULT, *THINGS)
    everything = sorted([*said(DEFAULT, *THINGS), *said(GRAPH, *THINGS[:2]), *said(OTHER, *THINGS[1:])], key=str)
    assert read(edited, None) == sorted(edited.quads_about(THINGS, PREDICATE), key=str) == everything
    assert said(DEFAULT, THINGS[0])[0] in edited


def test_what_is_removed_is_not_shared(edited: EditedGeneration) -> None:
    edited.share(GRAPH, 2)
    [quad] = said(DEFAULT, THINGS[0])
    edited.remove(quad)
    assert read(edited, DEFAULT) == said(DEFAULT, THINGS[1])
    assert read(edited, GRAPH) == said(GRAPH, *THINGS[:2])
    assert not edited.share(OTHER, 2), "what was removed may be among what it has"
    edited.add(quad)
    assert read(edited, DEFAULT) == said(DEFAULT, *THINGS[:2])


@pytest.mark.parametrize("change", ["add", "clear", "remove"])
def test_a_shared_graph_that_changes_leaves_the_default_graph_as_it_was(edited: EditedGeneration, change: str) -> None:
    edited.share(GRAPH, 2)
    edited.remove(*said(DEFAULT, THINGS[0]))
    if change == "add":
        edited.add(*said(GRAPH, THINGS[2]))
    elif change == "clear":
        edited.clear_graph(GRAPH)
    else:
        edited.remove_graph(GRAPH)
    assert read(edited, DEFAULT) == said(DEFAULT, THINGS[1])
    assert read(edited, GRAPH) == (said(GRAPH, *THINGS) if change == "add" else [])


def test_nothing_is_shared_with_a_cleared_default_graph(edited: EditedGeneration) -> None:
    edited.share(GRAPH, 2)
    edited.clear_everything()
    assert read(edited, None) == []


def test_too_large_a_graph_is_not_shared(edited: EditedGeneration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "PORTION", 1)
    assert not edited.share(GRAPH, 2)
    assert read(edited, DEFAULT) == []


def test_what_a_new_version_says_is_sent_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent, send = list[httpx2.Request](), ServiceConnection._send

    def keep(connection: ServiceConnection, request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return send(connection, request)

    monkeypatch.setattr(ServiceConnection, "_send", keep)
    version = small_version("109", 2024, "7.00", "政协办")
    open_store(file).publish([version], VOCABULARY, RULES)
    names = f"<{version.version}/t01/r1c2>".encode()
    assert [request.url.params["graph"] for request in sent if names in request.content] == [version.version]
