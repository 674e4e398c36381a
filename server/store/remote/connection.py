"""The connection to a SPARQL service: the SPARQL Protocol and the Graph Store Protocol, answers as streams."""

import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

import httpx2
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from server.errors import AnswerCutError, StoreUnreachableError, UnanswerableQueryError
from server.store.remote.addresses import ServiceAddresses

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

JSON_RESULTS = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
CONNECT_SECONDS = 10.0
DETAIL = 300
"""Characters of an error of the service that are passed on."""
CUT = "X-SPARQL-MaxRows"
"""The header with which Virtuoso says that an answer ends at its limit of rows."""


class ServiceConnection:
    """Asks and writes; an object belongs to one thread. Every method raises StoreUnreachableError.

    `server` is what the service calls itself in its last answer.
    """

    def __init__(self, addresses: ServiceAddresses) -> None:
        self.addresses = addresses
        self.server = ""
        auth: httpx2.Auth | None = None
        if addresses.user:
            kinds = {"digest": httpx2.DigestAuth, "basic": httpx2.BasicAuth}
            auth = kinds[addresses.authentication](addresses.user, addresses.password)
        timeout = httpx2.Timeout(None, connect=CONNECT_SECONDS)
        is_secure = addresses.query.startswith("https:")  # loading certificates for nothing takes a tenth of a second
        self.client = httpx2.Client(auth=auth, timeout=timeout, verify=is_secure, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def select(self, text: str) -> Iterator[Mapping[str, NamedNode | Literal]]:
        """Iterate over the rows of a SELECT of the service itself."""
        solutions = parse_query_results(io.BufferedReader(self.query(text)), QueryResultsFormat.JSON)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            yield {name: cast("NamedNode | Literal", row[name]) for name in names}

    def query(self, text: str, accept: str = JSON_RESULTS) -> "AnswerBody":
        """Return the answer to a query as a stream; raises UnanswerableQueryError, AnswerCutError."""
        content = {"query": text}
        request = self.client.build_request("POST", self.addresses.query, data=content, headers={"Accept": accept})
        response = self._send(request)
        if CUT in response.headers:
            response.close()
            raise AnswerCutError(rows=response.headers[CUT])
        return AnswerBody(response, self.addresses.query)

    def update(self, text: str) -> None:
        """Apply an update; raises UnanswerableQueryError."""
        headers = {"Content-Type": "application/sparql-update"}
        self._finish(self.client.build_request("POST", self.addresses.update, content=text.encode(), headers=headers))

    def extend_graph(self, graph: str, text: bytes) -> None:
        """Add N-Triples to a graph; raises UnanswerableQueryError."""
        headers, graphs = {"Content-Type": N_TRIPLES}, self.addresses.graphs
        self._finish(self.client.build_request("POST", graphs, params={"graph": graph}, content=text, headers=headers))

    def _finish(self, request: httpx2.Request) -> None:
        response = self._send(request)
        try:
            response.read()
        except httpx2.HTTPError as error:
            raise StoreUnreachableError(address=request.url, reason=error) from error
        finally:
            response.close()

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = self.client.send(request, stream=True)
            self.server = response.headers.get("Server", "")
            if response.is_success:
                return response
            detail = response.read().decode("utf-8", "replace").strip()
        except httpx2.HTTPError as error:
            raise StoreUnreachableError(address=request.url, reason=str(error) or type(error).__name__) from error
        if response.status_code in (401, 403, 404, 405, 502, 503, 504):
            raise StoreUnreachableError(address=request.url, reason=f"HTTP {response.status_code}")
        raise UnanswerableQueryError(detail=detail[:DETAIL] or f"HTTP {response.status_code}")


class AnswerBody(io.RawIOBase):
    """The body of an answer as a binary stream."""

    def __init__(self, response: httpx2.Response, address: str) -> None:
        self.response = response
        self.address = address
        self.chunks: Iterator[bytes] = response.iter_bytes()
        self.rest = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a part of the buffer."""
        view = memoryview(buffer).cast("B")
        while not self.rest:
            try:
                self.rest = next(self.chunks)
            except StopIteration:
                return 0
            except httpx2.HTTPError as error:
                raise StoreUnreachableError(address=self.address, reason=error) from error
        size = min(len(view), len(self.rest))
        view[:size], self.rest = self.rest[:size], self.rest[size:]
        return size

    def close(self) -> None:
        """Discard what has not been read."""
        with suppress(httpx2.HTTPError):
            self.response.close()
        super().close()
