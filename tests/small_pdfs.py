"""Small PDFs for the tests of the reader: pages with lines and text, written by hand. Heights count from the top.

No font is in them, as in many PDFs: the Chinese font is named, a numbered font numbers its glyphs itself, and Helvetica
is one of the fonts that every reader brings along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

EM = 10.0
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font "
    "/Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] /CIDSystemInfo << /Registry (Adobe) "
    "/Ordering (GB1) /Supplement 4 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 "
    "/FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >> ] >>"
)
_NUMBERED_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /ToUnicode 5 0 R /DescendantFonts [ << "
    "/Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /CIDToGIDMap /Identity /DW 1000 /W [1 95 500] "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor << /Type "
    "/FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 "
    "/CapHeight 880 /StemV 93 >> >> ] >>"
)
_NUMBERS_TO_CHARACTERS = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Same def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange "
    "endcmap end end"
)
_LATIN_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_FONTS = {"chinese": ("F", "utf-16-be"), "numbered": ("N", "utf-16-be"), "latin": ("L", "latin-1")}

LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'00' * 32}> >> /ID [<00> <00>]"
"""The trailer of a PDF that needs a password."""


@dataclass
class PdfPage:
    """A page to be drawn on; Chinese is an em wide, ASCII half of it, except in Helvetica (`latin`)."""

    width: float = 400.0
    height: float = 300.0
    rotate: int = 0
    box: tuple[float, float, float, float] | None = None
    operations: list[str] = field(default_factory=list)
    font: Literal["chinese", "numbered", "latin"] = "chinese"
    attributes: str = ""

    def text(self, x: float, y: float, text: str, size: float = EM) -> None:
        """Text that begins at x, on the baseline y."""
        font, encoding = _FONTS[self.font]
        code = text.encode(encoding).hex()
        self.operations.append(f"BT /{font} {size} Tf 1 0 0 1 {x} {self.height - y} Tm <{code}> Tj ET")

    def marked_text(self, x: float, y: float, text: str, content: int) -> None:
        """Text as marked content, which the structure tree of a tagged PDF names by its number."""
        self.operations.append(f"/Span << /MCID {content} >> BDC")
        self.text(x, y, text)
        self.operations.append("EMC")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A thin black line."""
        self.operations.append(f"0.5 w {x0} {self.height - y0} m {x1} {self.height - y1} l S")

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, grey: float = 0.0) -> None:
        """A filled rectangle; grey 1 is white."""
        self.operations.append(f"{grey} g {x0} {self.height - y1} {x1 - x0} {y1 - y0} re f 0 g")

    def cell(self, x0: float, y0: float, x1: float, y1: float, text: str = "") -> None:
        """A cell with its four lines and text from the top left; `\\n` begins a line."""
        for line in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            self.line(*line)
        for number, part in enumerate(text.split("\n")):
            if part:
                self.text(x0 + 2, y0 + (number + 1) * 1.2 * EM, part)

    def table(self, x: float, y: float, widths: Sequence[float], rows: Iterable[Sequence[str]]) -> float:
        """A table without merged cells, its rows as high as their lines; returns where it ends."""
        for row in rows:
            below = y + 1.2 * EM * max(text.count("\n") + 1 for text in row) + 4
            left = x
            for width, text in zip(widths, row, strict=True):
                self.cell(left, y, left + width, below, text)
                left += width
            y = below
        return y


def page_reference(number: int) -> str:
    """The reference to a page in a PDF of `write_pdf`; pages count from 0."""
    return f"{7 + 2 * number} 0 R"


def write_pdf(*pages: PdfPage, trailer: str = "", catalog: str = "", more: Sequence[str] = ()) -> bytes:
    """The bytes of a PDF with these pages.

    `trailer` and `catalog` are added to trailer and catalog, `more` are further objects, numbered behind the pages.
    """
    count = len(pages)
    kids = " ".join(map(page_reference, range(count)))
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", f"<< /Type /Pages /Count {count} /Kids [{kids}] >>"]
    objects += [_FONT, _NUMBERED_FONT, _stream(_NUMBERS_TO_CHARACTERS), _LATIN_FONT]
    for number, page in enumerate(pages):
        box = page.box or (0, 0, page.width, page.height)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{' '.join(map(str, box))}] /Rotate {page.rotate} "
            f"/Resources << /Font << /F 3 0 R /N 4 0 R /L 6 0 R >> >> {page.attributes} "
            f"/Contents {8 + 2 * number} 0 R >>"
        )
        objects.append(_stream("\n".join(page.operations)))
    objects += more
    parts = ["%PDF-1.7\n"]
    offsets = []
    start = len(parts[0])
    for number, body in enumerate(objects, start=1):
        offsets.append(start)
        parts.append(f"{number} 0 obj\n{body}\nendobj\n")
        start += len(parts[-1])
    parts.append(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n")
    parts += [f"{offset:010} 00000 n \n" for offset in offsets]
    parts.append(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n")
    return "".join(parts).encode("latin-1")


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
