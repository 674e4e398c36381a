"""The header of a table without ruling lines: labels over one column, and labels over several columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from converters.readers.pdf.alignment.columns import Range, is_full, run_text
from converters.readers.pdf.alignment.drawing_order import DrawnCell
from converters.readers.pdf.alignment.header_spans import StackedLabel, find_spans
from converters.readers.pdf.alignment.header_tree import HeaderBranch, read_tree
from converters.readers.pdf.lines import Line, TextRun

_SAME_ROW = 0.4
_LEADING = 1.9
_REACH = 0.3
_ALIGNED = 0.5
_TWO = 2

IsLabel = Callable[[str], bool]
"""Whether a text is a known label."""


@dataclass(frozen=True, slots=True)
class HeaderLabel:
    """A label of the header with its position; rows and columns count from 0."""

    row: int
    col: int
    rowspan: int
    colspan: int
    runs: tuple[TextRun, ...]

    @property
    def text(self) -> str:
        """The text without line breaks."""
        return "".join(map(run_text, self.runs))


def read_header(
    lines: Sequence[Line],
    columns: Sequence[Range],
    is_label: IsLabel,
    drawn: Sequence[Sequence[DrawnCell]] | None = None,
) -> tuple[list[HeaderLabel], list[Range]]:
    """Return the labels of a header, and the columns widened to their labels, including columns with only a label.

    A label on the lower level belongs to one column. A label with others below it spans their columns. Lines below one
    another form one label if they do so together (`is_label`), or if nothing else begins beside the lower line. `drawn`
    are the labels in drawing order, row by row, which count unless known labels cover more of the header without.
    """
    labels = _labels(_stacked(lines), columns, is_label)
    lower: set[tuple[TextRun, ...]] = set()
    if drawn is not None:
        drawn = [[part for cell in row for part in _characters(cell, is_label)] for row in drawn]
        ordered = _labels([cell.runs for row in drawn for cell in row], columns, is_label)
        known, ordered_known = (
            sum(len(label.text) for label in found if is_label(label.text)) for found in (labels, ordered)
        )
        if ordered_known >= known:
            labels = ordered
            lower = _lower_row(drawn)
            tree = read_tree(drawn, columns) if len(drawn) > _TWO and columns else None
            if tree is not None:
                extents = [leaf.label.extent for branch in tree for leaf in branch.leaves]
                return list(_place_tree(tree, len(drawn))), _widen(columns, dict(enumerate(extents)))
    if not labels:
        return [], list(columns)
    em = max(run.em for label in labels for run in label.runs)
    parents = _parents(labels, columns, em)
    leaves = [label for label in labels if label not in parents]
    owners, widened = _own_columns(leaves, columns)
    spans = find_spans(parents, owners, widened, em, lower)
    below = {col for span in spans.values() for col in span}
    depth = 2 if spans else 1
    placed = [
        HeaderLabel(1, col, 1, 1, tuple(leaf.runs)) if col in below else HeaderLabel(0, col, depth, 1, tuple(leaf.runs))
        for leaf, col in owners
    ]
    placed += [
        HeaderLabel(0, span[0], 1, len(span), tuple(parents[number].runs)) for number, span in sorted(spans.items())
    ]
    return placed, widened


def _characters(cell: DrawnCell, is_label: IsLabel) -> list[DrawnCell]:
    """Return the characters of what looks like a word set wide, if each of them is a label, but not the word."""
    apart = not is_label(cell.text) and all(len(run.glyphs) == 1 and is_label(run_text(run)) for run in cell.runs)
    return [DrawnCell((run,)) for run in cell.runs] if apart else [cell]


def _place_tree(branches: Sequence[HeaderBranch], depth: int, row: int = 0, col: int = 0) -> Iterator[HeaderLabel]:
    """Yield the labels of a header of `depth` rows; those without labels below go down to the last row."""
    for branch in branches:
        width = len(branch.leaves)
        yield HeaderLabel(row, col, 1 if branch.below else depth - row, width, branch.label.runs)
        yield from _place_tree(branch.below, depth, row + 1, col)
        col += width


def _lower_row(drawn: Sequence[Sequence[DrawnCell]]) -> set[tuple[TextRun, ...]]:
    """Return the labels of the second of two rows; none if no label of the first row stands over the first of them."""
    if len(drawn) != _TWO or min(c.extent[0] for c in drawn[0]) > min(c.extent[1] for c in drawn[1]):
        return set()
    return {cell.runs for cell in drawn[1]}


def _labels(stacks: Sequence[Sequence[TextRun]], columns: Sequence[Range], is_label: IsLabel) -> list[StackedLabel]:
    """Return the labels: lines below one another are one label or two."""
    heads = [stack[0] for stack in stacks]
    labels = []
    for stack in stacks:
        cut = _cut(stack, heads, columns, is_label)
        labels += [StackedLabel(list(part)) for part in (stack[:cut], stack[cut:]) if part]
    return labels


def _stacked(lines: Sequence[Line]) -> list[list[TextRun]]:
    """Return the runs of a header, those below one another that may form one label together."""
    runs = sorted((run for line in lines for run in line.runs), key=lambda run: (run.base, run.x0))
    above: dict[int, TextRun] = {}
    for run in runs:
        near = [r for r in runs if 0 < run.base - r.base < _LEADING * run.em and _overlap(r, run) > 0]
        last = max((r.base for r in near), default=0.0)
        nearest = [r for r in near if last - r.base < _SAME_ROW * run.em]
        if len(nearest) == 1 and _is_aligned(nearest[0], run):
            above[id(run)] = nearest[0]
    shared = [id(run) for run in above.values()]
    stacks: dict[int, list[TextRun]] = {}
    for run in runs:
        upper = above.get(id(run))
        if upper is None or shared.count(id(upper)) > 1:
            stacks[id(run)] = [run]
        else:
            stack = stacks[id(upper)]
            stack.append(run)
            stacks[id(run)] = stack
    return list({id(stack): stack for stack in stacks.values()}.values())


def _cut(chain: Sequence[TextRun], heads: Sequence[TextRun], columns: Sequence[Range], is_label: IsLabel) -> int:
    """Return the number of lines that form the upper of two labels below one another; 0 if all lines are one label.

    Two known labels are two where the upper one left room in its column for more, where the next label to the right
    begins beside the lower one, or where another label stands below the upper one. `heads` are the first lines of all
    labels.
    """
    texts = list(map(run_text, chain))
    if len(chain) == 1:
        return 0
    cuts = [cut for cut in range(1, len(chain)) if is_label("".join(texts[:cut])) and is_label("".join(texts[cut:]))]
    width = max(x1 - x0 for x0, x1 in (*((run.x0, run.x1) for run in chain), *_columns_below(chain, columns)))
    right = min((run for run in heads if run.x0 > chain[0].x1), key=lambda run: run.x0, default=None)
    certain = [
        cut
        for cut in cuts
        if not is_full(chain[cut - 1].x0, chain[cut - 1], chain[cut], width)
        or (right is not None and abs(right.base - chain[cut].base) < _SAME_ROW * right.em)
        or any(
            abs(head.base - chain[cut].base) < _SAME_ROW * head.em and _overlap(chain[0], head) > 0 for head in heads
        )
    ]
    return next(iter(certain), 0)


def _columns_below(chain: Sequence[TextRun], columns: Sequence[Range]) -> list[Range]:
    """Return the columns below the last line of a label."""
    return [(x0, x1) for x0, x1 in columns if min(chain[-1].x1, x1) > max(chain[-1].x0, x0)]


def _overlap(one: TextRun, other: TextRun) -> float:
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def _is_aligned(above: TextRun, run: TextRun) -> bool:
    """Return whether two runs begin, end or are centred at one place."""
    room = _ALIGNED * run.em
    return (
        abs(above.x0 - run.x0) <= room
        or abs(above.x1 - run.x1) <= room
        or abs(above.x0 + above.x1 - run.x0 - run.x1) <= 2 * room
    )


def _parents(labels: Sequence[StackedLabel], columns: Sequence[Range], em: float) -> list[StackedLabel]:
    """Return the labels of the upper level, from left to right.

    A label is on the upper level if another one below it overlaps it; or if another label stands nearer to each column
    that it overlaps, and the labels on both sides begin below it.
    """
    ordered = sorted(labels, key=lambda label: label.centre)
    parents = []
    for number, label in enumerate(ordered):
        below = [other for other in labels if other.top > label.bottom + _SAME_ROW * em]
        if any(min(label.x1, other.x1) - max(label.x0, other.x0) > 0 for other in below):
            parents.append(label)
        elif below and not any(_owns(label, column, labels) for column in columns):
            beside = [*ordered[max(0, number - 1) : number], *ordered[number + 1 : number + 2]]
            if len(beside) > 1 and all(other in below for other in beside):
                parents.append(label)
    return parents


def _owns(label: StackedLabel, column: Range, labels: Sequence[StackedLabel]) -> bool:
    """Return whether of all labels this one overlaps a column most."""
    share = min(label.x1, column[1]) - max(label.x0, column[0])
    others = (min(other.x1, column[1]) - max(other.x0, column[0]) for other in labels if other is not label)
    return share > max(others, default=0.0) and share > 0


def _own_columns(
    leaves: Sequence[StackedLabel], columns: Sequence[Range]
) -> tuple[list[tuple[StackedLabel, int]], list[Range]]:
    """Return each label with its column, and the columns.

    A label belongs to the column that it overlaps most. As many labels as columns belong to them in order. A label
    beside the columns belongs to a column next to it without another label, else to a column of its own.
    """
    ordered = sorted(leaves, key=lambda leaf: leaf.centre)
    widened = list(columns)
    if len(ordered) != len(columns):
        free = [n for n, column in enumerate(columns) if not any(_reaches(leaf, column) for leaf in ordered)]
        for leaf in ordered:
            if not any(_reaches(leaf, column) for column in columns):
                right = next((n for n in free if columns[n][0] >= leaf.x1), None)
                left = next((n for n in reversed(free) if columns[n][1] <= leaf.x0), None)
                beside = [n for n in (right, left) if n is not None and _is_next(leaf, n, columns)]
                if beside:
                    free.remove(beside[0])
                    x0, x1 = widened[beside[0]]
                    widened[beside[0]] = min(x0, leaf.x0), max(x1, leaf.x1)
                else:
                    widened.append((leaf.x0, leaf.x1))
        widened.sort()
    owners: dict[int, StackedLabel] = {}
    for number, leaf in enumerate(ordered):
        if len(ordered) == len(widened):
            col = number
        else:
            shares = [min(leaf.x1, x1) - max(leaf.x0, x0) for x0, x1 in widened]
            col = max(range(len(shares)), key=shares.__getitem__)
        if col in owners:
            owners[col].runs.extend(leaf.runs)
            owners[col].runs.sort(key=lambda run: (run.base, run.x0))
        else:
            owners[col] = leaf
    widened = _widen(widened, {col: (leaf.x0, leaf.x1) for col, leaf in owners.items()})
    return [(leaf, col) for col, leaf in sorted(owners.items())], widened


def _widen(columns: Sequence[Range], labels: Mapping[int, Range]) -> list[Range]:
    """Return the columns, widened to the label of each as far as the next column."""
    widened = list(columns)
    for col, label in labels.items():
        x0, x1 = widened[col]
        left_end = widened[col - 1][1] if col else float("-inf")
        right_end = widened[col + 1][0] if col + 1 < len(widened) else float("inf")
        widened[col] = (min(x0, max(label[0], left_end + _REACH)), max(x1, min(label[1], right_end - _REACH)))
    return widened


def _reaches(leaf: StackedLabel, column: Range) -> bool:
    return min(leaf.x1, column[1]) - max(leaf.x0, column[0]) > 0


def _is_next(leaf: StackedLabel, number: int, columns: Sequence[Range]) -> bool:
    """Return whether no other column stands between a label and a column."""
    low, high = sorted((leaf.centre, sum(columns[number]) / 2))
    return not any(low < (x0 + x1) / 2 < high for n, (x0, x1) in enumerate(columns) if n != number)
