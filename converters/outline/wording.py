"""Words of a line that rules compare: topics, funds, scopes and divisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ontology.divisions import division_names
from ontology.narrative_words import bare, load_phrases
from ontology.text import narrow
from ontology.vocabulary import Vocabulary

_TOPICS = "code/topic"
_SHORTEST_REPEAT = 4
_REPEATED = re.compile(rf"([^\W\d_]{{{_SHORTEST_REPEAT},}})\1")
_LETTER = re.compile(r"[A-Za-z]")
_SENTENCE_MARKS = frozenset("，。；：;!?！？")
_LEADERS = re.compile(r"[.\u2026\u00b7]{3}|\u2026{2}")
_BULLET = re.compile(r"^\s*(?:[-\u2022\u25cf\u00b7]\s+)?")
_TRAIL = re.compile(r"[.\u2026\u00b7\s]*\d{0,3}\s*$")
_LONGEST_HEADING = 40
_SHORTEST_NAME = 3
_OUTTURN = "code/phrase/outturn"


@dataclass(frozen=True, eq=False)
class Wording:
    """The words of a vocabulary that outlines are read with, compiled once.

    `inner` are the topics that count only within a broader one, with that one; `details` are topics that a cell of a
    table may tell as well. `days` matches a day with its year and month, by words or by numbers. `comparing` are words
    for a comparison with another year, `executed` words for what became of a budget.
    """

    vocabulary: Vocabulary
    topics: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, str]]
    remnants: tuple[str, ...]
    attached: tuple[str, ...]
    contents: tuple[str, ...]
    phases: tuple[str, ...]
    inner: Mapping[str, str]
    details: Mapping[str, tuple[str, ...]]
    days: re.Pattern[str]
    approved: tuple[str, ...]
    published: tuple[str, ...]
    comparing: tuple[str, ...]
    executed: tuple[str, ...]


@lru_cache(maxsize=4)
def load_wording(vocabulary: Vocabulary) -> Wording:
    """Return the words of a vocabulary for reading outlines."""
    phrases = load_phrases(vocabulary)
    signs = phrases.signs
    listed = [c for c in vocabulary.concepts.values() if c.scheme == _TOPICS]
    topics = {c.key: tuple(map(bare, c.labels)) for c in listed}
    places = {
        bare(label): next(iter(meaning.places.items()))
        for label, meanings in vocabulary.meanings.items()
        for meaning in meanings
        if len(meaning.places) == 1 and meaning.places.keys() & {"fund", "scope"}
    }
    details = _details(vocabulary)
    phases = {
        bare(label)
        for label, meanings in vocabulary.meanings.items()
        for meaning in meanings
        if meaning.places.keys() == {"phase"}
    }
    return Wording(
        vocabulary=vocabulary,
        topics=topics,
        places=places,
        remnants=signs["remnant"],
        attached=signs["attached"],
        contents=signs["contents"],
        phases=tuple(sorted(phases, key=len, reverse=True)),
        inner={c.key: c.parent for c in listed if c.parent is not None},
        details={key: words for key, words in topics.items() if key in details},
        days=_days(signs),
        approved=signs["approved"],
        published=signs["published"],
        comparing=tuple(w for w, word in phrases.words.items() if word.sort == "compared" and len(w) > 1),
        executed=tuple(w for w, word in phrases.words.items() if _OUTTURN in word.sources),
    )


def _details(vocabulary: Vocabulary) -> frozenset[str]:
    statements = vocabulary.statements
    return frozenset(topic for key in statements.of for topic in statements.all(key, "demandsDetail"))


def _days(signs: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    year, month, day = ("|".join(map(re.escape, signs[f"date-{name}"])) for name in ("year", "month", "day"))
    words = rf"((?:19|20)\d\d)\s*(?:{year})\s*(\d{{1,2}})\s*(?:{month})\s*(\d{{1,2}})\s*(?:{day})"
    return re.compile(rf"(?<!\d)(?:{words}|((?:19|20)\d\d)[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?![\d.%]))")


def is_heading(text: str) -> bool:
    """Return whether a line can be a heading: short, without punctuation that ends a clause, no line of contents."""
    cleaned = bare(text)
    return 0 < len(cleaned) <= _LONGEST_HEADING and not _SENTENCE_MARKS & set(cleaned) and not is_listed(text)


def is_listed(text: str) -> bool:
    """Return whether a line is one of a table of contents, with leaders before its page number."""
    return _LEADERS.search(text) is not None


def heading_rank(text: str, wording: Wording) -> int | None:
    """Return the rank of the list mark at the beginning of a line, 0 for the highest; None without one."""
    line = narrow(_BULLET.sub("", text))
    for key, pattern in sorted(wording.vocabulary.list_marks):
        if pattern.match(line):
            return int(key.rsplit("/", 1)[-1])
    return None


def without_mark(text: str, wording: Wording) -> str:
    """Return a line in narrow forms without bullet, list mark, leaders and page number."""
    line = narrow(_TRAIL.sub("", _BULLET.sub("", text)))
    marks = (m.end() for _, pattern in wording.vocabulary.list_marks if (m := pattern.match(line)))
    return bare(line[max(marks, default=0) :])


def find_topics(text: str, wording: Wording) -> tuple[str, ...]:
    """Return the keys of the topics that a line names, without those that count only within a broader one."""
    return tuple(key for key in _named_topics(text, wording.topics) if key not in wording.inner)


def find_inner_topics(text: str, wording: Wording) -> tuple[str, ...]:
    """Return the keys of the topics that a line names and that count only within a broader one."""
    return tuple(key for key in _named_topics(text, wording.topics) if key in wording.inner)


def find_details(text: str, wording: Wording) -> tuple[str, ...]:
    """Return the keys of the topics that a text names and that cells of tables may tell as well."""
    return tuple(_named_topics(text, wording.details))


def _named_topics(text: str, topics: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    cleaned = bare(text)
    return (key for key, words in topics.items() if any(word in cleaned for word in words))


def find_places(text: str, dimension: str, wording: Wording) -> frozenset[str]:
    """Return the concepts of a dimension (`fund`, `scope`) that a text names, by the longest words."""
    cleaned, found, at = bare(text), set(), 0
    longest = max(map(len, wording.places), default=0)
    while at < len(cleaned):
        word = next((w for n in range(longest, 1, -1) if (w := cleaned[at : at + n]) in wording.places), None)
        if word is not None and wording.places[word][0] == dimension:
            found.add(wording.places[word][1])
        at += len(word) if word else 1
    return frozenset(found)


def find_attached(text: str, wording: Wording) -> str | None:
    """Return the words of a line that say that the tables are in another file, None if there are none."""
    return next((word for word in wording.attached if word in text), None)


def find_remnants(text: str, wording: Wording) -> Iterator[str]:
    """Yield the words of a template that were left in a text, each once."""
    cleaned = bare(text)
    for word in wording.remnants:
        at = cleaned.find(word)
        if at < 0:
            continue
        around = cleaned[max(0, at - 1) : at] + cleaned[at + len(word) : at + len(word) + 1]
        if not (_LETTER.match(word) and _LETTER.search(around)):
            yield word


def find_repeated(text: str) -> str | None:
    """Return words that are printed twice in a row (主要用于主要用于), None if there are none."""
    match = _REPEATED.search(bare(text))
    return match[1] if match and len(set(match[1])) > 1 else None


def foreign_divisions(text: str, own: str, wording: Wording) -> tuple[str, ...]:
    """Return the names of divisions in a text that are neither `own` (a code) nor above or below it.

    A name inside a longer name of a division does not count, nor does one that may mean a division of the own.
    """
    names, lengths = division_names(wording.vocabulary), _lengths_of_names(wording.vocabulary)
    cleaned = bare(text)
    found: list[str] = []
    at = 0
    while at < len(cleaned):
        sizes = lengths.get(cleaned[at : at + _SHORTEST_NAME], ())
        name = next((n for size in sizes if (n := cleaned[at : at + size]) in names), None)
        if name is not None and not any(_related(code, own) for code in names[name]):
            found.append(name)
        at += len(name) if name else 1
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8)
def _lengths_of_names(vocabulary: Vocabulary) -> Mapping[str, tuple[int, ...]]:
    """Return the lengths of the names of divisions by their first characters, the longest first."""
    lengths: dict[str, set[int]] = {}
    for name in division_names(vocabulary):
        lengths.setdefault(name[:_SHORTEST_NAME], set()).add(len(name))
    return {start: tuple(sorted(sizes, reverse=True)) for start, sizes in lengths.items()}


def _related(code: str, own: str) -> bool:
    """Whether one of two division codes is the other or above it."""
    shorter, longer = sorted((_significant(code), _significant(own)), key=len)
    return longer.startswith(shorter)


def _significant(code: str) -> str:
    """A division code without the pairs of zeros at its end."""
    pairs = [code[i : i + 2] for i in range(0, len(code), 2)]
    while len(pairs) > 1 and pairs[-1] == "00":
        pairs.pop()
    return "".join(pairs)


def names_phase(text: str, wording: Wording) -> bool:
    """Return whether a line names a phase (部门预算, 部门决算)."""
    cleaned = bare(text)
    return any(word in cleaned for word in wording.phases)


def compares(text: str, wording: Wording) -> bool:
    """Return whether a line names a comparison (与2023年度决算对比情况), so that its year may be another one."""
    cleaned = bare(text)
    return any(word in cleaned for word in wording.comparing)


def tells_execution(text: str, wording: Wording) -> bool:
    """Return whether a line names what became of a budget (2023年预算执行情况), which a later budget may tell."""
    cleaned = bare(text)
    return any(word in cleaned for word in wording.executed)


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values without repetition, in order."""
    return tuple(dict.fromkeys(values))
