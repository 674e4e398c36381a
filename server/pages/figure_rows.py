"""HTML of the rows of tables of figures, for which templates take long."""

from __future__ import annotations

from collections.abc import Iterable

from server.pages.figures import FigureView, money, number
from server.pages.page_context import Html, PageContext, quoted


def figure_rows(context: PageContext, figures: Iterable[FigureView]) -> Html:
    """Return a row for each figure: office, year, phase, place, the figure as printed with its unit, and the amount."""
    return Html("\n".join([_row(context, figure) for figure in figures]))


def _row(context: PageContext, figure: FigureView) -> str:
    place = quoted(f"{context.href(figure.version)}#{figure.anchor}")
    page = quoted(context.href(figure.iri) or "")
    unit = "" if figure.has_printed_unit else quoted(context.name(figure.unit).text)
    return (
        f"<tr><td>{context.name_link(figure.organisation)}</td><td>{quoted(figure.year)}</td>"
        f"<td>{context.name_link(figure.phase)}</td>"
        f'<td><a href="{place}">{place_label(context, figure)}</a> {row_and_column(figure)}</td>'
        f'<td class="figure"><a class="num" lang="zh" href="{page}">{quoted(figure.printed)}</a> '
        f'<span class="unit">{unit}</span></td>'
        f'<td class="figure">{figure_amount(context, figure)}</td></tr>'
    )


def row_and_column(figure: FigureView) -> Html:
    """Return the words beside and above a figure, as printed."""
    has_code = figure.row_code and figure.row_code != figure.row_label
    code = f'<span class="code">{quoted(figure.row_code)}</span> ' if has_code else ""
    between = ' <span class="muted">›</span> ' if figure.row_label and figure.column_label else ""
    return Html(f'<span lang="zh">{code}{quoted(figure.row_label)}{between}{quoted(figure.column_label)}</span>')


def place_label(context: PageContext, figure: FigureView) -> Html:
    """Return in which table a figure stands, or that it stands in the text."""
    key, numbers = ("table-number", {"number": figure.table_number}) if figure.table_number else ("place-text", {})
    return Html(quoted(context.message(key, **numbers)))


def figure_amount(context: PageContext, figure: FigureView) -> Html:
    """Return the amount of a figure, or that it has none."""
    if figure.amount is None:
        return Html(f'<span class="muted">{quoted(context.message("no-amount"))}</span>')
    text = money(figure.amount) if figure.measure.endswith("#amount") else number(figure.amount)
    return Html(f'<span class="num">{text}</span>')
