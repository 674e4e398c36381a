"""HTML of cells about which nothing was found: they are most cells of a disclosure, for which a template takes long."""

from __future__ import annotations

from functools import partial
from html import escape

from server.pages.disclosure.printed_tables import PrintedCell
from server.pages.page_context import PageContext

_quoted = partial(escape, quote=True)


def plain_cell(context: PageContext, cell: PrintedCell, *, is_published: bool) -> str:
    """Return the HTML of a cell without findings, mistake and flags, as the macro `cell` of `_parts.html` writes it.

    Figures of a published disclosure are linked to their pages and to their points.
    """
    tag = "th" if cell.scope else "td"
    classes, text = cell.classes, _quoted(cell.text)
    attributes = [
        f' id="{cell.anchor}"' if cell.anchor else "",
        f' scope="{cell.scope}"' if cell.scope else "",
        f' class="{classes}"' if classes else "",
        f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "",
        f' colspan="{cell.colspan}"' if cell.colspan > 1 else "",
        f' title="{_quoted(context.message("unconverted"))}"' if cell.role == "number" else "",
    ]
    if cell.figure and is_published:
        text = f'<a href="{_quoted(context.href(cell.figure) or "")}">{text}</a>{_point_link(context, cell.point)}'
    return f"<{tag}{''.join(attributes)}>{text}</{tag}>"


def _point_link(context: PageContext, point: str | None) -> str:
    if not point:
        return ""
    title, href = _quoted(context.message("point-title")), _quoted(context.href(point) or "")
    return f'<a class="point" href="{href}" title="{title}" aria-label="{title}">◆</a>'
