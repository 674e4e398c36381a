"""Sums over frames of facts that count no money twice, or say why they cannot be given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ontology.messages import message
from ontology.numbers import sums_to
from ontology.tabular.data_tables import DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd

SPREAD = ("line", "project", "economic", "function", "scope", "supplier", "kind", "fund", "vintage")
"""The dimensions over which money can be spread."""
_DEEP = ("function", "economic")
_OF_WHICH = frozenset(("scope", "supplier"))
_TOTAL = "total"
_KEYS = ["disclosure", "flow", "year", "phase"]
_MARKS = ("own", "quoted", "basis", "breakdown", "adds", "fund_only", "source")
_VALUES = ("fact", "measure", "amount", "currency", "precision", "claims", "agree", "page", "place", "file")
_NO_KEYS = frozenset((*_MARKS, *_VALUES, *(f"{d}{end}" for d in DIMENSIONS for end in ("_name", "_name_en", "_depth"))))
"""Columns by which nothing is added up: marks, values and places."""


class TotalsError(ValueError):
    """Raised where a sum would count money twice or leave some out; `text(language)` says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(message(key, "en", **values))
        self.key, self.values = key, values

    def text(self, language: str) -> str:
        """Return the reason in `zh` or `en`."""
        return message(self.key, language, **self.values)


def totals(
    frame: pd.DataFrame, by: Sequence[str] = ("year",), depth: int | Mapping[str, int] = 1, lang: str = "en"
) -> pd.DataFrame:
    """Return the sum of money for each combination of the columns `by`.

    `frame` is a frame of facts (`Converted.facts`, `OpenedStore.facts`), with those rows left out that are not asked
    about: another flow or phase, other funds. `by` names columns of it; dimensions among them (`function`, `economic`,
    `kind`, `fund`, `project`, `scope`, `supplier`) say how the money is spread, `depth` at which step below the total,
    for all or for each. `lang` is the language of the added columns of names, `zh` or `en`.

    Raise TotalsError where the facts overlap (several flows or phases, a department beside units that may be its own),
    where the parts that a disclosure prints do not add up to what it prints as the whole, and where `by` names a column
    that is no key. Without the row of the whole in the frame, parts that a filter removed are not noticed.

    >>> totals(facts[facts.flow == "expenditure"], by=["year", "function"], depth=1)  # doctest: +SKIP
    """
    by = (by,) if isinstance(by, str) else tuple(by)
    _refuse_columns(frame, by)
    spread = tuple(d for d in SPREAD if d in by)
    rows = frame[frame.own & ~frame.quoted & (frame.basis == "year") & (frame.measure == "amount")]
    if rows.empty:
        raise TotalsError("totals-nothing")
    _refuse_overlaps(rows, by)
    depths = {d: depth if isinstance(depth, int) else depth.get(d, 1) for d in spread}
    if isinstance(depth, int):
        depths |= {d: 1 for d in spread if d not in _DEEP and len(spread) > 1}
    parts, wholes = _select(rows, spread, depths)
    counted = _complete(parts, wholes, rows, spread)
    return _sums(counted, by, lang)


def _refuse_columns(frame: pd.DataFrame, by: Sequence[str]) -> None:
    keys = [name for name in frame.columns if name not in _NO_KEYS]
    for column in by or ("",):
        if column not in keys:
            raise TotalsError("totals-column", column=column, columns=", ".join(keys))


def _refuse_overlaps(rows: pd.DataFrame, by: Sequence[str]) -> None:
    for column in ("flow", "phase"):
        if column not in by and rows[column].nunique() > 1:
            raise TotalsError("totals-several", column=column, values=", ".join(sorted(rows[column].unique())))
    if {"level", "disclosure"}.isdisjoint(by):
        offices = {level: set(group.organisation) for level, group in rows.groupby("level")}
        for unit in offices.get("unit", ()):
            above = [
                department for department in sorted(offices.get("department", ())) if _may_include(department, unit)
            ]
            if above:
                raise TotalsError("totals-units", department=above[0], unit=unit)


def _may_include(department: str, unit: str) -> bool:
    """Whether a unit may belong to a department: its code says so, or one of them has no code to tell by."""
    division, _, code = department.partition("/")
    unit_division, _, unit_code = unit.partition("/")
    if not (code.isdigit() and unit_code.isdigit()):
        return division == unit_division
    return unit.startswith(department)


def _select(rows: pd.DataFrame, spread: Sequence[str], depths: Mapping[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The parts and the wholes: facts below the reference in the dimensions of the spread alone, and those in none.

    A dimension in which all rows have one value was settled by whoever made the frame, so it does not count; neither
    does the fund where `fund_only` is settled. What is only a part by nature (`scope`, `supplier`) may be printed for
    one fund alone.
    """
    settled = {d for d in SPREAD if d not in spread and rows[d].nunique() == 1}
    if "fund" not in spread and rows.fund_only.nunique() == 1 and rows.fund_only.iloc[0] != _TOTAL:
        settled.add("fund")
    open_in = rows.breakdown.map(lambda name: frozenset(name.split("-")) - settled - {_TOTAL})
    chosen = open_in == frozenset(spread)
    if spread and set(spread) <= _OF_WHICH:
        alone = set(rows[chosen][[*_KEYS, *spread]].itertuples(index=False, name=None))
        of_fund = open_in == frozenset((*spread, "fund"))
        printed = rows[[*_KEYS, *spread]].apply(tuple, axis=1)
        chosen |= of_fund & ~printed.isin(alone)
    parts = rows[chosen]
    for dimension, steps in depths.items():
        parts = parts[parts[f"{dimension}_depth"] == steps]
    return parts, rows[open_in == frozenset()]


def _complete(parts: pd.DataFrame, wholes: pd.DataFrame, rows: pd.DataFrame, spread: Sequence[str]) -> pd.DataFrame:
    """The parts that make up the whole of each disclosure; TotalsError if they do not.

    Parts of which the whole is more by nature (`scope`, `supplier`) are only counted once each.
    """
    by_disclosure: dict[object, pd.DataFrame] = dict(list(parts.groupby(_KEYS)))
    whole_of: dict[object, pd.DataFrame] = dict(list(wholes.groupby(_KEYS)))
    divides = bool(set(spread) - _OF_WHICH)
    counted: list[pd.DataFrame] = []
    for key in rows[_KEYS].drop_duplicates().itertuples(index=False, name=None):
        said = {"disclosure": key[0], "by": ", ".join(spread) or _TOTAL}
        part, whole = by_disclosure.get(key), whole_of.get(key)
        if part is None:
            raise TotalsError("totals-no-parts", **said)
        if divides:
            part = part[part.adds]
            if whole is None and len(spread) > 1:
                raise TotalsError("totals-no-whole", **said)
            if part.empty or (whole is not None and not _adds_up(part, whole)):
                raise TotalsError("totals-parts-apart", **said)
        if part.duplicated([*spread]).any() if spread else len(part) > 1:
            raise TotalsError("totals-overlap", **said)
        counted.append(part)
    import pandas as pd

    return pd.concat(counted)


def _adds_up(parts: pd.DataFrame, whole: pd.DataFrame) -> bool:
    return sums_to((_exact(whole.amount), _exact(whole.precision)), [(_exact(parts.amount), _exact(parts.precision))])


def _sums(rows: pd.DataFrame, by: Sequence[str], lang: str) -> pd.DataFrame:
    suffix = "_name_en" if lang == "en" else "_name"
    named = {column: f"{column}{suffix}" for column in by if f"{column}{suffix}" in rows.columns}
    groups = rows.groupby(list(by), sort=True, dropna=False)
    sums = groups.amount.agg(lambda amounts: float(_exact(amounts))).reset_index()
    for column, name in named.items():
        labels = rows.drop_duplicates(column).set_index(column)[name]
        sums[name] = sums[column].map(labels)
    order = [name for column in by for name in (column, named.get(column)) if name is not None]
    return sums[[*order, "amount"]]


def _exact(amounts: Iterable[object]) -> Decimal:
    """The sum of amounts without the rounding of binary fractions."""
    return sum((Decimal(str(amount)) for amount in amounts), Decimal(0))
