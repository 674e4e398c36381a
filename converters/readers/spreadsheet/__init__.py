"""Workbooks: XLSX, XLS and ODS sheets as text and tables, each figure as displayed in its cell."""
