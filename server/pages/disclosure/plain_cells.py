"""HTML of rows and cells about which nothing was found: most of a disclosure, for which a template takes long."""

from __future__ import annotations

from functools import partial
from html import escape

from server.pages.disclosure.printed_tables import PrintedCell, PrintedRow
from server.pages.page_context import PageContext

_quoted = partial(escape, quote=True)


def plain_row(context: PageContext, row: PrintedRow, *, is_published: bool) -> str:
    """Return the HTML of the cells of a plain row."""
    return "".join([plain_cell(context, cell, is_published=is_published) for cell in row.cells])


def plain_cell(context: PageContext, cell: PrintedCell, *, is_published: bool) -> str:
    """Return the HTML of a cell without findings, mistake and flags, as the macro `cell` of `_parts.html` writes it.

    Figures of a published disclosure are linked to their pages and to their points.
    """
    tag = "th" if cell.scope else "td"
    classes, text = cell.classes, _quoted(cell.text)
    anchor = f' id="{cell.anchor}"' if cell.anchor else ""
    scope = f' scope="{cell.scope}"' if cell.scope else ""
    named = f' class="{classes}"' if classes else ""
    rows = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    columns = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    title = f' title="{_quoted(context.message("unconverted"))}"' if cell.role == "number" else ""
    if cell.figure and is_published:
        text = f'<a href="{_quoted(context.href(cell.figure) or "")}">{text}</a>{_point_link(context, cell.point)}'
    return f"<{tag}{anchor}{scope}{named}{rows}{columns}{title}>{text}</{tag}>"


def _point_link(context: PageContext, point: str | None) -> str:
    if not point:
        return ""
    title, href = _quoted(context.message("point-title")), _quoted(context.href(point) or "")
    return f'<a class="point" href="{href}" title="{title}" aria-label="{title}">◆</a>'
