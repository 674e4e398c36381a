"""PDF files of a few tables, written and read back."""

from pathlib import Path

from small_pdfs import PdfPage, write_pdf

from converters import Document
from converters.model.document import Grid
from converters.readers import read_content

WIDTHS = (60.0, 120.0, 80.0)
HEADER = ("编码", "名称", "金额")
ROWS = (("201", "一般公共服务支出", "1,234.50"), ("208", "社会保障支出", "65.50"))


def read(*pages: PdfPage) -> Document:
    return read_content(Path("budget.pdf"), write_pdf(*pages))


def only_grid(*pages: PdfPage) -> Grid:
    [grid] = read(*pages).grids
    return grid


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.row(row)] for row in range(1, grid.n_rows + 1)]


def with_table(*rows: tuple[str, ...], x: float = 50, y: float = 60, page: PdfPage | None = None) -> PdfPage:
    page = page or PdfPage()
    page.table(x, y, WIDTHS, rows)
    return page


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def issues(document: Document) -> list[str]:
    return [issue.key for issue in document.issues]
