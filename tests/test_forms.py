"""Performance forms of other departments: read by their captions, whatever their layout."""

from decimal import Decimal
from pathlib import Path

import pytest
from small_disclosures import BUREAU, convert, issues, tabbed, table
from small_pdfs import PdfPage, write_pdf

from converters import Conversion, convert_document
from converters.model.document import SHIFTED
from converters.model.observation import Record
from converters.readers import read_content
from ontology.namespaces import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

CODE = "42010724108T000000007"
PROJECTS = table(
    10, "项目支出表", f"项目编码 | 项目名称 | 项目单位 | 合计\n{CODE} | 河道养护 | {BUREAU} | 50", "单位：万元"
)

# The form of the ministry of finance: sums over the whole term and over the year side by side.
NATIONAL = """
项目支出绩效目标申报表

（2024年度）

填报单位（盖章）：园林局

项目名称 | 河道养护 | | | |
主管部门及代码 | 园林局 108 | | 实施单位 | 养护站 |
项目属性 | □新增项目 ☑延续项目 | | 项目期 | 2024年1月至2026年12月 |
联系人 | 某甲 | | 联系电话 | 027-1 |
项目资金（万元） | 中期资金总额： | 150 | 年度资金总额： | 50 |
 | 其中：财政拨款 | 120 | 其中：财政拨款 | 50 |
 | 其他资金 | 30 | 其他资金 | 0 |
总体目标 | 中期目标（2024年—2026年） | | 年度目标 | |
 | 河道清洁。 | | 清淤两次。 | |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 |
 | 产出指标 | 数量指标 | 清淤河段 | ≥5公里 |
 | | | 巡查次数 | 不少于12次 |
 | | 质量指标 | 水质 | 明显改善 |
 | 满意度指标 | 服务对象满意度 | 居民满意度 | >=85% |
"""


@pytest.fixture(scope="module")
def national() -> Conversion:
    return convert(PROJECTS, tabbed(NATIONAL))


def form_of(conversion: Conversion) -> Record:
    """The one form of a disclosure."""
    [form] = [r for t in conversion.content.tables for r in t.records if r.kind == "def#PerformanceForm"]
    return form


def said(record: Record) -> dict[str, str]:
    """What a record says, the last value of each property."""
    return {key.removeprefix("def#"): value.text for key, value in record.values}


def money(conversion: Conversion) -> list[tuple[str, str, str, Decimal | None]]:
    """(label, fund, period, amount) of the sums of money of forms."""
    notation = conversion.vocabulary.notation
    names = {t.name for t in conversion.content.tables if t.records}
    return [
        (o.row_label, notation(o.coordinates["fund"]), notation(o.coordinates["period"]), o.amount)
        for o in conversion.observations
        if o.table in names and o.measure == "amount"
    ]


# ── Fields ──────────────────────────────────────────────────────────────────────────────────────


def test_values_stand_beside_or_below_their_captions(national: Conversion) -> None:
    assert said(form_of(national)) == {
        "organisation": form_of(national).values[0][1].text,
        "filedBy": form_of(national).values[0][1].text,
        "project": f"id/project/{CODE}",
        "projectName": "河道养护",
        "departmentName": "园林局108",
        "implementingUnit": "养护站",
        "projectAttribute": "code/project-attribute/continuing",
        "projectDates": "2024年1月至2026年12月",
        "startDate": "2024-01-01",
        "endDate": "2026-12-31",
        "longTermGoal": "河道清洁。",
        "yearlyGoal": "清淤两次。",
    }


def test_each_filled_cell_is_an_entry_with_its_place(national: Conversion) -> None:
    entries = {entry.attribute: (entry.name, entry.value) for entry in form_of(national).entries}
    assert entries["def#projectName"] == ("河道养护", f"id/project/{CODE}")
    assert entries["def#projectAttribute"] == ("□新增项目☑延续项目", "code/project-attribute/continuing")


def test_contacts_are_neither_fields_nor_issues(national: Conversion) -> None:
    assert not {"某甲", "027-1"} & set(said(form_of(national)).values())
    assert issues(national, "unknown-field") == []


def test_what_stands_beside_no_known_caption_is_an_issue_and_no_part_of_another_value() -> None:
    conversion = convert(PROJECTS, tabbed(NATIONAL.replace("实施单位 | 养护站", "所在楼层 | 三楼")))
    assert [issue.values["text"] for issue in issues(conversion, "unknown-field")] == ["所在楼层", "三楼"]
    assert said(form_of(conversion))["departmentName"] == "园林局108"


def test_a_caption_and_its_value_may_share_a_cell() -> None:
    text = NATIONAL.replace("项目名称 | 河道养护 |", "项目名称：河道养护 | |")
    assert said(form_of(convert(PROJECTS, tabbed(text))))["projectName"] == "河道养护"


def test_a_text_that_a_page_break_divides_is_one_text() -> None:
    text = NATIONAL.replace("项目属性 |", "项目概况 | 清理全部 | | | |\n\n | 支流。 | | | |\n项目属性 |")
    assert said(form_of(convert(PROJECTS, tabbed(text))))["overview"] == "清理全部支流。"


# ── Money ───────────────────────────────────────────────────────────────────────────────────────


def test_sums_side_by_side_stand_at_their_own_periods(national: Conversion) -> None:
    assert money(national) == [
        ("中期资金总额", "total", "lifetime", Decimal(1_500_000)),
        ("财政拨款", "fiscal", "lifetime", Decimal(1_200_000)),
        ("其他资金", "own", "lifetime", Decimal(300_000)),
        ("年度资金总额", "total", "year", Decimal(500_000)),
        ("财政拨款", "fiscal", "year", Decimal(500_000)),
        ("其他资金", "own", "year", Decimal(0)),
    ]


def test_the_total_of_the_year_meets_the_table_of_projects(national: Conversion) -> None:
    met = [{claim.table for claim in point.claims} for point in national.content.points if len(point.claims) > 1]
    assert {"t10", "t02"} in met


WUHAN = """
项目支出绩效目标表

部门名称 | 园林局 | |
项目名称 | {name} | |
项目起止日期： | {first} | 至 | {last}
项目资金情况(万元) | 项目总投入 | | 50
 | 资金构成 | 中央财政 | 20
 | | 区级财政 | 25
 | 自筹(其他) | | 5
"""


def wuhan(name: str = "河道养护", first: str = "2024.01.01", last: str = "2024.12.31") -> Conversion:
    return convert(PROJECTS, tabbed(WUHAN.format(name=name, first=first, last=last)))


def test_who_pays_is_a_record_and_all_together_pay_the_total() -> None:
    conversion = wuhan()
    payers = [
        said(r)["fundingSource"] for t in conversion.content.tables for r in t.records if r.kind == "def#FundingLine"
    ]
    assert payers == [f"code/funding-source/{who}" for who in ("central", "county", "self")]
    [node] = [node for node in conversion.content.sums if node.total.table == "t02"]
    assert (node.total.printed, [part.printed for part in node.parts]) == ("50", ["20", "25", "5"])


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        ("2024.01.01", "2024.12.31", "year"),
        ("2023.01.01", "2023.12.31", "year"),
        ("2024.03.01", "2025.02.28", "year"),
        ("2024.01.01", "2025.01.01", "lifetime"),
        ("2022.01.01", "2024.12.31", "lifetime"),
        ("某日", "某日", "lifetime"),
    ],
)
def test_a_form_of_no_more_than_a_year_stands_at_the_year_of_the_disclosure(first: str, last: str, period: str) -> None:
    conversion = wuhan(first=first, last=last)
    assert {found for _, _, found, _ in money(conversion)} == {period}
    assert {o.coordinates["year"] for o in conversion.observations} == {"2024"}


def test_a_project_that_only_its_form_names_has_an_address_of_its_own() -> None:
    conversion = wuhan("古树名木保护")
    project = said(form_of(conversion))["project"]
    [entity] = [entity for entity in conversion.entities if entity.key == project]
    assert (entity.name, entity.notation, entity.parent) == ("古树名木保护", None, "code/project/total")
    assert said(form_of(wuhan("古树 名木保护")))["project"] == project


def test_several_forms_under_one_caption_share_its_number() -> None:
    first = WUHAN.format(name="河道养护", first="2024.01.01", last="2024.12.31")
    caption = f"表 15. {BUREAU} 2024 年项目支出\n绩效目标表\n"
    conversion = convert(PROJECTS, caption + tabbed(first), tabbed(first.replace("河道养护", "公园改造")))
    assert [(t.name, t.number) for t in conversion.content.tables] == [("t10", "10"), ("t15", "15"), ("t15-2", "15")]


# ── Indicators ──────────────────────────────────────────────────────────────────────────────────


def test_targets_are_figures_with_sign_and_unit_or_words(national: Conversion) -> None:
    targets = [
        (o.row_label, o.amount, national.vocabulary.notation(o.unit), o.operator)
        for o in national.observations
        if o.measure == "target"
    ]
    least = "code/operator/at-least"
    assert targets == [
        ("清淤河段", Decimal(5), "kilometre", least),
        ("巡查次数", Decimal(12), "item", least),
        ("居民满意度", Decimal(85), "percent", least),
    ]
    assert [worded.text for t in national.content.tables for worded in t.worded] == ["明显改善"]


def test_an_empty_class_repeats_the_one_above(national: Conversion) -> None:
    indicators = [said(r) for t in national.content.tables for r in t.records if r.kind == "def#Indicator"]
    assert [(i["indicatorClass"], i["indicatorGroup"]) for i in indicators] == [
        ("产出指标", "数量指标"),
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("满意度指标", "服务对象满意度"),
    ]


GOALS = """
部门整体支出绩效目标表

部门名称 | 园林局 | | | |
长期目标 1： | 城市更绿。 | | | |
长期绩效指标 | 一级指标 | 二级指标 | 指标名称 | 指标值 |
 | 产出指标 | 质量指标 | 绿化率 | ≥40% |
年度目标 1： | 种树。 | | | |
年度绩效指标 | 一级指标 | 二级指标 | 指标名称 | 指标值 |
 | | | | 22年 | 预期当年实现值
 | 产出指标 | 数量指标 | 植树 | 90 | 100
数量指标 | | 浇水 | 8次 | 9次 |
"""


@pytest.fixture(scope="module")
def goals() -> Conversion:
    return convert(PROJECTS, tabbed(GOALS))


def test_a_numbered_goal_is_a_record_and_its_indicators_name_it(goals: Conversion) -> None:
    [form] = [t for t in goals.content.tables if t.name == "t02"]
    kept = [(r.row, said(r)) for r in form.records if r.kind == "def#Goal"]
    assert kept == [(2, {"longTermGoal": "城市更绿。", "ordinal": "1"}), (5, {"yearlyGoal": "种树。", "ordinal": "1"})]
    assert [dict(r.links)["def#goal"] for r in form.records if r.kind == "def#Indicator"] == [2, 5, 5]


def test_words_left_of_a_list_tell_its_term_and_years_their_columns(goals: Conversion) -> None:
    notation = goals.vocabulary.notation
    found = [
        (o.printed, o.coordinates["year"], notation(o.coordinates["period"]), notation(o.coordinates["line"]))
        for o in goals.observations
        if o.measure == "target"
    ]
    assert sorted(found) == [
        ("100", "2024", "year", "2"),
        ("8次", "2022", "year", "3"),
        ("90", "2022", "year", "2"),
        ("9次", "2024", "year", "3"),
        ("≥40%", "2024", "lifetime", "1"),
    ]


def test_a_row_of_indicators_that_slid_is_put_right(goals: Conversion) -> None:
    [form] = [t for t in goals.content.tables if t.name == "t02"]
    assert [cell.text for cell in form.grid.cells if SHIFTED in cell.flags] == ["数量指标", "浇水", "8次", "9次"]
    [last] = [said(r) for r in form.records if r.row == 9]
    assert last == {"indicatorClass": "产出指标", "indicatorGroup": "数量指标", "indicatorName": "浇水"}


# ── Merged cells ────────────────────────────────────────────────────────────────────────────────

EDGES = (40, 130, 230, 330, 400, 470, 540, 600)
# Each cell: its text, its first column and the one after its last, the rows that it spans.
MERGED: tuple[tuple[tuple[str, int, int, int], ...], ...] = (
    (("项目名称", 0, 1, 1), ("河道养护", 1, 7, 1)),
    (("填报人", 0, 1, 1), ("某甲", 1, 3, 1), ("联系电话", 3, 5, 1), ("02786866503", 5, 7, 1)),
    (("起止日期", 0, 1, 1), ("2024.01.01", 1, 3, 1), ("至", 3, 4, 1), ("2024.12.31", 4, 7, 1)),
    (("项目资金(万元)", 0, 1, 3), ("项目总投入", 1, 3, 1), ("50", 3, 7, 1)),
    (("资金构成", 1, 2, 2), ("区级财政", 2, 3, 1), ("45", 3, 7, 1)),
    (("自筹", 2, 3, 1), ("5", 3, 7, 1)),
    (
        ("绩效指标", 0, 1, 4),
        *((word, n, n + 1, 2) for n, word in enumerate(("一级指标", "二级指标", "指标名称"), 1)),
        *(("指标值", 4, 6, 1), ("绩效标准", 6, 7, 2)),
    ),
    (("22年", 4, 5, 1), ("当年预期值", 5, 6, 1)),
    (("产出指标", 1, 2, 2), *((w, n, n + 1, 1) for n, w in enumerate(("数量指标", "清淤", "1次", "≥2次", "计划"), 2))),
    tuple((w, n, n + 1, 1) for n, w in enumerate(("质量指标", "水质", "良", "优", "计划"), 2)),
)


def test_a_form_with_merged_cells_is_read_as_one_without() -> None:
    page, top, height = PdfPage(width=620), 70.0, 20.0
    page.text(140, 20, f"表 15. {BUREAU} 2024 年项目支出绩效目标表")
    page.text(40, 54, "填报日期：2024年2月5日")
    for row in MERGED:
        for text, first, after, rows in row:
            page.cell(EDGES[first], top, EDGES[after], top + height * rows, text)
        top += height
    conversion = convert_document(read_content(Path("form.pdf"), write_pdf(page)))
    assert [(label, fund, amount) for label, fund, _, amount in money(conversion)] == [
        ("项目总投入", "total", Decimal(500_000)),
        ("资金构成 区级财政", "fiscal", Decimal(450_000)),
        ("资金构成 自筹", "own", Decimal(50_000)),
    ]
    targets = {(o.printed, o.coordinates["year"]) for o in conversion.observations if o.measure == "target"}
    assert targets == {("1次", "2022"), ("≥2次", "2024")}
    indicators = [said(r) for t in conversion.content.tables for r in t.records if r.kind == "def#Indicator"]
    assert [i["indicatorClass"] for i in indicators] == ["产出指标", "产出指标"]
    assert said(form_of(conversion))["filledOn"] == "2024-02-05"


# ── Shares ──────────────────────────────────────────────────────────────────────────────────────

FUNDS = """
部门整体支出绩效目标表

部门名称 | 园林局 | | |
部门总体资金情况(万元) | 总体资金情况 | | 当年预算收支 | 占比
 | 支出构成 | 基本支出 | 60 | 75%
 | | 项目支出 | 20 | 25%
 | | 合计 | 80 | 100%
"""


def test_a_share_names_its_part_and_its_whole() -> None:
    shares = convert(PROJECTS, tabbed(FUNDS)).content.shares
    assert [(s.share.printed, s.part.printed, s.whole.printed) for s in shares] == [
        ("75%", "60", "80"),
        ("25%", "20", "80"),
        ("100%", "80", "80"),
    ]


def test_a_stroke_is_a_value_of_an_indicator() -> None:
    struck = NATIONAL.replace("| 居民满意度 | >=85% |", "| 居民满意度 | / |")
    blank = NATIONAL.replace("| 居民满意度 | >=85% |", "| 居民满意度 | |")
    accused = {}
    for name, text in (("/", struck), ("", blank)):
        conversion = convert(PROJECTS, tabbed(text))
        report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE), families=("performance",))
        accused[name] = [finding.quote for finding in report.findings if finding.rule == "indicator-value"]
    assert accused == {"/": [], "": ["居民满意度"]}
