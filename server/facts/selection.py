"""Facts chosen from the files of partitions by marks and coordinates, of departments or of units, never of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ontology.numbers import decimal_to_text
from server.facts.partition_files import FactPartitions

if TYPE_CHECKING:
    import pyarrow.compute as pc

_COLUMNS = (
    *("fact", "disclosure", "organisation", "year", "phase", "breakdown", "amount", "precision", "adds", "fund_only"),
)


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts are selected of those of money of the year that are own and not quoted.

    They have one of `breakdowns` and the code of each dimension in `codes`; of the dimensions in `spread` those at most
    that are named there, None for any. `codes` of the fund are those of the narrowest fund. Facts of zero are selected
    if `with_zeros`; disclosures of units, or else of departments, if `of_units`. Organisations, years, phases and
    divisions limit the facts if there are any; those of the organisations `without` are left out.
    """

    flow: str
    of_units: bool
    with_zeros: bool
    breakdowns: tuple[str, ...]
    codes: Mapping[str, str]
    spread: Mapping[str, Sequence[str] | None]
    organisations: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


SelectedFact = Mapping[str, Any]
"""A fact by the names of SPARQL variables: IRIs as `fact`, `set`, `organisation`, `phase`, `fundOnly` and as the
dimensions of the spread, `year` and `breakdown` as text, `amount` and `precision` as decimals, `adds` as bool."""


OwnFact = Mapping[str, Any]
"""A fact as `own_facts_of` returns it: the columns of `OWN_COLUMNS`, and the IRI of its `set`."""

OWN_COLUMNS = (*_COLUMNS, "flow", "function", "function_depth", "economic", "kind", "project", "scope", "fund")


def own_facts_of(partitions: FactPartitions, disclosures: Sequence[str], breakdowns: Sequence[str]) -> list[OwnFact]:
    """Return the money of the year of disclosures, own and not quoted, that is spread in one of some ways.

    Disclosures are named as in the record of the partitions. Read in the calling thread.
    """
    import pyarrow.compute as pc

    field = pc.field
    condition = _own_money() & field("breakdown").isin(breakdowns) & field("disclosure").isin(disclosures)
    rows = _read(partitions, OWN_COLUMNS, condition)
    versions = partitions.record.versions
    return [{**row, "set": f"{versions[row['disclosure']][0]}/facts", "amount": _plain(row["amount"])} for row in rows]


def _own_money() -> pc.Expression:
    import pyarrow.compute as pc

    field = pc.field
    return field("own") & ~field("quoted") & (field("basis") == "year") & (field("measure") == "amount")


def _read(partitions: FactPartitions, columns: Sequence[str], condition: pc.Expression) -> list[dict[str, Any]]:
    facts = partitions.dataset
    if facts is None:
        return []
    rows: list[dict[str, Any]] = facts.to_table(columns=[*columns], filter=condition, use_threads=False).to_pylist()
    return rows


def _plain(amount: Decimal) -> Decimal:
    return Decimal(decimal_to_text(amount))


def select_facts(partitions: FactPartitions, wanted: FactFilter) -> list[SelectedFact]:
    """Return the facts of partitions that pass a filter. Read in the calling thread; only the columns asked for."""
    spread = [name for name in wanted.spread if name not in _COLUMNS]
    return [*_with_iris(_read(partitions, (*_COLUMNS, *spread), _condition(wanted)), partitions, spread)]


def _condition(wanted: FactFilter) -> pc.Expression:
    import pyarrow.compute as pc

    field = pc.field
    condition = _own_money() & (field("flow") == wanted.flow)
    condition &= field("level") == ("unit" if wanted.of_units else "department")
    condition &= field("breakdown").isin(wanted.breakdowns)
    if not wanted.with_zeros:
        condition &= field("amount") != Decimal(0)
    for name, code in wanted.codes.items():
        condition &= field("fund_only" if name == "fund" else name) == code
    limits = {
        **{name: codes for name, codes in wanted.spread.items() if codes is not None},
        "organisation": wanted.organisations or None,
        "year": [int(year) for year in wanted.years] or None,
        "phase": wanted.phases or None,
    }
    for name, values in limits.items():
        if values is not None:
            condition &= field(name).isin([*values])
    if wanted.divisions:
        of_divisions = [pc.starts_with(field("organisation"), f"{division}/") for division in wanted.divisions]
        first, *others = of_divisions
        for other in others:
            first |= other
        condition &= first
    if wanted.without:
        condition &= ~field("organisation").isin(wanted.without)
    return condition


def _with_iris(
    rows: Iterable[dict[str, Any]], partitions: FactPartitions, spread: Sequence[str]
) -> Iterator[SelectedFact]:
    record = partitions.record
    for row in rows:
        yield {
            "fact": row["fact"],
            "set": f"{record.versions[row['disclosure']][0]}/facts",
            "organisation": f"{record.base}id/org/{row['organisation']}",
            "year": str(row["year"]),
            "phase": f"{record.base}code/phase/{row['phase']}",
            "breakdown": row["breakdown"],
            "amount": _plain(row["amount"]),
            "precision": row["precision"],
            "adds": row["adds"],
            **({} if row["fund_only"] is None else {"fundOnly": f"{record.base}code/fund/{row['fund_only']}"}),
            **{name: f"{record.base}code/{name}/{row[name]}" for name in spread},
        }
