"""What a report says: operands with their places, words for officials, JSON for scripts, RDF for the store."""

import json
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pyoxigraph as ox
import pytest
from shape_graphs import CASE_VOCABULARY, CASES, VERSION, DisclosureGraph, code, report_of_case

from ontology import load_vocabulary
from ontology.locators import Locator
from ontology.namespaces import DCT, DEF, DEFAULT_BASE, RDF, SH, XSD
from ontology.numbers import decimal_to_text
from shapes import (
    Finding,
    Report,
    check,
    check_with_pyshacl,
    report_to_json,
    report_to_triples,
    select_vocabulary,
)
from shapes.graph_reader import natural_order
from shapes.message_templates import _subject
from shapes.rules import RULES
from shapes.vocabulary_subset import VocabularySubset

NODE = ox.NamedNode(f"{VERSION}/findings")


@cache
def shipped_lists() -> VocabularySubset:
    """The shipped vocabulary without what a disclosure must have."""
    return select_vocabulary(t for t in load_vocabulary().triples if "/code/requirement/" not in str(t.subject))


def report_of(case: str) -> Report:
    """The report on a case by the rules of its family; `test_shapes_cases` asks all rules."""
    return report_of_case(CASES / f"{case}.ttl")


def finding_of(case: str) -> Finding:
    [finding] = report_of(case).findings
    return finding


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def test_a_year_that_is_wrong_in_several_headings_is_told_once_with_its_places() -> None:
    case = (CASES / "heading-year" / "invalid.part.ttl").read_text(encoding="utf-8")
    heading = next(line for line in case.splitlines() if line.startswith("<p001>"))
    headings = [heading.replace("<p001>", f"<p00{n}> :page {n} ;") for n in (2, 3)]
    headings += [heading.replace("<p001>", "<p004>").replace("2023", "2022")]
    base = next(line for line in case.splitlines() if line.startswith("@base")).partition("<")[2].partition(">")[0]
    graph = ox.parse("\n".join([case, *headings]), format=ox.RdfFormat.TURTLE, base_iri=base)
    report = check([quad.triple for quad in graph], families={"words"})
    assert [f.rule for f in report.findings] == ["heading-year"] * 2
    several, single = sorted(report.findings, key=lambda f: -len(f.parts))
    assert "（第 2 页、第 3 页共 3 处）" in several.message["zh"]
    assert "处）" not in single.message["zh"]
    assert report.checked["heading-year"].failed == 4


def test_different_words_of_a_template_in_one_sentence_are_both_told() -> None:
    triples = [quad.triple for quad in ox.parse(path=CASES / "remnant" / "invalid.increase-decrease.ttl")]
    [words] = [triple for triple in triples if triple.predicate.value == DEF + "remnant"]
    others = ox.Triple(words.subject, words.predicate, ox.Literal("增长(减少)"))
    report = check([*triples, others], vocabulary=CASE_VOCABULARY, families={"words"})
    assert [finding.rule for finding in report.findings] == ["remnant", "remnant"]
    assert len({finding.id for finding in report.findings}) == 2


def test_a_quotation_mark_that_a_sentence_closes_behind_the_figure_is_no_part_of_the_subject() -> None:
    assert _subject("“住房公积金（项）") == "住房公积金（项）"
    assert _subject("“三公”经费") == "‘三公’经费"


def graph_of_sum(unit: str, total: tuple[str, str], *parts: tuple[str, str]) -> list[ox.Triple]:
    """A total and its parts, each a printed figure and its amount, all in one unit."""
    graph = DisclosureGraph()
    table = graph.table(14, "performance")
    cells = [
        graph.observation(
            table,
            f"r1c{i}",
            Decimal(amount),
            Decimal(50),
            labels=("", "2023", f"第{i}栏"),
            printed=printed,
            unit=unit,
        )
        for i, (printed, amount) in enumerate([total, *parts], start=1)
    ]
    graph.sum("row", cells[0], cells[1:], "kind")
    return graph.triples


def test_a_difference_is_told_in_the_unit_of_the_figures() -> None:
    parts = (("1375.95", "13759500"), ("85", "850000"))
    triples = graph_of_sum("unit/ten-thousand", ("1463.95", "14639500"), *parts)
    [finding] = check(triples, vocabulary=CASE_VOCABULARY).findings
    assert finding.difference == 30000
    assert "相加得 1460.95 万元，相差 3.00 万元" in finding.message["zh"]
    assert "add up to 1460.95 ten thousand yuan: 3.00 ten thousand yuan apart" in finding.message["en"]
    assert "“第2栏”1375.95、“第3栏”85。" in finding.message["zh"]


def test_a_computed_figure_is_grouped_when_the_printed_ones_are() -> None:
    triples = graph_of_sum("unit/yuan", ("14,835,573", "14835573"), ("1", "1"))
    [finding] = check(triples, vocabulary=CASE_VOCABULARY).findings
    assert "相差 14,835,572 元" in finding.message["zh"]


def test_many_parts_are_listed_in_part() -> None:
    parts = [(str(1000 + i), str(1000 + i)) for i in range(30)]
    [finding] = check(graph_of_sum("unit/yuan", ("1", "1"), *parts), vocabulary=CASE_VOCABULARY).findings
    assert len(finding.parts) == 30
    assert "“第9栏”1007等。" in finding.message["zh"]
    assert "1008" not in finding.message["zh"]


def test_without_a_vocabulary_units_and_kinds_go_by_their_codes() -> None:
    triples = [quad.triple for quad in ox.parse(path=CASES / "same/invalid.a-yuan-apart.ttl")]
    [finding] = check(triples).findings
    assert "相差 1.00 yuan" in finding.message["zh"]


# ── operands ────────────────────────────────────────────────────────────────────────────────────


def test_both_sides_name_their_cells() -> None:
    finding = finding_of("same/invalid.a-yuan-apart")
    assert finding.left is not None
    assert finding.right is not None
    left = finding.left
    assert (left.printed, left.amount, left.unit) == ("11,105,558.44", "11105558.44", "元")
    assert (left.table, left.row, left.column) == ("5", "行政运行", "合计")
    assert left.observation == f"{VERSION}/t05/r7c3"
    assert finding.right.observation == f"{VERSION}/t03/r7c3"
    assert finding.difference == 1


def test_the_place_of_a_cell_is_the_one_in_the_graph() -> None:
    graph = DisclosureGraph()
    table = graph.table(3, "expenditure")
    total = graph.observation(table, "r1c3", Decimal(2))
    for name, number in (("page", 7), ("textLine", 162), ("textField", 3)):
        graph.add(total, DEF + name, ox.Literal(number))
    graph.add(total, DEF + "boundingBox", ox.Literal("56.6,70.9,120.0,82.3"))
    graph.sum("column", total, [graph.observation(table, "r2c3", Decimal(1))], "function")
    [finding] = check(graph.triples).findings
    assert finding.left is not None
    assert finding.left.place == Locator(page=7, line=162, field=3, bbox=(56.6, 70.9, 120.0, 82.3))
    assert finding.parts[0].place == Locator()


def test_a_title_against_its_header_quotes_the_header_and_its_place() -> None:
    finding = finding_of("title-header/invalid.government-fund-over-state-capital")
    assert finding.quote == "本年政府性基金预算支出"
    assert finding.left is not None
    assert (finding.left.printed, finding.left.table) == (finding.quote, "9")
    assert (finding.left.place.line, finding.left.place.field) == (299, 3)


def test_a_structural_finding_on_an_observation_names_its_cell() -> None:
    finding = finding_of("structure-observation/invalid.two-funds")
    assert finding.path == DEF + "fund"
    assert finding.left is not None
    assert (finding.left.table, finding.left.row) == ("3", "行政运行")


def test_parts_come_in_the_order_of_the_document() -> None:
    assert sorted(["t05/r10c2", "t05/r9c2", "t05-2/r1c1", "t10/r1c1"], key=natural_order) == [
        "t05-2/r1c1",
        "t05/r9c2",
        "t05/r10c2",
        "t10/r1c1",
    ]


def test_findings_come_the_gravest_first() -> None:
    graph = DisclosureGraph()
    table = graph.table(8, "government-fund")
    graph.add(table, DEF + "declaredEmpty", ox.Literal(False))
    graph.add(table, DEF + "headerText", ox.Literal("本年国有资本经营预算支出"))
    graph.say(table, DEF + "headerKind", code("table/state-capital"))
    assert [f.severity for f in check(graph.triples).findings] == ["violation", "warning"]


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────


def test_json_has_the_members_that_scripts_rely_on() -> None:
    content = report_to_json(report_of("sum/invalid.a-yuan-apart"))
    assert json.loads(json.dumps(content)) == content
    assert list(content) == ["conforms", "counts", "following", "checked", "findings", "repairs"]
    assert content["checked"]["sum"] == {"passed": 0, "failed": 1, "notApplicable": 0}
    [finding] = content["findings"]
    assert list(finding) == [
        "id", "fingerprint", "rule", "family", "severity", "message", "left", "right", "parts", "difference", "quote",
        "follows", "doubtfulReading",
    ]  # fmt: skip
    operand = ["printed", "amount", "unit", "table", "row", "column", "observation", "place"]
    assert [list(side) for side in (finding["left"], finding["right"], *finding["parts"])] == [operand] * 5
    assert list(finding["left"]["place"]) == [
        "page", "line", "field", "bbox", "file", "reference", "paragraph", "table",
    ]  # fmt: skip
    assert (finding["right"]["amount"], finding["right"]["printed"]) == ("11700557.44", None)
    assert (finding["difference"], finding["quote"]) == ("1", None)


@pytest.mark.parametrize(
    ("number", "text"),
    [("54667.20", "54667.2"), ("0.00", "0"), ("-0", "0"), ("1E+3", "1000"), ("150000", "150000"), ("-1.50", "-1.5")],
)
def test_amounts_are_plain_decimals(number: str, text: str) -> None:
    assert decimal_to_text(Decimal(number)) == text


# ── RDF ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_node_of_a_report_lists_its_results_and_its_tallies() -> None:
    report = report_of("sum/invalid.a-yuan-apart")
    said = [(t.predicate.value, t.object) for t in report_to_triples(report, VERSION) if t.subject == NODE]
    assert (SH + "conforms", ox.Literal(False)) in said
    names = [name for name, _ in said]
    assert (names.count(SH + "result"), names.count(RULES + "tally")) == (1, len(report.checked))


def test_identifiers_are_stable_and_tell_findings_apart() -> None:
    graph = DisclosureGraph()
    table = graph.table(3, "expenditure")
    cell = graph.observation(table, "r1c1", Decimal(1))
    lost = (DEF + "printed", DEF + "precision")
    triples = [t for t in graph.triples if t.subject != ox.NamedNode(cell) or t.predicate.value not in lost]
    first, second = check(triples), check(reversed(triples))
    assert first == second
    assert len({finding.id for finding in first.findings}) == 2
    assert all(len(finding.id) == 16 for finding in first.findings)


def test_a_blank_node_of_a_foreign_graph_is_named_in_the_report() -> None:
    finding = replace(finding_of("structure-sum/invalid.without-parts"), focus="_:b0")
    triples = report_to_triples(Report(False, {}, (finding,)), VERSION)
    named = ox.NamedNode("urn:yusuan:blank:b0")
    assert [t.object for t in triples if t.predicate.value == SH + "focusNode"] == [named]


def test_the_vocabulary_that_every_check_needs_is_small() -> None:
    wanted = select_vocabulary(load_vocabulary().triples)
    demanded = {
        "demands",
        "demandsTable",
        "demandsTopic",
        "demandsDigits",
        "withinTable",
        "ofPhase",
        "fromYear",
        "ofOrgansOnly",
    }
    names = {t.predicate.value.rpartition("#")[2] for t in wanted}
    assert names == {"factor", "prefLabel", "broader", "certain", "restsOn", "demandsDetail", "whereSpent"} | demanded
    assert len(wanted) < 750
    assert RDF + "type" not in {t.predicate.value for t in wanted}


# ── codes ───────────────────────────────────────────────────────────────────────────────────────


def coded(code_: str, name: str) -> list[ox.Triple]:
    """A graph with one row of a functional class."""
    graph = DisclosureGraph()
    table = graph.table(3, "expenditure")
    graph.observation(table, "r5c3", Decimal(1), labels=(code_, name, "合计"), function=f"function/{code_}")
    graph.entry(table, "r5c2", code(f"function/{code_}"), code_, name)
    return graph.triples


@pytest.mark.parametrize(
    ("code_", "name", "found"),
    [
        ("2101101", "行政单位医疗", set()),
        ("2101101", "事业单位医疗", {"code-name-of-other"}),
        ("2101103", "公务员医疗补助", {"code-unlisted"}),
        ("20805", "行政事业单位离退休", {"code-name"}),
    ],
)
def test_the_shipped_lists_are_asked_for_the_codes_of_a_graph(code_: str, name: str, found: set[str]) -> None:
    triples = coded(code_, name)
    assert {finding.rule for finding in check(triples, vocabulary=shipped_lists()).findings} == found
    report = check(triples, vocabulary=shipped_lists(), families={"code"})
    assert check_with_pyshacl(triples, vocabulary=shipped_lists(), families={"code"}) == report


def test_a_complete_edition_makes_an_unknown_code_a_violation() -> None:
    edition, own = code("function/edition/2024"), "https://w3id.org/yusuan/def#"
    graph = DisclosureGraph(triples=[])
    graph.triples.clear()
    graph.say(edition, own + "editionOf", code("function"))
    graph.add(edition, own + "complete", ox.Literal(True))
    graph.add(edition, own + "validFrom", ox.Literal("2024", datatype=ox.NamedNode(XSD + "gYear")))
    vocabulary = select_vocabulary([*load_vocabulary().triples, *graph.triples])
    rules = {f.rule for f in check(coded("2101103", "公务员医疗补助"), vocabulary=vocabulary).findings}
    assert "code-missing" in rules
    assert "code-unlisted" not in rules


# ── one mistake, several findings ───────────────────────────────────────────────────────────────


def test_what_follows_from_a_form_out_of_line_is_grouped_under_it() -> None:
    graph = DisclosureGraph()
    projects, form = graph.table(10, "projects"), graph.table(15, "project-performance")
    first, second = (f"{DEFAULT_BASE}id/project/42010724108T00000010{n}" for n in (0, 1))
    point = f"{DEFAULT_BASE}id/point/a"
    rows = [
        graph.observation(projects, f"r{n}c4", Decimal(amount), labels=(iri.rpartition("/")[2], name, "合计"), point=at)
        for n, (iri, name, amount, at) in enumerate(
            [(first, "其他-街道工委经费", 200000, None), (second, "其他-履职能力提升", 105000, point)], start=7
        )
    ]
    for row, iri in zip(rows, (first, second), strict=True):
        known = (ox.NamedNode(row), ox.NamedNode(DEF + "project"))
        graph.triples = [t for t in graph.triples if (t.subject, t.predicate) != known]
        graph.say(row, DEF + "project", iri)
    graph.entry(projects, "r7c2", first, first.rpartition("/")[2], "其他-街道工委经费")
    graph.entry(projects, "r8c2", second, second.rpartition("/")[2], "其他-履职能力提升")
    graph.point("a", rows[1])
    graph.observation(form, "r10c4", Decimal(200000), point=point, labels=("", "项目总投入", ""))
    record, entry = f"{form}/r1", f"{form}/r2c2"
    graph.say(record, RDF + "type", DEF + "PerformanceForm")
    graph.say(record, DCT + "isPartOf", form)
    graph.say(record, DEF + "project", second)
    graph.add(record, DEF + "departmentName", ox.Literal("街道工委经费"))
    graph.add(record, DEF + "projectName", ox.Literal("履职能力提升"))
    graph.say(entry, DCT + "isPartOf", form)
    graph.say(entry, DEF + "record", record)
    graph.say(entry, DEF + "attribute", DEF + "departmentName")
    report = check(graph.triples)
    assert [f.rule for f in report.findings] == ["project-form-misfiled", "same"]
    [cause, consequence] = report.findings
    [repair] = report.repairs
    assert (repair.candidates, repair.findings) == ((), (cause.id, consequence.id))
    assert (cause.follows, consequence.follows) == (None, cause.id)
    assert (report.counts["violation"], report.following) == (1, 1)
    follows = ox.NamedNode(f"{RULES}follows")
    stated = [(t.subject, t.object) for t in report_to_triples(report, VERSION) if t.predicate == follows]
    assert stated == [tuple(ox.NamedNode(f"{NODE.value}/{f.id}") for f in (consequence, cause))]


def test_two_columns_that_fail_in_every_row_are_one_mistake() -> None:
    graph = DisclosureGraph()
    table = graph.table(11, "procurement")
    for row in range(6, 9):
        labels = ("", f"第{row}行", "面向中小企业")
        whole = graph.observation(table, f"r{row}c13", Decimal(0), Decimal(0), labels=labels)
        labels = ("", f"第{row}行", "面向小微企业")
        graph.observation(table, f"r{row}c14", Decimal(row * 100), labels=labels, bounded_by=[whole])
    report = check(graph.triples)
    [repair] = report.repairs
    assert [f.rule for f in report.findings] == ["bound"] * 3
    assert set(repair.findings) == {f.id for f in report.findings}
