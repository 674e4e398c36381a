"""Tagged PDFs without ruling lines: rows and cells are those of the structure tree, as far as the layout agrees."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from small_disclosures import BUREAU
from small_pdfs import PdfPage, page_reference, write_pdf

from converters import Conversion, convert_document, find_unread
from converters.model.document import Grid
from converters.readers import read_content
from converters.readers.pdf.pages import read_pages
from converters.readers.pdf.settings import PdfSettings
from converters.readers.pdf.tagged.tables import take_tagged_tables

X = (40.0, 90.0, 210.0, 290.0)
ROWS = (("编码", "科目名称", "支出", ""), ("", "", "合计", "基本支出"), ("", "合计", "100.00", "60.00"))


@dataclass
class TaggedPdf:
    """A PDF in the making: `rows` hold the spans and the marked content, as (page, number), of each cell."""

    pages: list[PdfPage] = field(default_factory=lambda: [PdfPage(attributes="/StructParents 0")])
    rows: list[list[tuple[int, int, list[tuple[int, int]]]]] = field(default_factory=list)
    counts: list[int] = field(default_factory=lambda: [0])

    def text(self, x: float, y: float, text: str) -> tuple[int, int]:
        """Marked text on the last page; returns its place."""
        number = self.counts[-1]
        self.pages[-1].marked_text(x, y, text, number)
        self.counts[-1] += 1
        return len(self.pages) - 1, number

    def row(self, y: float, *cells: tuple[float, str] | tuple[float, str, int, int] | None) -> None:
        """A row of cells (x, lines, rowspan, colspan); None is an empty cell."""
        tagged = []
        for cell in cells:
            x, text, rowspan, colspan = (0.0, "", 1, 1) if cell is None else (*cell, 1, 1)[:4]
            lines = [self.text(x, y + 12 * n, line) for n, line in enumerate(text.split("\n")) if line]
            tagged.append((rowspan, colspan, lines))
        self.rows.append(tagged)

    def next_page(self) -> None:
        """Begin a page."""
        self.pages.append(PdfPage(attributes=f"/StructParents {len(self.pages)}"))
        self.counts.append(0)

    def content(self) -> bytes:
        """The bytes of the PDF, its structure tree a single table."""
        start = 7 + 2 * len(self.pages)
        root, table = start, start + 2
        objects: list[str] = []
        parents: dict[tuple[int, int], int] = {}
        number = table + 1
        row_numbers = []
        for row in self.rows:
            row_number, number = number, number + 1
            row_numbers.append(row_number)
            cells = []
            for rowspan, colspan, contents in row:
                kids = " ".join(f"<< /Type /MCR /Pg {page_reference(p)} /MCID {n} >>" for p, n in contents)
                page = page_reference(contents[0][0]) if contents else page_reference(0)
                attributes = f"/A << /O /Table /RowSpan {rowspan} /ColSpan {colspan} >>"
                cells.append(f"<< /Type /StructElem /S /TD /P {row_number} 0 R /Pg {page} {attributes} /K [{kids}] >>")
                parents.update(dict.fromkeys(contents, number))
                number += 1
            kids = " ".join(f"{n} 0 R" for n in range(row_number + 1, number))
            objects += [f"<< /Type /StructElem /S /TR /P {table} 0 R /K [{kids}] >>", *cells]
        tree = " ".join(
            f"{page} [{' '.join(f'{parents[page, n]} 0 R' for n in range(count))}]"
            for page, count in enumerate(self.counts)
        )
        kids = " ".join(f"{n} 0 R" for n in row_numbers)
        objects = [
            f"<< /Type /StructTreeRoot /K [{table} 0 R] /ParentTree {root + 1} 0 R >>",
            f"<< /Nums [{tree}] >>",
            f"<< /Type /StructElem /S /Table /P {root} 0 R /K [{kids}] >>",
            *objects,
        ]
        catalog = f"/MarkInfo << /Marked true >> /StructTreeRoot {root} 0 R"
        return write_pdf(*self.pages, catalog=catalog, more=objects)


def begin(pdf: TaggedPdf) -> None:
    """A caption, and a header on two levels."""
    pdf.pages[-1].text(40, 20, f"{BUREAU}2024年部门支出总表")
    pdf.pages[-1].text(300, 40, "单位：元")
    pdf.row(70, (X[0], "编码", 2, 1), (X[1], "科目名称", 2, 1), (X[2], "支出", 1, 2))
    pdf.row(90, (X[2], "合计"), (X[3], "基本支出"))


def grid_of(pdf: TaggedPdf) -> Grid:
    return read_content(Path("budget.pdf"), pdf.content()).grids[0]


def places(grid: Grid) -> dict[str, tuple[int, int, int, int]]:
    return {cell.text: (cell.row, cell.col, cell.rowspan, cell.colspan) for cell in grid.cells if cell.text}


def convert(pdf: TaggedPdf) -> Conversion:
    return convert_document(read_content(Path("budget.pdf"), pdf.content()))


def test_cells_of_the_structure_tree_are_read_with_their_spans() -> None:
    pdf = TaggedPdf()
    begin(pdf)
    pdf.row(120, None, (X[1], "合计"), (X[2], "100.00"), (X[3], "60.00"))
    pdf.row(140, (X[0], "20101"), (X[1], "人大事务"), (X[2], "100.0\n0"), (X[3], "60.00"))
    found = places(grid_of(pdf))
    assert found["编码"] == (1, 1, 2, 1)
    assert found["支出"] == (1, 3, 1, 2)
    assert found["基本支出"] == (2, 4, 1, 1)
    assert found["人大事务"] == (4, 2, 1, 1)
    conversion = convert(pdf)
    figures = sorted(o.printed for o in conversion.content.tables[0].observations)
    assert figures == ["100.00", "100.00", "60.00", "60.00"]
    assert all(o.doubt != "aligned" for o in conversion.content.tables[0].observations)
    assert find_unread(conversion) == ()


def test_wrapped_names_closer_than_rows_are_kept_apart() -> None:
    """Two rows without figures stand as close as the lines of one cell: alignment could not tell them apart."""
    pdf = TaggedPdf()
    begin(pdf)
    pdf.row(120, (X[0], "201"), (X[1], "一般公共服务支出"), (X[2], "9.00"), (X[3], "9.00"))
    pdf.row(132, (X[0], "20101"), (X[1], "人大事务"), None, None)
    pdf.row(144, (X[0], "20102"), (X[1], "政协\n事务"), None, None)
    assert places(grid_of(pdf))["政协事务"] == (5, 2, 1, 1)


def test_a_row_goes_on_over_the_page() -> None:
    pdf = TaggedPdf()
    begin(pdf)
    pdf.row(120, None, (X[1], "合计"), (X[2], "100.00"), (X[3], "60.00"))
    pdf.row(260, (X[0], "20101"), (X[1], "人大及其常委会各项"), (X[2], "100.00"), (X[3], "60.00"))
    pdf.next_page()
    pdf.rows[-1][1][2].append(pdf.text(X[1], 40, "事务"))
    pdf.row(60, (X[0], "20103"), (X[1], "政府办公厅"), (X[2], "0.00"), (X[3], "0.00"))
    found = places(grid_of(pdf))
    assert found["人大及其常委会各项事务"][0] == 4
    assert found["政府办公厅"][0] == 5


def test_text_that_is_tagged_in_two_tables_is_read_once() -> None:
    pdf = TaggedPdf()
    begin(pdf)
    pdf.row(120, None, (X[1], "合计"), (X[2], "100.00"), (X[3], "60.00"))
    settings = PdfSettings()
    [page] = read_pages(Path("budget.pdf"), pdf.content(), settings)
    assert [len(found) for found in take_tagged_tables([page], settings)[1].values()] == [1]
    again = replace(page, tags=(*page.tags, *(tag._replace(table=(9,)) for tag in page.tags)))
    assert take_tagged_tables([again], settings) == ([again], {})


def test_a_tree_whose_branches_meet_again_is_not_followed() -> None:
    page = PdfPage(attributes="/StructParents 0")
    page.marked_text(40, 20, f"{BUREAU}2024年部门支出总表", 0)
    depth, root = 20, 9
    first = root + 2
    elements = [
        f"<< /Type /StructElem /S /Div /P {max(root, number - 1)} 0 R /Pg {page_reference(0)} "
        f"/K [{f'{number + 1} 0 R ' * 1000 if number < first + depth else 0}] >>"
        for number in range(first, first + depth + 1)
    ]
    tree = f"<< /Type /StructTreeRoot /K [{first} 0 R] /ParentTree {root + 1} 0 R >>"
    parents = f"<< /Nums [0 [{first + depth} 0 R]] >>"
    catalog = f"/MarkInfo << /Marked true >> /StructTreeRoot {root} 0 R"
    content = write_pdf(page, catalog=catalog, more=[tree, parents, *elements])
    document = read_content(Path("budget.pdf"), content)
    assert any("部门支出总表" in block.text for block in document.blocks)


@pytest.mark.parametrize("wrong", ["columns", "rows"])
def test_tags_that_contradict_the_layout_are_not_believed(wrong: str) -> None:
    pdf = TaggedPdf()
    begin(pdf)
    pdf.row(120, None, (X[1], "合计"), (X[2], "100.00"), (X[3], "60.00"))
    figures = ((X[3], "7.00"), (X[2], "8.00")) if wrong == "columns" else ((X[2], "8.00"), (X[3], "7.00"))
    pdf.row(110 if wrong == "rows" else 140, (X[0], "20101"), (X[1], "人大事务"), *figures)
    observations = convert(pdf).content.tables[0].observations
    found = {(o.printed, o.column_label.split()[-1]) for o in observations if o.printed in ("7.00", "8.00")}
    right = {("8.00", "合计"), ("7.00", "基本支出")}
    assert found == right if wrong == "columns" else found <= right
