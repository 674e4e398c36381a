"""Whose disclosure it is: division, department and units, settled after the whole document is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from converters.iris import digest
from ontology import load_vocabulary
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

UNKNOWN_DIVISION = "x"
_DIVISIONS = "code/division"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A department or unit met in a document; `code` is the printed one, None where none is printed."""

    key: str
    code: str | None
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Organisations:
    """The department a disclosure is about, its units by code, and their division (`x` if unknown)."""

    division: str
    root: Organisation
    by_code: Mapping[str, Organisation]
    names: tuple[str, ...]

    def by_name(self, name: str) -> Organisation | None:
        """The organisation that prints exactly this name, None if there is none or more than one."""
        found = [o for o in (self.root, *self.by_code.values()) if clean_label(o.name) == clean_label(name)]
        keys = {o.key: o for o in found}
        return next(iter(keys.values())) if len(keys) == 1 else None


def settle_organisations(
    coded: Sequence[tuple[str, str]],
    titles: Sequence[str],
    project_codes: Iterable[str],
    vocabulary: Vocabulary,
) -> Organisations:
    """The organisations of a document.

    `coded` are printed (code, name) pairs in document order, `titles` the names in the titles of its tables. The
    department is the code that begins all others; without codes it is the name in the titles.
    """
    names: dict[str, str] = {}
    for code, name in coded:
        names.setdefault(code, name)
    title = Counter(titles).most_common(1)[0][0] if titles else ""
    division = settle_division([*names.values(), *titles], project_codes, vocabulary)
    root_code = next((c for c in sorted(names, key=len) if all(other.startswith(c) for other in names)), None)
    printed = tuple(dict.fromkeys(n for n in (*names.values(), *titles) if n))
    if root_code is None:
        root = Organisation(f"id/org/{division}/{digest(division + clean_label(title))}", None, title, None)
    else:
        root = Organisation(f"id/org/{division}/{root_code}", root_code, names[root_code] or title, None)
    by_code = {root_code: root} if root_code is not None else {}
    for code in sorted(names, key=lambda c: (len(c), c)):
        if code != root_code:
            above = max((c for c in by_code if code.startswith(c)), key=len, default=None)
            parent = by_code[above].key if above is not None else root.key
            by_code[code] = Organisation(f"id/org/{division}/{code}", code, names[code], parent)
    return Organisations(division, root, by_code, printed)


def settle_division(names: Iterable[str], project_codes: Iterable[str], vocabulary: Vocabulary) -> str:
    """The code of the one division that the longest printed names or the project codes name, else `x`.

    A name that several divisions share (青山区) decides nothing; a name and a project code that contradict each
    other decide nothing either.
    """
    by_name = {code for name in names for code in _divisions_named(clean_label(name)) if code}
    in_projects = {
        match["division"] for code in project_codes if (match := project_pattern(vocabulary).fullmatch(code))
    }
    in_projects &= vocabulary.lists.whole(_DIVISIONS).by_notation.keys()
    for candidates in (by_name & in_projects if by_name and in_projects else by_name | in_projects,):
        if len(candidates) == 1:
            return next(iter(candidates))
    return UNKNOWN_DIVISION


def project_pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    """What a project code looks like, its division, year and department as named groups."""
    return dict(vocabulary.patterns)["code/project"]


def _divisions_named(name: str) -> list[str | None]:
    """The division whose name, with the names of those above it, is the longest beginning of `name`; [] if several."""
    table = _division_names()
    for length in range(len(name), 1, -1):
        found = table.get(name[:length])
        if found:
            return [next(iter(found))] if len(found) == 1 else []
    return []


@cache
def _division_names() -> Mapping[str, frozenset[str]]:
    """Every way to write a division (own name, after its parent's, after both) -> the codes it may mean."""
    concepts = load_vocabulary().lists.whole(_DIVISIONS).concepts
    table: dict[str, set[str]] = {}
    for concept in concepts.values():
        written, above = "", concept.key
        while above in concepts:
            written = clean_label(concepts[above].labels[0]) + written
            table.setdefault(written, set()).add(concept.notation)
            above = concepts[above].parent or ""
    return {name: frozenset(codes) for name, codes in table.items()}
