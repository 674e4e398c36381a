"""What can go wrong for a client, each with its message (`ontology/messages-server.ttl`) and its HTTP status."""

from typing import ClassVar


class ServiceError(Exception):
    """A refusal or failure that a client is told about; keyword arguments fill the slots of its message."""

    key: ClassVar[str]

    def __init__(self, **values: object) -> None:
        super().__init__(self.key, values)
        self.values = values

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str) -> str:
        """The message in `language` ("zh" or "en")."""
        from ontology.messages import message  # here, because a worker starts several times faster without it

        return message(self.key, language, **self.values)


class MalformedQueryError(ServiceError):
    """The query is no SPARQL: line, column, and what the engine says of it."""

    key = "query-malformed"


class MissingQueryError(ServiceError):
    """A query operation without a query."""

    key = "query-missing"


class RepeatedQueryError(ServiceError):
    """A query operation with more than one query."""

    key = "query-repeated"


class UndecodableRequestError(ServiceError):
    """The request is not UTF-8."""

    key = "request-undecodable"


class InvalidIriError(ServiceError):
    """The name of a graph or a thing is no IRI."""

    key = "iri-invalid"


class UnanswerableQueryError(ServiceError):
    """The query is SPARQL but cannot be evaluated, for example because a function is unknown."""

    key = "query-unanswerable"


class UpdateRefusedError(ServiceError):
    """An update of a public endpoint."""

    key = "update-refused"


class FederationRefusedError(ServiceError):
    """A query that would make this server call others."""

    key = "federation-refused"


class NotFoundError(ServiceError):
    """Nothing is known of the IRI or address."""

    key = "not-found"


class MethodNotAllowedError(ServiceError):
    """The address does not know the HTTP method."""

    key = "method-not-allowed"


class NotAcceptableError(ServiceError):
    """None of the formats asked for is offered."""

    key = "not-acceptable"


class UnwritableTermError(ServiceError):
    """A term of the answer cannot be written in the format that was asked for."""

    key = "term-unwritable"


class QueryTooLongError(ServiceError):
    """The request is longer than the settings allow."""

    key = "query-too-long"


class AddressTooLongError(ServiceError):
    """The address is longer than the settings allow."""

    key = "address-too-long"


class RequestTooSlowError(ServiceError):
    """The body of a request does not arrive."""

    key = "request-too-slow"


class RateExceededError(ServiceError):
    """The client sends more requests than it may."""

    key = "rate-exceeded"


class AnswerTooLongError(ServiceError):
    """A client of HTTP/1.0 asks for an answer that is too long to be held until its length is known."""

    key = "answer-too-long"


class InternalError(ServiceError):
    """A mistake of ours."""

    key = "internal"


class UnsupportedMediaTypeError(ServiceError):
    """The body is of a type that the protocol does not know."""

    key = "media-type-unsupported"


class ClientGoneError(ServiceError):
    """The client hung up before the answer began."""

    key = "client-gone"


class EngineFailedError(ServiceError):
    """The engine broke on the query or could not read its store."""

    key = "engine-failed"


class QueryTimeoutError(ServiceError):
    """The deadline passed."""

    key = "query-timeout"


class QueryTooBigError(ServiceError):
    """The query needs more memory than it may have."""

    key = "query-too-big"


class QueryTooDeepError(ServiceError):
    """The query, or update, is nested too deep for the engine, or a chain in it is too long."""

    key = "query-too-deep"


class ReaderStalledError(ServiceError):
    """The client takes an answer so slowly that others wait for the worker it keeps."""

    key = "reader-stalled"


class ServiceBusyError(ServiceError):
    """No worker became free in time."""

    key = "service-busy"


class StoreMissingError(ServiceError):
    """Nothing has been published in the folder."""

    key = "store-missing"


class StoreLockedError(ServiceError):
    """Another process is publishing into the folder."""

    key = "store-locked"


class StoreNotWrittenError(ServiceError):
    """The system did not take what was to be written, as when the disk is full."""

    key = "store-not-written"


class NothingToRetractError(ServiceError):
    """The store has neither a version nor a disclosure of this name."""

    key = "nothing-to-retract"


class PreconditionFailedError(ServiceError):
    """A write whose If-Match or If-None-Match does not hold: the graph is another than the client thinks."""

    key = "precondition-failed"


class RetractedError(ServiceError):
    """The address of a version, or of a disclosure, that was retracted."""

    key = "retracted"


class BackupError(ServiceError):
    """A file that is no whole backup."""

    key = "backup-unreadable"


class MalformedGraphError(ServiceError):
    """The body of a request is no RDF of the format that it claims: line, column, and what the parser says of it."""

    key = "graph-malformed"


class UnnamedGraphError(ServiceError):
    """A request about a graph names none, or several."""

    key = "graph-unnamed"


class PartialGraphError(ServiceError):
    """A write of a part of a graph, by the bytes of its serialisation."""

    key = "graph-partial"


class LoadRefusedError(ServiceError):
    """An update that would make this server fetch a document."""

    key = "load-refused"


class DatasetConflictError(ServiceError):
    """An update that names a dataset both in its parameters and in its text."""

    key = "update-dataset-conflict"


class UpdateByGetError(ServiceError):
    """An update in the address of a request."""

    key = "update-by-get"


class KeyRefusedError(ServiceError):
    """A write without a key, or with one that is unknown or revoked."""

    key = "key-refused"


class KeyNameError(ServiceError):
    """A name that a new key cannot have, or that no key has."""

    key = "key-name"


class KeyFileError(ServiceError):
    """A file of keys that cannot be read."""

    key = "key-file"


STATUS: dict[type[ServiceError], int] = {
    MalformedQueryError: 400,
    MissingQueryError: 400,
    RepeatedQueryError: 400,
    UndecodableRequestError: 400,
    InvalidIriError: 400,
    UnanswerableQueryError: 400,
    MalformedGraphError: 400,
    QueryTooDeepError: 400,
    UnnamedGraphError: 400,
    PartialGraphError: 400,
    DatasetConflictError: 400,
    UpdateByGetError: 400,
    KeyRefusedError: 401,
    UpdateRefusedError: 403,
    FederationRefusedError: 403,
    LoadRefusedError: 403,
    NotFoundError: 404,
    NothingToRetractError: 404,
    MethodNotAllowedError: 405,
    NotAcceptableError: 406,
    UnwritableTermError: 406,
    RequestTooSlowError: 408,
    RetractedError: 410,
    PreconditionFailedError: 412,
    QueryTooLongError: 413,
    AddressTooLongError: 414,
    UnsupportedMediaTypeError: 415,
    RateExceededError: 429,
    ClientGoneError: 499,
    InternalError: 500,
    BackupError: 500,
    KeyNameError: 400,
    KeyFileError: 500,
    EngineFailedError: 500,
    QueryTimeoutError: 503,
    QueryTooBigError: 503,
    ReaderStalledError: 503,
    ServiceBusyError: 503,
    StoreMissingError: 503,
    StoreLockedError: 503,
    AnswerTooLongError: 505,
    StoreNotWrittenError: 507,
}

BY_KEY: dict[str, type[ServiceError]] = {error.key: error for error in STATUS}
