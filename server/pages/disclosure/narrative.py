"""The running text of a document as printed: sentences by heading, with links from figures to their claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from converters.reports.snapshot import SnapshotFigure, SnapshotGlossaryEntry, SnapshotSentence
from server.pages.disclosure.annotations import Annotations, PageAnchor
from server.pages.disclosure.findings import FindingView, Mistake
from server.pages.figures import anchor

_ITEM = re.compile(r"\d{1,2}\W")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim made by a figure of a sentence, with the findings about it."""

    iri: str
    anchor: str
    point: str | None
    findings: tuple[FindingView, ...]
    mistake: Mistake | None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a sentence: plain text, or a printed figure with its claims (one or more)."""

    text: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence in fragments, with the findings about the sentence as a whole."""

    iri: str
    anchor: str
    fragments: tuple[Fragment, ...]
    findings: tuple[FindingView, ...]

    @property
    def is_item(self) -> bool:
        """Whether the sentence is a list item and starts on a new line."""
        return bool(self.fragments) and _ITEM.match(self.fragments[0].text) is not None


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentences under one heading."""

    heading: str
    sentences: tuple[SentenceView, ...]

    @property
    def figures(self) -> int:
        """The number of claims in the passage."""
        return sum(len(fragment.claims) for sentence in self.sentences for fragment in sentence.fragments)

    @property
    def findings(self) -> tuple[FindingView, ...]:
        """All findings about sentences and claims of the passage."""
        claims = (c for sentence in self.sentences for fragment in sentence.fragments for c in fragment.claims)
        about = [*(sentence.findings for sentence in self.sentences), *(claim.findings for claim in claims)]
        return tuple(finding for findings in about for finding in findings)


@dataclass(frozen=True, slots=True)
class GlossaryEntryView:
    """A glossary entry, with the concept that it explains if that is known."""

    iri: str
    anchor: str
    name: str
    text: str
    concept: str | None
    findings: tuple[FindingView, ...]


def passages_of(narrative: Iterable[SnapshotSentence], annotations: Annotations) -> tuple[Passage, ...]:
    """Group the sentences of a snapshot by heading, in printed order."""
    return tuple(
        Passage(heading, tuple(_sentence(sentence, annotations) for sentence in same))
        for heading, same in groupby(narrative, key=lambda sentence: sentence.heading or "")
    )


def glossary_entries_of(
    glossary: Iterable[SnapshotGlossaryEntry], annotations: Annotations
) -> tuple[GlossaryEntryView, ...]:
    """Return the glossary entries of a snapshot."""
    return tuple(_glossary_entry(number, entry, annotations) for number, entry in enumerate(glossary, start=1))


def anchors_of_text(
    passages: Iterable[Passage], glossary: Iterable[GlossaryEntryView], annotations: Annotations
) -> dict[str, PageAnchor]:
    """Return the link targets of the text, its sentences, their claims and the glossary entries, by IRI."""
    anchors = {entry.iri: PageAnchor(entry.anchor, "", entry.name) for entry in glossary}
    for sentence in (sentence for passage in passages for sentence in passage.sentences):
        anchors.setdefault(
            f"{annotations.version}/n", PageAnchor(anchor(f"{annotations.version}/n", annotations.version), "", "")
        )
        anchors[sentence.iri] = PageAnchor(sentence.anchor, "", "")
        for fragment in sentence.fragments:
            anchors |= {claim.iri: PageAnchor(claim.anchor, "", fragment.text) for claim in fragment.claims}
    return anchors


def _glossary_entry(number: int, entry: SnapshotGlossaryEntry, annotations: Annotations) -> GlossaryEntryView:
    iri = f"{annotations.version}/n/g{number:02d}"
    return GlossaryEntryView(
        iri=iri,
        anchor=anchor(iri, annotations.version),
        name=entry.name,
        text=entry.text,
        concept=annotations.base + entry.concept if entry.concept else None,
        findings=annotations.findings_about(iri),
    )


def _sentence(sentence: SnapshotSentence, annotations: Annotations) -> SentenceView:
    iri = f"{annotations.version}/n/{sentence.name}"
    fragments = tuple(_fragments(sentence.text, sentence.figures, annotations))
    return SentenceView(iri, anchor(iri, annotations.version), fragments, annotations.findings_about(iri))


def _fragments(text: str, figures: Iterable[SnapshotFigure], annotations: Annotations) -> Iterator[Fragment]:
    """Split a sentence at its figures. Figures that overlap an earlier one are ignored."""
    end = 0
    for figure in sorted(figures, key=lambda figure: (figure.start, figure.end)):
        if figure.start < end:
            continue
        if figure.start > end:
            yield Fragment(text[end : figure.start])
        end = figure.end
        yield Fragment(text[figure.start : end], tuple(_claim(key, annotations) for key in figure.observations))
    if end < len(text):
        yield Fragment(text[end:])


def _claim(key: str, annotations: Annotations) -> Claim:
    iri = annotations.base + key
    return Claim(
        iri,
        anchor(iri, annotations.version),
        annotations.points.get(iri),
        annotations.findings_about(iri),
        annotations.mistakes.get(iri),
    )
