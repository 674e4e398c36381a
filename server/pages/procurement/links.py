"""`/links`: suggested links between notices and budget lines, to be accepted or rejected with a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import Response
from fastapi.responses import RedirectResponse

from converters.model.iris import DECISIONS_GRAPH, mint_decision
from ontology.namespaces import PROV, RDF, XSD
from server.errors import KeyRefusedError, NotFoundError, ServiceError, UpdateRefusedError
from server.http.dependencies import get_writer
from server.http.request_bodies import read_body
from server.http.responses import error_headers
from server.http.write_access import check_secret, is_basic, secret_of
from server.pages.page_context import PageContext, QueryRow
from server.pages.procurement.cells import cell_to_text
from server.sparql.query_templates import nodes
from server.store.client_writes import Write

ADDRESS = "/links"
STATES = ("open", "accepted", "rejected")
PAGE = 25
LONGEST_REASON, LONGEST_FORM = 1000, 16 * 1024
_BOOLEANS = {"accepted": ox.Literal(value=True), "rejected": ox.Literal(value=False)}


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as the page shows it: its rows in the store, and what was decided.

    `suggested` tells whether the last run suggests it; `probability` is empty where none is stated.
    """

    iri: str
    suggested: bool
    recommended: bool
    probability: str
    notice: QueryRow
    line: QueryRow
    evidence: Sequence[str]
    reason: str = ""
    key: str = ""
    at: str = ""


async def links_page(context: PageContext, error: str | None = None, status: int = 200) -> Response:
    """Return the page of links in a state: `open`, `accepted` or `rejected`. Raise NotFoundError for another state."""
    links = await find_links(context, PAGE + 1)
    return context.page(
        "links.html",
        status,
        state=_state(context),
        states=STATES,
        links=links[:PAGE],
        number=context.page_number,
        has_more=len(links) > PAGE,
        may_write=context.settings.keys is not None,
        longest=LONGEST_REASON,
        cell=cell_to_text,
        error=error,
    )


async def find_links(context: PageContext, limit: int) -> list[LinkView]:
    """Return links in the state that the request names, of its page. Raise NotFoundError for another state."""
    state, offset = _state(context), (context.page_number - 1) * PAGE
    if state == "open":
        rows = await context.select("which_links_are_undecided", limit=limit, offset=offset)
    else:
        rows = await context.select("which_links_are_decided", accepted=_BOOLEANS[state], limit=limit, offset=offset)
    return await _views(context, rows)


def _state(context: PageContext) -> str:
    state = context.request.query_params.get("state", STATES[0])
    if state not in STATES:
        raise NotFoundError(iri=str(context.request.url))
    return state


async def decide_link(context: PageContext) -> Response:
    """Write a decision of the form and return to the page; show what is wrong with the form.

    The key stands in the form or is a Bearer token. Basic authentication is ignored: browsers add it to the forms of
    other sites, too.

    Raise NotFoundError for a link that was never suggested, and what writing raises.
    """
    request = context.request
    body = await read_body(request, LONGEST_FORM, context.settings.receive_timeout)
    fields = dict(parse_qsl(body.decode("utf-8", "replace")))
    try:
        authorization = request.headers.get("authorization", "")
        given = fields.get("key") or (None if is_basic(authorization) else secret_of(authorization))
        key = check_secret(context.settings, given)
    except (KeyRefusedError, UpdateRefusedError) as refusal:
        return await _refused(context, refusal)
    verdict, reason = fields.get("verdict", ""), fields.get("reason", "").strip()
    if verdict not in _BOOLEANS or not reason or len(reason) > LONGEST_REASON:
        return await links_page(context, context.message("links-reason-missing", most=LONGEST_REASON), 400)
    link = fields.get("link", "")
    named = nodes([link]) if link.startswith(context.base) else []
    found = await context.select("which_link_is_this", link=named[0]) if named else []
    if not found:
        raise NotFoundError(iri=link)
    triples = _decision(context, link, found[0], verdict, reason, key.name)
    text = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    update = f"INSERT DATA {{ GRAPH <{context.base}{DECISIONS_GRAPH}> {{ {text} }} }}"
    await get_writer(request).write(Write("update", context.base, text=update))
    return RedirectResponse(context.link(ADDRESS, state=verdict), status_code=303)


async def _refused(context: PageContext, refusal: ServiceError) -> Response:
    page = await links_page(context, refusal.text(context.language), refusal.status)
    page.headers.update(error_headers(refusal))
    if "WWW-Authenticate" in page.headers:  # a browser would ask for a password, and send it along from then on
        page.headers["WWW-Authenticate"] = 'Bearer realm="Yusuan"'
    return page


def _decision(context: PageContext, link: str, tied: QueryRow, verdict: str, reason: str, key: str) -> list[ox.Triple]:
    """Return what is written of a decision: also what the link ties, so that it outlives the suggestion."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    node, about = ox.NamedNode(context.base + mint_decision(link.removeprefix(context.base), now)), ox.NamedNode(link)

    def term(name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{context.base}def#{name}")

    return [
        ox.Triple(node, ox.NamedNode(RDF + "type"), term("LinkDecision")),
        ox.Triple(node, term("decidedLink"), about),
        ox.Triple(node, term("accepted"), _BOOLEANS[verdict]),
        ox.Triple(node, term("decisionReason"), ox.Literal(reason)),
        ox.Triple(node, term("decisionKey"), ox.Literal(key)),
        ox.Triple(
            node,
            ox.NamedNode(PROV + "generatedAtTime"),
            ox.Literal(now, datatype=ox.NamedNode(XSD + "dateTime")),
        ),
        ox.Triple(about, term("suggestedNotice"), ox.NamedNode(tied["notice"])),
        ox.Triple(about, term("suggestedLine"), ox.NamedNode(tied["line"])),
    ]


async def _views(context: PageContext, rows: Sequence[QueryRow]) -> list[LinkView]:
    if not rows:
        return []
    found = await context.select("what_do_linked_notices_say", notices=nodes(row["notice"] for row in rows))
    notices = {row["notice"]: row for row in found}
    lines: dict[str, QueryRow] = {}
    for row in await context.select("what_are_these_budget_lines", keys=nodes(row["line"] for row in rows)):
        lines.setdefault(row["key"], row)
    evidence: dict[str, list[str]] = {}
    for row in await context.select("which_evidence_do_links_have", links=nodes(row["link"] for row in rows)):
        evidence.setdefault(row["link"], []).append(row["evidence"])
    named = [line.get(name) for line in lines.values() for name in ("office", "item", "project")]
    named += [notice["kind"] for notice in notices.values()]
    await context.load_names([*named, *(iri for each in evidence.values() for iri in each)])
    return [
        LinkView(
            iri=row["link"],
            suggested="recommended" in row,
            recommended=row.get("recommended") == "true",
            probability=row.get("probability", ""),
            notice=notices.get(row["notice"], {}) | {"notice": row["notice"]},
            line=lines.get(row["line"], {}) | {"key": row["line"]},
            evidence=evidence.get(row["link"], ()),
            reason=row.get("reason", ""),
            key=row.get("key", ""),
            at=row.get("at", ""),
        )
        for row in rows
    ]
