"""Annotated PDFs and pictures of pages: boxes lie on the figures, and contacts are painted over."""

import io
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PageObject, PdfReader
from small_disclosures import BUREAU
from small_pdfs import PdfPage, write_pdf

from converters.readers import read_content
from ontology import DEFAULT_BASE
from server.checking.check_process import CheckSettings, check
from server.checking.page_pictures import PAINT
from server.checking.result import CheckResult

SETTINGS = CheckSettings(DEFAULT_BASE, (), (), "zh", pictures=True, annotated=True)
ROWS = (
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("", "合计", "30", "10", "20"),
    ("201", "一般公共服务支出", "37", "10", "20"),
    ("填报人", "某人甲", "联系电话", "12345678", ""),
)


def page(rotate: int = 0, box: tuple[float, float, float, float] | None = None) -> PdfPage:
    drawn = PdfPage(width=500, height=400, rotate=rotate, box=box)
    drawn.text(60, 40, f"{BUREAU}2024年部门预算")
    drawn.text(60, 60, "表3 支出总表")
    drawn.text(60, 80, "单位：元")
    drawn.table(60, 90, (70, 110, 80, 70, 70), ROWS)
    return drawn


def checked(drawn: PdfPage) -> CheckResult:
    content = write_pdf(drawn)
    return check(read_content(Path("a.pdf"), content), SETTINGS, {1: content})


def annotations_of(drawn: PageObject) -> list[Any]:
    annotations: Any = drawn["/Annots"]
    return [annotation.get_object() for annotation in annotations]


@pytest.fixture(scope="module")
def result() -> CheckResult:
    return checked(page())


def test_a_box_lies_on_the_figure_and_its_note_explains_it(result: CheckResult) -> None:
    reader = PdfReader(io.BytesIO(b64decode(result.annotated or "")))
    [drawn] = reader.pages
    annotations = annotations_of(drawn)
    boxes = [annotation["/Rect"] for annotation in annotations if annotation["/Subtype"] == "/Square"]
    found: list[str] = []

    def visit(text: str, _cm: object, matrix: list[float], *_: object) -> None:
        inside = (box[0] <= matrix[4] <= box[2] and box[1] <= matrix[5] <= box[3] for box in boxes)
        if text.strip() and any(inside):
            found.append(text.strip())

    drawn.extract_text(visitor_text=visit)
    assert "37" in found
    assert set(found) <= {"37", "10", "20", "30"}
    notes = [annotation["/Contents"] for annotation in annotations if annotation["/Subtype"] == "/Text"]
    assert notes
    assert any("37" in note for note in notes)


@pytest.mark.parametrize(("rotate", "box"), [(90, None), (0, (20, 10, 480, 390))])
def test_boxes_follow_the_page_as_it_is_displayed(rotate: int, box: tuple[float, float, float, float] | None) -> None:
    straight, other = checked(page()), checked(page(rotate, box))
    edges = []
    for each in (straight, other):
        [drawn] = PdfReader(io.BytesIO(b64decode(each.annotated or ""))).pages
        squares = [a["/Rect"] for a in annotations_of(drawn) if a["/Subtype"] == "/Square"]
        edges.append(sorted([round(float(edge)) for edge in square] for square in squares))
    assert edges[0] == edges[1]


def test_a_picture_outlines_figures_and_hides_contacts(result: CheckResult) -> None:
    [picture] = result.pictures
    figures = {figure for finding in result.findings for figure in finding.figures}
    assert {box.figure for box in picture.boxes} == figures
    with Image.open(io.BytesIO(b64decode(picture.picture))) as image:
        scale = image.width / picture.width
        drawn = image.convert("RGB")
        left, top, right, bottom = (round(edge * scale) for edge in (132, 138, 236, 150))
        patch = {drawn.getpixel((x, y)) for x in range(left, right, 3) for y in range(top, bottom, 3)}
    assert result.document.tables[0].cells[16].flags == ("withheld",)
    assert patch == {PAINT[:3]}, patch


def test_a_total_that_does_not_add_up_is_a_tree(result: CheckResult) -> None:
    trees = [tree for tree in result.trees.values() if tree.printed == "37"]
    assert [(tree.holds, [part.printed for part in tree.parts]) for tree in trees] == [(False, ["10", "20"])]
    assert trees[0].row.endswith("一般公共服务支出")
