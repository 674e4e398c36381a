"""The OpenAPI description at `/openapi.json`: that of FastAPI, completed by a table of operations.

Routes take the request as it is, since the SPARQL Protocol and content negotiation do not fit into typed arguments. So
their parameters, bodies and media types are said here, in one place, and the tests hold the service to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from server.checking.result import MOST_FILES
from server.http.metrics import MEDIA_TYPE as METRICS_TYPE
from server.serialization.media_types import GRAPH_TYPES, HTML, RESULT_TYPES
from server.uploads.report_forms import TYPES

OpenApiObject = dict[str, Any]

METHODS = ("delete", "get", "post", "put")
TEXT = {"type": "string"}
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
ERROR = {
    "description": "What is wrong, in Chinese, English or both; a page for browsers.",
    "content": {"text/plain": {"schema": TEXT}, HTML: {"schema": TEXT}},
}
ELSEWHERE = {"description": "It is at another address.", "headers": {"Location": {"schema": TEXT, "required": True}}}

# No pattern tells what SPARQL is. This one tells some of it that is always answered, for tools that make up requests.
SURE_QUERY = r"^(ASK|SELECT \*)( WHERE)? \{( \?[a-z]{1,8} \?[a-z]{1,8} \?[a-z]{1,8} \.)? \}( LIMIT [1-9])?$"
QUERY_SCHEMA = {
    **TEXT,
    "pattern": SURE_QUERY,
    "description": "Any SPARQL 1.1 query may be sent; the pattern describes the simplest ones only.",
}
# Requests of the Reconciliation Service API are JSON in a text; these are some that are always answered.
SURE_RECONCILIATION = {
    "queries": {**TEXT, "pattern": r'^\{"q0": ?\{"query": ?"[a-z]{1,9}"\}\}$'},
    "extend": {**TEXT, "pattern": r'^\{"ids": ?\[("[a-z]{1,9}")?\], ?"properties": ?\[\]\}$'},
}
GRAPH_IRI = {**TEXT, "format": "uri"}
FORMAT = {"enum": ["json", "xml"], "description": "Also csv and tsv for rows; turtle, nt, nquads, trig for triples."}


def describe(app: FastAPI, *, writable: bool) -> OpenApiObject:
    """The description of an application; where nobody may write, writing takes no key but is refused all the same."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title,
            version="1",
            description="Budgets and final accounts of Chinese government departments as linked data.",
            routes=app.routes,
        )
        found["paths"] = {
            path: {
                method: operation(path, method, methods[method], writable) for method in METHODS if method in methods
            }
            for path, methods in (found["paths"] | ENDPOINT).items()
        }
        found["components"] = {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}
        app.openapi_schema = found
    return app.openapi_schema


def operation(path: str, method: str, found: OpenApiObject, writable: bool) -> OpenApiObject:
    """Return the description of an operation, completed by the table."""
    known: Mapping[str, Any] = OPERATIONS.get((method, path), {})
    tag = next(iter(found.get("tags", ())), "")
    content = known.get("content") or (graphs(HTML) if tag == "Linked data" else {"*/*": {}})
    responses: OpenApiObject = {"200": {"description": "It is here.", "content": content}}
    for status in known.get("elsewhere", ()):
        responses[str(status)] = ELSEWHERE
    responses |= known.get("responses", {})
    described = {**found, "responses": {**responses, "default": ERROR}}
    described["parameters"] = [
        *(parameter("path", p["name"], TEXT) for p in found.get("parameters", ()) if p["in"] == "path"),
        *(parameter("path", name, TEXT) for name in names_in(path) if not found.get("parameters")),
        *known.get("parameters", ()),
    ]
    if "body" in known:
        described["requestBody"] = {"required": True, "content": known["body"]}
    if writable and path.startswith("/graphs") and method != "get":
        described["security"] = [{"key": []}]
    return described


def names_in(path: str) -> list[str]:
    """Return the parameters that stand in a path."""
    return [part.strip("{}") for part in path.split("/") if part.startswith("{") and part.endswith("}")]


def parameter(where: str, name: str, schema: Mapping[str, Any], *, required: bool = False) -> OpenApiObject:
    """Return a parameter; those of a path are always required."""
    return {"name": name, "in": where, "required": required or where == "path", "schema": dict(schema)}


def bodies(*media_types: str) -> OpenApiObject:
    """Bodies of several media types, whose text is not described further."""
    return {media_type: {"schema": {} if "json" in media_type else TEXT} for media_type in dict.fromkeys(media_types)}


def graphs(*more: str) -> OpenApiObject:
    """Return every format of triples."""
    return bodies(*GRAPH_TYPES, *more)


DATASET = (
    {**parameter("query", "default-graph-uri", {"type": "array", "items": GRAPH_IRI}), "explode": True},
    {**parameter("query", "named-graph-uri", {"type": "array", "items": GRAPH_IRI}), "explode": True},
    parameter("query", "format", FORMAT),
)
ANSWERS = bodies(*RESULT_TYPES, *GRAPH_TYPES, HTML)
NOT_CHANGED = {"304": {"description": "The client has the answer of the same dataset version."}}
# As with queries: triples that every reader takes. Documents in JSON-LD and RDF/XML are taken too.
SURE_TRIPLES = {**TEXT, "pattern": r'^(<http://x/[a-z]{1,9}> <http://x/[a-z]{1,9}> "[a-z]{0,9}" \.\n){0,9}$'}
TRIPLES = {t: {"schema": SURE_TRIPLES} for t in ("text/turtle", "application/n-triples", "application/n-quads")}
WRITTEN = {
    "200": {"description": "The graph says it now."},
    "201": {"description": "The graph is new.", "headers": {"Location": {"schema": TEXT}}},
    "204": {"description": "The graph says it now."},
}
JSON_ANSWER = {"application/json": {"schema": {"type": "object"}}}
FORM_BODY = {
    "type": "object",
    "properties": {"query": QUERY_SCHEMA},
    "required": ["query"],
}

# The endpoint is answered before any router, so FastAPI does not know it.
ENDPOINT: Mapping[str, OpenApiObject] = {
    "/sparql": {
        method: {
            "tags": ["SPARQL"],
            "summary": "Query",
            "description": "Answer a query, or apply an update; without either, describe the service.",
            "operationId": f"sparql_{method}",
        }
        for method in ("get", "post")
    }
}

REPORTS = bodies(*(media_type.partition(";")[0] for media_type, _ in TYPES.values()))
REPORT_FORM = parameter("query", "format", {"enum": list(TYPES), "description": "Without it, Accept decides."})
REPORT_LANGUAGE = parameter("query", "lang", {"enum": ["zh", "en"]})
FILES = {"type": "array", "items": {**TEXT, "format": "binary"}, "minItems": 1}
CHECKED_FILES = {
    "type": "object",
    "properties": {
        "file": {
            **FILES,
            "maxItems": MOST_FILES,
            "description": "The files of one disclosure, a ZIP archive of them, or graphs.",
        },
        "shapes": {**FILES, "description": "SHACL in RDF; without SERVICE, FROM and remote contexts."},
        "earlier": {**FILES, "description": "An earlier report in JSON."},
        "waivers": {**FILES, "description": "A report in CSV or JSON with reasons."},
    },
    "required": ["file"],
}
GOING_ON = {
    "description": "The check goes on; ask for its progress at Location.",
    "headers": {"Location": {"schema": TEXT, "required": True}, "Retry-After": {"schema": TEXT}},
    "content": JSON_ANSWER,
}
UNREADABLE = {"422": {**ERROR, "description": "The file cannot be read; the text says why."}}
VALIDATION: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("post", "/validate"): {
        "parameters": (REPORT_FORM, REPORT_LANGUAGE),
        "content": REPORTS,
        "responses": {"202": GOING_ON, **UNREADABLE},
        "body": {
            "multipart/form-data": {"schema": CHECKED_FILES},
            **{media_type: {"schema": TEXT} for media_type in ("text/turtle", "application/n-quads")},
            "application/ld+json": {"schema": {}},
            "application/octet-stream": {"schema": {**TEXT, "format": "binary"}},
        },
    },
    ("get", "/validate/{token}"): {
        "parameters": (REPORT_FORM,),
        "content": JSON_ANSWER,
        "responses": {"202": GOING_ON},
        "elsewhere": (303,),
    },
    ("delete", "/validate/{token}"): {"responses": {"204": {"description": "It is cancelled and forgotten."}}},
    ("get", "/validate/{token}/report"): {
        "parameters": (REPORT_FORM,),
        "content": REPORTS,
        "responses": {"202": GOING_ON, **UNREADABLE},
    },
}

OPERATIONS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("get", "/"): {"content": bodies(HTML, "text/turtle"), "elsewhere": (303,)},
    ("get", "/health"): {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"status": {"const": "ok"}, "generation": TEXT},
                    "required": ["status", "generation"],
                }
            }
        }
    },
    ("get", "/ready"): {
        "content": JSON_ANSWER,
        "responses": {"503": {"description": "No worker is free, or the queue is full.", "content": JSON_ANSWER}},
    },
    ("get", "/metrics"): {"content": bodies(METRICS_TYPE.partition(";")[0])},
    ("get", "/context.jsonld"): {"content": {"application/ld+json": {"schema": {"type": "object"}}}},
    ("get", "/sparql"): {
        "parameters": (parameter("query", "query", QUERY_SCHEMA), *DATASET),
        "content": ANSWERS,
        "responses": NOT_CHANGED,
    },
    ("post", "/sparql"): {
        "parameters": DATASET,
        "content": ANSWERS,
        "responses": {**NOT_CHANGED, "204": {"description": "The update is done."}},
        "body": {FORM: {"schema": FORM_BODY}, QUERY: {"schema": QUERY_SCHEMA}},
    },
    **{
        (method, path): {
            "parameters": (parameter("query", "graph", GRAPH_IRI, required=method != "post"),)
            if path == "/graphs"
            else (),
            "content": graphs(),
            "responses": WRITTEN if method != "get" else NOT_CHANGED,
            **({"body": TRIPLES} if method in ("post", "put") else {}),
        }
        for method in METHODS
        for path in ("/graphs", "/graphs/{path}")
    },
    ("get", "/search"): {
        "parameters": (
            *(parameter("query", name, TEXT) for name in ("q", "kind")),
            *(parameter("query", name, {"type": "integer", "minimum": 1}) for name in ("page", "limit")),
            parameter("query", "lang", {"enum": ["zh", "en"]}),
        ),
        "content": {**JSON_ANSWER, **bodies("text/csv", HTML)},
    },
    ("get", "/search/suggest"): {"parameters": (parameter("query", "q", TEXT),), "content": JSON_ANSWER},
    ("get", "/reconcile"): {
        "parameters": tuple(parameter("query", name, schema) for name, schema in SURE_RECONCILIATION.items()),
        "content": JSON_ANSWER,
    },
    ("post", "/reconcile"): {
        "content": JSON_ANSWER,
        "body": {
            FORM: {
                "schema": {
                    "type": "object",
                    "properties": SURE_RECONCILIATION,
                    "anyOf": [{"required": [name]} for name in SURE_RECONCILIATION],
                }
            }
        },
    },
    ("get", "/reconcile/suggest/{what}"): {
        "parameters": tuple(parameter("query", name, TEXT) for name in ("prefix", "cursor")),
        "content": JSON_ANSWER,
    },
    ("get", "/reconcile/view"): {"elsewhere": (303,)},
    ("get", "/id/{path}"): {"elsewhere": (303,)},
    ("get", "/.well-known/void"): {"elsewhere": (302,)},
    **{
        ("get", path): {"content": graphs(HTML, "application/json"), "elsewhere": (302, 303)}
        for path in ("/history/{path}", "/diff/{path}")
    },
    **VALIDATION,
    **{
        ("get", path): {"content": graphs(HTML), "elsewhere": (303,)}
        for path in ("/doc/{path}", "/query/{name}", "/query-parameter/{name}", "/rules/{path}")
    },
}
