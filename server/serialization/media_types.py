"""Media types: which are offered, what they are called in `?format=`, and which one a client prefers."""

import re
from collections.abc import Iterable

from pyoxigraph import QueryResultsFormat, RdfFormat

# The first type of a format is the one offered; the others are names that clients still use for it.
RESULT_TYPES: dict[str, QueryResultsFormat] = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
    "text/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
}
GRAPH_TYPES: dict[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    "application/x-turtle": RdfFormat.TURTLE,
    "text/n3": RdfFormat.TURTLE,
    "text/plain": RdfFormat.N_TRIPLES,
    "application/json": RdfFormat.JSON_LD,
    "application/xml": RdfFormat.RDF_XML,
    "text/xml": RdfFormat.RDF_XML,
}
HTML = "text/html"

# What `?format=` (or `output=`) may say for SELECT and ASK, and for CONSTRUCT and DESCRIBE.
FORMAT_NAMES: dict[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle",),
    "ttl": ("text/turtle",),
    "n3": ("text/n3",),
    "ntriples": ("application/n-triples",),
    "n-triples": ("application/n-triples",),
    "nt": ("application/n-triples",),
    "nquads": ("application/n-quads",),
    "n-quads": ("application/n-quads",),
    "nq": ("application/n-quads",),
    "trig": ("application/trig",),
    "json-ld": ("application/ld+json",),
    "jsonld": ("application/ld+json",),
    "rdf": ("application/rdf+xml",),
    "rdfxml": ("application/rdf+xml",),
    "rdf+xml": ("application/rdf+xml",),
    "html": (HTML,),
}

# A header is read as far as this; no honest one is longer.
LONGEST_HEADER = 2048

# Parameters of media ranges that our answers meet, with any type and with one.
MET = frozenset({"charset=utf-8", "charset=utf8"})
MET_BY = {"text/csv": frozenset({"header=present"}), "application/ld+json": frozenset({"profile"})}

# What a client that names only types of rows is given as triples: roqet reads these, and asks for those.
GRAPHS_FOR_RESULTS = {
    QueryResultsFormat.XML: "application/rdf+xml",
    QueryResultsFormat.JSON: "application/ld+json",
    QueryResultsFormat.CSV: "text/turtle",
    QueryResultsFormat.TSV: "text/turtle",
}

_ITEM = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*")+')


def offered_types(types: dict[str, QueryResultsFormat] | dict[str, RdfFormat]) -> list[str]:
    """Return the media types to name to a client: the first of each format."""
    first: dict[str, str] = {}
    for name, kind in types.items():
        first.setdefault(kind.media_type, name)
    return list(first.values())


def content_type(media_type: str) -> str:
    """Return the Content-Type header of a media type."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def preferred_type(accept: str, format_name: str | None, offered: Iterable[str]) -> str | None:
    """Return the offered media type that the client likes best; None if it likes none.

    `format_name` (a name of `FORMAT_NAMES` or a media type) overrides the Accept header. Between types of equal
    quality the one that the client named more exactly wins, then the one offered first.
    """
    if format_name:
        wanted = FORMAT_NAMES.get(format_name.lower(), (format_name.lower(),))
        return next((media_type for media_type in offered if media_type in wanted), None)
    ranges = [_parse_range(item) for item in _items(accept)] or [("*/*", (), 1.0)]
    best, best_rank = None, (0.0, 0)
    for media_type in offered:
        matches = [(exactness, quality) for exactness, quality in (_match(media_type, r) for r in ranges) if exactness]
        exactness, quality = max(matches, key=lambda match: match[0], default=(0, 0.0))
        if quality > 0 and (quality, exactness) > best_rank:
            best, best_rank = media_type, (quality, exactness)
    return best


def preferred_languages(accept_language: str) -> tuple[str, ...]:
    """Return the languages to address a client in: the one of zh and en that it prefers, or both if it does not say."""
    qualities: dict[str, float] = {}
    for item in _items(accept_language):
        name, _, quality = _parse_range(item)
        language = name.partition("-")[0]
        if language in ("zh", "en"):
            qualities[language] = max(quality, qualities.get(language, 0.0))
    wanted = {language: quality for language, quality in qualities.items() if quality > 0}
    return (max(wanted, key=lambda language: wanted[language]),) if wanted else ("zh", "en")


def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether a client takes gzip, and does not like the plain bytes better."""
    qualities = {name: quality for name, _, quality in map(_parse_range, _items(accept_encoding))}
    gzip = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*/*", 0.0)))
    return gzip > 0 and gzip >= qualities.get("identity", 0.0)


def _items(header: str) -> list[str]:
    return _ITEM.findall(header[:LONGEST_HEADER])


def _parse_range(item: str) -> tuple[str, tuple[str, ...], float]:
    """Return a media or language range, its parameters and its quality."""
    name, *parameters = (part.strip().lower() for part in item.split(";"))
    quality, others = 1.0, []
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            quality = float(value) if re.fullmatch(r"\s*(\d+\.?\d*|\.\d+)\s*", value) else 1.0
        elif parameter:
            is_profile = key.strip() == "profile"  # RFC 6906: one that is not known is ignored
            others.append("profile" if is_profile else parameter.replace(" ", "").replace('"', ""))
    return "*/*" if name == "*" else name, tuple(others), quality


def _match(media_type: str, media_range: tuple[str, tuple[str, ...], float]) -> tuple[int, float]:
    """Return how exactly the range names the type (0: not at all), and the quality it gives to it."""
    name, parameters, quality = media_range
    if not set(parameters) <= MET | MET_BY.get(media_type, frozenset()):
        return 0, 0.0
    if name == media_type:
        return 3 + len(parameters), quality
    if name == media_type.partition("/")[0] + "/*":
        return 2, quality
    return (1, quality) if name == "*/*" else (0, 0.0)
