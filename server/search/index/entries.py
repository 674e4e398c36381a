"""The entries of a search index, gathered from a generation of a store."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ontology.example_queries import load_examples
from ontology.messages import LANGUAGES, message
from ontology.namespaces import ORG, SKOS
from ontology.text import clean_label
from server.search.disclosures import DIVISIONS, IndexedDisclosure, division_of
from server.search.index.store_reader import NamedThing, StoreReader, Texts
from server.search.text_tokens import join_han
from server.store.current_graphs import FINDINGS
from shapes.graph_reader import natural_order
from shapes.rules import load_rules

KINDS = (
    *("office", "division", "code", "project", "supplier", "disclosure", "notice", "row", "sentence", "finding"),
    *("scheme", "term", "rule", "query"),
)
"""The kinds of entries, in the order of results."""
SEPARATOR = " · "
_ROW = re.compile(r"(?P<row>.+/r\d+)c\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A thing that can be found: `label` and `context` by language, other `names`, and a figure it prints (`detail`).

    `scheme` is the code list of a code, `concept` the code that a row carries.
    """

    kind: str
    iri: str
    label: Texts
    context: Texts = field(default_factory=dict)
    notation: str = ""
    names: tuple[str, ...] = ()
    detail: str = ""
    scheme: str = ""
    concept: str = ""


def read_entries(reader: StoreReader, disclosures: Iterable[IndexedDisclosure]) -> Iterator[IndexEntry]:
    """Yield the entries of a generation; within a kind those to be shown first come first."""
    yield from _named_entries(reader)
    yield from _supplier_entries(reader)
    yield from _notice_entries(reader)
    for disclosure in disclosures:
        context = _disclosure_context(reader, disclosure)
        label = {"zh": disclosure.title} if disclosure.title else context
        yield IndexEntry("disclosure", disclosure.version, label, context)
        yield from _row_entries(reader, disclosure, context)
        yield from _sentence_entries(reader, disclosure, context)
        yield from _finding_entries(reader, disclosure, context)
    for rule in load_rules(reader.base):
        yield IndexEntry("rule", rule.iri, rule.title, rule.explanation, rule.identifier)
    for example in load_examples(reader.base):
        yield IndexEntry("query", example.iri, example.title, example.comment)


def _named_entries(reader: StoreReader) -> Iterator[IndexEntry]:
    for iri in sorted(reader.things, key=natural_order):
        thing = reader.things[iri]
        kind = _kind_of(reader, thing)
        if kind is None:
            continue
        yield IndexEntry(
            kind=kind,
            iri=iri,
            label=thing.label,
            context=_concept_context(reader, thing, kind),
            notation=thing.notation if any(character.isdigit() for character in thing.notation) else "",
            names=tuple(thing.names),
            scheme=thing.scheme,
        )


def _supplier_entries(reader: StoreReader) -> Iterator[IndexEntry]:
    """Yield the suppliers of awards, with the purchases for which they were chosen."""
    purchases = {
        row["notice"]: row.get("purchase", row["title"]) for row in reader.select("which_notices_are_published")
    }
    found: dict[str, dict[str, str]] = {}
    chosen: dict[str, dict[str, None]] = defaultdict(dict)
    for row in reader.select("which_awards_are_published"):
        found.setdefault(row["supplier"], row)
        chosen[row["supplier"]][purchases.get(row["notice"], "")] = None
    for iri, row in sorted(found.items()):
        context = dict.fromkeys(LANGUAGES, SEPARATOR.join(filter(None, chosen[iri])))
        yield IndexEntry("supplier", iri, {"zh": row["name"]}, context, row.get("code", ""), (row["name"],))


def _notice_entries(reader: StoreReader) -> Iterator[IndexEntry]:
    """Yield the notices of procurement, with who buys what and when."""
    seen: set[str] = set()
    for row in reader.select("which_notices_are_published"):
        if row["notice"] in seen:
            continue
        seen.add(row["notice"])
        told = [row.get(key, "") for key in ("buyer", "purchase", "issued", "signed")]
        context = dict.fromkeys(LANGUAGES, SEPARATOR.join(dict.fromkeys(filter(None, told))))
        number = row.get("number", row.get("contract", ""))
        yield IndexEntry("notice", row["notice"], {"zh": row["title"]}, context, number)


def _kind_of(reader: StoreReader, thing: NamedThing) -> str | None:
    """Return the kind of a thing, None for one that has no page."""
    if thing.iri in reader.classes[ORG + "Organization"]:
        return "office"
    if any(thing.iri in reader.classes[f"{reader.base}def#{name}"] for name in ("Project", "ProjectCategory")):
        return "project"
    if thing.iri in reader.classes[SKOS + "Concept"]:
        return "division" if thing.scheme == reader.base + DIVISIONS else "code"
    if thing.iri in reader.classes[SKOS + "ConceptScheme"]:
        return "scheme"
    return "term" if thing.iri.startswith(f"{reader.base}def#") else None


def _concept_context(reader: StoreReader, thing: NamedThing, kind: str) -> Texts:
    if kind == "office":
        return _join(map(reader.label, reader.chain(division_of(thing.iri, reader.base))))
    if kind == "division":
        return _join(map(reader.label, reader.chain(thing.above)))
    return _join([reader.label(thing.scheme), reader.label(thing.above)])


def _disclosure_context(reader: StoreReader, disclosure: IndexedDisclosure) -> Texts:
    year = dict.fromkeys(LANGUAGES, disclosure.year)
    return _join([reader.label(disclosure.organisation), year, reader.label(disclosure.phase)])


def _row_entries(reader: StoreReader, disclosure: IndexedDisclosure, context: Texts) -> Iterator[IndexEntry]:
    """Yield the rows of tables, each at its first figure."""
    seen: set[str] = set()
    found = reader.select("which_rows_does_a_version_print", disclosure.version)
    for row in sorted(found, key=lambda row: natural_order(row["figure"])):
        place = _ROW.fullmatch(row["figure"])
        key = place["row"] if place else row["figure"]
        if key in seen:
            continue
        seen.add(key)
        concept = reader.printed_concept(row.get("code", ""), clean_label(row["label"]))
        label = {"zh": join_han(row["label"])}
        if concept is not None and "en" in concept.label:
            label["en"] = concept.label["en"]
        kind = reader.label(row.get("kind", ""))
        table = {
            language: message("search-table", language, number=row["number"], title=kind.get(language, ""))
            for language in LANGUAGES
        }
        unit = reader.label(row.get("unit", "")).get("zh", "")
        yield IndexEntry(
            kind="row",
            iri=row["figure"],
            label=label,
            context=_join([context, table]),
            notation=row.get("code", ""),
            concept=concept.iri if concept else "",
            detail=" ".join(part for part in (row.get("column", ""), row.get("printed", ""), unit) if part),
        )


def _sentence_entries(reader: StoreReader, disclosure: IndexedDisclosure, context: Texts) -> Iterator[IndexEntry]:
    for row in reader.select("which_sentences_does_a_version_have", disclosure.version):
        heading = dict.fromkeys(LANGUAGES, row.get("heading", ""))
        yield IndexEntry("sentence", row["sentence"], {"zh": row["text"]}, _join([context, heading]))


def _finding_entries(reader: StoreReader, disclosure: IndexedDisclosure, context: Texts) -> Iterator[IndexEntry]:
    for row in reader.select("which_findings_does_a_version_have", disclosure.version + FINDINGS):
        label = {language: row[f"message_{language}"] for language in LANGUAGES if f"message_{language}" in row}
        if label:
            yield IndexEntry("finding", row["finding"], label, context, notation=row["rule"].rpartition("/")[2])


def _join(texts: Iterable[Texts]) -> Texts:
    """Return texts one after the other, in each language, or in any where one is missing."""
    parts = [text for text in texts if any(text.values())]
    joined = {
        language: SEPARATOR.join(
            dict.fromkeys(text.get(language) or next(filter(None, text.values())) for text in parts)
        )
        for language in LANGUAGES
    }
    return joined if parts else {}
