"""Three verdicts: conforms, does not conform, not fully checked; what was not read is said with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner
from small_disclosures import BUREAU, tabbed, table
from small_pdfs import PdfPage, write_pdf

from server.reports.text_report import reports_to_text
from yusuan.api import check_disclosure
from yusuan.checked_document import Checked
from yusuan.commands.main import main
from yusuan.validation_output import checked_to_text

HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"
ROWS = "201 | 一般公共服务支出 | 100.00 | 60.00 | 40.00\n| 合计 | 100.00 | 60.00 | 40.00"
GOOD = table(3, "支出总表", f"{HEADER}\n{ROWS}")
UNKNOWN_TITLE = table(7, "某某一览", f"{HEADER}\n{ROWS}")
UNKNOWN_ROW = table(3, "支出总表", f"{HEADER}\n{ROWS}\n9Z9 | 某某 | 5.00 | 5.00 | ")


def checked(folder: Path, *texts: str) -> Checked:
    file = folder / "budget.txt"
    file.write_text(tabbed("\n".join(texts)), encoding="utf-8")
    return check_disclosure(file)


def without_required(document: Checked) -> set[str]:
    """The rules of the violations, apart from the tables that a small document lacks."""
    found = document.report.findings
    return {f.rule for f in found if f.severity == "violation" and f.rule != "required-table"}


def test_table_of_an_unknown_title_is_not_read(tmp_path: Path) -> None:
    document = checked(tmp_path, GOOD, UNKNOWN_TITLE)
    assert without_required(document) == set()
    [region] = document.unread
    assert region.figures == 6
    assert "某某一览" in region.text("zh")


def test_table_without_a_title_is_named_by_its_first_row(tmp_path: Path) -> None:
    [region] = checked(tmp_path, GOOD, "附：另一张\n\n承接主体\t合同金额\n某公司\t60.00\n某学会\t40.00").unread
    assert "以“承接主体 合同金额”开头的表" in region.text("zh")
    assert region.figures == 2


def test_the_disclosures_of_other_offices_in_the_same_file_are_not_read(tmp_path: Path) -> None:
    rows = "项目 | 本年预算\n一般公共预算拨款收入 | {0}\n收入合计 | {0}"

    def disclosure(office: str, total: str) -> str:
        kinds = (
            table(2, "收入总表", rows.format(total), office=office),
            table(3, "支出总表", f"{HEADER}\n{ROWS.replace('100.00', total).replace('40.00', '0.00')}", office=office),
            table(5, "一般公共预算支出表", f"{HEADER}\n| 合计 | {total} | {total} | ", office=office),
        )
        return "\n".join(kinds)

    own, unit = disclosure(BUREAU, "100.00"), disclosure("武汉市青山区苗圃", "60.00")
    text = "武汉市青山区苗圃2024年部门预算\n支出预算 60.00 元。"
    document = checked(tmp_path, own, text, unit)
    assert len(document.conversion.content.tables) == 3
    assert "same" not in {f.rule for f in document.report.findings}
    [region] = document.unread
    assert region.text("zh").startswith("第 ")
    assert "“武汉市青山区苗圃”等 1 个单位" in region.text("zh")
    again = checked(tmp_path, own, disclosure("青山区园林局", "60.00"))
    assert len(again.conversion.content.tables) == 6


def test_document_that_was_read_whole_has_no_unread_region(tmp_path: Path) -> None:
    assert (
        checked(tmp_path, GOOD, f"{BUREAU}2024年支出预算 100.00 元，比 2023 年预算 80.00 元，增加 20.00 元。").unread
        == ()
    )


def test_unplaced_figure_of_a_known_table_is_a_warning(tmp_path: Path) -> None:
    document = checked(tmp_path, UNKNOWN_ROW)
    [finding] = [f for f in document.report.findings if f.rule == "unplaced-figures"]
    assert (finding.severity, len(finding.parts)) == ("warning", 2)
    assert [region.figures for region in document.unread] == [2]


def test_lines_of_figures_outside_a_table_are_a_region(tmp_path: Path) -> None:
    lines = "201 一般公共服务支出 100.00 60.00 40.00\n合计 100.00 60.00 40.00"
    [region] = checked(tmp_path, GOOD, "附：另一张", lines).unread
    assert region.figures == 6


def test_title_without_a_table_is_a_region(tmp_path: Path) -> None:
    page = PdfPage()
    page.text(60, 20, f"{BUREAU}2024年部门支出总表")
    page.text(260, 40, "单位：元")
    page.table(50, 50, (60.0, 160.0, 80.0), (("科目编码", "科目名称", "合计"), ("201", "一般公共服务支出", "350.00")))
    page.text(60, 220, f"{BUREAU}2024年部门收入总表")
    page.text(260, 240, "单位：元")
    file = tmp_path / "budget.pdf"
    file.write_bytes(write_pdf(page))
    [region] = check_disclosure(file).unread
    assert "收入总表" in region.text("zh")


def test_unread_figures_make_a_clean_document_not_fully_checked(tmp_path: Path) -> None:
    document = checked(tmp_path, GOOD, UNKNOWN_TITLE)
    clean = replace(document, report=replace(document.report, conforms=True))
    assert (clean.conforms, clean.verdict) == (None, "not-fully-checked")
    content = clean.to_json()
    assert content["conforms"] is None
    assert [region["figures"] for region in content["unread"]] == [6]
    assert checked_to_text(clean, "en", colour=False).splitlines()[1].startswith("Not fully checked")
    assert not document.conforms
    assert replace(clean, conversion=checked(tmp_path, GOOD).conversion).conforms is True


def test_what_was_not_read_stands_behind_the_findings(tmp_path: Path) -> None:
    document = checked(tmp_path, GOOD, UNKNOWN_TITLE)
    place = "第 11 行：表“表7."
    shown = checked_to_text(document, "zh", colour=False)
    assert 0 < shown.index("[remnant") < shown.index(f"有 1 处数字没有识别，未核对：\n  {place}")
    handed_on = reports_to_text([document.to_report("zh")]).decode()
    assert 0 < handed_on.index("[remnant") < handed_on.index(f"未读取的内容：\n  {place}")


def test_document_without_a_known_table_title_has_exit_code_2(tmp_path: Path) -> None:
    file = tmp_path / "budget.txt"
    file.write_text(f"{BUREAU}2024年部门预算\n{BUREAU}2024年支出预算100.00元。\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["validate", str(file)]).exit_code == 2
