"""Tools of the Model Context Protocol over a store: search, facts, totals, and checking a file.

Every answer names the addresses of what it rests on, so that a statement made with it can be verified.
"""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from typing import Any

from mcp.server import MCPServer

from converters.model.document import DocumentError
from ontology.namespaces import DEFAULT_BASE
from server.search.index.entries import KINDS
from server.search.index.local_index import open_index
from server.search.results import result_to_json
from server.search.routes import page_path
from yusuan.api import validate
from yusuan.fact_totals import TotalsError, totals
from yusuan.stores.opened_store import open_store

MOST = 200
"""Rows of one answer."""
DIMENSIONS = ("flow", "fund", "function", "economic", "kind", "project", "scope", "supplier")
INSTRUCTIONS = """Published budgets and final accounts of Chinese government departments. Amounts are yuan.

Find codes and offices with `search` first; it takes Chinese, pinyin, English and codes. `facts` lists amounts, each
once; their marks say what adds up, so add with `totals`, which refuses sums that would count money twice. Quote the
address of each fact that an answer rests on. `check` finds contradictions in a file that is not published yet."""

JsonObject = dict[str, Any]


def create_server(store: Path, base: str = DEFAULT_BASE, language: str = "en", site: str = "") -> MCPServer[Any]:
    """Return the server over a store; `site` is the address of a service, to which links lead.

    Raise StoreMissingError if nothing is published in the store.
    """
    tools = StoreTools(store, base, language, site.rstrip("/"))
    server = MCPServer("yusuan", instructions=INSTRUCTIONS, log_level="WARNING")
    for tool in (tools.search, tools.facts, tools.totals, tools.check):
        server.tool()(tool)
    return server


class StoreTools:
    """The tools over a store. Their docstrings are what clients are told of them."""

    def __init__(self, store: Path, base: str, language: str, site: str) -> None:
        self.path = store
        self.base = base
        self.language = language
        self.site = site
        self.store = open_store(store, base)

    def search(self, query: str, kind: str = "", limit: int = 10) -> JsonObject:
        """Find offices, divisions, codes, projects, disclosures, rows of tables, sentences, findings and terms.

        Args:
            query: Chinese, pinyin, English, or a code.
            kind: One of office, division, code, project, disclosure, row, sentence, finding, scheme, term, rule, query.
            limit: At most this many results.
        """
        if kind and kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        index = open_index(self.path, self.base)
        found = index.search(query, [kind] if kind else KINDS, limit=min(max(limit, 1), MOST))
        results = [{**result_to_json(each, self.language), "page": self._page(each.iri)} for each in found.results]
        return {"numbers": dict(found.counts), "partial": found.partial, "results": results}

    def facts(
        self, organisation: str, year: int | None = None, breakdown: str = "", code: str = "", limit: int = 50
    ) -> JsonObject:
        """List amounts of an office, each once, with the address and the place in the document of each.

        Args:
            organisation: The key of an office as in its address: 420107/108.
            year: One year; all if not given.
            breakdown: Along which dimensions the amounts are divided: total, function, economic, fund-function ...
            code: Only amounts that carry this code in any dimension: 2010101, 30216.
            limit: At most this many amounts.
        """
        frame = self.store.facts(year=year, organisation=organisation, breakdown=breakdown or None)
        records: list[Any] = frame.to_dict("records")
        rows = [row for row in records if not code or code in {row[name] for name in DIMENSIONS}]
        shown = rows[: min(max(limit, 1), MOST)]
        return {"number": len(rows), "facts": [self._fact(row) for row in shown]}

    def totals(
        self,
        organisation: str,
        by: list[str],
        year: int | None = None,
        flow: str = "expenditure",
        phase: str = "budget",
    ) -> JsonObject:
        """Add up the money of an office by columns such as year, function, economic, kind or fund.

        Refuses, with the reason, a sum that would count money twice or leave some out.

        Args:
            organisation: The key of an office as in its address: 420107/108.
            by: The columns of the sums.
            year: One year; all if not given.
            flow: expenditure or revenue.
            phase: budget, adjusted or final.
        """
        frame = self.store.facts(year=year, organisation=organisation)
        rows = frame[(frame.flow == flow) & (frame.phase == phase)]
        try:
            found = totals(rows, by=by, lang=self.language)
        except TotalsError as error:
            return {"refused": error.text(self.language), "totals": []}
        disclosures = sorted(set(rows.disclosure))
        return {
            "totals": [_plain(row) for row in found.to_dict("records")],
            "rests_on": [self._address(f"id/disclosure/{key}") for key in disclosures],
        }

    def check(self, path: str) -> JsonObject:
        """Check a disclosure in a file (PDF, Word, Excel, web page, text) for figures that contradict each other.

        Args:
            path: The file on this machine. It is not stored or sent anywhere.
        """
        try:
            validated = validate(path, base=self.base)
        except DocumentError as error:
            return {"unreadable": error.text(self.language)}
        return {"documents": [_checked_to_json(document.to_json(), self) for document in validated.documents]}

    def rule_address(self, identifier: str) -> str:
        """Return the address of a rule."""
        return f"{self.base}rules#{identifier}"

    def _fact(self, row: JsonObject) -> JsonObject:
        kept = ("organisation_name", "year", "phase", "amount", "currency", "measure", "breakdown", "adds", "quoted")
        coordinates = {
            name: {"code": row[name], "name_zh": row[f"{name}_name"], "name_en": row[f"{name}_name_en"]}
            for name in DIMENSIONS
            if row[name] not in ("total", None)
        }
        places = {name: row[name] for name in ("file", "page", "place")}
        address = self._address(str(row["fact"]))
        return {
            "fact": address,
            "page": self._page(address),
            **{name: _plain(row[name]) for name in kept},
            "coordinates": _plain(coordinates),
            "printed_at": _plain(places),
        }

    def _address(self, key: str) -> str:
        return key if key.startswith(("http://", "https://")) else f"{self.base}{key}"

    def _page(self, iri: str) -> str | None:
        return page_path(iri, self.base, self.site) if self.site else None


def _checked_to_json(content: JsonObject, tools: StoreTools) -> JsonObject:
    kept = ("organisation", "year", "phase", "verdict", "conforms", "counts", "following", "unread", "issues")
    findings = [
        {
            **{name: finding[name] for name in ("id", "severity", "message", "difference", "quote", "follows")},
            "rule": tools.rule_address(finding["rule"]),
            "places": [finding[side] for side in ("left", "right") if finding[side]],
        }
        for finding in content["findings"][:MOST]
    ]
    return {**{name: content[name] for name in kept}, "findings": findings}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: decimals as text, absent numbers as null."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float) and math.isnan(value):
        return None
    if hasattr(value, "item"):
        return _plain(value.item())
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
