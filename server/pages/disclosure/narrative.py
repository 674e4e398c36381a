"""The running text of a document as printed: sentences under their headings, their figures tied to what they claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from server.pages.disclosure.findings import FindingView, Mistake
from server.pages.disclosure.marks import Marks, Spot
from server.pages.figures import anchor

_ITEM = re.compile(r"\d{1,2}\W")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of a sentence: its IRI, its point, what is said of it."""

    iri: str
    anchor: str
    point: str | None
    findings: tuple[FindingView, ...]
    mistake: Mistake | None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a sentence: plain words, or the words of one figure, which may make several claims."""

    text: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence in pieces; `findings` are those about the sentence as a whole."""

    iri: str
    anchor: str
    fragments: tuple[Fragment, ...]
    findings: tuple[FindingView, ...]

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list, which begins on a line of its own."""
        return bool(self.fragments) and _ITEM.match(self.fragments[0].text) is not None


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentences under one heading."""

    heading: str
    sentences: tuple[SentenceView, ...]

    @property
    def figures(self) -> int:
        """How many claims it makes."""
        return sum(len(fragment.claims) for sentence in self.sentences for fragment in sentence.fragments)

    @property
    def findings(self) -> tuple[FindingView, ...]:
        """All findings about it."""
        claims = (c for sentence in self.sentences for fragment in sentence.fragments for c in fragment.claims)
        about = [*(sentence.findings for sentence in self.sentences), *(claim.findings for claim in claims)]
        return tuple(finding for findings in about for finding in findings)


@dataclass(frozen=True, slots=True)
class GlossaryEntryView:
    """An entry of the glossary, with the concept that it explains if it is known."""

    iri: str
    anchor: str
    name: str
    text: str
    concept: str | None
    findings: tuple[FindingView, ...]


def passages_of(narrative: Iterable[Any], marks: Marks) -> tuple[Passage, ...]:
    """The sentences of a snapshot under their headings, in printed order."""
    sentences = [sentence for sentence in narrative if isinstance(sentence, dict)]
    return tuple(
        Passage(str(heading), tuple(_sentence(sentence, marks) for sentence in same))
        for heading, same in groupby(sentences, key=lambda sentence: sentence.get("heading") or "")
    )


def explanations_of(glossary: Iterable[Any], marks: Marks) -> tuple[GlossaryEntryView, ...]:
    """The entries of the glossary of a snapshot."""
    entries = [entry for entry in glossary if isinstance(entry, dict)]
    return tuple(_explanation(number, entry, marks) for number, entry in enumerate(entries, start=1))


def spots_of_text(passages: Iterable[Passage], glossary: Iterable[GlossaryEntryView], marks: Marks) -> dict[str, Spot]:
    """Where the text, its sentences and their figures stand, and the entries of the glossary, by IRI."""
    spots = {entry.iri: Spot(entry.anchor, "", entry.name) for entry in glossary}
    for sentence in (sentence for passage in passages for sentence in passage.sentences):
        spots.setdefault(f"{marks.version}/n", Spot(anchor(f"{marks.version}/n", marks.version), "", ""))
        spots[sentence.iri] = Spot(sentence.anchor, "", "")
        for fragment in sentence.fragments:
            spots |= {claim.iri: Spot(claim.anchor, "", fragment.text) for claim in fragment.claims}
    return spots


def _explanation(number: int, entry: Mapping[str, Any], marks: Marks) -> GlossaryEntryView:
    iri = f"{marks.version}/n/g{number:02d}"
    return GlossaryEntryView(
        iri=iri,
        anchor=anchor(iri, marks.version),
        name=str(entry.get("name") or ""),
        text=str(entry.get("text") or ""),
        concept=marks.base + entry["concept"] if entry.get("concept") else None,
        findings=marks.of(iri),
    )


def _sentence(sentence: Mapping[str, Any], marks: Marks) -> SentenceView:
    iri = f"{marks.version}/n/{sentence.get('name', '')}"
    fragments = tuple(_fragments(str(sentence.get("text", "")), sentence.get("figures", ()), marks))
    return SentenceView(iri, anchor(iri, marks.version), fragments, marks.of(iri))


def _fragments(text: str, figures: Iterable[Mapping[str, Any]], marks: Marks) -> Iterator[Fragment]:
    """The text in pieces, the figures among them; figures that overlap an earlier one are left to it."""
    end = 0
    for figure in sorted(figures, key=lambda figure: (figure["start"], figure["end"])):
        if figure["start"] < end:
            continue
        if figure["start"] > end:
            yield Fragment(text[end : figure["start"]])
        end = figure["end"]
        yield Fragment(text[figure["start"] : end], tuple(_claim(key, marks) for key in figure["observations"]))
    if end < len(text):
        yield Fragment(text[end:])


def _claim(key: str, marks: Marks) -> Claim:
    iri = marks.base + key
    return Claim(iri, anchor(iri, marks.version), marks.points.get(iri), marks.of(iri), marks.mistakes.get(iri))
