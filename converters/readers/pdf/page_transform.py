"""Transformation from PDF coordinates (upwards from the bottom left) to the displayed page (from the top left)."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PageTransform:
    """The visible rectangle of a page in PDF coordinates, and the clockwise rotation of its display in quarter turns.

    `matrix` maps the coordinates of a form object to those of the page.
    """

    left: float
    bottom: float
    right: float
    top: float
    rotation: int = 0
    matrix: Matrix = _IDENTITY

    @property
    def size(self) -> tuple[float, float]:
        """The displayed width and height."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation % 2 else (width, height)

    def within(self, matrix: Matrix) -> PageTransform:
        """Return the transform for a form object placed through `matrix`."""
        a, b, c, d, e, f = matrix
        p, q, r, s, t, u = self.matrix
        joined = (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)
        return PageTransform(self.left, self.bottom, self.right, self.top, self.rotation, joined)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point in displayed coordinates, from the top left."""
        if self.matrix is not _IDENTITY:
            a, b, c, d, e, f = self.matrix
            x, y = a * x + c * y + e, b * x + d * y + f
        if self.rotation == 0:
            return x - self.left, self.top - y
        if self.rotation == 1:
            return y - self.bottom, x - self.left
        if self.rotation == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return the bounding box of a rectangle in displayed coordinates: left, top, right, bottom."""
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        if self.matrix is not _IDENTITY:
            corners = ((x0, y0), (x1, y1), self.point(left, top), self.point(right, bottom))
            across, down = zip(*corners, strict=True)
            return min(across), min(down), max(across), max(down)
        return (x0 if x0 < x1 else x1), (y0 if y0 < y1 else y1), (x1 if x1 > x0 else x0), (y1 if y1 > y0 else y0)


def intersect(one: Box, other: Box) -> Box:
    """Return the intersection of two boxes; if they are disjoint, right is less than left or bottom less than top."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def area(box: Box) -> float:
    """Return the area of a box, 0 for an empty intersection."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def rotate_box(box: Box, quarters: int, width: float, height: float) -> Box:
    """Return a box after rotating its page, of that width and height, clockwise by some quarter turns."""
    for _ in range(quarters % 4):
        box = height - box[3], box[0], height - box[1], box[2]
        width, height = height, width
    return box
