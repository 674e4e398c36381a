"""The cover of a document: the line that names the disclosure, with its year and its office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from converters.model.document import TextBlock
from converters.recognition.captions import (
    compatibility_form,
    find_year,
    is_office_name,
    without_code,
    without_list_mark,
)
from converters.recognition.titles import cue_patterns
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_SHORTEST_WORD = 3
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Cover:
    """The line that names the disclosure: year and organisation, None where absent.

    `title` is the line, preceded by the name of the organisation if the name is printed elsewhere.
    """

    year: int | None
    organisation: str | None
    title: str | None = None


def read_cover(blocks: Sequence[TextBlock], vocabulary: Vocabulary) -> Cover:
    """Read the first line that names a year and a phase: `某局2024年部门预算`, `2024年某局部门预算`.

    The line may wrap after the year. If it names no organisation, the name is taken from the line above, from a line
    such as `预算主管部门：某局`, or from the lines that begin with a name and the year.
    """
    phases = _phases(vocabulary)
    named = (
        without_code(cues[1])
        for block in blocks
        if (cues := cue_patterns(vocabulary)["organisation"].match(compatibility_form(block.text)))
    )
    lines = [clean_label(block.text) for block in blocks]
    for above, text, below in zip(("", *lines), lines, (*lines[1:], ""), strict=False):
        year = cue_patterns(vocabulary)["year"].search(text)
        if year is None:
            continue
        broken = text + below if find_year(below, vocabulary) is None else text
        for line in (text, broken):
            phase = next((at for word in phases if (at := line.find(word)) >= 0), None)
            if phase is not None:
                own = without_list_mark(line[: year.start()], vocabulary) or line[year.end() : phase]
                numbered = without_list_mark(above, vocabulary) != above  # a heading, or a line of a table of contents
                names = (own, "" if numbered else _office_in(above, vocabulary), *map(clean_label, named))
                name = next((n for n in names if is_office_name(n, vocabulary)), None) or _name_before_year(
                    lines, year[0], vocabulary
                )
                name = above + own if name == own and _is_wrapped(above + own, blocks) else name
                return Cover(int(year[1]), name, _titled(name, without_list_mark(line, vocabulary)))
    return Cover(None, None)


@lru_cache(maxsize=8)
def _phases(vocabulary: Vocabulary) -> Sequence[str]:
    """The words for phases, longest first."""
    words = {w for w, meanings in vocabulary.meanings.items() for m in meanings if "phase" in m.places}
    return sorted((w for w in words if len(w) >= _SHORTEST_WORD), key=len, reverse=True)


def _office_in(line: str, vocabulary: Vocabulary) -> str:
    """The line without words that say that an office follows: `预算主管部门:某局`."""
    stated = cue_patterns(vocabulary)["organisation"].match(line)
    return without_code(stated[1]) if stated else line


def _titled(name: str | None, line: str) -> str:
    return line if name is None or name in line else f"{name} {line}"


def _name_before_year(lines: Iterable[str], year: str, vocabulary: Vocabulary) -> str | None:
    """The most frequent name before the year at the beginning of several lines (`某局2024年度支出预算…`)."""
    before = (line.partition(year)[0] for line in lines if year in line)
    named = Counter(name for name in before if is_office_name(name, vocabulary) and all(map(str.isalpha, name)))
    often = [name for name, count in named.most_common(2) if count >= _OFTEN]
    return often[0] if len(often) == 1 or (often and named[often[0]] > named[often[1]]) else None


def _is_wrapped(name: str, blocks: Iterable[TextBlock]) -> bool:
    """Whether a name joined from two lines is printed in one line elsewhere."""
    return any(name in clean_label(block.text) for block in blocks)


def without_title_words(names: Sequence[str], cover: str | None, vocabulary: Vocabulary) -> list[str]:
    """Remove generic words from the end of names (某局部门) that are also printed without them."""
    printed = {*names, cover}
    words = vocabulary.cues["title-word"]
    return [
        next((short for word in words if (short := name.removesuffix(word)) != name and short in printed), name)
        for name in names
    ]
