"""The measure of how much is converted: one row a disclosure, written into its page by one command."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from small_disclosures import tabbed, table
from small_pdfs import PdfPage, write_pdf

from benchmarks import check_boxes, fidelity

ROOT = Path(__file__).parents[1]
ROWS = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 3,000,000.00\n | 合计 | 3,000,000.00"
TEXT = "武汉市青山区园林局2024年度部门预算\n\n一、支出预算情况说明\n\n2024年支出预算300万元，图书采购5万元。\n"
PAGE = "# Title\n\nBefore.\n\n| disclosure | old |\n| --- | --- |\n| a | 1 |\n\nAfter.\n"


@pytest.fixture
def halves(tmp_path: Path) -> list[Path]:
    """The two files of a disclosure."""
    paths = [tmp_path / "office-2024-narrative.txt", tmp_path / "office-2024-tables.txt"]
    for path, text in zip(paths, (TEXT, tabbed(table(3, "支出总表", ROWS))), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_halves_have_a_row_each_and_one_together(halves: list[Path], tmp_path: Path) -> None:
    assert list(fidelity.find([tmp_path])) == [(halves[0],), (halves[1],), tuple(halves)]
    text, tables, both = (fidelity.measure(paths) for paths in fidelity.find([tmp_path]))
    assert both[0] == "office-2024 (both files)"
    assert (text[2], *text[4:7]) == ("0/0", "2/2", "2/2 (1)", "0/0 (0)")
    assert (tables[1:5]) == ("1/1", "2/2", "100.0%", "0/0")
    assert (both[1:5]) == ("1/1", "2/2", "100.0%", "2/2")


def test_a_file_that_gives_nothing_has_a_row_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("a\t1\n", encoding="utf-8")
    assert fidelity.measure([path])[:2] == ("letter", "nothing-recognised")


def test_the_table_of_a_page_is_put_in_its_place(
    halves: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["fidelity", str(halves[1]), "--write", str(page)])
    fidelity.main()
    written = page.read_text(encoding="utf-8")
    assert re.fullmatch(r"# Title\n\nBefore\.\n\n(\|.*\n){3}\nAfter\.\n", written)
    assert "| office-2024-tables | 1/1 | 2/2 | 100.0% |" in written


@pytest.mark.material
def test_the_page_holds_what_is_measured_now(material: Path) -> None:
    page = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
    for paths in fidelity.find([material / "disclosures"]):
        assert f"| {' | '.join(fidelity.measure(paths))} |" in page.splitlines()


def test_a_figure_is_looked_up_in_its_box_with_another_engine(tmp_path: Path) -> None:
    page = PdfPage()
    page.text(60, 20, "武汉市青山区园林局2024年部门支出总表")
    page.text(260, 40, "单位：元")
    page.table(50, 50, (60, 160, 80), [("科目编码", "科目名称", "合计"), ("", "合计", "1,350.00")])
    path = tmp_path / "budget.pdf"
    path.write_bytes(write_pdf(page))
    assert [(o.printed, seen) for o, seen in check_boxes.differing(path)] == [("1,350.00", None)]


def test_a_character_drawn_twice_counts_once_and_one_outside_not_at_all() -> None:
    def drawn(text: str, x: float) -> dict[str, object]:
        return {"text": text, "x0": x, "x1": x + 5, "top": 10.0, "bottom": 20.0}

    row = [drawn("2", 8), drawn("1", 2), drawn("1", 2.3), drawn(" ", 14), drawn("9", 40)]
    assert check_boxes.read_box(row, (0, 8, 30, 22)) == "12"
