"""One visit to a page: whose language, which addresses, what is asked of the store, and the HTML that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from ontology.messages import LANGUAGES, load_messages, message
from server.execution.evaluator import Evaluator, select
from server.http.dependencies import get_evaluator, get_settings
from server.linked_data.resources import page_number
from server.serialization.media_types import preferred_languages
from server.settings import Settings
from server.sparql.query_templates import fill_query, nodes

COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 60 * 60
SAFE = "/:@!$&'()*+,;=~%#?"

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

Row = dict[str, str]
"""One row of an answer: variable name to the IRI or to the text of the literal; unbound variables are absent."""


@dataclass(frozen=True, slots=True)
class DisplayName:
    """What a thing is called: the text, its language, the code that goes with it, and the page of the thing."""

    iri: str
    text: str
    language: str
    notation: str | None
    href: str | None

    @property
    def code(self) -> str | None:
        """The notation, if it is a code that people use; notations made of words are for machines."""
        return self.notation if self.notation and any(c.isdigit() for c in self.notation) else None


@dataclass(frozen=True)
class PageContext:
    """A request, the language chosen for it, and what a page needs to be made."""

    request: Request
    environment: Environment
    language: str
    labels: dict[str, DisplayName] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The settings of the service."""
        return get_settings(self.request)

    @property
    def evaluator(self) -> Evaluator:
        """What answers queries."""
        return get_evaluator(self.request)

    @property
    def base(self) -> str:
        """What our IRIs begin with."""
        return self.settings.base

    @property
    def root(self) -> str:
        """Where the service is mounted: a path without a slash at its end."""
        root: str = self.request.scope.get("root_path", "")
        return root.rstrip("/")

    # ── Words and addresses ─────────────────────────────────────────────────────────────────────

    def word(self, key: str, **values: object) -> str:
        """The message `key` in the language of the visit."""
        return message(key, self.language, **values)

    def has_word(self, key: str) -> bool:
        """Whether there is such a message."""
        return (key, self.language) in load_messages()

    def href(self, iri: str) -> str | None:
        """The page of an IRI: a path on this host for ours, the IRI for the web's, None for what no browser opens."""
        if iri.startswith(self.base):
            key = iri.removeprefix(self.base)
            path = "doc/" + key.removeprefix("id/") if key.startswith("id/") else key
            return f"{self.root}/{quote(path, safe=SAFE)}"
        return iri if iri.startswith(("http://", "https://")) else None

    def link(self, path: str, **parameters: object) -> str:
        """A path of the service, from where it is mounted, with parameters."""
        given = urlencode({name: str(value) for name, value in parameters.items() if value not in (None, "")})
        return f"{self.root}{path}" + (f"?{given}" if given else "")

    def here(self, **changed: object) -> str:
        """The address of this page with some parameters changed."""
        kept = dict(self.request.query_params.items()) if self.request.method in ("GET", "HEAD") else {}
        path = quote(self.request.url.path, safe=SAFE.replace("?", "").replace("#", ""))
        return f"{path}?{urlencode({**kept, **{name: str(value) for name, value in changed.items()}})}"

    @property
    def page_number(self) -> int:
        """`?page=`, from 1; raises NotFoundError for what can be no page."""
        return page_number(self.request)

    # ── Questions ───────────────────────────────────────────────────────────────────────────────

    async def ask(
        self, question: str, *, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = (), **slots: object
    ) -> list[Row]:
        """The rows that `queries/<question>.rq` selects, its `$slots` filled as `fill_query` does."""
        rows = await select(
            self.evaluator, fill_query(question, **slots), self.base, tuple(default_graphs), tuple(named_graphs)
        )
        return [{name: term.value for name, term in row.items()} for row in rows]

    async def learn_names(self, iris: Iterable[str | None], catalogue: str | None = None) -> None:
        """Find out what things are called; `catalogue` is asked for those that no current version names."""
        wanted = {iri for iri in iris if iri} - self.labels.keys()
        found = await self._names(wanted, ())
        if catalogue is not None and wanted - found.keys():
            found |= await self._names(wanted - found.keys(), (catalogue,))
        self.labels.update(found)

    async def _names(self, iris: set[str], graphs: tuple[str, ...]) -> dict[str, DisplayName]:
        if not iris:
            return {}
        rows = await self.ask("what_are_these_called", default_graphs=graphs, things=nodes(iris))
        best: dict[str, tuple[int, Row]] = {}
        for row in rows:
            rank = 2 * (row.get("language") == self.language) + (row.get("language") == "zh")
            if row["thing"] not in best or rank > best[row["thing"]][0]:
                best[row["thing"]] = rank, row
        return {
            iri: DisplayName(iri, row["label"], row.get("language") or "", row.get("notation"), self.href(iri))
            for iri, (_, row) in best.items()
            if "label" in row
        }

    def name(self, iri: str) -> DisplayName:
        """What a thing is called; the end of its IRI if that was never learned."""
        known = self.labels.get(iri)
        return known or DisplayName(
            iri, iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1], "", None, self.href(iri)
        )

    # ── Answers ─────────────────────────────────────────────────────────────────────────────────

    def page(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: object
    ) -> Response:
        """The page that a template makes of the context."""
        text = self.environment.get_template(template).render(
            visit=self, word=self.word, name=self.name, language=self.language, **context
        )
        response = HTMLResponse(text, status_code=status, headers={**SECURITY_HEADERS, **(headers or {})})
        response.headers["Content-Language"] = self.language
        response.headers["Vary"] = "Accept, Accept-Language, Cookie"
        if self.request.query_params.get(COOKIE) in LANGUAGES:
            response.set_cookie(COOKIE, self.language, max_age=COOKIE_SECONDS, samesite="lax", path=self.root or "/")
        return response


def choose_language(request: Request) -> str:
    """The language asked for by parameter, else by cookie, else by the browser; Chinese if nobody says."""
    for given in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
        if given in LANGUAGES:
            return given
    return preferred_languages(request.headers.get("accept-language", ""))[0]
