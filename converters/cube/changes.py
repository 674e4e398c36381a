"""Changes and rates printed in columns of tables: the figure that changed, and the year or phase compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from converters.model.observation import Observation, Place, Table, coordinates_to_place

_AMOUNT = "def#amount"
_CHANGES = ("def#change", "def#changeRate")


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A printed change, the figure that changed, and the year of the one figure beside it that it is counted from.

    The year is None where several stand beside it, or one of the same year.
    """

    change: Observation
    of: Observation
    compared_year: int | None


def find_changes(tables: Sequence[Table]) -> Iterator[Change]:
    """The changes in columns of a table whose figure stands in a column beside them."""
    for table in tables:
        if not any(o.coordinates["measure"] in _CHANGES for o in table.observations):
            continue
        beside: dict[Place, list[Observation]] = defaultdict(list)
        for o in table.observations:
            if o.coordinates["measure"] == _AMOUNT:
                beside[_line(o.coordinates)].append(o)
        for o in table.observations:
            if o.coordinates["measure"] in _CHANGES:
                figures = beside[_line(o.coordinates)]
                changed = [f for f in figures if _step(f.coordinates) == _step(o.coordinates)]
                years = {f.coordinates["year"] for f in figures if _step(f.coordinates) != _step(o.coordinates)}
                earlier = years - {o.coordinates["year"]}
                if changed:
                    yield Change(o, changed[0], int(earlier.pop()) if len(years) == len(earlier) == 1 else None)


def _line(coordinates: Mapping[str, str]) -> Place:
    """The coordinates of a row of figures, whatever their year and step."""
    return coordinates_to_place({**coordinates, "measure": "", "year": "", "phase": ""})


def _step(coordinates: Mapping[str, str]) -> tuple[str, str]:
    return coordinates["year"], coordinates["phase"]
