"""What is found in the example, which is a real disclosure: the mistakes it has, told once each, and nothing else."""

from collections import Counter
from pathlib import Path

import pytest
from small_disclosures import EXAMPLE, checked_example, example

from converters import convert_document, read_document
from ontology import DEFAULT_BASE
from shapes import Finding, Operand, Report, check, load_rules
from yusuan.checked_document import rule_vocabulary

FIRST_LINE = 6
BY_WHAT_IS_CALLED = ("name-differs", "project-name", "code-unlisted", "column-count")


@pytest.fixture(scope="module")
def report() -> Report:
    return checked_example().report


def changed(folder: Path, rule: str, *changes: tuple[str, str]) -> Report:
    """What the family of a rule finds in the example with some of its words printed differently."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "changed.txt"
    path.write_text(text, encoding="utf-8")
    [family] = {each.family for each in load_rules() if each.identifier == rule}
    conversion = convert_document(read_document(path))
    return check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE), families={family})


def told(report: Report, severity: str) -> list[tuple[str, int | None]]:
    """(rule, line) of what is told of a severity, in order, without what only follows."""
    return [(f.rule, place(f)) for f in report.findings if f.severity == severity and f.follows is None]


def place(finding: Finding) -> int | None:
    return finding.left.place.line if finding.left else None


def test_each_mistake_is_told_once(report: Report) -> None:
    assert sorted(told(report, "violation")) == [
        ("bound", 343),
        ("project-form-dates", 515),
        ("project-form-misfiled", 448),
        ("sum", 398),
        ("title-header", 309),
    ]
    assert report.counts == {"violation": 5, "warning": 14, "information": 5}
    assert Counter(rule for rule, _ in told(report, "warning")) == {
        "column-count": 1,
        "name-differs": 3,
        "people-establishment": 1,
        "project-name": 1,
        "glossary-held": 1,
        "glossary-name": 5,
        "repeated-words": 2,
    }
    assert Counter(rule for rule, _ in told(report, "information")) == {"same-rounding": 3, "code-unlisted": 2}


def test_what_follows_from_the_misfiled_form_and_from_two_columns_stands_behind_them(report: Report) -> None:
    rules = {f.id: f.rule for f in report.findings}
    follows = Counter((rules[f.follows], f.rule) for f in report.findings if f.follows is not None)
    assert follows == {("project-form-misfiled", "same"): 2, ("bound", "bound"): 4}
    for before, behind in zip(report.findings, report.findings[1:], strict=False):
        assert behind.follows in (None, before.id, before.follows)


def test_no_two_messages_are_alike_and_each_says_where(report: Report) -> None:
    for language, line in (("zh", "第 {} 行"), ("en", "line {}")):
        messages = [finding.message[language] for finding in report.findings]
        assert len(set(messages)) == len(messages)
        located = [f for f in report.findings if f.family != "glossary"]
        assert [f.rule for f in located if line.format(place(f)) not in f.message[language]] == []


def test_a_finding_about_a_name_leads_to_the_cells_that_print_it(report: Report) -> None:
    for finding in (f for f in report.findings if f.rule in BY_WHAT_IS_CALLED):
        operands = [o for o in (finding.left, finding.right, *finding.parts) if o is not None]
        assert all(o.observation and o.place.line and (o.place.field or o.table is None) for o in operands)
        assert finding.left is not None
        assert finding.left.amount is None
    clipped = next(f for f in report.findings if f.rule == "project-name")
    assert [(o.table, o.place.line, o.place.field) for o in clipped.parts] == [(None, 576, None), ("15", 448, 2)]
    assert place_and_words(clipped.left) == (328, 2, "工作性其他-人大街道工委经费及代表小组活动经")


def place_and_words(operand: Operand | None) -> tuple[int | None, int | None, str | None]:
    assert operand is not None
    return operand.place.line, operand.place.field, operand.printed


def test_project_codes_that_all_name_another_division_are_findings(tmp_path: Path) -> None:
    report = changed(tmp_path, "project-code-division", ("42010724108T", "42010624108T"))
    assert [line for rule, line in told(report, "warning") if rule == "project-code-division"] == [328, 329, 330]
    assert "/420107/" in report.findings[0].focus


def test_a_rate_one_tenth_off_is_a_violation(tmp_path: Path) -> None:
    report = changed(tmp_path, "change-rate", ("下降5.88%", "下降5.98%"))
    assert ("change-rate", 594) in told(report, "violation")


def test_a_reason_that_goes_the_other_way_is_a_warning(tmp_path: Path) -> None:
    report = changed(tmp_path, "change-reason", ("人员经费上升", "人员经费下降"))
    reasons = [f for f in report.findings if f.rule == "change-reason"]
    assert reasons
    assert all("人员经费下降" in f.message["zh"] and f.severity == "warning" for f in reasons)


def test_a_department_that_the_register_knows_by_a_short_name_has_filed_its_forms(tmp_path: Path) -> None:
    name = "\n部门名称\t区人大常委会办公室\t\t\t\t\n"
    rule = "project-form-department"
    report = changed(tmp_path, rule, (name, name.replace("人大常委会办公室", "园林局")))
    assert [line for told_rule, line in told(report, "warning") if told_rule == rule] == [479, 509]
    report = changed(
        tmp_path, rule, (name, name.replace("区人大", "青山区人大").replace("人大常委会", "人民代表大会常务委员会"))
    )
    assert rule not in {finding.rule for finding in report.findings}


def test_purchases_lie_within_their_classes_and_their_projects() -> None:
    bounds = example().content.bounds
    lines = [
        (part, whole) for part, whole in bounds if part.table == "t11" and part.row_code and part.row >= FIRST_LINE
    ]
    within = [(whole.table, whole.row_code, f"{part.amount:.0f} of {whole.amount:.0f}") for part, whole in lines]
    assert [pair for pair in within if pair[0] in ("t06", "t10")] == [
        ("t06", "30202", "50000 of 50000"),
        ("t06", "30201", "10000 of 150000"),
        ("t10", "42010724108T000000101", "30000 of 105000"),
        ("t10", "42010724108T000000102", "50000 of 290000"),
    ]
