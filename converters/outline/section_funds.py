"""The fund that the heading of a section names, for the line that speaks of another one instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from converters.model.document import TextBlock
from converters.outline.denials import Denial
from converters.outline.wording import Wording, find_places, heading_rank, is_heading
from ontology.vocabulary import Vocabulary


def find_section_funds(
    blocks: Sequence[TextBlock], captions: Collection[int], ends: Mapping[int, int], wording: Wording
) -> dict[int, str]:
    """Return the fund of a section by the index of the first line below its heading.

    The heading has a list mark and names one fund, which no line of its section names. `captions` are the identities
    of lines above tables; `ends` are where the sections of headings end, by their indexes.
    """
    found: dict[int, str] = {}
    for index, end in ends.items():
        block, first = blocks[index], index + 1
        funds = find_places(block.text, "fund", wording)
        if len(funds) != 1 or id(block) in captions or heading_rank(block.text, wording) is None:
            continue
        below = blocks[first:end]
        if not below or id(below[0]) in captions or is_heading(below[0].text):
            continue
        if not any(funds & find_places(line.text, "fund", wording) for line in below):
            found[first] = next(iter(funds))
    return found


def denies_another(denials: Collection[Denial], fund: str, vocabulary: Vocabulary) -> bool:
    """Return whether something is denied of a fund that neither contains a fund nor is part of it."""
    return any(
        denial.concept in vocabulary.concepts
        and vocabulary.concepts[denial.concept].scheme == vocabulary.concepts[fund].scheme
        and fund not in _line(denial.concept, vocabulary)
        and denial.concept not in _line(fund, vocabulary)
        for denial in denials
    )


def _line(key: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield a concept and what it is part of."""
    concept = vocabulary.concepts.get(key)
    while concept is not None:
        yield concept.key
        concept = vocabulary.concepts.get(concept.parent) if concept.parent else None
