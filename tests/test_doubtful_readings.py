"""A failed law that touches a figure which was joined or moved in reading says so, and comes after the others."""

from pathlib import Path

from small_pdfs import PdfPage, write_pdf

from converters import Conversion, convert_document
from converters.readers import read_content
from ontology import DEFAULT_BASE
from ontology.namespaces import DEF
from shapes import Report, check, finding_to_json, report_to_triples
from shapes.rules import RULES
from yusuan.checked_document import rule_vocabulary

VOCABULARY = rule_vocabulary(DEFAULT_BASE)
HEADER = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
WIDTHS = (60.0, 90.0, 42.0, 70.0, 50.0)


def converted(*rows: tuple[str, str, str, str, str]) -> Conversion:
    page = PdfPage()
    page.text(50, 16, "武汉市青山区园林局2024年支出总表")
    page.text(250, 50, "单位：元")
    page.table(50, 60, WIDTHS, [HEADER, *rows])
    return convert_document(read_content(Path("budget.pdf"), write_pdf(page)))


def sums(report: Report) -> list[tuple[str, bool]]:
    """The findings about sums in the order of the report: the row of the total, and whether they are doubtful."""
    return [(f.left.row or "", f.doubtful) for f in report.findings if f.rule == "sum" and f.left]


def test_a_number_broken_in_its_narrow_cell_is_marked_in_the_graph() -> None:
    c = converted(("201", "某类", "1234567\n890", "1234567890", "0"), ("208", "他类", "5", "5", "0"))
    assert {(o.printed, o.doubt) for o in c.observations if o.column == 3} == {
        ("1234567890", "joined-number"),
        ("5", None),
    }
    doubts = [t for t in c.triples if t.predicate.value == DEF + "doubtfulReading"]
    assert [str(t.object) for t in doubts] == ['"joined-number"']


def test_a_failed_sum_of_a_joined_figure_says_so_and_comes_last() -> None:
    c = converted(("201", "某类", "1234567\n890", "5", "0"), ("208", "他类", "9", "5", "0"))
    report = check(c.triples, vocabulary=VOCABULARY)
    assert sums(report) == [("他类", False), ("某类", True)]
    plain, doubtful = (next(f for f in report.findings if f.doubtful is d and f.rule == "sum") for d in (False, True))
    assert plain.severity == doubtful.severity == "violation"
    assert "对照" in doubtful.message["zh"]
    assert "original" in doubtful.message["en"]
    assert "对照" not in plain.message["zh"]
    assert (finding_to_json(plain)["doubtfulReading"], finding_to_json(doubtful)["doubtfulReading"]) == (False, True)
    marked = [t for t in report_to_triples(report, c.version_iri) if t.predicate.value == RULES + "doubtfulReading"]
    assert [str(t.subject) for t in marked] == [f"<{c.version_iri}/findings/{doubtful.id}>"]
