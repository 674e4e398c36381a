"""Printed shares, each with its numerator (the part) and its denominator (the whole)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from converters.cube.sums import Sum
from converters.model.observation import Observation, Table, coordinates_to_place

_SHARE, _AMOUNT = "def#share", "def#amount"


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """A printed share with the amounts that it divides: `part` is the numerator, `whole` the denominator."""

    share: Observation
    part: Observation
    whole: Observation


def find_shares(tables: Sequence[Table], sums: Iterable[Sum]) -> list[Share]:
    """Return the shares whose part and whole are printed in the same table.

    The part has the coordinates of the share. The whole is the total of the printed sum that contains the part, or the
    part itself if it is a total.
    """
    total_of = {id(part): node.total for node in sums for part in node.parts if part.table == node.total.table}
    totals = {id(total) for total in total_of.values()}
    shares = []
    for table in tables:
        amounts = {
            coordinates_to_place(o.coordinates): o for o in table.observations if o.coordinates["measure"] == _AMOUNT
        }
        for o in table.observations:
            if o.coordinates["measure"] == _SHARE:
                part = amounts.get(coordinates_to_place({**o.coordinates, "measure": _AMOUNT}))
                whole = total_of.get(id(part), part if id(part) in totals else None)
                if part is not None and whole is not None:
                    shares.append(Share(o, part, whole))
    return shares
