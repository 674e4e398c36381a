"""Whose disclosure it is: division, department and units, settled after the whole document is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from converters.entities.name_normalisation import (
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
    """A department or unit met in a document; `code` is the printed one, None where none is printed."""

    key: str
    code: str | None
    name: str
    parent: str | None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Organisations:
    """The department a disclosure is about, its units by code, their division (`x` if unknown), and the names met.

    `aliases` are further names that the register has for them, cleaned, by their keys.
    """

    division: str
    root: Organisation
    by_code: Mapping[str, Organisation]
    names: tuple[str, ...]
    mentions: tuple[Mention, ...] = ()
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def by_name(self, name: str) -> Organisation | None:
        """The organisation that prints exactly this name, None if there is none or more than one."""
        found = [o for o in (self.root, *self.by_code.values()) if clean_label(o.name) == clean_label(name)]
        keys = {o.key: o for o in found}
        return next(iter(keys.values())) if len(keys) == 1 else None

    def filed_by(self, name: str, vocabulary: Vocabulary) -> Organisation | None:
        """The department or the unit of it that a form names, by a name of its own or one that the register knows."""
        own = list({o.key: o for o in (self.root, *self.by_code.values())}.values())
        same = [
            o
            for o in own
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
) -> Organisations:
    """The organisations of a document about `year`.

    `coded` are printed (code, name) pairs in document order, `titles` the names in the titles of its tables. The
    department is the code that begins all others; without codes it is the name in the titles. The register knows the
    address of some; to the others a code gives one, or else the name without its division.
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
    own = {o.key for o in (root, *by_code.values())}
    aliases = {key: _names(known) for key, known in register.organisations.items() if key in own}
    settled = Organisations(division, root, by_code, printed, aliases=aliases)
    return replace(settled, mentions=tuple(_mentions(coded, titles, settled, register, year, vocabulary)))


def _coded(
    code: str, name: str, parent: str | None, division: str, department: str, register: Register
) -> Organisation:
    """Three digits are a department's, more those of a unit, unless the register knows better.

    A code means something only within a division; where that is unknown, the department's name tells it from others.
    """
    known = register.with_code(division, code)
    suffix = f"-{digest(clean_label(department))}" if division == UNKNOWN_DIVISION else ""
    key = known.key if known else f"id/org/{division}/{code}{suffix}"
    level = known.level if known else DEPARTMENT if len(code) == _DEPARTMENT_DIGITS else UNIT
    return Organisation(key, code, name, parent, level)


def _named(name: str, division: str, register: Register, year: int, vocabulary: Vocabulary) -> Organisation:
    known = find_registered(name, division, year, register, vocabulary)
    if known is not None:
        return Organisation(known.key, None, name, None, known.level)
    return Organisation(
        f"id/org/{division}/{digest(division + bare_name(name, division, vocabulary))}", None, name, None
    )


def _names(known: Registered) -> frozenset[str]:
    return frozenset(clean_label(name.text) for name in known.names)


def _mentions(
    coded: Iterable[tuple[str, str]],
    titles: Iterable[str],
    settled: Organisations,
    register: Register,
    year: int,
    vocabulary: Vocabulary,
) -> Iterator[Mention]:
    """Each printed name once, with what it was joined to and why."""
    beside_codes = dict.fromkeys((code, clean_label(name)) for code, name in coded)
    for code, name in beside_codes:
        yield Mention(name, settled.by_code[code].key, MatchRule.CODE)
    known = list(dict.fromkeys((settled.root, *settled.by_code.values())))
    named = {name for _, name in beside_codes}
    for name in dict.fromkeys(name for title in titles if (name := clean_label(title)) not in named):
        same = [(o, rule) for o in known if (rule := same_name(name, o.name, settled.division, vocabulary))]
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
    """The code of the one division that the longest printed names or the register name, else the project codes, or `x`.

    Of divisions inside each other the narrowest counts. A name that several divisions share (青山区) decides nothing,
    and of names that contradict each other those count that project codes bear out. Project codes that contradict the
    name of the department do not unsettle it: that they do is for a rule to find.
    """
    names = list(names)
    by_name = {code for name in names for code in _divisions_named(without_party(name, vocabulary), vocabulary) if code}
    by_name |= {code for name in names if (code := registered_division(name, year, register, vocabulary))}
    in_projects = {
        match["division"] for code in project_codes if (match := project_pattern(vocabulary).fullmatch(code))
    }
    in_projects &= vocabulary.lists.whole(_DIVISIONS).by_notation.keys()
    concepts = vocabulary.lists.whole(_DIVISIONS).concepts
    borne_out = by_name & in_projects if by_name else in_projects
    return _narrowest(by_name, concepts) or _narrowest(borne_out, concepts) or UNKNOWN_DIVISION


def _narrowest(divisions: Collection[str], concepts: Mapping[str, Concept]) -> str | None:
    """The division that lies in all others, None if there is none."""
    found = (c for c in divisions if set(divisions) <= set(_notations_above(f"{_DIVISIONS}/{c}", concepts)))
    return next(found, None)


def _notations_above(key: str, concepts: Mapping[str, Concept]) -> Iterator[str]:
    """The codes of a division and of all that it lies in."""
    while key in concepts:
        yield concepts[key].notation
        key = concepts[key].parent or ""


def project_pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    """What a project code looks like, its division, year and department as named groups."""
    return dict(vocabulary.patterns)["code/project"]


def _divisions_named(name: str, vocabulary: Vocabulary) -> list[str | None]:
    """The division whose name, with the names of those above it, is the longest beginning of `name`; [] if several."""
    table = division_names(vocabulary)
    for length in range(len(name), 1, -1):
        found = table.get(name[:length])
        if found:
            return [next(iter(found))] if len(found) == 1 else []
    return []
