"""List entries named outside the code lists: projects of the document, and lines minted for other names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from converters.entities.clipped_names import match_name
from converters.entities.named_entities import Entity
from converters.entities.organisation_matching import bare_name
from converters.entities.organisations import Organisations
from converters.model.document import TextBlock
from converters.model.hierarchy import Hierarchy
from converters.narrative.statements.figure_roles import ADJUSTING, AVERAGE
from converters.narrative.subject_coordinates import TIMELESS
from converters.narrative.tokens import DATE, FIGURES, PROJECT, UNCHANGED, UNKNOWN, YEAR, Token
from ontology import DEFAULT_BASE
from ontology.narrative_words import WORD, Phrases, Word, bare
from ontology.vocabulary import Vocabulary

_PROJECTS, _LINES = "code/project/total", "code/line/total"
_EXPENDITURE = "code/flow/expenditure"
_KINDS_OF_OFFICES = ("code/sign/school", "code/sign/hospital")
_SHORTEST_CLASS, _SHORTEST_MARKED = 3, 2
_SHORTEST_OFFICE = 3
_SHORTEST_PROJECT, _SHORTEST_PROJECT_WORD = 4, 6
_SAYING = (
    FIGURES
    | ADJUSTING
    | {"comma", "open", "close", "compared", "year-on-year", "increase", "decrease", "reached", "share", "completion"}
    | {UNCHANGED, YEAR, DATE, AVERAGE, "involves", "as-of", "both", "grand", "all"}
)
"""The sorts of words that say more of an amount than its name."""
_BEFORE_YEAR = re.compile(r"([^\W\d_]{3,24})(?:19|20)\d\d")


def organisation_words(
    organisations: Organisations, blocks: Iterable[TextBlock], vocabulary: Vocabulary
) -> dict[str, Word]:
    """Return the names of the organisations of a document as words; the department also without its division.

    A shortened name of the department, whose characters stand in the full name in that order, counts before a year at
    the beginning of a line. A school or hospital calls itself so (学校2024年收入预算), or by the end of its name.
    """
    words = {bare(name): organisations.root.key for name in organisations.names}
    words |= {bare(o.name): o.key for o in organisations.by_code.values()}
    for name in organisations.names:
        short = bare(bare_name(name, organisations.division, vocabulary))
        if len(short) >= _SHORTEST_OFFICE:
            words.setdefault(short, organisations.root.key)
    for own in _own_kinds(organisations.names, vocabulary):
        words.setdefault(own, organisations.root.key)
    for block in blocks:
        begin = _BEFORE_YEAR.match(bare(block.text))
        if begin and any(_shortens(begin[1], name) for name in map(bare, organisations.names)):
            words.setdefault(begin[1], organisations.root.key)
    return {name: Word(WORD, meanings=({"organisation": key},)) for name, key in words.items() if name}


def _own_kinds(names: Iterable[str], vocabulary: Vocabulary) -> Iterator[str]:
    """The words by which an office of these names may call itself after what it is: 学校, 学院, 医院."""
    plain = [*map(bare, names)]
    for concept in (vocabulary.concepts[key] for key in _KINDS_OF_OFFICES):
        endings = [bare(label) for label in concept.labels if any(name.endswith(bare(label)) for name in plain)]
        if endings:
            yield from (bare(concept.label("zh")), *endings)


def project_words(projects: Mapping[str, str], known: Container[str]) -> dict[str, Word]:
    """Return the names of projects, by key, as words of a text; short, known and repeated ones are left out."""
    named: dict[str, list[str]] = defaultdict(list)
    for key, name in projects.items():
        named[bare(name)].append(key)
    return {
        name: Word(WORD, meanings=({"project": keys[0], "kind": PROJECT},))
        for name, keys in named.items()
        if len(keys) == 1 and len(name) >= _SHORTEST_PROJECT_WORD and name not in known
    }


def own_office_words(names: Mapping[str, Word], organisations: Organisations, phrases: Phrases) -> dict[str, Word]:
    """Return the names of a department with words for the office without its units, which have no known meaning.

    What such an office receives and spends is a part of what its department does.
    """
    about = ({"organisation": organisations.root.key},)
    own = [name for name, word in names.items() if word.meanings == about]
    return {name + bare(mark): Word(UNKNOWN) for name in own for mark in phrases.signs["own-office"]}


def class_words(
    names: Mapping[str, Sequence[Mapping[str, str]]], phrases: Phrases, vocabulary: Vocabulary
) -> dict[str, Word]:
    """Return the names of classes that the tables of a document print beside codes, as words of its text.

    A printed class takes the place of the classes of the same name in the vocabulary. Names that a text uses for
    something else, and short ones that the vocabulary does not hold, are left out; these count before the mark of
    their level: 水利（款）.
    """
    endings = [bare(label) for label in vocabulary.concepts[_EXPENDITURE].labels]
    levels = [(label, w.level) for label, w in phrases.words.items() if w.level is not None]
    notation = vocabulary.notation
    words: dict[str, Word] = {}
    clipped: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for label, meanings in names.items():
        plain = bare(label)
        known = phrases.words.get(plain)
        for mark, level in levels if known is None and _SHORTEST_MARKED <= len(plain) < _SHORTEST_CLASS else ():
            clipped[plain + mark] += [m for m in meanings if any(level.match(notation(k)) for k in m.values())]
        if (known is None and len(plain) < _SHORTEST_CLASS) or (known and (known.sort != WORD or known.name)):
            continue
        words[plain] = _of_document(known, meanings)
        short = next((plain.removesuffix(end) for end in endings if plain.endswith(end)), "")
        for mark, level in levels if short else ():
            of_level = [m for m in meanings if any(level.match(notation(key)) for key in m.values())]
            clipped[short + mark] += of_level
    words |= {text: _of_document(phrases.words.get(text), found) for text, found in clipped.items() if found}
    return words


def _of_document(known: Word | None, meanings: Sequence[Mapping[str, str]]) -> Word:
    """A word with the printed classes, and with the known meanings in other dimensions."""
    told = {dimension for meaning in meanings for dimension in meaning}
    kept = [(m, s) for m, s in zip(known.meanings, known.sources, strict=True) if not told & m.keys()] if known else []
    sources = (*(source for _, source in kept), *(key for meaning in meanings for key in meaning.values()))
    return Word(WORD, meanings=(*(m for m, _ in kept), *meanings), sources=sources)


def _shortens(short: str, name: str) -> bool:
    rest = iter(name)
    return short[-1] == name[-1:] and all(character in rest for character in short)


def is_name(words: Sequence[Token]) -> bool:
    """Whether the words before an amount are a name that says nothing else: no figure, time, change or second clause.

    In 项目总预算9万元，其中支持小企业6万元，支持创新3万元, 支持创新 is such a name.
    """
    telling = {t.sort for t in words} & _SAYING
    timed = any(not m.keys().isdisjoint(TIMELESS) for t in words if t.word is not None for m in t.word.meanings)
    return not telling and not timed and any(t.sort == UNKNOWN for t in words)


class NamedEntries:
    """Look-up of list entries by name; `projects` maps keys to names.

    Minted lines are added to the hierarchy and to `entities`.
    """

    def __init__(self, projects: Mapping[str, str], phrases: Phrases, hierarchy: Hierarchy) -> None:
        self._projects, self._phrases, self._hierarchy = projects, phrases, hierarchy
        self.entities: list[Entity] = []
        self._accounts = 0

    def are_projects(self, coordinates: Mapping[str, str]) -> bool:
        """Whether the parts of a whole at `coordinates` are projects."""
        kind = self._hierarchy.is_within(coordinates.get("kind", ""), PROJECT)
        return kind and coordinates.get("project", _PROJECTS) == _PROJECTS and "line" not in coordinates

    def are_lines(self, coordinates: Mapping[str, str]) -> bool:
        """Whether the parts of a whole at `coordinates` are named outside the code lists."""
        itemised = coordinates.get("scope") in self._phrases.itemised
        return itemised and coordinates.get("line", _LINES) == _LINES

    def projects(self, name: str) -> set[str]:
        """Return the keys of the projects that a name may mean."""
        return match_name(name, self._projects, self._phrases)

    def account_of_project(self, heading: str) -> dict[str, str]:
        """Return the coordinates of the project that a heading is the account of, none if it is of no project.

        In 养老服务专项经费情况说明, it is the project 养老服务专项; a line has its name where no table prints it.
        """
        text = bare(heading)
        signs = sorted(self._phrases.signs["project-account"], key=len, reverse=True)
        name = next((text.removesuffix(sign) for sign in signs if text.endswith(sign)), "")
        if len(name) < _SHORTEST_PROJECT or name in self._phrases.words:
            return {}
        found = match_name(name, self._projects, self._phrases)
        if len(found) == 1:
            return {"project": found.pop()}
        self._accounts += 1
        return {"kind": PROJECT, "line": self._mint(f"p{self._accounts:02d}", name, _LINES)}

    def mint_line(self, name: str, sentence: int, number: int, parent: str | None = None) -> str:
        """Mint the key of a line for a figure of a sentence, below the line that it is a part of, if any."""
        return self._mint(f"s{sentence:03d}.{number}", name, parent or _LINES)

    def _mint(self, notation: str, name: str, parent: str) -> str:
        key = f"code/line/{notation}"
        self._hierarchy.add(key, parent)
        self.entities.append(Entity(key, DEFAULT_BASE + "def#Line", notation, name, parent, unlisted=True))
        return key
