"""Self-evaluations of projects: money by phase, targets with results, marks; whatever their layout."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest
from small_disclosures import BUREAU, convert, expenditure, issues, tabbed
from small_pages import get, short_triples
from small_service import running_service

from converters import Conversion
from converters.model.observation import Record
from ontology.namespaces import DEFAULT_BASE
from server.pages.office.evaluations import rows_to_evaluations
from server.pages.site import HtmlPages
from server.settings import Settings
from shapes import check
from yusuan.api import check_disclosure
from yusuan.inputs import Inputs
from yusuan.stores.publishing import publish_checked

COVER = f"{BUREAU}2024年度部门决算\n"
SPENT = expenditure("2010101 | 行政运行 | 500 | 400 | 100\n | 合计 | 500 | 400 | 100", unit="单位：万元")

# The form of the ministry of finance.
NATIONAL = """
项目支出绩效自评表
（2024年度）

项目名称 | 河道养护 | | | | | | |
主管部门 | 园林局 | | | 实施单位 | 养护站 | | |
项目资金（万元） | | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | | 150 | 148 | 145.6 | 10 | 98.38% | 9.8
 | 其中：当年财政拨款 | | 40 | 38 | 35.6 | — | 93.68% | —
 | 上年结转资金 | | 0 | 0 | 0 | — | | —
 | 其他资金 | | 110 | 110 | 110 | — | 100.00% | —
年度总体目标 | 预期目标 | | | | 实际完成情况 | | |
 | 清淤两次。 | | | | 全年清淤两次，河道清洁。 | | |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
 | 产出指标 | 数量指标 | 清淤河段 | ≥5公里 | 5.2公里 | 20 | 20 |
 | | | 巡查次数 | 不少于12次 | 10次 | 20 | 16.7 | 汛期停巡两次，已补排计划。
 | | 质量指标 | 水质 | 明显改善 | 达成预期指标 | 30 | 30 |
 | 满意度指标 | 服务对象满意度 | 居民满意度 | >=85% | — | 20 | 20 |
总分 | | | | | | 100 | 96.5 |
"""

# A form with numbered headings, remarks behind titles, and signs and units in cells of their own.
NUMBERED = """
部门预算项目支出绩效自评表（2024年度）

项目名称 | 河道养护 | | | | | | | |
主管部门 | 园林局 | | | | 实施单位 | 养护站 | | |
项目基本情况 | 1.项目年度目标完成情况 | 项目年度目标 | | | 年度目标完成情况 | | | |
 | | 清淤两次。 | | | 全年清淤两次。 | | | |
 | 2.项目实施内容及过程概述 | 上半年、下半年各清淤一次。 | | | | | | |
预算执行情况（10分） | 年度预算数（万元） | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 | 原因 |
 | 总额 | 40.00 | 38.00 | 35.60 | 93.68% | 10 | 9.4 | |
 | 其中：财政资金 | 40.00 | 38.00 | 35.60 | 93.68% | / | / | |
 | 单位资金 | 0.00 | 0.00 | 0.00 | 0.00% | / | / | |
 {other}
绩效指标（90分） | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分
 | 产出指标 | 数量指标 | 清淤河段 | ≥ | 5 | 公里 | 5.2 | 40 | 40
 | 产出指标 | 质量指标 | 水质达标率 | = | 100 | % | 100 | 50 | 50
合计 | | | | | | | | 100 | 99.4
评价结论 | 达到预期。 | | | | | | | |
"""


def evaluated(text: str) -> Conversion:
    return convert(COVER, SPENT, tabbed(text))


@pytest.fixture(scope="module")
def national() -> Conversion:
    return evaluated(NATIONAL)


def form_of(conversion: Conversion) -> Record:
    """The one self-evaluation of a disclosure."""
    [form] = [r for t in conversion.content.tables for r in t.records if r.kind == "def#EvaluationForm"]
    return form


def said(record: Record) -> dict[str, str]:
    return {key.removeprefix("def#"): value.text for key, value in record.values}


def figures(conversion: Conversion, measure: str) -> list[tuple[str, Decimal | None, str]]:
    """(row label, number, unit) of the figures of a measure in forms."""
    notation = conversion.vocabulary.notation
    forms = {t.name for t in conversion.content.tables if t.records}
    return [
        (o.row_label, o.amount, notation(o.unit))
        for o in conversion.observations
        if o.table in forms and o.measure == measure
    ]


def test_the_form_tells_goal_and_achievement_side_by_side(national: Conversion) -> None:
    form = said(form_of(national))
    assert (form["projectName"], form["yearlyGoal"]) == ("河道养护", "清淤两次。")
    assert form["achievement"] == "全年清淤两次，河道清洁。"
    assert issues(national, "unknown-field") == []
    assert issues(national, "unknown-header") == []


def test_money_stands_at_the_project_and_at_three_phases(national: Conversion) -> None:
    notation = national.vocabulary.notation
    project = said(form_of(national))["project"]
    found = [
        (o.row_label, notation(o.coordinates["phase"]), notation(o.coordinates["fund"]), o.amount)
        for o in national.observations
        if o.coordinates["project"] == project and o.measure == "amount" and o.row_label != "上年结转资金"
    ]
    wan = 10_000
    assert found == [
        ("年度资金总额", "initial", "total", 150 * wan),
        ("当年财政拨款", "initial", "fiscal", 40 * wan),
        ("其他资金", "initial", "own", 110 * wan),
        ("年度资金总额", "full-year", "total", 148 * wan),
        ("当年财政拨款", "full-year", "fiscal", 38 * wan),
        ("其他资金", "full-year", "own", 110 * wan),
        ("年度资金总额", "final", "total", Decimal("145.6") * wan),
        ("当年财政拨款", "final", "fiscal", Decimal("35.6") * wan),
        ("其他资金", "final", "own", 110 * wan),
    ]


def test_parts_of_the_money_add_up_but_may_exceed_what_the_office_spends(national: Conversion) -> None:
    [form] = [t.name for t in national.content.tables if t.records]
    sums = [node for node in national.content.sums if node.total.table == form]
    assert [node.total.printed for node in sums] == ["150", "148", "145.6"]
    assert not [part for part, _ in national.content.bounds if part.table == form]


def test_targets_results_and_marks_belong_to_their_indicator(national: Conversion) -> None:
    assert figures(national, "target")[:2] == [
        ("清淤河段", Decimal(5), "kilometre"),
        ("巡查次数", Decimal(12), "item"),
    ]
    assert figures(national, "actual") == [("清淤河段", Decimal("5.2"), "kilometre"), ("巡查次数", Decimal(10), "item")]
    assert figures(national, "score") == [
        ("年度资金总额", Decimal("9.8"), "point"),
        ("清淤河段", Decimal(20), "point"),
        ("巡查次数", Decimal("16.7"), "point"),
        ("水质", Decimal(30), "point"),
        ("居民满意度", Decimal(20), "point"),
        ("", Decimal("96.5"), "point"),
    ]
    worded = {(w.kind, w.text) for t in national.content.tables for w in t.worded}
    assert worded == {
        ("def#WordedTarget", "明显改善"),
        ("def#WordedResult", "达成预期指标"),
        ("def#WordedResult", "—"),
    }


def test_the_row_of_all_marks_is_no_indicator_and_its_full_marks_are_read(national: Conversion) -> None:
    indicators = [said(r) for t in national.content.tables for r in t.records if r.kind == "def#Indicator"]
    assert [i["indicatorName"] for i in indicators] == ["清淤河段", "巡查次数", "水质", "居民满意度"]
    assert indicators[1]["deviation"] == "汛期停巡两次，已补排计划。"
    assert figures(national, "fullScore") == [("年度资金总额", Decimal(10), "point"), ("", Decimal(100), "point")]


def test_headings_with_numbers_and_remarks_signs_and_units_in_cells_of_their_own() -> None:
    conversion = evaluated(NUMBERED.format(other="财政专户管理资金 | 0.00 | 0.00 | 0.00 | 0.00% | / | / | |"))
    form = said(form_of(conversion))
    assert (form["yearlyGoal"], form["achievement"]) == ("清淤两次。", "全年清淤两次。")
    assert (form["implementationPlan"], form["rating"]) == ("上半年、下半年各清淤一次。", "达到预期。")
    assert figures(conversion, "target") == [
        ("清淤河段", Decimal(5), "kilometre"),
        ("水质达标率", Decimal(100), "percent"),
    ]
    assert {unit for _, _, unit in figures(conversion, "score")} == {"point"}
    [amounts] = [t for t in conversion.content.tables if t.records]
    assert [o.row_label for o in amounts.observations if o.column_label == "年初预算"] == [
        "总额",
        "财政资金",
        "单位资金",
        "财政专户管理资金",
    ]


def test_cost_below_output_is_a_group_of_indicators() -> None:
    cost = " | | 成本指标 | 每公里费用 | ≤9万元 | 8.7万元 | 10 | 10 |\n | 满意度指标"
    conversion = evaluated(NATIONAL.replace(" | 满意度指标", cost, 1))
    indicators = [said(r) for t in conversion.content.tables for r in t.records if r.kind == "def#Indicator"]
    [found] = [each for each in indicators if each["indicatorName"] == "每公里费用"]
    assert (found["indicatorClass"], found["indicatorGroup"]) == ("产出指标", "成本指标")


def test_rows_that_mean_the_same_are_told_and_neither_compared_nor_summed() -> None:
    conversion = evaluated(NUMBERED.format(other=" | 其他资金 | 5.00 | 5.00 | 5.00 | 100.00% | / | / | |"))
    told = [(issue.values["word"], issue.values["other"]) for issue in issues(conversion, "rows-alike")]
    assert told == [("单位资金", "其他资金"), ("其他资金", "单位资金")]
    forms = {t.name for t in conversion.content.tables if t.records}
    assert not [node for node in conversion.content.sums if node.total.table in forms]


def test_a_year_behind_the_title_is_no_part_of_it_nor_of_the_name_before_it() -> None:
    title = f"{BUREAU}部门预算项目支出绩效自评表（2024年度）"
    conversion = evaluated(NUMBERED.format(other="").replace("部门预算项目支出绩效自评表（2024年度）", title))
    assert said(form_of(conversion))["projectName"] == "河道养护"
    assert issues(conversion, "several-names") == []


# ── The page ────────────────────────────────────────────────────────────────────────────────────


def publish_account(folder: Path) -> Path:
    """Publish a final account with the self-evaluation of a project; return the store."""
    path, store = folder / "account.txt", folder / "store"
    path.write_text(tabbed(f"{COVER}\n{SPENT}\n{NATIONAL}"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inputs, "triples", short_triples)
        publish_checked([check_disclosure(path)], store, DEFAULT_BASE)
    return store


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    store = publish_account(tmp_path_factory.mktemp("evaluations"))
    with (
        running_service(Settings(store, workers=1), HtmlPages()) as address,
        httpx2.Client(base_url=address, headers={"Accept": "text/html"}, timeout=60) as client,
    ):
        yield client


def office_path(conversion: Conversion) -> str:
    return f"/doc/org/{conversion.content.organisation.removeprefix('id/org/')}"


def test_results_of_projects_stand_on_the_page_of_the_office(site: httpx2.Client, national: Conversion) -> None:
    page = get(site, office_path(national))
    [section] = [section for section in page.all("section") if section.all("h2", id="results")]
    assert "96.5 分，满分 100 分" in section.one("summary").text
    [money] = [table for table in section.all("table") if "全年执行" in table.text]
    assert [cell.text for cell in money.all("td")] == ["150.00", "148.00", "145.60", "98.38%"]
    [patrols] = [row for row in section.all("tr") if "巡查次数" in row.text]
    assert [cell.text for cell in patrols.all("td")] == [
        "不少于12次",
        "10次",
        "16.7 / 20",
        "汛期停巡两次，已补排计划。",
    ]
    for link in patrols.all("a"):
        assert link.text in get(site, link.attributes["href"]).one("main").text


def test_results_of_projects_are_a_table_to_download(site: httpx2.Client, national: Conversion) -> None:
    [link] = [link for link in get(site, office_path(national)).links if "what-did-projects-achieve" in link]
    path, _, query = link.partition("?")
    answer = site.get(f"{path}.csv?{query}").raise_for_status().text.splitlines()
    assert answer[0].removeprefix("\ufeff").startswith("projectName,indicatorClass,indicatorGroup,indicator,target,")
    assert "河道养护,产出指标,数量指标,巡查次数,不少于12次,10次,,16.7,20,汛期停巡两次，已补排计划。" in answer


def test_forms_stand_in_the_order_of_the_document() -> None:
    forms = ["v/t15-10/r1", "v/t15-2/r1", "v/t15/r1"]
    listed = rows_to_evaluations([{"form": form, "name": "养护"} for form in forms], [])
    assert [each.form for each in listed] == forms[::-1]


def test_marks_for_the_use_of_the_budget_are_not_those_of_the_whole() -> None:
    base = {"form": "v/t02/r1", "name": "河道养护"}
    rows = [base | {"indicator": "v/t02/r11", "label": "巡查"}]
    for_budget = {"form": "v/t02/r1", "figure": "v/t02/r4c9", "measure": "def#score", "printed": "9", "amount": "9"}
    [alone] = rows_to_evaluations(rows, [for_budget | {"phase": "phase/final"}])
    assert alone.score is None
    whole = for_budget | {"figure": "v/t02/r15c9", "printed": "96", "amount": "96", "phase": "phase/final"}
    [both] = rows_to_evaluations(rows, [for_budget | {"phase": "phase/final"}, whole])
    assert both.score is not None
    assert both.score.printed == "96"
    [stated] = rows_to_evaluations([rows[0] | {"total": "97.6"}], [])
    assert stated.score is not None
    assert stated.score.printed == "97.6"
    assert Path(stated.form).name == "r1"


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("98.38%", "93.38%", "evaluation-rate"),
        ("38 | 35.6 | — | 93.68%", "38 | 35.6 | — | 39.68%", "evaluation-rate"),
        ("| 16.7 |", "| 26.7 |", "evaluation-mark"),
        ("100 | 96.5", "100 | 98.5", "evaluation-total"),
        ("98.38% | 9.8", "58.38% | 9.8", "evaluation-rate-mark"),
    ],
)
def test_rates_and_marks_that_cannot_be_right_are_told(right: str, wrong: str, rule: str) -> None:
    assert NATIONAL.count(right) == 1
    found = check(evaluated(NATIONAL.replace(right, wrong)).graph, families={"performance"}).findings
    assert rule in {f.rule for f in found}


def test_rates_and_marks_of_other_layouts_contradict_nothing(national: Conversion) -> None:
    for conversion in (national, evaluated(NUMBERED.format(other=""))):
        assert [
            f.rule
            for f in check(conversion.graph, families={"performance"}).findings
            if f.rule.startswith("evaluation")
        ] == []
