"""Scanned pages: their lines are found in the picture, and whatever is read from them says so."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from small_disclosures import BUREAU, tabbed, table
from small_pdfs import PdfPage, write_pdf

from benchmarks.renderings.pieces import read_pieces
from converters import Conversion, Document, DocumentError, convert_document, coverage
from converters.readers import read_content
from converters.readers.pdf.scans import recognition
from converters.readers.pdf.scans.ruling import Picture, find_ink, find_lines, find_slope, keep_connecting
from converters.readers.pdf.scans.text_lines import find_text_lines
from converters.reports.coverage_json import coverage_to_json
from ontology import load_vocabulary
from ontology.namespaces import DEF
from shapes import check, select_vocabulary

HAS_EXTRA = all(find_spec(name) for name in ("rapidocr", "onnxruntime", "PIL"))
BUDGET = table(
    3,
    "支出总表",
    "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n"
    "201 | 一般公共服务支出 | 14,240,573.24 | 13,645,573.24 | 595,000.00\n"
    "208 | 社会保障和就业支出 | 1,249,536.00 | 1,249,530.00 | 0.00\n"
    "210 | 卫生健康支出 | 1,040,746.88 | 1,040,746.88 | -",
)


def as_read() -> Document:
    reasons = "主要用于机关运行和履行职责，比上年增加的原因是人员增加、工资标准调整。"
    text = f"{BUDGET}\n\n三、部门支出预算安排情况\n\n2024年支出预算16530856.12元，{reasons}"
    return read_content(Path("budget.txt"), tabbed(text).encode())


@pytest.fixture(scope="module")
def recognised() -> Conversion:
    """A disclosure as it would be, had it been read from scanned pages."""
    document = as_read()
    blocks = tuple(replace(b, locator=replace(b.locator, recognised=True)) for b in document.blocks)
    grids = tuple(
        replace(g, cells=tuple(replace(c, locator=replace(c.locator, recognised=True)) for c in g.cells))
        for g in document.grids
    )
    return convert_document(replace(document, blocks=blocks, grids=grids))


# ── Without recognition ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "raised"),
    [
        ("Status Message: std::bad_alloc", MemoryError),
        ("libgeos.so: failed to map segment from shared object", MemoryError),
        ("another fault", RuntimeError),
    ],
)
def test_memory_that_runs_out_in_the_engine_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, said: str, raised: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(recognition, "_engine", lambda: fail)
    with pytest.raises(raised):
        recognition._read_page(np.zeros((4, 4), dtype=np.uint8))


def test_a_scan_names_the_extra_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("converters.readers.pdf.reader.can_recognise", lambda: False)
    with pytest.raises(DocumentError) as caught:
        read_content(Path("scan.pdf"), write_pdf(PdfPage()))
    assert "pip install 'yusuan[ocr]'" in caught.value.text("zh")


def drawn_grid(slope: float = 0.0) -> Picture:
    """Three columns and two rows, ruled in grey on a paper that is not quite white, with a dark area beside them."""
    picture = np.full((400, 900), 235, dtype=np.uint8)
    along = np.arange(100, 701)
    for y in (60, 160, 260):
        for thick in (0, 1):
            picture[(y + thick + slope * along).astype(int), along] = 90
    for x in (100, 300, 500, 700):
        picture[60:262, x : x + 2] = 90
    picture[300:390, 50:850] = 60
    picture[5, 5] = 0
    return picture


def test_lines_are_found_and_dark_areas_are_none() -> None:
    ink = find_ink(drawn_grid())
    across, down = find_lines(ink, 60, 8), find_lines(ink.T, 60, 8)
    assert [round(line.at) for line in across] == [61, 161, 261]
    assert [round(line.at) for line in down] == [101, 301, 501, 701]
    assert not ink[5, 5]


def test_a_short_line_between_two_others_is_one_and_a_stroke_is_none() -> None:
    picture = drawn_grid()
    picture[160:262, 400:402] = 90  # divides one cell of the second row
    picture[180:230, 600:602] = 90  # a stroke in another
    ink = find_ink(picture)
    across, down = find_lines(ink, 20, 8), find_lines(ink.T, 20, 8)
    assert [round(line.at) for line in keep_connecting(down, across, 150)] == [101, 301, 401, 501, 701]


@pytest.mark.parametrize("slope", [-0.02, 0.004, 0.02])
def test_the_slope_of_a_crooked_page_is_that_of_its_lines(slope: float) -> None:
    assert find_slope(find_lines(find_ink(drawn_grid(slope)), 40, 8), 100) == pytest.approx(slope, abs=0.001)


def test_strokes_above_each_other_are_one_character_and_wide_gaps_part_texts() -> None:
    ink = np.zeros((200, 600), dtype=np.bool_)
    for top in (20, 60, 100):
        ink[top : top + 24, 10:100] = True  # three lines
        ink[top : top + 24, 300:380] = True  # a second text on each
    ink[20:24, 500:520] = ink[40:44, 500:520] = True  # one character of two strokes
    lines = find_text_lines(ink, [(0, 0, 450, 200), (450, 0, 600, 200)])
    assert lines[0][:2] == [((10, 20, 100, 44), False), ((300, 20, 380, 44), False)]
    assert [len(found) for found in lines] == [6, 1]


def test_a_dash_alone_is_known_by_its_shape() -> None:
    ink = np.zeros((200, 300), dtype=np.bool_)
    for top in range(10, 190, 30):
        ink[top : top + 24, 10:90] = True
    ink[30:33, 110:122] = True  # a dash
    ink[30:33, 210:234] = True  # as wide as a character
    words, dash, stroke = find_text_lines(ink, [(0, 0, 100, 200), (100, 0, 200, 200), (200, 0, 300, 200)])
    assert [line.dash for line in (words[0], *dash, *stroke)] == [False, True, False]


# ── Marks ───────────────────────────────────────────────────────────────────────────────────────


def test_every_figure_of_a_scan_is_marked_in_the_graph(recognised: Conversion) -> None:
    marked = {t.subject for t in recognised.triples if t.predicate.value == DEF + "recognised"}
    assert len(marked) == len(recognised.observations) > 8
    assert all(str(o.locator).endswith("read=ocr") for o in recognised.observations)


def test_a_finding_that_rests_on_a_scan_says_so(recognised: Conversion) -> None:
    report = check(recognised.graph, vocabulary=select_vocabulary(load_vocabulary().triples))
    finding = next(f for f in report.findings if f.rule == "sum")
    assert finding.doubtful
    assert "文字识别" in finding.message["zh"]
    assert "text recognition" in finding.message["en"]


def test_coverage_counts_the_numbers_of_scans(recognised: Conversion) -> None:
    found = coverage(as_read(), recognised)
    assert "recognised" not in coverage_to_json(found)
    document = as_read()
    blocks = tuple(replace(b, locator=replace(b.locator, recognised=True)) for b in document.blocks)
    assert coverage_to_json(coverage(replace(document, blocks=blocks), recognised))["recognised"] > 0


# ── With recognition ────────────────────────────────────────────────────────────────────────────


@pytest.mark.ocr
@pytest.mark.skipif(not HAS_EXTRA, reason="the extra `ocr` is not installed")
def test_a_scan_gives_the_cells_of_the_tables_that_were_scanned() -> None:
    from benchmarks.renderings.scan import find_typeface, write_scan

    typeface = find_typeface()
    if typeface is None:
        pytest.skip("this machine has no Chinese typeface to make a scan with")
    document = as_read()
    scan = read_content(Path("scan.pdf"), write_scan(read_pieces(document), typeface))
    [printed], [found] = document.grids, scan.grids
    assert [(c.row, c.col, c.text) for c in found.cells] == [(c.row, c.col, c.text) for c in printed.cells]
    assert all(cell.locator.recognised and "recognised" in cell.flags for cell in found.cells)
    assert [issue.key for issue in scan.issues] == ["page-recognised"]
    conversion = convert_document(scan)
    assert conversion.organisation_name == BUREAU
    assert {str(o.locator).endswith("read=ocr") for o in conversion.observations} == {True}
    assert [o.printed for o in conversion.observations if o.table == "n"] == ["16530856.12"]
