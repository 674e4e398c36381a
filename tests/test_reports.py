"""Reports to hand on: what each form says of a checked disclosure, and that programs which read the form accept it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from docx import Document
from lxml import etree
from openpyxl import load_workbook
from small_disclosures import EXAMPLE, tabbed, table

from ontology.messages import message
from server.reports import FORMATS, Correction, DocumentReport
from server.reports.csv_report import reports_to_csv
from server.reports.pipelines.junit import reports_to_junit
from server.reports.pipelines.sarif import file_to_uri, reports_to_sarif
from yusuan.api import check_disclosure
from yusuan.checked_document import Checked
from yusuan.commands.main import main

SCHEMAS = Path(__file__).parent / "schemas"
ORDER = ("report-to-correct", "report-remarks", "report-passed", "report-not-applicable", "report-unread")
ROWS = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n | 合计 | 30 | 10 | 20\n201 | 某类 | 30 | 10 | 20"


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check_disclosure(EXAMPLE)


@pytest.fixture(scope="module", params=["zh", "en"])
def report(request: pytest.FixtureRequest, checked: Checked) -> DocumentReport:
    return checked.to_report(request.param)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A disclosure with warnings and without violations of its figures."""
    path = tmp_path / "budget.txt"
    path.write_text(tabbed(table(3, "支出总表", ROWS)), encoding="utf-8")
    return path


def yusuan(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


# ── The model ───────────────────────────────────────────────────────────────────────────────────


def test_every_independent_finding_is_a_correction_or_a_remark(checked: Checked, report: DocumentReport) -> None:
    found = [finding for finding in checked.report.findings if finding.follows is None]
    assert [c.identifier for c in report.corrections] == [finding.id for finding in found]
    assert {c.severity for c in report.remarks} == {"information"}
    assert len(report.to_correct) + len(report.remarks) == len(report.corrections)
    assert sum(len(c.consequences) for c in report.corrections) == report.following == 6


def test_a_suspect_has_the_value_it_should_have_in_its_unit(report: DocumentReport) -> None:
    [correction] = [c for c in report.corrections if c.rule == "sum"]
    assert [(f.printed, f.should_be, f.unit) for f in correction.suspects if f.printed == "1463.95"] == [
        ("1463.95", "1460.95", correction.suspects[0].unit)
    ]


def test_a_rule_passed_was_not_applicable_or_both(report: DocumentReport) -> None:
    assert all(rule.passed or rule.failed or rule in report.not_applicable for rule in report.rules)
    reasons = {rule.rule: report.reason(rule) for rule in report.not_applicable}
    assert all(reasons.values())
    assert reasons["doubled-marks"] == message("report-nothing-found", report.language)
    assert reasons["execution"] == message("report-nothing-to-compare", report.language)
    assert len(report.rules) == len({rule.rule for rule in report.rules}) > 20


# ── The forms ───────────────────────────────────────────────────────────────────────────────────


class Outline(HTMLParser):
    """The headings of a page, its elements, and the addresses that it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.elements: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")]

    def handle_data(self, data: str) -> None:
        if self.elements[-1:] == ["h3"] and data.strip():
            self.headings.append(data.strip())


def test_html_is_one_file_that_loads_nothing(report: DocumentReport) -> None:
    text = FORMATS["html"].write([report]).decode()
    outline = Outline(text)
    assert outline.addresses == []
    assert not {"script", "link", "img", "iframe"} & set(outline.elements)
    assert "@import" not in text
    assert "url(" not in text
    assert outline.elements.count("textarea") == len(report.to_correct)
    assert [key for key in ORDER if message(key, report.language) in outline.headings] == list(ORDER)
    expected = [message(key, report.language) for key in ORDER]
    assert [heading for heading in outline.headings if heading in expected] == expected


def test_html_shows_printed_text_as_text(report: DocumentReport) -> None:
    changed = replace(report, organisation="<script>alert(1)</script>\x00&")
    text = FORMATS["html"].write([changed]).decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in text
    assert "<script" not in text


def test_a_workbook_has_a_row_for_each_mistake_with_a_tick_box(report: DocumentReport) -> None:
    sheet, *others = load_workbook(io.BytesIO(FORMATS["xlsx"].write([report]))).worksheets
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(report.to_correct) + 1)]
    assert {row[8] for row in rows} == {"☐"}
    [box] = sheet.data_validations.dataValidation
    assert box.formula1 == '"☐,☑"'
    assert len(box.sqref.ranges) >= 1
    assert [other.title for other in others] == [message(key, report.language) for key in ORDER[1:]]


def test_nothing_in_a_workbook_or_csv_is_a_formula(report: DocumentReport) -> None:
    hostile = [replace(c, message="=HYPERLINK(1)") for c in report.corrections]
    changed = replace(report, corrections=tuple(hostile), organisation="=1+1")
    for sheet in load_workbook(io.BytesIO(FORMATS["xlsx"].write([changed]))).worksheets:
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    rows = list(csv.DictReader(io.StringIO(reports_to_csv([changed]).decode("utf-8-sig"))))
    assert {(row["message"], row["organisation"]) for row in rows} == {("'=HYPERLINK(1)", "'=1+1")}


def test_a_document_has_a_table_of_corrections_first(report: DocumentReport) -> None:
    document = Document(io.BytesIO(FORMATS["docx"].write([report])))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 2"]
    expected = [message(key, report.language) for key in ORDER]
    assert [heading for heading in headings if heading in expected] == expected
    assert len(document.tables[0].rows) == 1 + len(report.to_correct)


def test_rows_of_a_document_stay_on_a_page_and_short_words_on_a_line(report: DocumentReport) -> None:
    [table, *_] = Document(io.BytesIO(FORMATS["docx"].write([report]))).tables
    assert len(table._tbl.findall(".//{*}cantSplit")) == len(table.rows) == len(table._tbl.findall(".//{*}trPr"))
    margins, character = 3.9, 1.8  # millimetres, in the size of the table
    longest = {"number": "100", "severity": "information", "done": "Done"}
    for width, (column, word) in zip((table.columns[n].width for n in (0, 1, 7)), longest.items(), strict=True):
        assert width is not None
        assert width.mm - margins >= len(word) * character, column


def test_csv_has_a_row_for_each_correction(report: DocumentReport) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write([report]).decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [c.identifier for c in report.corrections]
    assert {row["file"] for row in rows} == {str(EXAMPLE)}
    assert all(row["line"].isdigit() for row in rows if row["printed"])


def test_sarif_is_valid_and_leads_to_lines(report: DocumentReport) -> None:
    content = json.loads(reports_to_sarif([report]))
    jsonschema.Draft7Validator(json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8"))).validate(content)
    [run] = content["runs"]
    assert len(run["results"]) == len(report.corrections)
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    lines = [r["locations"][0]["physicalLocation"].get("region", {}).get("startLine") for r in run["results"]]
    assert sum(1 for line in lines if line) > len(lines) / 2
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == len(report.unread) + len(report.issues)


def test_sarif_names_files_as_references() -> None:
    assert file_to_uri("budgets/预算 1.txt") == "budgets/%E9%A2%84%E7%AE%97%201.txt"
    assert file_to_uri(str(EXAMPLE.resolve())).startswith("file:///")


@pytest.mark.parametrize("fail_on", ["violation", "warning"])
def test_junit_is_valid_and_fails_where_a_rule_fails(report: DocumentReport, fail_on: str) -> None:
    root = etree.fromstring(reports_to_junit([report], fail_on=fail_on))
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit-10.xsd")))
    assert schema.validate(root), schema.error_log
    failing = {"violation", "warning"} if fail_on == "warning" else {"violation"}
    failed = {c.refined_rule for c in report.corrections if c.severity in failing}
    [suite] = root.findall("testsuite")
    assert len(suite.findall("testcase/failure")) == len(failed) == int(suite.get("failures", ""))
    assert len(suite.findall("testcase")) == int(suite.get("tests", "")) >= len(report.rules)


def test_a_report_without_findings_says_so_in_every_form(report: DocumentReport) -> None:
    clean = replace(report, corrections=(), unread=(), issues=(), verdict="conforms")
    for name, form in FORMATS.items():
        content = form.write([clean])
        assert content, name
    assert message("findings-none", report.language) in FORMATS["html"].write([clean]).decode()


def test_several_disclosures_make_one_report(report: DocumentReport) -> None:
    both = [report, replace(report, organisation="另一部门")]
    rows = list(csv.DictReader(io.StringIO(reports_to_csv(both).decode("utf-8-sig"))))
    assert len(rows) == 2 * len(report.corrections)
    assert FORMATS["html"].write(both).decode().count("<article>") == 2
    assert len(etree.fromstring(reports_to_junit(both)).findall("testsuite")) == 2


def test_a_mistake_with_several_suspects_says_that_one_is_wrong(report: DocumentReport) -> None:
    several: list[Correction] = [c for c in report.corrections if len(c.suspects) > 1]
    text = FORMATS["html"].write([report]).decode()
    assert several
    assert text.count(message("report-one-of-several", report.language)) == len(several)


# ── The command ─────────────────────────────────────────────────────────────────────────────────


def test_the_extension_of_the_output_chooses_the_form(small: Path, tmp_path: Path) -> None:
    for extension, beginning in (
        (".html", b"<!doctype html>"),
        (".sarif", b"{"),
        (".xlsx", b"PK"),
        (".txt", "武汉".encode()),
    ):
        output = tmp_path / f"report{extension}"
        assert yusuan(small, "-o", output, "--lang", "zh").stdout == ""
        assert output.read_bytes().startswith(beginning)
    assert yusuan(small, "--format", "csv").stdout_bytes.startswith(b"\xef\xbb\xbffile,")
    assert yusuan(small, "--format", "junit", "-o", tmp_path / "report.txt").exit_code in (0, 1)
    assert (tmp_path / "report.txt").read_bytes().startswith(b"<?xml")


def test_fail_on_warning_moves_findings_only(small: Path, tmp_path: Path) -> None:
    text = small.read_text(encoding="utf-8").replace("201\t某类", "201\t某某类")
    small.write_text(text, encoding="utf-8")
    document = check_disclosure(small)
    expected = 1 if document.report.counts["violation"] else 0
    assert yusuan(small).exit_code == expected
    assert document.report.counts["warning"] or document.report.counts["violation"]
    assert yusuan(small, "--fail-on", "warning").exit_code == 1
    assert yusuan(tmp_path / "missing.txt", "--fail-on", "warning").exit_code == 2


def test_reports_name_no_file_of_the_vocabulary(report: DocumentReport) -> None:
    assert not re.search(r"ontology/|\.ttl\b", FORMATS["html"].write([report]).decode())


def test_reports_to_hand_on_name_files_without_their_folders(report: DocumentReport) -> None:
    kept = replace(report, files=("/srv/somebody/drafts/决算.pdf", "/srv/somebody/drafts/说明.docx"))
    assert kept.file_names == ("决算.pdf", "说明.docx")
    for form in ("html", "text"):
        text = FORMATS[form].write([kept]).decode()
        assert "决算.pdf" in text
        assert "somebody" not in text
    alike = replace(report, files=("old/决算.pdf", "new/决算.pdf"))
    assert alike.file_names == alike.files
