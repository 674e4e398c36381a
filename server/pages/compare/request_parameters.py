"""The question of `/compare`, read from the parameters of its address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from server.errors import ComparisonRefusedError

OFFICE_AXES = ("organisation", "division", "year", "phase")
"""Axes that tell disclosures apart."""
CODE_AXES = ("function", "economic", "kind", "fund", "scope")
"""Axes along which the money of one disclosure is spread."""
AXES = (*OFFICE_AXES, *CODE_AXES)
SHOWN = ("amount", "share", "growth", "per-head", "per-vehicle")
UNITS = ("wan", "yuan")
FLOWS = ("expenditure", "revenue")
LEVELS = ("department", "unit")
MOST_DEPTH, MOST_VALUES = 3, 300
_OF_DATA = ("organisation", "division", "year", "without")
_EXAMPLES = {
    **dict.fromkeys(_OF_DATA, "–"),
    "phase": "budget",
    "function": "208",
    "economic": "30216",
    "kind": "project",
    "fund": "general-public",
    "scope": "three-public",
}
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,63}")
_YEAR = re.compile(r"[12]\d{3}")


@dataclass(frozen=True, slots=True)
class CompareQuestion:
    """What is compared: two axes, the offices, years and codes chosen, and how amounts are shown.

    `chosen` has the keys of each axis to which the facts are limited; of a code axis at most one. `without` names
    offices that are left out. `depth` is the step of functional and economic classes below the total.
    """

    rows: str
    columns: str
    flow: str
    level: str
    depth: int
    unit: str
    show: str
    chosen: Mapping[str, tuple[str, ...]]
    without: tuple[str, ...]

    @property
    def axes(self) -> tuple[str, str]:
        """The two axes: rows and columns."""
        return self.rows, self.columns

    @property
    def spread(self) -> tuple[str, ...]:
        """The code axes among rows and columns."""
        return tuple(axis for axis in CODE_AXES if axis in self.axes)

    @property
    def settled(self) -> Mapping[str, str]:
        """The code chosen on each code axis, those that limit an axis of the table included."""
        return {axis: self.chosen[axis][0] for axis in CODE_AXES if self.chosen.get(axis)}

    def of_year(self, year: str) -> CompareQuestion:
        """Return the question limited to a year, without which money of several years would be added; "" for none."""
        return replace(self, chosen={**self.chosen, "year": (year,) if year else ()})

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters of the address that asks this question."""
        single = [(name, str(getattr(self, name))) for name in ("rows", "columns", "flow", "level", "unit", "show")]
        several = [(axis, value) for axis in AXES for value in self.chosen.get(axis, ())]
        return [*single, ("depth", str(self.depth)), *several, *(("without", value) for value in self.without)]


def parse_question(given: Sequence[tuple[str, str]]) -> CompareQuestion:
    """Return the question that parameters ask; those that are left out have their usual values.

    Raise ComparisonRefusedError for a value that is not offered. Empty values are ignored.
    """
    values: dict[str, list[str]] = {}
    for name, value in given:
        if value.strip():
            values.setdefault(name, []).append(value.strip())
    rows = _one_of("rows", AXES, values, "organisation")
    columns = _one_of("columns", AXES, values, "year" if rows != "year" else "phase")
    if rows == columns:
        raise _refusal("columns", columns, [axis for axis in AXES if axis != rows])
    chosen: dict[str, tuple[str, ...]] = {}
    for axis in AXES:
        pattern = _YEAR if axis == "year" else _KEY
        keys = tuple(sorted(set(values.get(axis, ()))))
        wrong = next((key for key in keys if not pattern.fullmatch(key)), None)
        if wrong is not None or len(keys) > (1 if axis in CODE_AXES else MOST_VALUES):
            raise _refusal(axis, wrong or ", ".join(keys)[:200])
        chosen[axis] = keys
    if "phase" not in (rows, columns) and not chosen["phase"]:
        chosen["phase"] = ("budget",)
    if len(chosen["phase"]) > 1 and "phase" not in (rows, columns):
        raise _refusal("phase", ", ".join(chosen["phase"]))
    without = tuple(sorted(set(values.get("without", ()))))
    wrong = next((key for key in without if not _KEY.fullmatch(key)), None)
    if wrong is not None or len(without) > MOST_VALUES:
        raise _refusal("without", wrong or str(len(without)))
    return CompareQuestion(
        rows,
        columns,
        _one_of("flow", FLOWS, values, "expenditure"),
        _one_of("level", LEVELS, values, "department"),
        int(_one_of("depth", [str(n + 1) for n in range(MOST_DEPTH)], values, "1")),
        _one_of("unit", UNITS, values, "wan"),
        _one_of("show", SHOWN, values, "amount"),
        chosen,
        without,
    )


def named_offices(question: CompareQuestion, base: str) -> dict[str, ComparisonRefusedError]:
    """Return the IRIs of the offices that a question names, each with the refusal if nobody knows it."""
    offices = [("organisation", key) for key in question.chosen["organisation"]]
    offices += [("without", key) for key in question.without]
    return {f"{base}id/org/{key}": _refusal(name, key) for name, key in offices}


def with_example(refusal: ComparisonRefusedError, key: str, year: str) -> ComparisonRefusedError:
    """Return the refusal of an office, a division or a year with an example: that of an office with a disclosure."""
    name = str(refusal.values["name"])
    if name not in _OF_DATA or refusal.values["offered"] != _EXAMPLES[name]:
        return refusal
    example = {"division": key.partition("/")[0], "year": year}.get(name, key)
    return ComparisonRefusedError(**{**refusal.values, "offered": example})


def _one_of(name: str, offered: Sequence[str], values: Mapping[str, Sequence[str]], usual: str) -> str:
    value = values.get(name, [usual])[-1]
    if value not in offered:
        raise _refusal(name, value, offered)
    return value


def _refusal(name: str, value: str, offered: Sequence[str] = ()) -> ComparisonRefusedError:
    """The refusal of a value, which names those that are offered, or one for example."""
    return ComparisonRefusedError(name=name, value=value, offered=", ".join(offered or [_EXAMPLES[name]]))
