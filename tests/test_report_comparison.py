"""A report beside an earlier one: what is mended, still there and new; findings that are accepted with a reason."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from lxml import etree
from small_disclosures import BUREAU, expenditure, tabbed

from ontology.messages import message
from server.reports import FORMATS, DocumentReport
from server.reports.comparison import (
    EarlierReportError,
    accept_findings,
    choose_earlier,
    compare_with_earlier,
    findings_of_report,
    parse_earlier,
    parse_reasons,
)
from server.reports.pipelines.junit import reports_to_junit
from server.reports.pipelines.sarif import reports_to_sarif
from server.reports.report_rows import comparison_text
from server.reports.turtle_report import EARL
from yusuan.api import check_disclosure
from yusuan.checked_document import Checked
from yusuan.commands.main import main

RIGHT = """
201 | 一般公共服务支出 | 30 | 10 | 20
205 | 教育支出 | 20 | 10 | 10"""
FIRST = RIGHT.replace("201 | 一般公共服务支出 | 30 | 10 | 20", "201 | 一般公共服务支出 | 37 | 10 | 20")
SECOND = RIGHT.replace("205 | 教育支出 | 20 | 10 | 10", "205 | 教育支出 | 26 | 10 | 10")


def text(rows: str) -> str:
    return tabbed(f"{BUREAU}2024年部门预算\n{expenditure(rows)}")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Checked]:
    folder = tmp_path_factory.mktemp("versions")
    known: dict[str, Checked] = {}

    def check(rows: str) -> Checked:
        if rows not in known:
            path = folder / f"{len(known)}.txt"
            path.write_text(text(rows), encoding="utf-8")
            known[rows] = check_disclosure(path)
        return known[rows]

    return check


@pytest.fixture(scope="module")
def first(checked: Callable[[str], Checked]) -> DocumentReport:
    return checked(FIRST).to_report("en")


def of_sums(report: DocumentReport) -> set[str]:
    return {each.fingerprint for each in report.corrections if each.rule == "sum"}


def test_a_finding_keeps_its_fingerprint_while_the_figure_is_wrong(
    checked: Callable[[str], Checked], first: DocumentReport
) -> None:
    again = checked(FIRST.replace("37", "38")).to_report("zh")
    assert again.version != first.version
    assert of_sums(again) == of_sums(first) != set()
    assert len({each.fingerprint for each in first.corrections}) == len(first.corrections)


def test_what_is_mended_and_what_is_new(checked: Callable[[str], Checked], first: DocumentReport) -> None:
    report = compare_with_earlier(checked(SECOND).to_report("en"), findings_of_report(first))
    status = {each.rule: each.status for each in report.corrections}
    assert status["sum"] == "new"
    assert {each.status for each in report.corrections if each.rule != "sum"} == {"still-there"}
    assert [finding.rule for finding in report.mended or ()] == ["sum"]
    assert compare_with_earlier(first, findings_of_report(first)).mended == ()


def test_information_is_neither_mended_nor_left_to_mend(first: DocumentReport) -> None:
    remarks = tuple(replace(each, severity="information") for each in first.corrections)
    noted = replace(first, corrections=remarks)
    again = compare_with_earlier(noted, findings_of_report(noted))
    assert {each.status_message for each in again.corrections} == {"report-still-noted"}
    counts = message("report-counts-earlier", "en", mended=0, still=0, new=0)
    assert comparison_text(again) == counts
    assert comparison_text(compare_with_earlier(replace(noted, corrections=()), findings_of_report(noted))) == counts
    wrong = compare_with_earlier(first, findings_of_report(first))
    assert {each.status_message for each in wrong.to_correct} == {"report-still-there"}


def test_an_accepted_finding_does_not_count_and_keeps_its_reason(first: DocumentReport) -> None:
    assert first.fails_on("violation")
    reasons = {each.fingerprint: "as decided" for each in first.corrections if each.severity == "violation"}
    report = accept_findings(first, reasons)
    assert not report.fails_on("violation")
    assert report.verdict == "conforms-accepted"
    assert report.counts["violation"] == 0
    assert {each.reason for each in report.accepted} == {"as decided"}
    later = compare_with_earlier(first, findings_of_report(report))
    assert [each.reason for each in later.accepted] == [each.reason for each in report.accepted]


def test_every_form_names_the_reason_and_what_is_mended(
    checked: Callable[[str], Checked], first: DocumentReport
) -> None:
    compared = compare_with_earlier(checked(SECOND).to_report("en"), findings_of_report(first))
    report = accept_findings(compared, {each.fingerprint: "as decided" for each in compared.corrections})
    [gone] = report.mended or ()
    html = FORMATS["html"].write([report]).decode()
    assert "as decided" in html
    assert message("report-mended", "en") in html
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write([report]).decode("utf-8-sig"))))
    assert {row["reason"] for row in rows} == {"as decided"}
    assert {row["status"] for row in rows} == {"new", "still-there"}
    [run] = json.loads(reports_to_sarif([report]))["runs"]
    states = {result["partialFingerprints"]["yusuanFinding/v1"]: result["baselineState"] for result in run["results"]}
    assert states[gone.fingerprint] == "absent"
    assert set(states.values()) == {"absent", "new", "unchanged"}
    assert run["results"][0]["suppressions"] == [{"kind": "external", "justification": "as decided"}]
    assert not etree.fromstring(reports_to_junit([report])).findall("testsuite/testcase/failure")


def test_earl_says_of_each_rule_how_it_came_out(first: DocumentReport) -> None:
    store = ox.Store()
    store.load(FORMATS["earl"].write([first]), format=ox.RdfFormat.TURTLE)
    query = f"""PREFIX earl: <{EARL}> SELECT ?test ?outcome WHERE {{
        ?a a earl:Assertion ; earl:test ?test ; earl:subject ?s ; earl:assertedBy ?by ; earl:mode earl:automatic ;
        earl:result/earl:outcome ?outcome . ?s a earl:TestSubject . ?by a earl:Software }}"""
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    found = {str(row["test"]).rpartition("#")[2].strip(">"): str(row["outcome"]) for row in rows}
    assert found["sum"] == f"<{EARL}failed>"
    assert f"<{EARL}inapplicable>" in found.values()
    assert len(found) >= len(first.rules)


def test_an_earlier_report_is_found_by_its_disclosure(checked: Callable[[str], Checked]) -> None:
    documents = parse_earlier(json.dumps({"documents": [checked(FIRST).to_json()]}).encode(), "zh")
    other = documents[0].__class__("另一部门", "2024", "budget", ())
    assert choose_earlier([*documents, other], BUREAU, "2024", "budget", only=False) == documents[0].findings
    assert choose_earlier(documents, "改名的部门", "2024", "budget", only=True) == documents[0].findings
    assert choose_earlier([other], BUREAU, "2024", "budget", only=False) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"a,b\n1,2\n", b"\xff\xfe", b'{"documents":' + b"[" * 100_000])
def test_what_is_no_report_is_refused(content: bytes) -> None:
    with pytest.raises(EarlierReportError):
        parse_earlier(content, "en")
    with pytest.raises(EarlierReportError):
        parse_reasons(content)


def test_a_report_with_a_severity_of_its_own_is_refused(checked: Callable[[str], Checked]) -> None:
    report = {"documents": [checked(FIRST).to_json()]}
    report["documents"][0]["findings"][0]["severity"] = "terrible"
    with pytest.raises(EarlierReportError, match="terrible"):
        parse_earlier(json.dumps(report).encode(), "zh")


# ── The command ─────────────────────────────────────────────────────────────────────────────────


def yusuan(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


def test_the_command_tells_what_changed_and_takes_reasons(tmp_path: Path) -> None:
    draft, earlier, reasons = tmp_path / "a.txt", tmp_path / "earlier.json", tmp_path / "reasons.csv"
    draft.write_text(text(FIRST), encoding="utf-8")
    assert yusuan(draft, "-o", earlier).exit_code == 1
    draft.write_text(text(SECOND), encoding="utf-8")
    result = yusuan(draft, "--earlier", earlier, "--format", "csv", "-o", reasons)
    rows = list(csv.DictReader(io.StringIO(reasons.read_text(encoding="utf-8-sig"))))
    assert {row["status"] for row in rows} == {"new", "still-there"}
    with reasons.open("w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"reason": "as decided"} for row in rows)
    result = yusuan(draft, "--earlier", earlier, "--waivers", reasons)
    assert message("report-mended", "en") in result.stdout
    assert "as decided" in result.stdout
    assert message("report-waivers-counted", "en", n=len(rows), rest=0) in result.stderr
    assert result.exit_code == 0


def test_the_command_says_how_many_reasons_fit_no_finding(tmp_path: Path) -> None:
    draft, reasons = tmp_path / "a.txt", tmp_path / "reasons.csv"
    draft.write_text(text(FIRST), encoding="utf-8")
    reasons.write_text("fingerprint,reason\n0123456789abcdef,as decided\n", encoding="utf-8")
    result = yusuan(draft, "--waivers", reasons)
    assert message("report-waivers-counted", "en", n=0, rest=1) in result.stderr
    assert result.exit_code == 1


def test_a_file_that_is_no_report_is_named(tmp_path: Path) -> None:
    draft = tmp_path / "a.txt"
    draft.write_text(text(RIGHT), encoding="utf-8")
    for option in ("--earlier", "--waivers"):
        result = yusuan(draft, option, draft)
        assert result.exit_code == 2
        assert "a.txt" in result.stderr
