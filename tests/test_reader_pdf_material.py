"""The real PDFs in ../shared/disclosures come out whole: their tables, their figures, what is repaired and left out."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from converters import Document, read_document
from converters.model.amounts import parse_amount
from converters.model.document import Grid

pytestmark = pytest.mark.material

# Tables, and cells that hold a number (codes too): those of pdfplumber, corrected by a look at the pages that differ.
EXPECTED = {
    "jiangsu-cppcc-2018-budget-narrative": (0, 0),
    "jiangsu-cppcc-2018-budget-tables": (12, 270),
    "jiangsu-high-court-2018-budget": (12, 324),
    "jiangsu-npc-2017-budget": (12, 259),
    "jiangsu-npc-2018-budget": (12, 254),
    "jiangsu-party-office-2017-budget-narrative": (0, 0),
    "jiangsu-party-office-2017-budget-tables": (12, 286),
    "jiangsu-procuratorate-2018-budget": (12, 295),
    "shanghai-putuo-commerce-2025-unit-budget": (9, 563),
    "shanghai-putuo-district-office-2025-department-budget": (9, 419),
    "shanghai-putuo-finance-2024-final-accounts": (10, 457),
    "shanghai-putuo-finance-2025-department-budget": (9, 430),
    "shanghai-putuo-justice-2026-department-budget": (9, 573),
    "shanghai-putuo-planning-2024-final-accounts": (10, 450),
    "shanghai-putuo-wanli-2024-department-budget": (9, 1402),
    "shanghai-putuo-wanli-2025-department-budget": (9, 1402),
}


@cache
def read(path: Path) -> Document:
    return read_document(path)


def document(material: Path, name: str) -> Document:
    return read(material / "disclosures" / f"{name}.pdf")


def value(text: str) -> Decimal:
    amount = parse_amount(text)
    return amount.value if amount else Decimal(0)


def rows(grid: Grid) -> list[list[str]]:
    return [
        ["".join(grid.text(row, col).split()) for col in range(1, grid.n_cols + 1)] for row in range(1, grid.n_rows + 1)
    ]


def test_every_file_is_expected(material: Path) -> None:
    assert {path.stem for path in (material / "disclosures").glob("*.pdf")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_no_table_and_no_number_is_lost(material: Path, name: str) -> None:
    grids = document(material, name).grids
    numbers = sum(1 for grid in grids for cell in grid.cells if parse_amount(cell.text))
    assert (len(grids), numbers) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_no_number_stands_over_two_columns(material: Path, name: str) -> None:
    cells = [cell for grid in document(material, name).grids for cell in grid.cells]
    assert [cell for cell in cells if parse_amount(cell.text) and (cell.colspan, cell.rowspan) != (1, 1)] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_classes_add_up_to_the_total_of_each_column(material: Path, name: str) -> None:
    for grid in document(material, name).grids:
        printed = rows(grid)
        totals = [row for row in printed if "合计" in row[:4] and any(map(value, row[1:]))]
        classes = [row for row in printed if row[0].isdigit() and len(row[0]) == 3 and not row[1].isdigit()]
        if len(totals) != 1 or not classes:
            continue
        for column in range(2, grid.n_cols):
            if total := value(totals[0][column]):
                assert abs(sum(value(row[column]) for row in classes) - total) <= Decimal("0.05")


@pytest.mark.parametrize("name", EXPECTED)
def test_every_table_has_a_heading_above(material: Path, name: str) -> None:
    assert all(grid.heading for grid in document(material, name).grids)


@pytest.mark.parametrize("name", EXPECTED)
def test_no_page_number_is_left_in_the_text(material: Path, name: str) -> None:
    assert [block for block in document(material, name).blocks if block.text.strip(" -—–").isdigit()] == []


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("jiangsu-npc-2017-budget", {11}),
        ("shanghai-putuo-commerce-2025-unit-budget", {3, 4}),
        ("shanghai-putuo-finance-2025-department-budget", {7, 8}),
        ("shanghai-putuo-justice-2026-department-budget", {4, 5}),
    ],
)
def test_what_nobody_sees_is_left_out_and_said_so(material: Path, name: str, pages: set[int]) -> None:
    hidden = [issue for issue in document(material, name).issues if issue.key == "text-hidden"]
    assert {issue.locator.page for issue in hidden} == pages


@pytest.mark.parametrize(
    ("name", "joined"),
    [
        ("jiangsu-npc-2017-budget", ["八、社会保障和就业支出", "当 年 收 入小计"]),
        ("jiangsu-procuratorate-2018-budget", ["十七、国土海洋气象等支出"]),
        ("shanghai-putuo-wanli-2024-department-budget", []),
    ],
)
def test_rows_broken_by_a_page_are_joined_and_said_so(material: Path, name: str, joined: list[str]) -> None:
    issues = [issue for issue in document(material, name).issues if issue.key == "row-joined"]
    assert [issue.values["text"] for issue in issues] == joined


def test_a_long_table_is_joined_over_five_pages(material: Path) -> None:
    grid = document(material, "shanghai-putuo-wanli-2024-department-budget").grids[4]
    assert (grid.parts, grid.n_rows, grid.n_cols, grid.header_rows) == (5, 70, 7, 3)


def test_a_sentence_over_a_page_number_is_one_block(material: Path) -> None:
    texts = [block.text for block in document(material, "jiangsu-npc-2018-budget").blocks]
    assert any("人民检察院检察长因故不能担任职务的时候，从本级人民政府" in text for text in texts)
