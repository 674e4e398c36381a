"""Imported editions as Turtle files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox

from ontology.codelists.comparison import Changes, compare_lists, generic_words, in_force, same_meaning
from ontology.codelists.decisions import Decisions, read_decisions
from ontology.codelists.editions import read_editions
from ontology.codelists.tables import CodeTableError
from ontology.concepts import Concept
from ontology.namespaces import DCT, DEF, DEFAULT_BASE, RDF, RDFS, SKOS, SKOSXL, XSD
from ontology.statements import Statements, index_triples, read_turtle
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary, load_vocabulary

_OFFICIAL = "code/evidence/official"
_NONE_TAKEN = Decisions()
_PREFIXES = {"": DEF, "dct": DCT, "rdfs": RDFS, "skos": SKOS, "skosxl": SKOSXL, "xsd": XSD}


@dataclass(frozen=True)
class OfficialScheme:
    """A code list that accepts official lists: its key, the class of its codes, and the pattern of its codes."""

    key: str
    class_: str
    pattern: re.Pattern[str]
    levels: Mapping[str, re.Pattern[str]]

    @property
    def known_names(self) -> dict[str, frozenset[str]]:
        """The current and former names of codes, cleaned (see `clean_label`)."""
        codes = load_vocabulary().lists.whole(self.key).by_notation
        return {
            code: frozenset(clean_label(label) for concept in concepts for label in concept.labels)
            for code, concepts in codes.items()
        }


@dataclass(frozen=True)
class ImportedEdition:
    """An official list as an edition: its triples, its changes, and the codes without a parent."""

    triples: tuple[ox.Triple, ...]
    changes: Changes
    without_parent: tuple[str, ...]

    @cached_property
    def turtle(self) -> bytes:
        """Return the content of the file."""
        return ox.serialize(self.triples, format=ox.RdfFormat.TURTLE, prefixes=_PREFIXES) or b""


def edition_files(folder: Path) -> tuple[Path, ...]:
    """Return the imported editions in a folder; none if the folder does not exist."""
    return tuple(sorted(folder.glob("*.ttl")))


def edition_file(folder: Path, scheme: str, year: int) -> Path:
    """Return the path of the edition of a scheme (`function`) for a year."""
    return folder / f"{scheme}-{year}.ttl"


def edition_key(scheme: OfficialScheme, year: int) -> str:
    """Return the key of the edition of a scheme for a year."""
    return f"{scheme.key}/edition/{year}"


@cache
def official_schemes() -> Mapping[str, OfficialScheme]:
    """Return the code lists that accept official lists, by their name on the command line (`function`)."""
    vocabulary = load_vocabulary()
    statements = vocabulary.statements
    patterns = dict(vocabulary.patterns)
    found = {}
    for class_ in [s for s in statements.of if statements.one(s, "ofScheme")]:
        scheme = statements.all(class_, "ofScheme")[0]
        own = statements.one(class_, "notationPattern")
        pattern = re.compile(own) if own else patterns[scheme]
        found[scheme.removeprefix("code/")] = OfficialScheme(scheme, class_, pattern, dict(_levels(statements, class_)))
    return found


def _levels(statements: Statements, class_: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    for level in statements.having("rdfs:subClassOf", class_):
        pattern = statements.one(level, "notationPattern")
        if pattern:
            yield level, re.compile(pattern)


def read_edition_names(path: Path, scheme: OfficialScheme) -> dict[str, str]:
    """Return code to name of an imported edition. Raise CodeTableError if it holds no code of the scheme."""
    try:
        known = load_vocabulary(codes=(path,))
    except (OSError, SyntaxError) as error:
        raise CodeTableError("codes-unreadable", file=path, reason=error) from error
    statements = index_triples(read_turtle([path]))
    edition = next((e for e in read_editions(statements) if e.scheme == scheme.key), None)
    if edition is None:
        raise CodeTableError("codes-not-an-edition", file=path)
    concepts = known.lists.whole(scheme.key).concepts
    names = {}
    for key in edition.members:
        dated = statements.one(key, "xl:altLabel")
        name = statements.one(dated, "xl:literalForm") if dated else None
        names[concepts[key].notation] = name or concepts[key].label("zh")
    return dict(sorted(names.items()))


def read_edition_decisions(path: Path, scheme: OfficialScheme) -> dict[str, bool]:
    """Return whether each code decided on during the import of the edition kept its meaning."""
    codes = load_vocabulary(codes=(path,)).lists.whole(scheme.key)
    editions = (e.key for e in read_editions(index_triples(read_turtle([path]))) if e.scheme == scheme.key)
    return {code: same for key in editions for code, same in read_decisions([path], key, codes).by_code(codes).items()}


def import_edition(
    names: Mapping[str, str],
    scheme: OfficialScheme,
    year: int,
    source: str,
    known: Vocabulary,
    decisions: Decisions = _NONE_TAKEN,
) -> ImportedEdition:
    """Return a complete edition for one budget year from the codes and names of an official list.

    `known` is the vocabulary with the editions imported before. A code keeps its concept if its name is a name of the
    concept or shares a word with one; otherwise it is a new meaning with its own IRI. `decisions` take precedence.
    """
    codes = known.lists.whole(scheme.key)
    common = generic_words([*names.values(), *(c.names.get("zh", "") for c in codes.concepts.values())])
    concepts = {code: same_meaning(codes, code, name, year, common, decisions) for code, name in names.items()}
    keys = {
        code: concept.key if concept else known.mint_unlisted(scheme.key, code, year)
        for code, concept in concepts.items()
    }
    parents = {code: parent_code(code, names) for code in names}
    top = next((c.key for c in codes.by_notation.get("total", ())), None)
    writer = _EditionWriter(scheme, year)
    triples = [*writer.edition(keys.values(), source, known), *decisions.triples(edition_key(scheme, year))]
    shipped = load_vocabulary().lists.whole(scheme.key).concepts
    for code, name in names.items():
        above = parents[code]
        parent = keys[above] if above else top
        triples += writer.code(code, name, keys[code], parent, concepts[code], in_full=keys[code] not in shipped)
    before = in_force(codes, year)
    return ImportedEdition(
        tuple(dict.fromkeys(triples)),
        compare_lists(
            {code: concept.labels for code, concept in before.items()},
            names,
            common,
            {code: keys[code] == concept.key for code, concept in before.items() if code in keys},
        ),
        tuple(code for code, above in parents.items() if _skips_a_level(code, above, scheme)),
    )


def parent_code(code: str, codes: Mapping[str, str]) -> str | None:
    """Return the longest other code that is a prefix, with or without padding zeros (420107: 420100, 420000)."""
    for length in range(len(code) - 1, 0, -1):
        for candidate in (code[:length], code[:length].ljust(len(code), "0")):
            if candidate != code and candidate in codes:
                return candidate
    return None


def _skips_a_level(code: str, above: str | None, scheme: OfficialScheme) -> bool:
    """Return whether a level of the scheme lies between a code and its parent."""
    ranks = sorted({len(c) for c in (code, above or "")})
    return any(
        pattern.fullmatch(code[:length])
        for pattern in scheme.levels.values()
        for length in range(ranks[0] + 1, len(code))
    )


class _EditionWriter:
    """Writes the triples of one edition under the default base."""

    def __init__(self, scheme: OfficialScheme, year: int) -> None:
        self._scheme = scheme
        self._year = ox.Literal(str(year), datatype=ox.NamedNode(XSD + "gYear"))
        self._edition = edition_key(scheme, year)

    def edition(self, members: Iterable[str], source: str, known: Vocabulary) -> Iterator[ox.Triple]:
        node, year = _node(self._edition), self._year
        scheme, label = _node(self._scheme.key), _term(SKOS, "prefLabel")
        said = (t.object for t in known.triples if t.subject == scheme and t.predicate == label)
        names = {text.language or "": text.value for text in said if isinstance(text, ox.Literal)}
        yield ox.Triple(node, _term(RDF, "type"), _node("def#Edition"))
        yield ox.Triple(node, _term(RDFS, "isDefinedBy"), _node(self._scheme.key))
        yield ox.Triple(node, _node("def#editionOf"), _node(self._scheme.key))
        yield ox.Triple(node, _node("def#complete"), ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")))
        yield ox.Triple(node, _node("def#validFrom"), year)
        yield ox.Triple(node, _node("def#validUntil"), year)
        yield ox.Triple(node, _term(DCT, "source"), ox.Literal(source))
        for language, name in sorted(names.items()):
            yield ox.Triple(node, _term(SKOS, "prefLabel"), ox.Literal(f"{name} {year.value}", language=language))
        for key in members:
            yield ox.Triple(node, _term(SKOS, "member"), _node(key))

    def code(
        self, code: str, name: str, key: str, parent: str | None, known: Concept | None, *, in_full: bool
    ) -> Iterator[ox.Triple]:
        """Yield the triples of a code: official status and name, and all properties if `in_full`."""
        node = _node(key)
        if in_full:
            yield from self._concept(code, key, parent, known, name)
        if known is not None and name not in known.labels:
            label = _node(f"{self._scheme.key}/name/{code}-{self._year.value}")
            yield ox.Triple(node, _term(SKOS, "altLabel"), ox.Literal(name, language="zh"))
            yield ox.Triple(node, _term(SKOSXL, "altLabel"), label)
            yield ox.Triple(label, _term(RDF, "type"), _term(SKOSXL, "Label"))
            yield ox.Triple(label, _term(RDFS, "isDefinedBy"), _node(self._scheme.key))
            yield ox.Triple(label, _term(SKOSXL, "literalForm"), ox.Literal(name, language="zh"))
            yield ox.Triple(label, _node("def#seenFrom"), self._year)
            yield ox.Triple(label, _node("def#seenUntil"), self._year)
        yield ox.Triple(node, _node("def#evidence"), _node(_OFFICIAL))

    def _concept(
        self, code: str, key: str, parent: str | None, known: Concept | None, name: str
    ) -> Iterator[ox.Triple]:
        node, scheme = _node(key), _node(self._scheme.key)
        levels = [level for level, pattern in self._scheme.levels.items() if pattern.fullmatch(code)]
        for type_ in (_term(SKOS, "Concept"), _node(self._scheme.class_), *map(_node, levels)):
            yield ox.Triple(node, _term(RDF, "type"), type_)
        yield ox.Triple(node, _term(RDFS, "isDefinedBy"), scheme)
        yield ox.Triple(node, _term(SKOS, "inScheme"), scheme)
        above = known.parent if known else parent
        if above is not None:
            yield ox.Triple(node, _term(SKOS, "broader"), _node(above))
        else:
            yield ox.Triple(node, _term(SKOS, "topConceptOf"), scheme)
            yield ox.Triple(scheme, _term(SKOS, "hasTopConcept"), node)
        yield ox.Triple(node, _term(SKOS, "notation"), ox.Literal(code))
        preferred = known.names if known else {"zh": name}
        for language, label in sorted(preferred.items()):
            yield ox.Triple(node, _term(SKOS, "prefLabel"), ox.Literal(label, language=language))


def _node(key: str) -> ox.NamedNode:
    return ox.NamedNode(DEFAULT_BASE + key)


def _term(namespace: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(namespace + name)
