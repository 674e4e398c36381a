"""Web pages: a page of a government's site with navigation and attachments, and a page that a word processor saved."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape

from benchmarks.renderings.pieces import Piece

LAYOUTS = ("site", "saved-from-word")

_SITE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>部门预算公开</title>
<style>td {{ border: 1px solid }}</style>
<script>var unit = "单位：万元"; document.write("<table><tr><td>1</td></tr></table>")</script></head>
<body><header><div class="logo">区人民政府门户网站</div></header>
<nav><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>
<li><a href="/bmys/">部门预算</a></li></ul></nav>
<div class="crumbs"><a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/bmys/">部门预算</a></div>
<div class="article"><div class="TRS_Editor">{body}</div>
<p>附件：<a href="./P020240131.xlsx">部门预算公开表.xlsx</a></p></div>
<div class="share" style="display:none">分享到</div>
<footer><p>版权所有</p><a href="/map.html">网站地图</a> <a href="/about.html">关于我们</a></footer></body></html>"""
_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312"><title>x</title>
<!--[if gte mso 9]><xml><o:p>单位：千元</o:p></xml><![endif]--></head><body lang=ZH-CN>
<div class=Section1>{body}</div></body></html>"""


def write_html(pieces: Iterable[Piece], layout: str) -> bytes:
    """A page: `site` in UTF-8 with captions above the tables, `saved-from-word` in gb2312 with captions inside."""
    saved = layout == "saved-from-word"
    body = "\n".join(_piece(piece, saved) for piece in pieces)
    page = (_WORD if saved else _SITE).format(body=body)
    return page.encode("gb18030" if saved else "utf-8")


def _piece(piece: Piece, saved: bool) -> str:
    if piece.grid is None:
        return _paragraph(piece.text, saved)
    grid = piece.grid
    rows: list[str] = []
    if saved:
        rows += [f"<tr><td colspan={grid.n_cols}>{_paragraph(line, saved)}</td></tr>" for line in piece.heading]
    for number in range(1, grid.n_rows + 1):
        inside = partial(_paragraph, saved=True) if saved else _lines
        cells = [f"<td{_spans(cell.rowspan, cell.colspan)}>{inside(cell.text)}</td>" for cell in grid.row(number)]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    above = [] if saved else [_paragraph(line, saved) for line in piece.heading]
    below = [_paragraph(line, saved) for line in piece.notes]
    return "\n".join([*above, f"<table><tbody>{''.join(rows)}</tbody></table>", *below])


def _spans(rowspan: int, colspan: int) -> str:
    tall = f' rowspan="{rowspan}"' if rowspan > 1 else ""
    return tall + (f" colspan={colspan}" if colspan > 1 else "")


def _lines(text: str) -> str:
    return "<br/>".join(map(escape, text.split("\n"))) or "&nbsp;"


def _paragraph(text: str, saved: bool) -> str:
    if not saved:
        return f"<p style='text-indent:2em'>&emsp;{_lines(text)}</p>"
    words = "<br>".join(map(_broken, text.split("\n")))
    return f"<p class=MsoNormal><span lang=EN-US>{words}<o:p></o:p></span></p>"


def _broken(line: str) -> str:
    """A line over two lines of source, as word processors write it: broken between two Chinese characters only."""
    half = len(line) // 2
    wide = half and min(line[half - 1 : half + 1]) >= "\u4e00"
    return f"{escape(line[:half])}{chr(10) if wide else ''}</span><span>{escape(line[half:])}"
