"""The context of a page request: language, messages, addresses, queries to the store, and rendering."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape
from typing import ParamSpec, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Request
from jinja2 import Environment

from ontology.messages import LANGUAGES, load_messages, message
from server.execution.evaluator import Evaluator, select_texts
from server.http.dependencies import get_evaluator, get_settings
from server.linked_data.resources import page_number
from server.pages.generation_memory import GenerationMemory
from server.pages.rendering import PageResponse, Turns
from server.serialization.media_types import preferred_languages
from server.settings import Settings
from server.sparql.query_templates import fill_query, nodes

COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 60 * 60
SAFE = "/:@!$&'()*+,;=~%#?"
_PLAIN = re.compile(rf"[\w.\-{re.escape(SAFE)}]*", re.ASCII)
"""Addresses that need no percent-encoding, which are nearly all."""

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

quoted = partial(escape, quote=True)
"""Escapes text for HTML and its attributes; takes a fraction of the time of `markupsafe`."""

P = ParamSpec("P")
T = TypeVar("T")
QueryRow = dict[str, str]
"""One row of an answer: variable name to the IRI or to the text of the literal; unbound variables are absent."""


class Html(str):
    """HTML that templates insert as it is: other text is escaped there."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text itself, as `markupsafe` asks."""
        return self


@dataclass(frozen=True, slots=True)
class DisplayName:
    """The label of a resource with its language, its notation, the address of its page, and its definition."""

    iri: str
    text: str
    language: str
    notation: str | None
    href: str | None
    definition: str = ""

    @property
    def code(self) -> str | None:
        """The notation if it contains a digit; notations without digits are internal names."""
        return self.notation if self.notation and any(c.isdigit() for c in self.notation) else None


NameMemory = GenerationMemory[tuple[str, str, str], DisplayName | None]
"""The names of resources, by root, language and IRI; None for what has none."""
AboveMemory = GenerationMemory[str, str]
"""What stands directly above a concept, empty at the top."""


@dataclass(frozen=True)
class PageContext:
    """A request for a page, the language chosen for it, and the labels loaded so far.

    `made` holds the disclosures that are made up, by IRI, with the office of each, once `load_made` has been called.
    """

    request: Request
    environment: Environment
    language: str
    turns: Turns
    known_names: NameMemory
    known_above: AboveMemory
    labels: dict[str, DisplayName] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    links: dict[tuple[str, bool], Html] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The settings of the service."""
        return get_settings(self.request)

    @property
    def evaluator(self) -> Evaluator:
        """The evaluator of SPARQL queries."""
        return get_evaluator(self.request)

    @cached_property
    def base(self) -> str:
        """The base of the IRIs that the service publishes."""
        return self.settings.base

    @cached_property
    def root(self) -> str:
        """The path under which the service is mounted, without a trailing slash."""
        root: str = self.request.scope.get("root_path", "")
        return root.rstrip("/")

    @property
    def account(self) -> str:
        """The name under which the work for the client is counted."""
        account: str = self.request.scope["state"]["account"]
        return account

    # ── Messages and addresses ─────────────────────────────────────────────────────────────────────

    def message(self, key: str, **values: object) -> str:
        """Return the message `key` in the language of the page."""
        return message(key, self.language, **values)

    def has_message(self, key: str) -> bool:
        """Whether the message `key` exists in the language of the page."""
        return (key, self.language) in load_messages()

    def href(self, iri: str) -> str | None:
        """Return the address of the page of an IRI.

        A path on this host for IRIs under the base, the IRI itself for other web addresses, None for schemes that
        browsers do not open (`urn:`).
        """
        if iri.startswith(self.base):
            key = iri.removeprefix(self.base)
            path = "doc/" + key.removeprefix("id/") if key.startswith("id/") else key
            return f"{self.root}/{path if _PLAIN.fullmatch(path) else quote(path, safe=SAFE)}"
        return iri if iri.startswith(("http://", "https://")) else None

    def link(self, path: str, **parameters: object) -> str:
        """Return a path of the service, below its root, with query parameters; empty parameters are left out."""
        given = urlencode({name: str(value) for name, value in parameters.items() if value not in (None, "")})
        return f"{self.root}{path}" + (f"?{given}" if given else "")

    def current_url(self, **changed: object) -> str:
        """Return the address of this page with some query parameters changed; empty ones are left out."""
        kept = dict(self.request.query_params.items()) if self.request.method in ("GET", "HEAD") else {}
        path = quote(self.request.url.path, safe=SAFE.replace("?", "").replace("#", ""))
        query = {**kept, **{name: str(value) for name, value in changed.items()}}
        given = urlencode({name: value for name, value in query.items() if value or name not in changed})
        return f"{path}?{given}" if given else path

    @property
    def search_text(self) -> str:
        """What was searched for, on the page of results."""
        is_search = self.request.url.path.removeprefix(self.root) == "/search"
        return self.request.query_params.get("q", "") if is_search else ""

    @property
    def page_number(self) -> int:
        """The parameter `page`, counted from 1. Raise NotFoundError if it is not a positive number."""
        return page_number(self.request)

    # ── Queries ───────────────────────────────────────────────────────────────────────────────

    async def select(
        self, name: str, *, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = (), **slots: object
    ) -> list[QueryRow]:
        """Return the rows that `queries/<name>.rq` selects, its `$slots` filled by `fill_query`."""
        return await self.select_text(fill_query(name, **slots), default_graphs, named_graphs)

    async def select_text(
        self, query: str, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()
    ) -> list[QueryRow]:
        """Return the rows that a query selects."""
        return await select_texts(self.evaluator, query, self.base, tuple(default_graphs), tuple(named_graphs))

    async def load_names(self, iris: Iterable[str | None], catalogue: str | None = None) -> None:
        """Load the labels of resources into `labels`.

        `catalogue` is the graph to look in for resources that no current version names.
        """
        wanted = {iri for iri in iris if iri} - self.labels.keys()
        found = await self._current_names(wanted)
        if catalogue is not None and wanted - found.keys():
            found |= await self._names(wanted - found.keys(), (catalogue,))
        self.labels.update(found)

    async def load_made(self) -> None:
        """Load which disclosures are made up into `made`."""
        rows = await self.select("which_disclosures_are_made")
        self.made.update({row["disclosure"]: row.get("organisation", "") for row in rows})

    async def _current_names(self, iris: set[str]) -> dict[str, DisplayName]:
        """The names in current versions and in the vocabulary; only those that no page has asked for are queried."""
        generation = self.evaluator.generation()
        keys = {iri: (self.root, self.language, iri) for iri in iris}
        names = self.known_names.get(generation, keys.values())
        missing = {iri for iri, key in keys.items() if key not in names}
        if missing:
            found = await self._names(missing, ())
            new = {keys[iri]: found.get(iri) for iri in missing}
            self.known_names.put(generation, new)
            names |= new
        return {iri: name for iri, key in keys.items() if (name := names[key]) is not None}

    async def _names(self, iris: set[str], graphs: tuple[str, ...]) -> dict[str, DisplayName]:
        if not iris:
            return {}
        rows = await self.select("what_are_these_called", default_graphs=graphs, things=nodes(iris))
        best: dict[str, tuple[int, QueryRow]] = {}
        for row in rows:
            rank = 2 * (row.get("language") == self.language) + (row.get("language") == "zh")
            if row["thing"] not in best or rank > best[row["thing"]][0]:
                best[row["thing"]] = rank, row
        return {
            iri: DisplayName(
                iri,
                row["label"],
                row.get("language") or "",
                row.get("notation"),
                self.href(iri),
                row.get("definition", ""),
            )
            for iri, (_, row) in best.items()
            if "label" in row
        }

    async def names_in_both_languages(self, iris: Iterable[str]) -> dict[tuple[str, str], str]:
        """Return the labels of resources by IRI and language, for tables of data."""
        wanted = nodes(iris)
        rows = await self.select("what_are_these_called", things=wanted) if wanted else []
        return {(row["thing"], row.get("language", "zh")): row["label"] for row in rows}

    def name(self, iri: str) -> DisplayName:
        """Return the loaded label of a resource, or the last part of its IRI if none was loaded."""
        return self.labels.get(iri) or DisplayName(
            iri, iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1], "", None, self.href(iri)
        )

    def name_link(self, iri: str, code: bool = False) -> Html:
        """Return the name of a resource in HTML, linked to its page; with its code before it if `code`."""
        if (iri, code) not in self.links:
            name = self.name(iri)
            language = f' lang="{name.language}"' if name.language and name.language != self.language else ""
            title = f' title="{quoted(name.definition)}"' if name.definition else ""
            before = (
                f'<span class="code">{quoted(name.code)}</span> ' if code and name.code not in (None, name.text) else ""
            )
            text = quoted(name.text)
            linked = f'<a href="{quoted(name.href or "")}"{language}{title}>{before}{text}</a>'
            self.links[iri, code] = Html(linked if name.href else f"{before}<span{language}>{text}</span>")
        return self.links[iri, code]

    # ── Rendering ─────────────────────────────────────────────────────────────────────────────────

    async def compute(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of a function that takes long, computed in a thread when it is the turn of the client."""
        return await self.turns.compute(self.account, partial(function, *args, **kwargs))

    def page(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
    ) -> PageResponse:
        """Return the response that a template renders from `values`, with the security headers of every page.

        It is rendered when it is sent, in a thread, when it is the turn of the client.
        """
        render = partial(
            self.environment.get_template(template).render,
            **{"context": self, "message": self.message, "name": self.name, "language": self.language, **values},
        )

        async def to_bytes() -> bytes:
            return (await self.compute(render)).encode()

        return self.respond(to_bytes, status, headers)

    def respond(
        self, render: Callable[[], Awaitable[bytes]], status: int = 200, headers: Mapping[str, str] | None = None
    ) -> PageResponse:
        """Return the response with the page that `render` makes, and the security headers of every page."""
        response = PageResponse(render, status, {**SECURITY_HEADERS, **(headers or {})})
        response.headers["Content-Language"] = self.language
        response.headers["Vary"] = "Accept, Accept-Language, Cookie"
        if self.request.query_params.get(COOKIE) in LANGUAGES:
            response.set_cookie(COOKIE, self.language, max_age=COOKIE_SECONDS, samesite="lax", path=self.root or "/")
        return response


def choose_language(request: Request) -> str:
    """Return the language of the parameter `lang`, else of the cookie, else of Accept-Language; Chinese by default."""
    for given in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
        if given in LANGUAGES:
            return given
    return preferred_languages(request.headers.get("accept-language", ""))[0]
