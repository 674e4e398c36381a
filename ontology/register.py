"""The register of organisations: departments and units with their divisions, codes, and names over the years.

The shipped register holds organisations of real disclosures; users add files of the same form. Converting reads the
register and never writes it. A name that is not in the register stays unlinked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from ontology.caching import cached
from ontology.namespaces import DEFAULT_BASE, ORG, SKOS
from ontology.statements import Statements, index_triples, read_turtle, rebase_triples
from ontology.text import clean_label

REGISTER_FILE = Path(__file__).parent / "register.ttl"
DIVISIONS = "code/division/"
LEVELS = "code/organisation-level/"
_ORGANISATION = ORG + "Organization"
_LABELS = ("prefLabel", "altLabel", "hiddenLabel")


@dataclass(frozen=True, slots=True)
class RegisteredName:
    """A name of an organisation, and the first and last budget year in which it was found, None if unknown."""

    text: str
    first: int | None
    last: int | None

    def met_in(self, year: int) -> bool:
        """Return whether `year` is within the known years."""
        return (self.first or year) <= year <= (self.last or year)


@dataclass(frozen=True, slots=True)
class Registered:
    """An organisation of the register.

    `division` is a six-digit code, `codes` are the codes the organisation prints, `level` is `department` or `unit`,
    `parent` is the key of the department of a unit. `names` has the preferred name first, `replaced_by` holds the keys
    of the successors.
    """

    key: str
    division: str | None
    codes: tuple[str, ...]
    level: str | None
    parent: str | None
    names: tuple[RegisteredName, ...]
    replaced_by: tuple[str, ...]


@dataclass(frozen=True)
class Register:
    """Look-ups over the organisations; `statements` are the triples for the default base."""

    organisations: Mapping[str, Registered]
    statements: tuple[ox.Triple, ...] = field(default=(), repr=False)

    def triples(self, base: str = DEFAULT_BASE) -> tuple[ox.Triple, ...]:
        """Return the register as published under `base`."""
        return tuple(rebase_triples(self.statements, base))

    @cached_property
    def english(self) -> Mapping[str, str]:
        """The English names of organisations, by key."""
        return {
            t.subject.value.removeprefix(DEFAULT_BASE): t.object.value
            for t in self.statements
            if t.predicate.value == SKOS + "prefLabel"
            and isinstance(t.subject, ox.NamedNode)
            and isinstance(t.object, ox.Literal)
            and t.object.language == "en"
        }

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str], list[Registered]]:
        found: dict[tuple[str, str], list[Registered]] = defaultdict(list)
        for organisation in self.organisations.values():
            for code in organisation.codes if organisation.division else ():
                found[organisation.division or "", code].append(organisation)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, list[tuple[Registered, RegisteredName]]]:
        found: dict[str, list[tuple[Registered, RegisteredName]]] = defaultdict(list)
        for organisation in self.organisations.values():
            for name in organisation.names:
                found[clean_label(name.text)].append((organisation, name))
        return found

    def with_code(self, division: str, code: str) -> Registered | None:
        """Return the only organisation of a division with the code; None if there is none or more than one."""
        found = self._by_code.get((division, code), [])
        return found[0] if len(found) == 1 else None

    def named(self, name: str, division: str | None, year: int) -> Registered | None:
        """Return the only organisation with the full name in a division, in any division if `division` is None.

        If several have the name, the years of the name decide, provided only one remains.
        """
        found = [
            (organisation, printed)
            for organisation, printed in self._by_name.get(clean_label(name), [])
            if division is None or organisation.division == division
        ]
        for candidates in (found, [pair for pair in found if pair[1].met_in(year)]):
            keys = {organisation.key: organisation for organisation, _ in candidates}
            if len(keys) == 1:
                return next(iter(keys.values()))
        return None


@cached
def load_register(files: tuple[Path, ...] = ()) -> Register:
    """Return the shipped register with the organisations of `files` added; preferred names of `files` take precedence.

    Raise OSError or SyntaxError if a file cannot be read.
    """
    added = read_turtle(files)
    named_anew = {
        (str(t.subject), t.object.language)
        for t in added
        if t.predicate.value == SKOS + "prefLabel" and isinstance(t.object, ox.Literal)
    }
    shipped = [
        t
        for t in read_turtle([REGISTER_FILE])
        if not (
            t.predicate.value == SKOS + "prefLabel"
            and isinstance(t.object, ox.Literal)
            and (str(t.subject), t.object.language) in named_anew
        )
    ]
    triples = tuple(dict.fromkeys((*shipped, *added)))
    statements = index_triples(triples)
    organisations = {key: _registered(key, statements) for key in statements.having("rdf:type", _ORGANISATION)}
    return Register(organisations, triples)


def _registered(key: str, statements: Statements) -> Registered:
    division, level = statements.one(key, "dct:spatial"), statements.one(key, "org:classification")
    return Registered(
        key=key,
        division=division.removeprefix(DIVISIONS) if division else None,
        codes=tuple(statements.all(key, "notation")),
        level=level.removeprefix(LEVELS) if level else None,
        parent=statements.one(key, "org:subOrganizationOf"),
        names=tuple(_names(key, statements)),
        replaced_by=tuple(statements.all(key, "dct:isReplacedBy")),
    )


def _names(key: str, statements: Statements) -> list[RegisteredName]:
    """Return each label once, the preferred one first, with the years of its printed form if known."""
    years = {
        form: (statements.year(label, "seenFrom"), statements.year(label, "seenUntil"))
        for kind in _LABELS
        for label in statements.all(key, "xl:" + kind)
        if (form := statements.one(label, "xl:literalForm"))
    }
    texts = dict.fromkeys(text for kind in _LABELS for text in statements.all(key, kind))
    return [RegisteredName(text, *years.get(text, (None, None))) for text in texts]
