"""Workbooks: XLSX, XLS and ODS sheets as text and tables, each figure as its cell displays it."""
