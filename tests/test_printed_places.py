"""Figures of sentences are found within their paragraph on the page."""

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pytest
from small_pdfs import PdfPage, write_pdf

from server.reports.printed_places import PageText, find_figure, read_page_text

SENTENCE = "收入130万元，其中财政拨款30.5万元，下降3.05%；支出30万元，结余0万元，上年30万元。"
PARAGRAPH = (60.0, 50.0, 480.0, 75.0)


@pytest.fixture(scope="module")
def text() -> PageText:
    drawn = PdfPage(width=500, height=400)
    drawn.text(60, 70, SENTENCE.replace("130万元", "130 万元"))
    document = pdfium.PdfDocument(write_pdf(drawn))
    return read_page_text(document[0])


def inside(text: PageText, box: tuple[float, float, float, float]) -> str:
    """The characters whose middle lies in a box."""
    return "".join(
        character
        for character, (left, top, right, bottom) in zip(text.characters, text.boxes, strict=True)
        if box[0] <= (left + right) / 2 <= box[2] and box[1] <= (top + bottom) / 2 <= box[3]
    )


@pytest.mark.parametrize(
    ("wordings", "found"),
    [
        (("130 万元", "130"), "130万元"),
        (("30.5万元", "30.5"), "30.5万元"),
        (("3.05%",), "3.05%"),
        (("0万元", "0"), "0万元"),
        (("30.5亿元", "30.5"), "30.5"),
    ],
)
def test_a_figure_is_found_whole_and_not_in_a_longer_number(
    text: PageText, wordings: tuple[str, ...], found: str
) -> None:
    assert text.characters == SENTENCE
    assert inside(text, find_figure(text, PARAGRAPH, wordings)) == found


def test_a_figure_that_is_printed_twice_or_not_at_all_keeps_the_paragraph(text: PageText) -> None:
    for wordings in (("30万元", "30"), ("77",), ("",)):
        assert find_figure(text, PARAGRAPH, wordings) == PARAGRAPH
    assert find_figure(PageText("", ()), PARAGRAPH, ("30.5",)) == PARAGRAPH


def test_rotated_pages_have_no_text_since_their_coordinates_differ() -> None:
    drawn = PdfPage(width=500, height=400, rotate=90)
    drawn.text(60, 70, SENTENCE)
    assert read_page_text(pdfium.PdfDocument(write_pdf(drawn))[0]) == PageText("", ())
