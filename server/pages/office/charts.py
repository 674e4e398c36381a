"""The pictures of an office's page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from server.charts.bars import Bar, BarGroup, bar_chart
from server.charts.sankey import Flow, FlowNode, sankey
from server.charts.svg import PictureCaption
from server.charts.treemap import Tile, treemap
from server.charts.yuan_and_wan import amount_to_text
from server.pages.data.home import DisclosureEntry
from server.pages.disclosure.findings import SEVERITY_ORDER
from server.pages.office.figures_over_years import Time
from server.pages.office.flows import STAGES, MoneyFlow
from server.pages.office.money import EXPENDITURE, OfficeFact, OfficeMoney
from server.pages.page_context import PageContext

UNIT = "wan"


def flows_picture(context: PageContext, flows: Sequence[MoneyFlow], title: str) -> str | None:
    """Return the flows as a Sankey diagram; None if there are none. The names of all concepts are loaded."""
    if not flows:
        return None
    stages = [stage for stage in STAGES if any(stage in (f.source[0], f.target[0]) for f in flows)]
    sizes: dict[tuple[str, str], list[Decimal]] = {}
    for flow in flows:
        sizes.setdefault(flow.source, [Decimal(0), Decimal(0)])[0] += flow.amount
        sizes.setdefault(flow.target, [Decimal(0), Decimal(0)])[1] += flow.amount
    nodes = [
        FlowNode(code, stages.index(stage), context.name(code).text, amount_to_text(max(both), UNIT))
        for (stage, code), both in sizes.items()
    ]
    drawn = [Flow(f.source[1], f.target[1], f.amount, amount_to_text(f.amount, UNIT)) for f in flows]
    return sankey(nodes, drawn, _caption(context, title, len(flows)))


def classes_picture(context: PageContext, classes: Sequence[OfficeFact], title: str) -> str | None:
    """Return the functional classes as a treemap; None if fewer than two have money."""
    tiles = [
        Tile(context.name(f.codes["function"]).text, f.amount, amount_to_text(f.amount, UNIT))
        for f in classes
        if f.amount > 0
    ]
    return treemap(tiles, _caption(context, title, len(tiles))) if len(tiles) > 1 else None


def years_picture(context: PageContext, money: OfficeMoney, times: Sequence[Time], title: str) -> str | None:
    """Return the expenditure of each year, a bar for each phase; None for a single disclosure."""
    phases = sorted({phase for _, phase, _ in times})
    groups: dict[str, list[Bar]] = {}
    for year, phase, set_ in times:
        whole = money.whole(set_, EXPENDITURE)
        if whole is not None:
            bar = Bar(phases.index(phase), whole.amount, amount_to_text(whole.amount, UNIT))
            groups.setdefault(year, []).append(bar)
    drawn = [BarGroup(year, tuple(bars)) for year, bars in groups.items()]
    if sum(len(group.bars) for group in drawn) < 2:
        return None
    return bar_chart(drawn, [context.name(phase).text for phase in phases], _caption(context, title, len(drawn)))


def findings_picture(context: PageContext, disclosures: Sequence[DisclosureEntry], title: str) -> str | None:
    """Return the number of findings of each disclosure by severity; None for fewer than two that were checked."""
    checked = [entry for entry in disclosures if entry.counts is not None]
    if len(checked) < 2:
        return None
    groups = []
    for entry in sorted(checked, key=lambda entry: (entry.year, entry.phase)):
        numbers = [(entry.counts or {})[severity] for severity in SEVERITY_ORDER]
        bars = tuple(Bar(position, Decimal(number), str(number)) for position, number in enumerate(numbers))
        groups.append(BarGroup(f"{entry.year} {context.name(entry.phase).text}", bars))
    series = [context.message(f"severity-{severity}") for severity in SEVERITY_ORDER]
    return bar_chart(groups, series, _caption(context, title, len(groups)))


def _caption(context: PageContext, title: str, number: int) -> PictureCaption:
    return PictureCaption(title, context.message("picture-description", n=number, title=title))
