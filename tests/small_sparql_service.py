"""A SPARQL 1.1 service on a free port, over a database in memory, to which a store can be published."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from server.store.remote.queries import self_test

FEW = 200
"""Rows of the large answer that every write asks for, where no test is about it."""
SHIPPED = self_test.MANY
JSON_RESULTS, N_TRIPLES = "application/sparql-results+json", "application/n-triples"


class SparqlHandler(BaseHTTPRequestHandler):
    """Answers queries at /query, updates at /update, and additions to a graph at /graphs."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "SparqlServer"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        address = urlsplit(self.path)
        try:
            if address.path == "/query":
                self.answer(parse_qs(body.decode())["query"][0])
            elif address.path == "/update":
                self.server.store.update(body.decode())
                self.reply(204)
            else:
                graph = NamedNode(parse_qs(address.query)["graph"][0])
                self.server.store.load(body, RdfFormat.N_TRIPLES, to_graph=graph)
                self.reply(204)
        except (SyntaxError, ValueError) as error:
            self.reply(400, "text/plain", str(error).encode())

    def answer(self, query: str) -> None:
        found = self.server.store.query(query)
        if isinstance(found, QueryTriples):
            self.reply(200, N_TRIPLES, found.serialize(format=RdfFormat.N_TRIPLES) or b"")
        else:
            self.reply(200, JSON_RESULTS, found.serialize(format=QueryResultsFormat.JSON) or b"")

    def reply(self, status: int, media_type: str = "text/plain", content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        if self.server.cut:
            self.send_header("X-SPARQL-MaxRows", self.server.cut)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


class SparqlServer(ThreadingHTTPServer):
    """The server; with `cut` its answers say that they end at so many rows, as those of Virtuoso do."""

    daemon_threads = True
    store = Store()
    cut = ""

    def write_settings(self, folder: Path) -> Path:
        """Write the settings file of a store in this service."""
        address = f"http://127.0.0.1:{self.server_address[1]}"
        names = {"query": "query", "update": "update", "graphs": "graphs"}
        lines = [f'{name} = "{address}/{path}"' for name, path in names.items()]
        file = folder / "service.toml"
        file.write_text("\n".join(["[store]", *lines]), encoding="utf-8")
        return file


@contextmanager
def sparql_service() -> Iterator[SparqlServer]:
    """A running service with nothing in it."""
    with pytest.MonkeyPatch.context() as patch, SparqlServer(("127.0.0.1", 0), SparqlHandler) as server:
        patch.setattr(self_test, "MANY", FEW)
        server.store = Store()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(60)
