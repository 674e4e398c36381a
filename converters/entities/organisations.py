"""The organisations of a disclosure: division, department and units, settled after the whole document is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from converters.entities.organisation_matching import (
    UNKNOWN_DIVISION,
    MatchRule,
    Mention,
    bare_name,
    find_registered,
    registered_division,
    same_name,
    without_party,
)
from converters.model.iris import digest
from ontology.concepts import Concept
from ontology.divisions import division_names
from ontology.register import Register, Registered
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

DEPARTMENT, UNIT = "department", "unit"
_DEPARTMENT_DIGITS = 3
_DIVISIONS = "code/division"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A department or unit named in a document; `code` is its printed code, None if no code is printed."""

    key: str
    code: str | None
    name: str
    parent: str | None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations of a disclosure: department (`root`), units by code, division (`x` if unknown), printed names.

    `named` are the units that tables name without codes. `aliases` are further names from the register, cleaned, by key
    of the organisation, `english` the English ones.
    """

    division: str
    root: Organisation
    by_code: Mapping[str, Organisation]
    names: tuple[str, ...]
    mentions: tuple[Mention, ...] = ()
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    english: Mapping[str, str] = field(default_factory=dict)
    named: tuple[Organisation, ...] = ()

    def all(self) -> list[Organisation]:
        """Return the department and its units, each once."""
        return list({o.key: o for o in (self.root, *self.by_code.values(), *self.named)}.values())

    def by_name(self, name: str, vocabulary: Vocabulary) -> Organisation | None:
        """Return the only organisation with this printed name, None if there is none or more than one.

        Where none has exactly this name, it may be written with more divisions before it: 阿坝州红原县人民法院.
        """
        own = self.all()
        found = [o for o in own if clean_label(o.name) == clean_label(name)]
        if not found and bare_name(name, self.division, vocabulary) != clean_label(name):
            found = [o for o in own if same_name(name, o.name, self.division, vocabulary)]
        return found[0] if len(found) == 1 else None

    def filed_by(self, name: str, vocabulary: Vocabulary) -> Organisation | None:
        """Return the department or unit named on a form, by printed name or alias, None if none or several match."""
        same = [
            o
            for o in self.all()
            if same_name(name, o.name, self.division, vocabulary) or clean_label(name) in self.aliases.get(o.key, ())
        ]
        return same[0] if len(same) == 1 else None


def settle_organisations(
    coded: Sequence[tuple[str, str]],
    titles: Sequence[str],
    project_codes: Iterable[str],
    vocabulary: Vocabulary,
    register: Register,
    year: int,
    uncoded: Iterable[str] = (),
) -> Organisations:
    """Settle the organisations of a document about `year`.

    `coded` are printed (code, name) pairs in document order, `titles` the names in the titles of tables, `uncoded` the
    names of units in tables without codes, which count where no codes of organisations are printed. The department
    has the code that is a prefix of all other codes; without codes, it has the most frequent name in the titles. Keys
    come from the register, else from the code, else from the name without its division.
    """
    names: dict[str, str] = {}
    for code, name in coded:
        names.setdefault(code, name)
    title = Counter(titles).most_common(1)[0][0] if titles else ""
    division = settle_division([*names.values(), *titles], project_codes, vocabulary, register, year)
    root_code = next((c for c in sorted(names, key=len) if all(other.startswith(c) for other in names)), None)
    printed = tuple(dict.fromkeys(n for n in (names.get(root_code or "", ""), *titles) if n))
    if root_code is None:
        root = _named(title, division, register, year, vocabulary)
    else:
        root = _coded(root_code, names[root_code] or title, None, division, names[root_code] or title, register)
    by_code = {root_code: root} if root_code is not None else {}
    for code in sorted(names, key=lambda c: (len(c), c)):
        if code != root_code:
            above = max((c for c in by_code if code.startswith(c)), key=len, default=None)
            parent = by_code[above].key if above is not None else root.key
            by_code[code] = _coded(code, names[code], parent, division, root.name, register)
    keys = {o.key for o in (root, *by_code.values())}
    aliases = {key: _names(found) for key, found in register.organisations.items() if key in keys}
    english = {key: register.english[key] for key in sorted(keys & register.english.keys())}
    units = tuple(_unit(name, root) for name in dict.fromkeys(uncoded) if not by_code)
    named = tuple(unit for unit in units if not same_name(unit.name, root.name, division, vocabulary))
    settled = Organisations(division, root, by_code, printed, aliases=aliases, english=english, named=named)
    return replace(settled, mentions=tuple(_mentions(coded, titles, settled, register, year, vocabulary)))


def _coded(
    code: str, name: str, parent: str | None, division: str, department: str, register: Register
) -> Organisation:
    """An organisation with a code: a department has three digits, a unit more, unless the register differs.

    Codes are unique only within a division; if the division is unknown, a digest of the department name is appended.
    """
    registered = register.with_code(division, code)
    suffix = f"-{digest(clean_label(department))}" if division == UNKNOWN_DIVISION else ""
    key = registered.key if registered else f"id/org/{division}/{code}{suffix}"
    level = registered.level if registered else DEPARTMENT if len(code) == _DEPARTMENT_DIGITS else UNIT
    return Organisation(key, code, name, parent, level)


def _unit(name: str, root: Organisation) -> Organisation:
    """A unit of a department that is named without a code; names of units are unique only within a department."""
    return Organisation(f"{root.key}-{digest(clean_label(name))}", None, name, root.key, UNIT)


def _named(name: str, division: str, register: Register, year: int, vocabulary: Vocabulary) -> Organisation:
    found = find_registered(name, division, year, register, vocabulary)
    if found is not None:
        return Organisation(found.key, None, name, None, found.level)
    return Organisation(
        f"id/org/{division}/{digest(division + bare_name(name, division, vocabulary))}", None, name, None
    )


def _names(registered: Registered) -> frozenset[str]:
    return frozenset(clean_label(name.text) for name in registered.names)


def _mentions(
    coded: Iterable[tuple[str, str]],
    titles: Iterable[str],
    settled: Organisations,
    register: Register,
    year: int,
    vocabulary: Vocabulary,
) -> Iterator[Mention]:
    """Each printed name once, with the key of the organisation and the rule that matched it."""
    beside_codes = dict.fromkeys((code, clean_label(name)) for code, name in coded)
    for code, name in beside_codes:
        yield Mention(name, settled.by_code[code].key, MatchRule.CODE)
    organisations = list(dict.fromkeys((settled.root, *settled.by_code.values())))
    named = {name for _, name in beside_codes}
    for name in dict.fromkeys(name for title in titles if (name := clean_label(title)) not in named):
        same = [(o, rule) for o in organisations if (rule := same_name(name, o.name, settled.division, vocabulary))]
        registered = find_registered(name, settled.division, year, register, vocabulary)
        if len(same) == 1:
            yield Mention(name, same[0][0].key, same[0][1])
        elif registered is not None:
            yield Mention(name, registered.key, MatchRule.REGISTER)
        else:
            yield Mention(name, None, None)


def settle_division(
    names: Iterable[str], project_codes: Iterable[str], vocabulary: Vocabulary, register: Register, year: int
) -> str:
    """Settle the division of a document: by printed names and the register, else by project codes, else `x`.

    The narrowest of nested divisions is returned. A name shared by several divisions (青山区) is ignored. Between names
    that contradict each other, project codes decide. Project codes that contradict the name of the department do not
    count; a validation rule reports them.
    """
    names = list(names)
    by_name = {code for name in names for code in _divisions_named(without_party(name, vocabulary), vocabulary) if code}
    by_name |= {code for name in names if (code := registered_division(name, year, register, vocabulary))}
    in_projects = {
        match["division"] for code in project_codes if (match := project_pattern(vocabulary).fullmatch(code))
    }
    in_projects &= vocabulary.lists.whole(_DIVISIONS).by_notation.keys()
    concepts = vocabulary.lists.whole(_DIVISIONS).concepts
    confirmed = by_name & in_projects if by_name else in_projects
    return _narrowest(by_name, concepts) or _narrowest(confirmed, concepts) or UNKNOWN_DIVISION


def _narrowest(divisions: Collection[str], concepts: Mapping[str, Concept]) -> str | None:
    """The division inside all the others, None if there is none."""
    found = (c for c in divisions if set(divisions) <= set(_notations_above(f"{_DIVISIONS}/{c}", concepts)))
    return next(found, None)


def _notations_above(key: str, concepts: Mapping[str, Concept]) -> Iterator[str]:
    """The codes of a division and of its ancestors."""
    while key in concepts:
        yield concepts[key].notation
        key = concepts[key].parent or ""


def project_pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Return the pattern of project codes, with the named groups `division`, `year` and `department`."""
    return dict(vocabulary.patterns)["code/project"]


def _divisions_named(name: str, vocabulary: Vocabulary) -> list[str | None]:
    """The division with the longest spelling at the beginning of `name`; empty if several divisions share it."""
    table = division_names(vocabulary)
    for length in range(len(name), 1, -1):
        found = table.get(name[:length])
        if found:
            return [next(iter(found))] if len(found) == 1 else []
    return []
