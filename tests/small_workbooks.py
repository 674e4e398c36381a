"""Workbooks of a few cells."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from converters.model.document import Document
from converters.readers import read_content

TITLE = "2024年支出总表"
ROWS = (("科目编码", "科目名称", "合计"), ("201", "一般公共服务支出", 5.5), ("208", "社会保障和就业支出", 1234.0))
"""A table of three rows with a title known to the vocabulary."""


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> openpyxl.Workbook:
    """A workbook with these rows on its sheets; None is an empty cell."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: Any) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_book(book: Any) -> Document:
    """The document that a workbook gives."""
    return read_content(Path("book.xlsx"), saved(book))
