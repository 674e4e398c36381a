"""Reconciliation of names with offices, divisions, codes and projects, from the search index.

The W3C Reconciliation Service API 0.2: <https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/>.
Entities are identified by their key below the base, such as `code/economic/30216`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ontology.messages import message
from server.search.index.index_reader import SearchIndex, SearchResult
from server.search.results import in_language
from server.search.text_tokens import fold

TYPES = ("office", "division", "code", "project", "supplier")
"""The types of entities; code lists, such as `code/function`, are types below `code`."""
CODE_LIST = "code/"
LIMIT, MOST = 5, 25
MOST_VALUES, LONGEST_NAME = 50, 300
"""Values of properties in a query, and characters of a name that are compared."""
CANDIDATES = 30
"""Entries of the index that are compared with a name."""
EXACT = 100.0
LOST = 0.6
"""The part of its score that a candidate keeps for each property that it does not have."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """A name to be found, the types that are wanted (none: all), and values that a candidate should have."""

    text: str
    types: tuple[str, ...]
    limit: int
    values: tuple[str, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of entries that may match."""
        wanted = {"code" if name.startswith(CODE_LIST) else name for name in self.types}
        return tuple(kind for kind in TYPES if not wanted or kind in wanted)

    def admits(self, result: SearchResult, base: str) -> bool:
        """Return whether an entry has one of the types."""
        return not self.types or bool({result.kind, result.scheme.removeprefix(base)} & {*self.types})


def parse_query(given: object) -> ReconciliationQuery:
    """Return the query of a batch. Raise ValueError for anything else."""
    if not isinstance(given, dict):
        raise ValueError("a query is an object")
    text, types, limit = given.get("query", ""), given.get("type", []), given.get("limit", LIMIT)
    types = [types] if isinstance(types, str) else types
    if not isinstance(text, str) or not isinstance(types, list) or not all(isinstance(t, str) for t in types):
        raise ValueError("query and type are text")
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 1:
        raise ValueError("limit is a positive number")
    values = tuple(_values(given.get("properties", [])))
    if len(values) > MOST_VALUES:
        raise ValueError(f"more than {MOST_VALUES} values of properties")
    if "query" not in given and not values:
        raise ValueError("a query needs text or properties")
    name = (text.strip() or "".join(values[:1]))[:LONGEST_NAME]
    return ReconciliationQuery(name, tuple(types), int(min(limit, MOST)), values)


def reconcile(index: SearchIndex, query: ReconciliationQuery, base: str, language: str) -> list[Json]:
    """Return the candidates for a name, the best first; one is a match if it alone has exactly this name.

    There are none for an empty name, as of an empty cell, so that the other names of a batch are answered.
    """
    if not query.text:
        return []
    exact = {result.iri: result for result in index.named(query.text, query.kinds)}
    found = {result.iri: result for result in index.search(query.text, query.kinds, limit=CANDIDATES).results}
    admitted = [result for result in (exact | found).values() if query.admits(result, base)]
    scores = {result.iri: _score(result, query, result.iri in exact) for result in admitted}
    best = sorted(admitted, key=lambda result: -scores[result.iri])
    perfect = [iri for iri, score in scores.items() if score == EXACT]
    return [
        {
            **entity_to_json(result, base, language),
            "score": round(scores[result.iri], 1),
            "match": perfect == [result.iri],
            "type": types_of(result, base, language),
        }
        for result in best[: query.limit]
    ]


def entity_to_json(result: SearchResult, base: str, language: str) -> Json:
    """Return the identifier, name and description of an entity."""
    context = in_language(result.context, language)[0]
    description = " · ".join(part for part in (result.notation, context) if part)
    return {
        "id": result.iri.removeprefix(base),
        "name": in_language(result.label, language)[0],
        **({"description": description} if description else {}),
    }


def types_of(result: SearchResult, base: str, language: str) -> list[Json]:
    """Return the types of an entity: for a code its list, too."""
    types = [{"id": result.kind, "name": message(f"search-kind-{result.kind}", language)}]
    if result.kind == "code" and result.scheme.startswith(base + CODE_LIST):
        types.insert(0, {"id": result.scheme.removeprefix(base), "name": result.context[language].split(" · ")[0]})
    return types


def suggest_entities(index: SearchIndex, prefix: str, cursor: int, base: str, language: str) -> list[Json]:
    """Return entities whose name or code begins with or contains a text, or whose identifier it is."""
    identified = index.named(prefix.removeprefix(base), TYPES) if cursor == 0 else []
    found = index.search(prefix, TYPES, limit=MOST, offset=cursor, complete=True).results
    return [
        {**entity_to_json(result, base, language), "notable": types_of(result, base, language)}
        for result in {result.iri: result for result in (*identified, *found)}.values()
    ]


def suggest_types(index: SearchIndex, prefix: str, base: str, language: str) -> list[Json]:
    """Return the types whose name contains a text: kinds of entities, and code lists below `code`."""
    types = default_types(language)
    code = next(kind for kind in types if kind["id"] == "code")
    found = index.search(prefix, ["scheme"], limit=MOST, complete=True).results
    lists = [{"id": r.iri.removeprefix(base), "name": in_language(r.label, language)[0]} for r in found]
    named = [kind for kind in types if fold(prefix) in fold(f"{kind['id']} {kind['name']}")]
    return [*named, *({**each, "broader": [code]} for each in lists if each["id"].startswith(CODE_LIST))]


def default_types(language: str) -> list[Json]:
    """Return the kinds of entities with their names."""
    return [{"id": kind, "name": message(f"search-kind-{kind}", language)} for kind in TYPES]


def _values(properties: object) -> Iterator[str]:
    if not isinstance(properties, list):
        raise ValueError("properties is a list")
    for each in properties:
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str) or "v" not in each:
            raise ValueError("a property has pid and v")
        values = each["v"] if isinstance(each["v"], list) else [each["v"]]
        for value in values:
            text = value.get("name") or value.get("id") if isinstance(value, dict) else value
            if not isinstance(text, str | int | float):
                raise ValueError("a value is text, a number, or has an id")
            yield str(text)


def _score(result: SearchResult, query: ReconciliationQuery, is_exact: bool) -> float:
    text = fold(query.text)
    names = [fold(name) for name in (*result.label.values(), result.notation) if name]
    likeness = max((SequenceMatcher(None, text, name, autojunk=False).ratio() for name in names), default=0.0)
    score = EXACT if is_exact else min(EXACT - 1, EXACT * likeness)
    about = fold(" ".join((*names, *result.context.values(), result.iri)))
    return score * LOST ** sum(fold(value) not in about for value in query.values)


# ── Data extension ───────────────────────────────────────────────────────────────────────────────

LANGUAGE_OF: Mapping[str, str] = {"name_zh": "zh", "name_en": "en", "definition_zh": "zh", "definition_en": "en"}
PROPERTIES: Mapping[str, Sequence[str]] = {
    "name_zh": ("prefLabel",),
    "name_en": ("prefLabel",),
    "other_name": ("altLabel",),
    "code": ("notation",),
    "definition_zh": ("definition",),
    "definition_en": ("definition",),
    "above": ("broader", "subOrganizationOf"),
    "list": ("inScheme",),
}
"""Properties by which a table can be extended, each with the local names of the properties in the store."""
ENTITIES = frozenset({"above", "list"})


def properties_of(kind: str) -> list[str]:
    """Return the properties of a type; offices and divisions have no definitions."""
    return [name for name in PROPERTIES if kind == "" or kind.startswith("code") or not name.startswith("definition")]


def extension_to_json(
    ids: Iterable[str], wanted: Sequence[str], rows: Iterable[Mapping[str, str]], base: str, language: str
) -> Json:
    """Return the values of properties of entities, from rows of the query `which_values_do_these_things_have`."""
    found: dict[tuple[str, str], dict[str, Json]] = {}
    for row in rows:
        local_name = row["property"].replace("#", "/").rpartition("/")[2]
        for name in wanted:
            if local_name in PROPERTIES[name] and row.get("language", "") in (
                "",
                LANGUAGE_OF.get(name, row.get("language", "")),
            ):
                values = found.setdefault((row["thing"].removeprefix(base), name), {})
                if name not in ENTITIES:
                    values[row["value"]] = {"str": row["value"]}
                elif row["value"] not in values or row.get("label_language") == language:
                    key = row["value"].removeprefix(base)
                    values[row["value"]] = {"id": key, "name": row.get("label", key)}
    meta = [{"id": name, "name": message(f"reconcile-{name.replace('_', '-')}", language)} for name in wanted]
    rows_ = {key: {name: [*found.get((key, name), {}).values()] or [{}] for name in wanted} for key in ids}
    return {"meta": meta, "rows": rows_}
