"""Boxes of performance forms that are not ticked as they should be."""

from __future__ import annotations

from converters.model.line_breaks import join_wraps
from converters.model.markup import EMPTY, TICKED
from converters.outline.wording import distinct
from converters.recognition.attribute_values import chosen_option, unified_boxes
from converters.recognition.forms.forms import Form


def find_open_boxes(form: Form) -> tuple[str, ...]:
    """Return the texts of a form with several boxes of which none, or more than one, is ticked."""
    undecided = []
    for filled in form.fields:
        text = unified_boxes(" ".join(join_wraps(cell.text) for cell in filled.cells))
        boxes = text.count(TICKED) + text.count(EMPTY)
        if boxes > 1 and filled.attribute.scheme is not None and not chosen_option(text):
            undecided.append(" ".join(text.split()))
    return distinct(undecided)
