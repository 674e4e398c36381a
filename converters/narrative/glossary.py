"""The glossary of a disclosure: names and their explanations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from converters.model.hierarchy import Hierarchy
from converters.narrative.paragraphs import Paragraph
from converters.narrative.subject_coordinates import LEVEL, interpret_subject
from converters.narrative.tokens import MARK, Lexicon, Token, tokenize
from ontology.locators import Locator
from ontology.narrative_words import FILLER, bare
from ontology.text import narrow

_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """An entry of the glossary: the explained name and the text, as printed; `concept` is None for an unknown name.

    `names` are names of functional classes: (level, name) with the level `category`, `group` or `item`.
    """

    number: int
    name: str
    text: str
    concept: str | None
    names: tuple[tuple[str, str], ...]
    locator: Locator


def read_glossary(paragraphs: Iterable[Paragraph], lexicon: Lexicon, hierarchy: Hierarchy) -> list[GlossaryEntry]:
    """Return the entries of a glossary; paragraphs that explain nothing are skipped."""
    found: list[GlossaryEntry] = []
    for paragraph in paragraphs:
        name = _explained_name(paragraph, lexicon)
        if name is not None:
            names = tuple(_class_names(name, lexicon))
            concept = _class(name, lexicon, hierarchy) if names else _concept(name, lexicon)
            number = len(found) + 1
            text = paragraph.text.strip()
            found.append(GlossaryEntry(number, name, text, concept, names, paragraph.locator(0)))
    return found


def _explained_name(paragraph: Paragraph, lexicon: Lexicon) -> str | None:
    """Return the text from the list mark to the first colon, comma or defining words, None without an explanation."""
    tokens = paragraph.tokens
    if paragraph.rank is None:
        return None
    begin = tokens[0].end
    ends = [t.start for t in tokens if t.sort in ("colon", "comma")]
    text = paragraph.text
    for sign in lexicon.phrases.signs["defined-as"]:
        at = text.find(sign, begin + 1)
        if len(sign) > 1 and at >= 0:
            ends.append(at)
    if not ends:
        return None
    end = min(ends)
    name, rest = text[begin:end].strip(), bare(text[end + 1 :])
    told = (
        len(rest) > _SHORTEST if bare(text[end]) == ":" else any(s in rest for s in lexicon.phrases.signs["defined-as"])
    )
    return name if name and told else None


def _class_names(name: str, lexicon: Lexicon) -> Iterable[tuple[str, str]]:
    """Return (level, name) for each part of a name that ends with a level mark in brackets."""
    levels = {label: w.name for label, w in lexicon.words.items() if w.sort == LEVEL and label.startswith("(")}
    mark = re.compile("|".join(map(re.escape, levels)))
    begin = 0
    for match in mark.finditer(narrow(name)):
        yield levels[match[0]], "".join(name[begin : match.start()].split())
        begin = match.end()


def _class(name: str, lexicon: Lexicon, hierarchy: Hierarchy) -> str | None:
    """The functional class at the end of a path of names, None if its own name is unknown at its level."""
    tokens = [t for t in tokenize(name, lexicon) if t.word is not None and (t.word.meanings or t.sort == LEVEL)]
    if len(tokens) < 2 or tokens[-1].sort != LEVEL or tokens[-2].sort == LEVEL:
        return None
    key = interpret_subject(tokens, {}, lexicon, hierarchy).coordinates.get("function")
    level = tokens[-1].word.level if tokens[-1].word else None
    return key if key and level and level.match(lexicon.vocabulary.notation(key)) else None


def _concept(name: str, lexicon: Lexicon) -> str | None:
    """The one concept with this label, words for budget, revenue and expenditure left out."""
    tokens = [t for t in tokenize(name, lexicon) if t.sort not in (FILLER, MARK)]
    naming = [t for t in tokens if not _says_little(t)] or tokens
    if len(naming) != 1 or naming[0].word is None:
        return None
    sources = dict.fromkeys(naming[0].word.sources)
    return next(iter(sources)) if len(sources) == 1 else None


def _says_little(token: Token) -> bool:
    return token.word is not None and any(m.keys() <= {"phase", "flow"} for m in token.word.meanings)
