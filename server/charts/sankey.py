"""A Sankey diagram: money that flows through columns of nodes, its width proportional to the amount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from server.charts.svg import COLOURS, PictureCaption, fitting, frame, rectangle, text

WIDTH, FLOWING_WIDTH, FLOWING_HEIGHT = 760, 600, 300
NODE_WIDTH, NODE_GAP, LEAST_HEIGHT = 10, 20, 1.0
LABEL_GAP = 5


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A node: its key, the column in which it stands, its label, and its amount in words."""

    key: str
    column: int
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Money from one node to another in the next column; `words` is the amount."""

    source: str
    target: str
    amount: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float
    height: float
    series: int


def sankey(nodes: Sequence[FlowNode], flows: Sequence[Flow], caption: PictureCaption) -> str:
    """Return the picture of flows between nodes. Flows of zero or less, and nodes without flows, are left out.

    A node is as high as the larger of what flows in and out; its label stands between it and the next column.
    """
    flows = [flow for flow in flows if flow.amount > 0]
    sizes = _sizes(flows)
    nodes = [node for node in nodes if node.key in sizes]
    places, height = _places(nodes, sizes)
    elements = _ribbons(flows, nodes, places)
    for node in nodes:
        place = places[node.key]
        tip = f"{node.label}: {node.words}"
        elements.append(rectangle(place.x, place.y, NODE_WIDTH, place.height, place.series, tip))
        x, middle = place.x + NODE_WIDTH + LABEL_GAP, place.y + place.height / 2
        next_x = min((other.x for other in places.values() if other.x > place.x), default=float(WIDTH))
        elements.append(text(x, middle - 1, fitting(node.label, next_x - x - LABEL_GAP)))
        elements.append(text(x, middle + 12, node.words, kind="value"))
    return frame(WIDTH, height, caption, elements)


def _sizes(flows: Sequence[Flow]) -> dict[str, float]:
    incoming: dict[str, float] = defaultdict(float)
    outgoing: dict[str, float] = defaultdict(float)
    for flow in flows:
        outgoing[flow.source] += float(flow.amount)
        incoming[flow.target] += float(flow.amount)
    return {key: max(incoming.get(key, 0.0), outgoing.get(key, 0.0)) for key in [*outgoing, *incoming]}


def _places(nodes: Sequence[FlowNode], sizes: Mapping[str, float]) -> tuple[dict[str, _Place], float]:
    """The place of each node, and the height of the picture."""
    columns: dict[int, list[FlowNode]] = defaultdict(list)
    for node in nodes:
        columns[node.column].append(node)
    largest = max((sum(sizes[node.key] for node in column) for column in columns.values()), default=1.0)
    steps = max(max(columns, default=0), 1)
    places: dict[str, _Place] = {}
    height = 0.0
    for number, column in columns.items():
        y = 8.0
        for node in sorted(column, key=lambda node: -sizes[node.key]):
            size = max(sizes[node.key] / largest * FLOWING_HEIGHT, LEAST_HEIGHT)
            x = number / steps * (FLOWING_WIDTH - NODE_WIDTH)
            places[node.key] = _Place(x, y, size, len(places))
            y += max(size, NODE_GAP / 2) + NODE_GAP
        height = max(height, y)
    return places, height


def _ribbons(flows: Sequence[Flow], nodes: Sequence[FlowNode], places: Mapping[str, _Place]) -> list[str]:
    """The bands between nodes, in the colour of their source."""
    label = {node.key: node.label for node in nodes}
    scale = _scale(flows, places)
    left: dict[str, float] = {key: place.y for key, place in places.items()}
    right = dict(left)
    bands: list[str] = []
    for flow in sorted(flows, key=lambda flow: (places[flow.source].y, places[flow.target].y)):
        source, target, width = places[flow.source], places[flow.target], float(flow.amount) * scale
        x0, x1, y0, y1 = source.x + NODE_WIDTH, target.x, left[flow.source], right[flow.target]
        left[flow.source] += width
        right[flow.target] += width
        middle = (x0 + x1) / 2
        path = (
            f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}V{y1 + width:.1f}"
            f"C{middle:.1f} {y1 + width:.1f} {middle:.1f} {y0 + width:.1f} {x0:.1f} {y0 + width:.1f}Z"
        )
        series = source.series % len(COLOURS)
        tip = escape(f"{label[flow.source]} → {label[flow.target]}: {flow.words}")
        bands.append(
            f'<path class="c{series} band" fill="{COLOURS[series]}" fill-opacity="0.35" d="{path}">'
            f"<title>{tip}</title></path>"
        )
    return bands


def _scale(flows: Sequence[Flow], places: Mapping[str, _Place]) -> float:
    """User units for each yuan."""
    sizes = _sizes(flows)
    key = max(sizes, key=lambda key: sizes[key], default="")
    return places[key].height / sizes[key] if key else 0.0
