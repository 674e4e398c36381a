"""Errors that a client is told about, each with the key of its message and its HTTP status.

Messages stand in `ontology/messages-server.ttl`. All classes derive from `ServiceError` directly; a class states its
message key and status as class arguments:

    class NotFoundError(ServiceError, key="not-found", status=404): ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class ServiceError(Exception):
    """A refusal or failure that a client is told about; keyword arguments fill the slots of its message."""

    key: ClassVar[str]
    status: ClassVar[int]

    def __init_subclass__(cls, *, key: str, status: int) -> None:
        cls.key, cls.status = key, status

    def __init__(self, **values: object) -> None:
        super().__init__(self.key, values)
        self.values = values

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str) -> str:
        """Return the message in `language` ("zh" or "en"); of a value in both languages, the one in it."""
        from ontology.messages import message  # here, because a worker starts several times faster without it

        values = {name: v[language] if isinstance(v, Mapping) else v for name, v in self.values.items()}
        return message(self.key, language, **values)


# ── Bad requests ─────────────────────────────────────────────────────────────────────────────────


class MalformedQueryError(ServiceError, key="query-malformed", status=400):
    """The query is not valid SPARQL; the values give line, column and the parser's message."""


class UndeclaredPrefixError(ServiceError, key="prefix-undeclared", status=400):
    """The query or update has a name whose prefix it does not declare; the values are those of a malformed one."""


class MissingQueryError(ServiceError, key="query-missing", status=400):
    """A query operation without a query."""


class RepeatedQueryError(ServiceError, key="query-repeated", status=400):
    """A query operation with more than one query."""


class ParameterValueError(ServiceError, key="parameter-value", status=400):
    """A value that a parameter of an example query cannot take."""


class UnknownParameterError(ServiceError, key="parameter-unknown", status=400):
    """A parameter that an address does not have; the values name those that it has."""


class ComparisonRefusedError(ServiceError, key="compare-parameter", status=400):
    """A value that a parameter of a comparison cannot take."""


class UndecodableRequestError(ServiceError, key="request-undecodable", status=400):
    """The request is not valid UTF-8."""


class InvalidIriError(ServiceError, key="iri-invalid", status=400):
    """The name of a graph or resource is not an IRI."""


class UnanswerableQueryError(ServiceError, key="query-unanswerable", status=400):
    """The query is SPARQL but cannot be evaluated, for example because a function is unknown."""


class MalformedReconciliationError(ServiceError, key="reconciliation-malformed", status=400):
    """A request to the reconciliation service that does not follow its specification."""


class QueryTooDeepError(ServiceError, key="query-too-deep", status=400):
    """The query or update is nested too deeply for the engine."""


class MalformedGraphError(ServiceError, key="graph-malformed", status=400):
    """The request body is not valid RDF in its format; the values give line, column and the parser's message."""


class UnnamedGraphError(ServiceError, key="graph-unnamed", status=400):
    """A request about a graph names none, or several."""


class PartialGraphError(ServiceError, key="graph-partial", status=400):
    """A write with Content-Range."""


class DatasetConflictError(ServiceError, key="update-dataset-conflict", status=400):
    """An update that names a dataset both in its parameters and in its text."""


class UpdateByGetError(ServiceError, key="update-by-get", status=400):
    """An update sent by GET."""


class KeyNameError(ServiceError, key="key-name", status=400):
    """A key name that is taken, malformed or unknown."""


# ── Permission ───────────────────────────────────────────────────────────────────────────────────


class KeyRefusedError(ServiceError, key="key-refused", status=401):
    """A write without a key, or with a key that is unknown or revoked."""


class UpdateRefusedError(ServiceError, key="update-refused", status=403):
    """An update on an endpoint that nobody may write to."""


class FederationRefusedError(ServiceError, key="federation-refused", status=403):
    """A query with SERVICE, which would make this server call others."""


class LoadRefusedError(ServiceError, key="load-refused", status=403):
    """An update with LOAD, which would make this server fetch a document."""


# ── Missing resources, unsupported methods and formats ───────────────────────────────────────────


class NotFoundError(ServiceError, key="not-found", status=404):
    """Nothing is known of the IRI or address."""


class NothingToRetractError(ServiceError, key="nothing-to-retract", status=404):
    """The store has no version or disclosure of this name."""


class PathUnsupportedError(ServiceError, key="path-unsupported", status=501):
    """A property path that the SPARQL service which holds the store would evaluate wrongly."""


class QueryAmbiguousError(ServiceError, key="query-ambiguous", status=400):
    """A query that the SPARQL service which holds the store may read in another way than the engine."""


class UpdateUnsupportedError(ServiceError, key="update-unsupported", status=501):
    """An update in SPARQL of a store that is in a service."""


class MethodNotAllowedError(ServiceError, key="method-not-allowed", status=405):
    """The address does not support the HTTP method."""


class NotAcceptableError(ServiceError, key="not-acceptable", status=406):
    """None of the formats asked for is offered."""


class TooManyRowsError(ServiceError, key="rows-too-many", status=422):
    """A list has more rows than are written to one file; nothing is cut silently."""


class UnwritableTermError(ServiceError, key="term-unwritable", status=406):
    """A term of the answer cannot be written in the format that was asked for."""


class RetractedError(ServiceError, key="retracted", status=410):
    """The version or disclosure at the address was retracted."""


class PreconditionFailedError(ServiceError, key="precondition-failed", status=412):
    """If-Match or If-None-Match of a write does not hold."""


class DownloadChangedError(ServiceError, key="download-changed", status=412):
    """If-Match names another download than the present one."""


class UnsupportedMediaTypeError(ServiceError, key="media-type-unsupported", status=415):
    """The body is of a type that the protocol does not know."""


# ── Limits of requests and clients ───────────────────────────────────────────────────────────────


class RequestTooSlowError(ServiceError, key="request-too-slow", status=408):
    """The body of a request did not arrive in time."""


class QueryTooLongError(ServiceError, key="query-too-long", status=413):
    """The request is longer than the settings allow."""


class BatchTooLongError(ServiceError, key="batch-too-long", status=413):
    """More queries or entities in one reconciliation request than the service takes."""


class AddressTooLongError(ServiceError, key="address-too-long", status=414):
    """The address is longer than the settings allow."""


class RateExceededError(ServiceError, key="rate-exceeded", status=429):
    """The client sends more requests than it may."""


class ClientGoneError(ServiceError, key="client-gone", status=499):
    """The client closed the connection before the answer began."""


class AnswerTooLongError(ServiceError, key="answer-too-long", status=505):
    """A client of HTTP/1.0 asks for an answer that is too long to be held until its length is known."""


# ── Files to be checked ──────────────────────────────────────────────────────────────────────────


class UploadMissingError(ServiceError, key="check-no-file", status=400):
    """A request to check a file brings none."""


class UploadFieldError(ServiceError, key="check-field", status=400):
    """A field of an upload, such as an earlier report, that cannot be used."""


class UploadGraphError(ServiceError, key="check-graph-no-page", status=422):
    """A graph that was sent to the page, which shows documents only."""


class UploadTooLargeError(ServiceError, key="check-too-large", status=413):
    """The files of an upload are larger than may be checked."""


class UploadTooManyError(ServiceError, key="check-too-many", status=413):
    """An upload has more files than one disclosure may have."""


class UploadTooBigError(ServiceError, key="check-too-big", status=413):
    """Checking a file needs more memory than it may have."""


class UploadUnreadableError(ServiceError, key="check-unreadable", status=422):
    """A file that cannot be read as what it claims to be; `reason` says why, by language."""


class UploadAnnotationError(ServiceError, key="report-pdf-none", status=422):
    """An annotated PDF of files that are no PDF, are too large for it, or cannot be annotated."""


class UploadsOfClientError(ServiceError, key="check-one-at-a-time", status=429):
    """The client has as many files checked as it may."""


class UploadBrokenError(ServiceError, key="check-broke", status=500):
    """The process that checks a file ended with an error."""


class UploadTimeoutError(ServiceError, key="check-too-long", status=503):
    """Checking a file takes longer than it may."""


class UploadsBusyError(ServiceError, key="check-busy", status=503):
    """No place to check a file became free in time."""


# ── Failures of the service ──────────────────────────────────────────────────────────────────────


class InternalError(ServiceError, key="internal", status=500):
    """An unexpected exception in the service."""


class StoreModelError(ServiceError, key="store-model", status=500):
    """The store holds figures without facts, or facts without levels, as earlier releases published them."""


class StoreBaseError(ServiceError, key="store-base", status=500):
    """The store, or a backup, was made with another base than the one it is used with."""


class EngineFailedError(ServiceError, key="engine-failed", status=500):
    """The engine crashed on the query or could not read its store."""


class AnswerCutError(ServiceError, key="answer-cut", status=500):
    """The SPARQL service that holds the store left out rows of an answer."""


class ServiceAddressError(ServiceError, key="store-addresses", status=500):
    """A settings file that does not give the addresses of a SPARQL service."""


class BackupError(ServiceError, key="backup-unreadable", status=500):
    """The file is not a complete backup."""


class KeyFileError(ServiceError, key="key-file", status=500):
    """A key file that cannot be read."""


class StoreNotEmptyError(ServiceError, key="store-not-empty", status=500):
    """A store that is to take over all of another has something already."""


class StoreNotWrittenError(ServiceError, key="store-not-written", status=507):
    """The operating system refused a write, for example because the disk is full."""


# ── Temporary refusals: the client may try again ─────────────────────────────────────────────────


class QueryTimeoutError(ServiceError, key="query-timeout", status=503):
    """The query passed its deadline."""


class QueryTooBigError(ServiceError, key="query-too-big", status=503):
    """The query needs more memory than it may have."""


class SearchNotReadyError(ServiceError, key="search-not-ready", status=503):
    """The search index is built for the first time."""


class ReaderStalledError(ServiceError, key="reader-stalled", status=503):
    """The client reads its answer so slowly that other queries wait for its worker."""


class ServiceBusyError(ServiceError, key="service-busy", status=503):
    """No worker became free in time."""


class StoreUnreachableError(ServiceError, key="store-unreachable", status=503):
    """The SPARQL service that holds the store does not answer, or does not let the store in."""


class StoreChangedError(ServiceError, key="store-changed", status=503):
    """What a query was about was replaced before its answer was complete."""


class StoreMissingError(ServiceError, key="store-missing", status=503):
    """Nothing has been published in the store folder."""


class StoreLockedError(ServiceError, key="store-locked", status=503):
    """Another process is publishing into the store folder."""


BY_KEY: Mapping[str, type[ServiceError]] = {error.key: error for error in ServiceError.__subclasses__()}
