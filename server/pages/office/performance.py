"""The goals and targets that a disclosure sets for projects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from server.pages.page_context import PageContext, QueryRow
from shapes.graph_reader import natural_order


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator is to reach in a year, as printed; `iri` is the figure or the text that says so."""

    iri: str
    printed: str


@dataclass(frozen=True, slots=True)
class IndicatorTargets:
    """An indicator of performance as printed, and its target for each year; the year is empty if none is printed."""

    names: tuple[str, ...]
    standard: str
    targets: dict[str, Target] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectGoals:
    """A performance form of a project: its IRI, the project if it is known, its goal of the year and its indicators."""

    form: str
    project: str | None
    name: str
    goal: str
    indicators: tuple[IndicatorTargets, ...]

    @property
    def years(self) -> list[str]:
        """The years for which targets are printed, the earliest first."""
        return sorted({year for indicator in self.indicators for year in indicator.targets})


def document_order(form: str) -> tuple[object, ...]:
    """Return the key by which the IRIs of forms are sorted as they are printed: the table `t15` before `t15-2`."""
    return natural_order(form.rpartition("/")[0]), natural_order(form)


async def goals_of(context: PageContext, version: str) -> list[ProjectGoals]:
    """Return the goals and targets of projects in a version, in the order of the document."""
    return rows_to_goals(await context.select("which_targets_do_project_forms_set", default_graphs=[version]))


def rows_to_goals(rows: Iterable[QueryRow]) -> list[ProjectGoals]:
    """Return goals and targets from rows of the query `which_targets_do_project_forms_set`."""
    forms: dict[str, QueryRow] = {}
    indicators: dict[str, dict[str, IndicatorTargets]] = {}
    for row in rows:
        forms.setdefault(row["form"], row)
        of_form = indicators.setdefault(row["form"], {})
        if "indicator" not in row:
            continue
        names = tuple(row[part] for part in ("class", "group", "label") if row.get(part))
        indicator = of_form.setdefault(row["indicator"], IndicatorTargets(names, row.get("standard", "")))
        if "target" in row:
            indicator.targets[row.get("year", "")] = Target(row["target"], row["printed"])
    return [
        ProjectGoals(
            form=iri,
            project=forms[iri].get("project"),
            name=forms[iri]["name"],
            goal=forms[iri].get("goal", ""),
            indicators=tuple(indicators[iri][key] for key in sorted(indicators[iri], key=natural_order)),
        )
        for iri in sorted(forms, key=document_order)
    ]
