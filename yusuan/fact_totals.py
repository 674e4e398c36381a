"""Sums over frames of facts that count no money twice, or say why they cannot be given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ontology import load_vocabulary
from ontology.messages import LANGUAGES
from ontology.tabular.fact_sums import OF_WHICH, SPREAD, FactRow, choose_parts, exact_sum
from ontology.tabular.published_columns import BOOLEAN, DECIMAL, DIMENSIONS, FACTS, INTEGER
from yusuan.arguments import ArgumentError, MessageError, listed, require_known, require_type

if TYPE_CHECKING:
    import pandas as pd

_DEEP = ("function", "economic")
_TOTAL = "total"
_KEYS = ["disclosure", "flow", "year", "phase"]
_MARKS = ("own", "quoted", "basis", "breakdown", "adds", "fund_only", "source")
_VALUES = ("fact", "measure", "amount", "currency", "precision", "claims", "agree", "page", "place", "file")
_NO_KEYS = frozenset((*_MARKS, *_VALUES, *(f"{d}{end}" for d in DIMENSIONS for end in ("_name", "_name_en", "_depth"))))
"""Columns by which nothing is added up: marks, values and places."""


class TotalsError(MessageError):
    """Raised where a sum would count money twice or leave some out; `text(language)` says why, and what helps."""


def totals(
    frame: pd.DataFrame, by: Sequence[str] = ("year",), depth: int | Mapping[str, int] = 1, lang: str = "en"
) -> pd.DataFrame:
    """Return the sum of money for each combination of the columns `by`.

    `frame` is a frame of facts (`Converted.facts`, `OpenedStore.facts`), with those rows left out that are not asked
    about: another flow or phase, other funds. `by` names columns of it; dimensions among them (`function`, `economic`,
    `kind`, `fund`, `project`, `scope`, `supplier`) say how the money is spread, `depth` at which step below the total,
    for all or for each. `lang` is the language of the added columns of names, `zh` or `en`. By `fund` alone, money
    counts under the narrowest fund that it all belongs to (`fund_only`), so that offices with one fund are in the sums.

    Raise TotalsError where the facts overlap (several flows or phases, a department beside units that may be its own),
    where the parts that a disclosure prints do not add up to what it prints as the whole, and where `by` names a column
    that is no key. Without the row of the whole in the frame, parts that a filter removed are not noticed.
    Raise ArgumentError for a frame that is not one of facts or has lost its types, and for another wrong argument.

    >>> totals(facts[facts.flow == "expenditure"], by=["year", "function"], depth=1)  # doctest: +SKIP
    """
    _refuse_frame(frame)
    require_type("by", by, (str, Iterable), "a name of a column, or a list of them")
    by = (by,) if isinstance(by, str) else tuple(by)
    require_known("lang", lang, LANGUAGES)
    _refuse_columns(frame, by)
    spread = tuple(d for d in SPREAD if d in by)
    _refuse_depth(depth, spread)
    rows = frame[frame.own & ~frame.quoted & (frame.basis == "year") & (frame.measure == "amount")]
    if rows.empty:
        raise TotalsError("totals-nothing")
    _refuse_overlaps(rows, by)
    depths = {d: depth if isinstance(depth, int) else depth.get(d, 1) for d in spread}
    if isinstance(depth, int):
        depths |= {d: 1 for d in spread if d not in _DEEP and len(spread) > 1}
    parts, wholes = _select(rows, spread, depths)
    if spread == ("fund",) and depths["fund"] == 1:
        parts = _by_only_fund(parts, wholes)
    counted = _complete(parts, wholes, rows, spread)
    return _sums(counted, by, lang)


def _refuse_frame(frame: object) -> None:
    import pandas as pd

    require_type("frame", frame, (pd.DataFrame,), "a frame of facts")
    assert isinstance(frame, pd.DataFrame)
    missing = [name for name in FACTS.names if name not in frame.columns]
    if missing:
        raise ArgumentError("argument-columns", argument="frame", columns=listed(missing))
    astray = [c.name for c in FACTS.columns if not _has_type(frame[c.name], c.type)]
    if astray:
        raise ArgumentError("argument-dtypes", argument="frame", columns=listed(astray))


def _has_type(values: pd.Series, type: str) -> bool:
    """Whether a column has the type of the table of facts: no numbers or truth values as texts."""
    from pandas.api.types import infer_dtype, is_bool_dtype, is_numeric_dtype

    if type == BOOLEAN:
        return is_bool_dtype(values) or infer_dtype(values, skipna=True) in ("boolean", "empty")
    if type in (INTEGER, DECIMAL):
        return is_numeric_dtype(values) or infer_dtype(values, skipna=True) in (
            "decimal",
            "integer",
            "floating",
            "empty",
        )
    return True


def _refuse_depth(depth: object, spread: Sequence[str]) -> None:
    require_type("depth", depth, (int, Mapping), "a whole number, or one for each dimension")
    steps = depth if isinstance(depth, Mapping) else {"": depth}
    for dimension, step in steps.items():
        if dimension:
            require_known("depth", dimension, spread)
        require_type("depth", step, (int,), "a whole number from 1")
        if isinstance(step, int) and step < 1:
            raise ArgumentError("argument-type", argument="depth", value=step, expected="a whole number from 1")


def _refuse_columns(frame: pd.DataFrame, by: Sequence[str]) -> None:
    keys = [name for name in frame.columns if name not in _NO_KEYS]
    for column in by or ("",):
        if column not in keys:
            raise TotalsError("totals-column", column=column, columns=", ".join(keys))


def _refuse_overlaps(rows: pd.DataFrame, by: Sequence[str]) -> None:
    for column in ("flow", "phase"):
        if column not in by and rows[column].nunique() > 1:
            values = sorted(rows[column].unique())
            raise TotalsError("totals-several", column=column, values=", ".join(values), first=values[0])
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
    if spread and set(spread) <= OF_WHICH:
        alone = set(rows[chosen][[*_KEYS, *spread]].itertuples(index=False, name=None))
        of_fund = open_in == frozenset((*spread, "fund"))
        printed = rows[[*_KEYS, *spread]].apply(tuple, axis=1)
        chosen |= of_fund & ~printed.isin(alone)
    parts = rows[chosen]
    for dimension, steps in depths.items():
        parts = parts[parts[f"{dimension}_depth"] == steps]
    return parts, rows[open_in == frozenset()]


def _by_only_fund(parts: pd.DataFrame, wholes: pd.DataFrame) -> pd.DataFrame:
    """The parts by fund, or a whole of one fund whose parts do not add up, each under the fund of all of it."""
    import pandas as pd

    adding = parts[parts.adds].set_index(_KEYS).index
    alone = wholes[~wholes.set_index(_KEYS).index.isin(adding) & (wholes.fund_only != _TOTAL)]
    settled = alone.set_index(_KEYS).index
    facts = pd.concat([parts[~parts.set_index(_KEYS).index.isin(settled)], alone])
    vocabulary = load_vocabulary()
    concepts = {key: vocabulary.concept(f"code/fund/{key}") for key in facts.fund_only.unique()}
    names = {
        language: {key: concept.names.get(language) if concept else None for key, concept in concepts.items()}
        for language in LANGUAGES
    }
    return facts.assign(
        fund=facts.fund_only,
        fund_name=facts.fund_only.map(names["zh"]),
        fund_name_en=facts.fund_only.map(names["en"]),
    )


def _complete(parts: pd.DataFrame, wholes: pd.DataFrame, rows: pd.DataFrame, spread: Sequence[str]) -> pd.DataFrame:
    """The parts that make up the whole of each disclosure; TotalsError if they do not."""
    by_disclosure: dict[object, pd.DataFrame] = dict(list(parts.groupby(_KEYS)))
    whole_of: dict[object, pd.DataFrame] = dict(list(wholes.groupby(_KEYS)))
    counted: list[pd.DataFrame] = []
    for key in rows[_KEYS].drop_duplicates().itertuples(index=False, name=None):
        part = by_disclosure.get(key, parts[:0])
        chosen, reason = choose_parts(_records(part, spread), _records(whole_of.get(key, wholes[:0]), ()), spread)
        if reason is not None:
            raise _refusal(reason, rows, key, spread)
        counted.append(part.iloc[[row["position"] for row in chosen]])
    import pandas as pd

    return pd.concat(counted)


def _records(rows: pd.DataFrame, spread: Sequence[str]) -> list[FactRow]:
    columns = [rows[name] for name in ("amount", "precision", "adds", *spread)]
    names = ("position", "amount", "precision", "adds", *spread)
    return [dict(zip(names, values, strict=True)) for values in zip(range(len(rows)), *columns, strict=True)]


def _refusal(message_key: str, rows: pd.DataFrame, key: Sequence[object], spread: Sequence[str]) -> TotalsError:
    """An error that names what the disclosure prints: its breakdowns with the depths of each, and its funds."""
    own = rows[(rows[_KEYS] == list(key)).all(axis=1)]
    depths: dict[str, set[str]] = {}
    for row in own.to_dict("records"):
        steps = "/".join(str(row[f"{d}_depth"]) for d in row["breakdown"].split("-") if d != _TOTAL)
        depths.setdefault(row["breakdown"], set()).add(steps)
    printed = "; ".join(f"{name} {', '.join(sorted(steps))}".strip() for name, steps in sorted(depths.items()))
    return TotalsError(
        message_key,
        disclosure=key[0],
        by=", ".join(spread) or _TOTAL,
        printed=printed,
        funds=", ".join(sorted(own.fund_only.dropna().unique())),
    )


def _sums(rows: pd.DataFrame, by: Sequence[str], lang: str) -> pd.DataFrame:
    suffix = "_name_en" if lang == "en" else "_name"
    named = {column: f"{column}{suffix}" for column in by if f"{column}{suffix}" in rows.columns}
    groups = rows.groupby(list(by), sort=True, dropna=False)
    sums = groups.amount.agg(lambda amounts: float(exact_sum(amounts))).reset_index()
    for column, name in named.items():
        labels = rows.drop_duplicates(column).set_index(column)[name]
        sums[name] = sums[column].map(labels)
    order = [name for column in by for name in (column, named.get(column)) if name is not None]
    return sums[[*order, "amount"]]
