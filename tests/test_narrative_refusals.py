"""What is not taken from a text, what explains other things in it, and how all is kept."""

import json
import re

import pyoxigraph as ox
import pytest
from narrated import TABLE, amounts, narrated, refused, statements
from small_disclosures import convert, issues, table

from converters import Conversion, conversion_to_snapshot
from ontology.namespaces import DCT, DEFAULT_BASE, RDF
from shapes import check

# ── What is not taken ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("由小微企业成交的，采购金额 5 万元。", ["5万元"]),
        ("计划种树 300 株。", ["300"]),
        ("项目支出 5 万元，主要用于种树 300 株。", ["300"]),
        ("一、花坛养护\n\n项目支出 5 万元。", ["5万元"]),
        ("绩效跟踪的花坛 4 个，涉及预算资金 5 万元。", ["4个", "5万元"]),
    ],
)
def test_a_figure_whose_words_are_not_understood_is_an_issue(text: str, figures: list[str]) -> None:
    assert refused(text) == figures


def test_a_figure_is_not_placed_where_the_sentence_that_names_it_is_not_understood() -> None:
    text = "一、一般公共预算支出决算情况\n\n1、花坛（项）。主要用于：养护。年初预算为 3 万元，支出决算为 2 万元。"
    assert refused(text) == ["3万元"]
    assert [(s.observation.printed, s.compared) for s in statements(text)] == [("3", False), ("2", False)]


def test_a_change_of_a_figure_that_is_not_placed_is_its_change() -> None:
    text = "项目支出 5 万元。花坛 9 万元，比上年增加 2 万元。"
    assert refused(text) == ["9万元"]
    assert [s.change_of.printed for s in statements(text) if s.change_of is not None] == ["9"]


def test_an_issue_names_the_words_and_the_line() -> None:
    [issue] = issues(narrated("计划种树 300 株。"), "figure-not-placed")
    assert issue.locator.line is not None
    assert "计划种树300株" in issue.text("zh")


def test_the_empty_sentence_of_a_table_is_not_read_twice() -> None:
    empty = (
        table(8, "政府性基金预算支出表", "科目编码 | 科目名称 | 合计")
        + "\n2024年无政府性基金预算支出，故此表无数据。\n"
    )
    assert convert(TABLE, empty).content.narrative.statements == ()


@pytest.mark.parametrize(
    "sentence", ["咨询电话：12345678", "联系人：某人甲", "来电 027-12345678 垂询。", "传真(027)：123456"]
)
def test_a_sentence_that_tells_how_to_reach_somebody_is_withheld(sentence: str) -> None:
    conversion = narrated(f"项目支出 5 万元。\n{sentence}")
    assert len(issues(conversion, "contact-withheld")) == 1
    published = conversion_to_snapshot(conversion).decode() + "".join(i.text("zh") for i in conversion.issues)
    assert not re.search("12345|某人甲", published)


def test_words_that_merely_hold_telephone_are_not_withheld() -> None:
    assert amounts("公用经费 5 万元，主要用于：办公费、电话费。") == ["50000 flow=expenditure kind=public"]


# ── The glossary and the duties ─────────────────────────────────────────────────────────────────

GLOSSARY = """
第四部分 名词解释
（一）基本支出：指维持日常工作的开支。
（二）本部门使用的功能分类科目：如：
1、医疗卫生与计划生育支出（类）行政事业单位医疗（款）行政单位医疗（甲）（项），反映医疗保险缴费。
2、花木支出（类）花坛（款）花坛养护（项），反映花坛。
（三）苗木费：指买树苗的开支。
"""


def test_explanations_name_what_they_explain() -> None:
    entries = narrated(GLOSSARY).content.narrative.explanations
    assert [(entry.number, entry.concept) for entry in entries] == [
        (1, "code/kind/basic"),
        (2, "code/function/2101101"),
        (3, None),
        (4, None),
    ]
    assert [entry.name for entry in entries][::3] == ["基本支出", "苗木费"]


def test_explanations_keep_the_names_they_use() -> None:
    second = narrated(GLOSSARY).content.narrative.explanations[1]
    assert second.names == (
        ("category", "医疗卫生与计划生育支出"),
        ("group", "行政事业单位医疗"),
        ("item", "行政单位医疗（甲）"),
    )


def test_duties_are_published_as_sentences() -> None:
    text = "第一部分 概况\n\n一、部门主要职能\n\n1、养护花坛。\n\n2、培育苗木。\n\n二、其他情况\n\n种树。"
    found = [(s.text, s.duty, s.heading) for s in narrated(text).content.narrative.sentences]
    assert found == [("1、养护花坛。", True, "一、部门主要职能"), ("2、培育苗木。", True, "一、部门主要职能")]


# ── The graph and the snapshot ──────────────────────────────────────────────────────────────────


def literals(conversion: Conversion, subject: str, *names: str) -> list[str]:
    """The values of properties of a thing in the version, as text."""
    node = ox.NamedNode(f"{conversion.version_iri}/{subject}")
    wanted = [name if ":" in name else f"{DEFAULT_BASE}def#{name}" for name in names]
    return [
        t.object.value if isinstance(t.object, ox.Literal | ox.NamedNode) else ""
        for name in wanted
        for t in conversion.triples
        if t.subject == node and t.predicate.value == name
    ]


def test_a_sentence_and_its_figures_in_the_graph() -> None:
    conversion = narrated("“三公”经费支出 16 万元，比2023年减少 1 万元，主要原因是节约。")
    version = conversion.version_iri
    assert literals(conversion, "n", RDF + "type") == [DEFAULT_BASE + "def#Narrative", DEFAULT_BASE + "def#PrintedPart"]
    assert literals(conversion, "n/s001", "text", DCT + "isPartOf") == [
        "“三公”经费支出 16 万元，比2023年减少 1 万元，主要原因是节约。",
        version + "/n",
    ]
    assert literals(conversion, "n/s001.2", "sentence", "changeOf", "comparedWithYear", "direction", "reason") == [
        version + "/n/s001",
        version + "/n/s001.1",
        "2023",
        DEFAULT_BASE + "code/direction/decrease",
        "节约",
    ]
    assert literals(conversion, "n/s001.2", "change", "printed", "printedUnit") == [
        "-10000",
        "1",
        DEFAULT_BASE + "code/unit/ten-thousand",
    ]


def test_the_snapshot_marks_figures_at_their_places() -> None:
    shown = json.loads(conversion_to_snapshot(narrated("2024年收支总预算 9.5 万元，占 100%。")))
    [sentence] = shown["narrative"]
    marked = [sentence["text"][figure["start"] : figure["end"]] for figure in sentence["figures"]]
    assert marked == ["9.5 万元", "100%"]
    assert [len(figure["observations"]) for figure in sentence["figures"]] == [2, 1]


def test_the_same_text_gives_the_same_version() -> None:
    first = convert(TABLE, "\n第三部分 部门预算情况说明\n\n项目支出 5 万元。\n")
    again = convert(TABLE, "\n第三部分 部门预算情况说明\n\n项目支出 5 万元。\n")
    other = convert(TABLE, "\n第三部分 部门预算情况说明\n\n项目支出 6 万元。\n")
    assert first.version_iri == again.version_iri != other.version_iri


@pytest.mark.parametrize("office", ["武汉市青山区园林局本级", "武汉市青山区园林局（本级）"])
def test_what_an_office_itself_spends_is_not_what_its_department_spends(office: str) -> None:
    text = f"{office}2024年支出预算 30 万元。\n\n武汉市青山区园林局2024年支出预算 59.5 万元。"
    own, whole = (s for s in statements(text) if s.observation.measure == "amount")
    assert (own.compared, whole.compared) == (False, True)
    assert "same" not in {finding.rule for finding in check(narrated(text).graph, families={"same"}).findings}


def test_the_budget_of_the_office_itself_is_about_it() -> None:
    text = "武汉市青山区园林局本级2024年支出预算 30 万元。"
    [statement] = convert(
        TABLE, "武汉市青山区园林局2024年单位预算", "第三部分 单位预算情况说明", text
    ).content.narrative.statements
    assert statement.compared
