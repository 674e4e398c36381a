"""The spans of header cells in formats that do not state them: plain text, and cells between tabs."""

from __future__ import annotations

from collections.abc import Sequence


def recover_spans(header: Sequence[Sequence[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Recover the spans of header cells, as (row, column) -> (rowspan, colspan); (0, 0) for covered positions.

    Plain text prints a merged cell as its text followed by empty fields. A label extends right over empty fields with
    a label below them, and down over empty fields to the end of the header.
    """
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    height = len(header)
    for top, labels in enumerate(header):
        for left, label in enumerate(labels):
            if not label:
                continue
            right = left + 1
            while right < len(labels) and not labels[right] and any(header[r][right] for r in range(top + 1, height)):
                right += 1
            below = top + 1
            while below < height and not any(header[below][left:right]):
                below += 1
            spans[top + 1, left + 1] = (below - top, right - left)
    covered = {
        (row, col)
        for (top, left), (tall, wide) in spans.items()
        for row in range(top, top + tall)
        for col in range(left, left + wide)
        if (row, col) != (top, left)
    }
    return spans | dict.fromkeys(covered - spans.keys(), (0, 0))
