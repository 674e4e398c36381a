"""The page of search results."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Response

from server.pages.page_context import PageContext
from server.search.index.entries import KINDS
from server.search.index.index_files import get_indexes
from server.search.index.index_reader import SearchResult, SearchResults
from server.search.results import in_language
from server.search.search_requests import SearchRequest, read_search_request
from server.search.text_tokens import split_runs

LONGEST_TEXT = 240
BEFORE = 60


@dataclass(frozen=True, slots=True)
class Highlight:
    """A piece of a text, and whether it is what was searched for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class ResultView:
    """A result as the page shows it: label and context in pieces, each with its language."""

    kind: str
    href: str | None
    notation: str
    label: tuple[Highlight, ...]
    label_language: str
    other: str
    other_language: str
    context: tuple[Highlight, ...]
    detail: str


async def search_page(context: PageContext, _iri: str) -> Response:
    """Return the page of search results; without a query, the form alone."""
    wanted = read_search_request(context.request)
    found = SearchResults((), {})
    if wanted.query:
        found = await wanted.ask(get_indexes(context.request), context.request.state.account)
    number = wanted.number(found)
    return context.page(
        "search.html",
        query=wanted.query,
        kind=wanted.kind,
        given=urlencode({"q": wanted.query} | ({"kind": wanted.kind} if wanted.kind else {})),
        kinds=[(kind, found.counts[kind]) for kind in KINDS if kind in found.counts],
        total=sum(found.counts.values()),
        number=number,
        partial=found.partial,
        results=[result_view(context, result, wanted.query) for result in found.results],
        first=(wanted.page - 1) * wanted.limit + 1,
        page=wanted.page,
        has_more=has_more(wanted, number),
    )


def has_more(wanted: SearchRequest, number: int) -> bool:
    """Return whether another page of results follows."""
    return wanted.page * wanted.limit < number


def result_view(context: PageContext, result: SearchResult, query: str) -> ResultView:
    """Return a result as the page shows it."""
    label, language = in_language(result.label, context.language)
    other_language = "en" if language == "zh" else "zh"
    pattern = query_to_pattern(query)
    return ResultView(
        kind=result.kind,
        href=context.href(result.iri),
        notation=result.notation if result.kind != "finding" else "",
        label=tuple(highlight(shorten(label, pattern), pattern)),
        label_language=language,
        other=result.label[other_language] if result.kind != "finding" else "",
        other_language=other_language,
        context=tuple(highlight(shorten(in_language(result.context, context.language)[0], pattern), pattern)),
        detail=result.detail,
    )


def query_to_pattern(query: str) -> re.Pattern[str] | None:
    """Return a pattern of the words of a query; None if it has none."""
    words = sorted({re.escape(run.text) for run in split_runs(query)}, key=len, reverse=True)
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def shorten(text: str, pattern: re.Pattern[str] | None) -> str:
    """Return the part of a long text around the first match."""
    if len(text) <= LONGEST_TEXT:
        return text
    found = pattern.search(text) if pattern else None
    start = max(0, (found.start() if found else 0) - BEFORE)
    end = start + LONGEST_TEXT
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def highlight(text: str, pattern: re.Pattern[str] | None) -> Iterable[Highlight]:
    """Yield a text in pieces, those that match a pattern marked."""
    end = 0
    for found in pattern.finditer(text) if pattern else ():
        if found.start() > end:
            yield Highlight(text[end : found.start()], False)
        yield Highlight(found[0], True)
        end = found.end()
    if end < len(text):
        yield Highlight(text[end:], False)
