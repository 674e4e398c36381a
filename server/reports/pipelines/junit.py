"""Reports as JUnit XML, for build servers: a suite for each disclosure, a test case for each rule."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from server.reports.model import Correction, DocumentReport, failing_severities
from server.reports.report_rows import printable


def reports_to_junit(reports: Sequence[DocumentReport], *, fail_on: str = "violation") -> bytes:
    """Return a test suite for each disclosure.

    A rule fails if it has a violation, or with `fail_on="warning"` a warning; other findings, accepted ones
    among them, are its output. A rule without comparisons is skipped.
    """
    failing = failing_severities(fail_on)
    root = ET.Element("testsuites")
    for report in reports:
        rules = {rule.rule for rule in report.rules}
        suite = ET.SubElement(root, "testsuite", name=printable(report.title or report.files[0]))
        for rule in report.rules:
            case = ET.SubElement(suite, "testcase", classname=rule.family, name=rule.title)
            corrections = [c for c in report.corrections if c.refined_rule == rule.rule]
            _outcome(case, corrections, failing, skipped=None if rule.passed or rule.failed else report.reason(rule))
        for correction in (c for c in report.corrections if c.refined_rule not in rules):
            case = ET.SubElement(suite, "testcase", classname=correction.rule, name=correction.title)
            _outcome(case, [correction], failing, skipped=None)
        output = ET.SubElement(suite, "system-out")
        output.text = printable("\n".join([*(f"{item.place}  {item.text}" for item in report.unread), *report.issues]))
        suite.set("tests", str(len(suite.findall("testcase"))))
        suite.set("failures", str(len(suite.findall("testcase/failure"))))
        suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
        suite.set("errors", "0")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _outcome(case: ET.Element, corrections: Sequence[Correction], failing: Sequence[str], skipped: str | None) -> None:
    """Add a failure, an output or the reason for which a rule was skipped to its test case."""
    failures = [each for each in corrections if each.severity in failing and each.reason is None]
    rest = [each for each in corrections if each not in failures]
    if failures:
        failure = ET.SubElement(case, "failure", message=printable(failures[0].message), type=failures[0].severity)
        failure.text = printable("\n".join(correction.message for correction in failures))
    elif skipped is not None and not rest:
        ET.SubElement(case, "skipped", message=skipped)
    if rest:
        output = ET.SubElement(case, "system-out")
        output.text = printable("\n".join(_remark(correction) for correction in rest))


def _remark(correction: Correction) -> str:
    reason = "" if correction.reason is None else f" ({correction.reason})"
    return f"{correction.severity}: {correction.message}{reason}"
