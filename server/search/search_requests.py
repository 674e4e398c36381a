"""The parameters of a search request."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from server.errors import NotFoundError
from server.linked_data.resources import page_number
from server.search.index.entries import KINDS
from server.search.index.index_files import SearchIndexes
from server.search.index.index_reader import SearchIndex, SearchResults
from server.search.text_tokens import LONGEST_QUERY

PAGE_SIZE = 20
MOST = 1000
"""Results that one answer may have."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A query, the kind of entries wanted (empty: all), and the slice of results."""

    query: str
    kind: str
    page: int
    limit: int

    async def ask(self, indexes: SearchIndexes, client: str) -> SearchResults:
        """Return the results. Raise NotFoundError for a page after the last, and what `SearchIndexes.ask` raises."""

        def search(index: SearchIndex) -> SearchResults:
            return index.search(self.query, self.kinds, limit=self.limit, offset=(self.page - 1) * self.limit)

        found = await indexes.ask(client, search)
        if self.page > 1 and not found.results:
            raise NotFoundError(iri=f"search?q={self.query}&page={self.page}")
        return found

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of entries wanted."""
        return (self.kind,) if self.kind else KINDS

    def number(self, found: SearchResults) -> int:
        """Return the number of results on all pages."""
        return sum(found.counts.get(kind, 0) for kind in self.kinds)


def read_search_request(request: Request, limit: int = PAGE_SIZE) -> SearchRequest:
    """Return the parameters `q`, `kind`, `page` and `limit` of a request. Raise NotFoundError for impossible values."""
    given = request.query_params
    kind, wanted = given.get("kind", ""), given.get("limit", str(limit))
    if (kind and kind not in KINDS) or not wanted.isdecimal() or not 0 < len(wanted) < 6 or int(wanted) == 0:
        raise NotFoundError(iri=str(request.url))
    query = given.get("q", "").strip()[:LONGEST_QUERY]
    return SearchRequest(query, kind, page_number(request), min(int(wanted), MOST))
