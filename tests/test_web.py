"""Web pages: text and tables without navigation, in whatever encoding."""

from pathlib import Path

import pytest
from small_workbooks import TITLE

from converters import Document, DocumentError
from converters.model.document import Grid
from converters.readers import read_content
from converters.readers.web.html import collapse

HEAD = "<tr><td>科目编码</td><td>科目名称</td><td>合计</td></tr>"
TABLE = f"<table>{HEAD}<tr><td>201</td><td>一般公共服务支出</td><td>5.5</td></tr></table>"


def read_page(body: str, head: str = "<meta charset=utf-8>", encoding: str = "utf-8") -> Document:
    return read_content(Path("page.html"), f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding))


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def only(document: Document) -> Grid:
    [grid] = document.grids
    return grid


# ── Tables ──────────────────────────────────────────────────────────────────────────────────────


def test_paragraphs_and_cells_know_their_places() -> None:
    document = read_page(f"<p>第一部分</p><div>{TITLE}</div>{TABLE}<p>注：完。</p>")
    assert [str(block.locator) for block in document.blocks] == ["paragraph=1", "paragraph=2", "paragraph=3"]
    assert str(only(document).covering[2, 3].locator) == "table=1;row=2;cell=3"
    assert [note.text for note in only(document).notes] == ["注：完。"]


def test_spans_push_later_cells_aside() -> None:
    rows = (
        "<tr><th rowspan=2>编码</th><th colspan='2'>支出</th><th rowspan=0>备注</th></tr>"
        "<tr><th>基本</th><th>项目</th></tr><tr><td>201</td><td>3</td><td>2</td></tr>"
    )
    grid = only(read_page(f"<p>{TITLE}</p><table>{rows}</table>"))
    spans = {cell.text: (cell.row, cell.col, cell.rowspan, cell.colspan) for cell in grid.cells}
    assert spans["编码"] == (1, 1, 2, 1)
    assert spans["备注"] == (1, 4, 3, 1)
    assert (spans["基本"][:2], spans["项目"][:2], spans["3"][:2]) == ((2, 2), (2, 3), (3, 2))


def test_a_span_does_not_reach_beyond_its_section_and_the_foot_is_last() -> None:
    table = (
        "<table><tfoot><tr><td>合计</td><td>5</td></tr></tfoot>"
        "<thead><tr><td rowspan=9>编码</td><td>数</td></tr></thead>"
        "<tbody><tr><td>201</td><td>5</td></tr></tbody></table>"
    )
    grid = only(read_page(f"<p>{TITLE}</p>{table}"))
    assert [[cell.text for cell in grid.row(row)] for row in (1, 2, 3)] == [["编码", "数"], ["201", "5"], ["合计", "5"]]


def test_lines_in_a_cell_are_lines_and_source_lines_are_not() -> None:
    cell = "<p>机关事业单位\n基本养老</p><p>保险<br>缴费&nbsp;</p>"
    grid = only(read_page(f"<p>{TITLE}</p><table>{HEAD}<tr><td>2080505</td><td>{cell}</td><td>5</td></tr></table>"))
    assert grid.text(2, 2) == "机关事业单位基本养老\n保险\n缴费"


def test_tables_that_arrange_the_page_are_read_through() -> None:
    grid = only(read_page(f"<table><tr><td><p>{TITLE}</p>{TABLE}</td><td>右栏</td></tr></table>"))
    assert ([block.text for block in grid.heading], grid.n_rows) == ([TITLE], 2)


def test_the_caption_of_a_table_is_its_heading() -> None:
    grid = only(read_page(TABLE.replace("<table>", f"<table><caption>{TITLE}</caption>")))
    assert [block.text for block in grid.heading] == [TITLE]


# ── Text ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_displayed_is_left_out() -> None:
    body = (
        "<script>document.write('<p>x</p>')</script><style>p{}</style><p hidden>隐藏</p><!-- 注释 -->"
        "<p style='DISPLAY: none'>无</p><noscript>请打开脚本</noscript><p>正文</p><select><option>选</option></select>"
    )
    assert texts(read_page(body)) == ["正文"]


def test_navigation_is_dropped_and_links_in_text_are_kept() -> None:
    body = (
        "<div class='top-nav'>政府网</div><ul><li><a href=/a>首页</a></li><li><a href=/b>公开</a></li></ul>"
        "<div>当前位置：<a href=/>首页</a> &gt; <a href=/ys>预算公开专栏</a></div>"
        "<p>本部门按<a href=/law>预算法</a>和<a href=/rule>实施条例</a>的要求公开二〇二四年部门预算的全部内容。</p>"
        "<div role=contentinfo>主办单位</div>"
    )
    assert texts(read_page(body)) == ["本部门按预算法和实施条例的要求公开二〇二四年部门预算的全部内容。"]


def test_attachments_are_listed() -> None:
    body = (
        "<p>附件：<a href='/files/%E9%A2%84%E7%AE%97.XLSX?v=1'>预算表</a>，<a href=b.pdf></a></p><a href=c.html>c</a>"
    )
    document = read_page(body)
    assert [(i.values["name"], i.values["address"]) for i in document.issues] == [
        ("预算表", "/files/%E9%A2%84%E7%AE%97.XLSX?v=1"),
        ("b.pdf", "b.pdf"),
    ]
    assert "预算表" in document.issues[0].text("zh")


def test_items_of_a_numbered_list_have_their_numbers() -> None:
    assert texts(read_page("<ol start=3><li>收入</li><li>支出</li></ol>")) == ["3. 收入", "4. 支出"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [("预算\n  公开", "预算公开"), ("a\n b", "a b"), ("\u3000\u3000第一", "第一"), ("1,234\xa0 ", "1,234"), ("\n", "")],
)
def test_white_space_is_as_displayed(source: str, shown: str) -> None:
    assert collapse(source) == shown


# ── Encodings ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>", "gb18030"),
        ("<meta charset='GBK'>", "gb18030"),
        ("<meta charset=utf-8>", "gb18030"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "gb18030"),
        ("<meta charset=nonsense>", "utf-8"),
    ],
)
def test_the_encoding_is_found(head: str, encoding: str) -> None:
    assert texts(read_page("<p>镕基㐂办公室预算公开</p>", head, encoding)) == ["镕基㐂办公室预算公开"]


# ── Hostile pages ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (f"<table>{'<tr><td colspan=1000 rowspan=60000>x</td></tr>' * 3000}</table>", "table-too-large"),
        ("", "nothing-recognised"),
    ],
    ids=["spans", "empty"],
)
def test_a_hostile_page_is_refused_with_a_reason(body: str, key: str) -> None:
    from converters import convert_document

    with pytest.raises(DocumentError) as caught:
        convert_document(read_page(body))
    assert caught.value.key == key


def test_a_page_nested_without_end_is_read_as_far_as_it_goes() -> None:
    assert texts(read_page("<p>正文</p>" + "<div>" * 100_000 + "x"))[0] == "正文"


def test_entities_are_not_fetched() -> None:
    page = "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><html><body><p>公开 &x;</p></body></html>"
    document = read_content(Path("page.html"), page.encode())
    assert "root:" not in "".join(texts(document))
