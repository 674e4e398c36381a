"""The text around the tables of PDF files, what is not seen in them, and files that cannot be read."""

import subprocess
import sys
from pathlib import Path
from typing import Literal

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pytest
from read_pdfs import HEADER, ROWS, issues, lines, only_grid, read, texts, with_table
from small_pdfs import EM, LOCKED, PdfPage, write_pdf

from converters import DocumentError, read_document
from converters.readers.pdf.settings import PdfSettings

# ── Running text ────────────────────────────────────────────────────────────────────────────────


def paragraph(page: PdfPage, y: float, *parts: str, indent: float = 2 * EM) -> None:
    for number, part in enumerate(parts):
        page.text(50 + (indent if number == 0 else 0), y + 16 * number, part)


FULL = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"


def test_a_sentence_over_lines_is_one_block() -> None:
    page = PdfPage()
    paragraph(page, 60, FULL[2:], FULL, "支出5万元。")
    paragraph(page, 120, "另一段。")
    assert lines(read(page)) == [FULL[2:] + FULL + "支出5万元。", "另一段。"]


def test_a_sentence_over_a_page_number_is_one_block() -> None:
    first, second = PdfPage(), PdfPage()
    paragraph(first, 240, FULL[2:], FULL)
    first.text(190, 290, "3")
    paragraph(second, 60, "支出5万元。", indent=0)
    second.text(190, 290, "4")
    assert lines(read(first, second)) == [FULL[2:] + FULL + "支出5万元。"]


def test_a_new_paragraph_on_the_next_page_is_its_own_block() -> None:
    first, second = PdfPage(), PdfPage()
    paragraph(first, 240, FULL[2:], FULL)
    paragraph(second, 60, FULL[2:], "支出5万元。")
    assert len(lines(read(first, second))) == 2


def test_a_page_of_short_items_has_the_right_edge_of_its_sentences() -> None:
    page = PdfPage()
    for number in range(12):
        page.text(50, 20 + 12 * number, f"{number + 1}、负责组织本级的会议工作")
    page.text(50, 164, "纳入本部门预算的单位有一个，即本级。")
    page.text(50, 176, "三、人员构成")
    for y, start in ((188, "核定编制"), (212, "实有人数")):
        page.text(50, y, start + "的情况由本部门按照有关规定如实填报并予以公开说明，")
        page.text(50, y + 12, "共计若干人。")
    assert lines(read(page))[12:14] == ["纳入本部门预算的单位有一个，即本级。", "三、人员构成"]


def test_items_of_a_list_are_blocks_of_their_own() -> None:
    page = PdfPage()
    page.text(50, 60, "一、" + FULL[3:])
    page.text(50, 76, "二、支出总表")
    assert lines(read(page)) == ["一、" + FULL[3:], "二、支出总表"]


def test_the_number_of_a_table_is_no_page_number() -> None:
    pages = [PdfPage() for _ in range(3)]
    for number, page in enumerate(pages, start=1):
        page.text(50, 25, f"公开0{number}表")
        page.text(50, 150, "部门预算")
    assert lines(read(*pages)).count("部门预算") == 3
    assert "公开02表" in lines(read(*pages))


def test_a_hyphen_at_the_end_of_a_line_stays() -> None:
    page = PdfPage()
    paragraph(page, 60, FULL[2:-4] + " 2018-", "2020年")
    assert lines(read(page))[0].endswith("2018-2020年")


# ── What is not seen ────────────────────────────────────────────────────────────────────────────


def test_text_outside_the_page_is_left_out_and_said_so() -> None:
    page = PdfPage()
    page.text(50, 100, "支出5万元。")
    page.text(50, -40, "看不到")
    document = read(page)
    assert lines(document) == ["支出5万元。"]
    assert [(issue.key, issue.values["count"]) for issue in document.issues] == [("text-hidden", 3)]


def test_text_that_a_clip_cuts_off_is_left_out() -> None:
    page = PdfPage()
    page.operations.append("q 0 200 400 100 re W n")
    page.text(50, 50, "支出5万元。")
    page.text(50, 150, "看不到")
    page.operations.append("Q")
    assert lines(read(page)) == ["支出5万元。"]


def test_a_clip_ends_with_its_drawing() -> None:
    page = PdfPage()
    page.operations.append("q 0 200 400 100 re W n Q")
    page.text(50, 150, "看得到")
    assert lines(read(page)) == ["看得到"]


def test_a_page_of_other_origin_is_read_from_its_own_corner() -> None:
    page = with_table(HEADER, *ROWS)
    page.box = (20, 10, 420, 300)
    cell = next(only_grid(page).row(1))
    assert cell.locator.bbox == (30.0, 60.0, 90.0, 76.0)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_shown_turned_is_read_as_its_text_stands(rotate: int) -> None:
    page = PdfPage(width=400, height=400, rotate=rotate)
    turned = {90: "0 1 -1 0 400 0", 180: "-1 0 0 -1 400 400", 270: "0 -1 1 0 0 400"}[rotate]
    page.operations.append(f"q {turned} cm")
    with_table(HEADER, *ROWS, page=page)
    page.operations.append("Q")
    grid = only_grid(page)
    assert texts(grid) == [list(HEADER), *(list(row) for row in ROWS)]
    assert next(grid.row(1)).locator.bbox == (50.0, 60.0, 110.0, 76.0)


def test_a_table_printed_sideways_is_read_upright() -> None:
    page = PdfPage(width=400, height=400)
    page.operations.append("q 0 1 -1 0 400 0 cm")
    with_table(HEADER, *ROWS, page=page)
    page.operations.append("Q")
    grid = only_grid(page)
    assert texts(grid) == [list(HEADER), *(list(row) for row in ROWS)]
    assert next(grid.row(1)).locator.bbox == (60.0, 290.0, 76.0, 350.0)


def test_a_page_of_shapes_without_characters_is_said_so() -> None:
    page = PdfPage()
    page.text(50, 60, "支出\ue001\ue002")
    assert [(issue.key, issue.values) for issue in read(page).issues] == [("text-nameless", {"count": 2})]


@pytest.mark.parametrize(
    ("font", "text"),
    [("chinese", "年"), ("chinese", "7"), ("chinese", "。"), ("numbered", "年"), ("numbered", "7"), ("latin", "7")],
)
def test_a_single_character_is_read_though_its_font_is_not_in_the_file(
    font: Literal["chinese", "numbered", "latin"], text: str
) -> None:
    page = PdfPage(font=font)
    page.text(50, 60, text)
    assert lines(read(page)) == [text]


@pytest.mark.parametrize("font", ["chinese", "numbered"])
def test_a_blank_in_a_font_that_is_not_in_the_file_stays_a_blank(font: Literal["chinese", "numbered"]) -> None:
    page = PdfPage(font=font)
    page.text(50, 60, "合计")
    page.text(90, 60, " ")
    page.text(110, 60, "\u3000")
    page.text(130, 60, "5")
    assert lines(read(page)) == ["合计 5"]


_WITHOUT_FONTS = """
import ctypes, sys
from pathlib import Path
import pypdfium2.raw as pdfium
from converters.readers import read_content

if len(sys.argv) > 1:
    pdfium.FPDF_DestroyLibrary()
    folders = (ctypes.c_char_p * 2)(sys.argv[1].encode(), None)
    pointer = ctypes.cast(folders, type(pdfium.FPDF_LIBRARY_CONFIG().m_pUserFontPaths))
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=pointer))
print(read_content(Path("a.pdf"), sys.stdin.buffer.read()))
"""


def test_a_machine_without_fonts_reads_the_same(tmp_path: Path) -> None:
    pages = [with_table(HEADER, *ROWS, page=PdfPage(font=font)) for font in ("chinese", "numbered")]
    for page in pages:
        page.text(50, 40, "年")
        page.text(90, 40, "7")
    content = write_pdf(*pages)
    command = sys.executable, "-c", _WITHOUT_FONTS
    with_fonts, without = (
        subprocess.run([*command, *folder], input=content, capture_output=True, check=True).stdout.decode()
        for folder in ([], [str(tmp_path)])
    )
    assert with_fonts == without
    assert all(row[1] in without for row in ROWS)


def test_pdfium_draws_with_the_fonts_of_the_machine_when_nothing_is_read() -> None:
    page = PdfPage()
    page.text(50, 60, "年")
    content = write_pdf(page)

    def ink() -> tuple[float, ...]:
        with pypdfium2.PdfDocument(content) as document:
            textpage = document[0].get_textpage()
            return textpage.get_charbox(0) if textpage.count_chars() else ()

    before = ink()
    read(page)
    assert ink() == before


# ── Files that cannot be read ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (write_pdf(with_table(HEADER), trailer=LOCKED), "pdf-encrypted"),
        (b"", "unread-empty"),
        (b"%PDF-1.7\nnothing more", "pdf-damaged"),
        (write_pdf(PdfPage()), "pdf-without-text"),
    ],
    ids=["locked", "empty", "cut off", "scanned"],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, content: bytes, key: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("converters.readers.pdf.reader.can_recognise", lambda: False)
    path = tmp_path / "budget.PDF"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert caught.value.key == key
    assert path.name in caught.value.text(language)


def test_every_issue_has_words_in_both_languages() -> None:
    first = with_table(HEADER, ("208", "机关事业单位的基本养老", "1\n2"), ("208", "机关事业单位的基本养老", "65"))
    first.text(50, -40, "看不到")
    first.text(240, 55, "超出了所在的格子")
    document = read(first, with_table(("", "保险缴费支出", ""), ("一般公共服务支出", "", "1"), y=30))
    assert set(issues(document)) >= {"text-hidden", "several-numbers", "row-joined", "text-overflows"}
    assert all(issue.text(language) for issue in document.issues for language in ("zh", "en"))


@pytest.mark.parametrize("value", [0, -1.0, float("nan"), float("inf"), "wide"])
def test_settings_refuse_what_is_no_measure(value: float) -> None:
    with pytest.raises(ValueError, match="snap"):
        PdfSettings(snap=value)


def test_settings_refuse_a_share_of_more_than_all() -> None:
    with pytest.raises(ValueError, match="coverage"):
        PdfSettings(coverage=1.5)
