"""Boxes of performance forms that are not ticked as they should be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from converters.model.line_breaks import join_wraps
from converters.model.markup import EMPTY, TICKED
from converters.outline.wording import distinct
from converters.recognition.attribute_values import FilledAttribute, chosen_option, unified_boxes
from ontology.concepts import Concept

_WORD = re.compile(rf"[^\W{TICKED}{EMPTY}]+")


def find_open_boxes(fields: Sequence[FilledAttribute], concepts: Mapping[str, Concept]) -> tuple[str, ...]:
    """Return the texts of the fields of a form with several boxes of which none, or more than one, is ticked.

    A field that offers more options than it prints boxes has lost a box when the file was read, perhaps the ticked one:
    it is not judged. `concepts` are those of the vocabulary, with the options of each scheme.
    """
    undecided = []
    for filled in fields:
        text = unified_boxes(" ".join(join_wraps(cell.text) for cell in filled.cells))
        ticked, boxes = text.count(TICKED), text.count(TICKED) + text.count(EMPTY)
        scheme = filled.attribute.scheme
        if boxes < 2 or scheme is None or chosen_option(text):
            continue
        printed = unified_boxes(" ".join(cell.text for cell in filled.cells))
        if ticked == 0 and _count_options(printed, scheme, concepts) > boxes:
            continue
        undecided.append(" ".join(text.split()))
    return distinct(undecided)


def _count_options(text: str, scheme: str, concepts: Mapping[str, Concept]) -> int:
    """Return how many options a field offers: words that stand apart, or options of the scheme, whichever is more."""
    known = sum(
        1
        for concept in concepts.values()
        if concept.scheme == scheme and any(label in text for label in concept.labels)
    )
    return max(known, len(_WORD.findall(text)))
