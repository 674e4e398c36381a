"""Lists of other departments and provinces: rows become records, groups nest, what is not known is named."""

from decimal import Decimal

import pytest
from small_disclosures import BUREAU, convert, issues, table

from converters import Conversion
from converters.model.document import SHIFTED
from converters.model.line_breaks import JOINED
from ontology import DEFAULT_BASE
from ontology.namespaces import SKOS

PROJECTS = table(
    10,
    "项目支出表",
    f"""
项目编码 | 项目名称 | 项目单位 | 合计
108 | {BUREAU} | | 80
42010724108T000000007 | 工作性其他-河道养护及公园改造经 | {BUREAU} | 50
42010724108T000000008 | 工作性其他-古树名木 | {BUREAU} | 30
""",
    "单位：万元",
)
HEADER = (
    "单位代码 | 单位名称 | 项目 | 政府采购品目 | 功能科目 | "
    "部门支出经济分类 | 资金性质 | 采购数量 | 单价(元) | 采购金额(合计)"
)


def purchases(rows: str, header: str = HEADER, unit: str = "单位：元") -> str:
    return table(11, "政府采购预算表", f"{header}\n{rows.strip()}", unit)


def claims(conversion: Conversion, name: str, measure: str = "amount") -> list[tuple[str, str, Decimal | None]]:
    """(line, row label, amount) of a measure in a table."""
    notation = conversion.vocabulary.notation
    found = [o for o in conversion.observations if o.table == name and o.measure == measure]
    return [(notation(o.coordinates["line"]), o.row_label, o.amount) for o in found]


def coordinates(conversion: Conversion, label: str, dimension: str) -> set[str]:
    """Where the figures of a row stand in a dimension."""
    found = [o.coordinates[dimension] for o in conversion.observations if o.row_label == label]
    return {conversion.vocabulary.notation(key) for key in found}


def sums(conversion: Conversion, name: str) -> list[tuple[str, list[str]]]:
    """The printed sums of a table."""
    found = [node for node in conversion.content.sums if node.total.table == name and node.total.measure == "amount"]
    return [(node.total.printed, [part.printed for part in node.parts]) for node in found]


# ── Rows, totals and divisions of the bureau ────────────────────────────────────────────────────

TWO_LINES = """
 | 合计 | | | | | | 3 | | 70
05 | 农业科 | | | | | | 3 | | 70
108 | 武汉市青山区园林局 | | | | | | 3 | | 70
108 | 园林局 | 在职人员公用 | [A05040101]复印纸 | [2120101]行政运行 | [30201]办公费 | 经费拨款补助 | 1 | 10 | 10
108 | 园林局 | 河道养护及公园改造经费 | [C23090199]其他印刷服务 | [2120199]其他|[30202]印刷费 | 政府性基金 | 2 | 30 | 60
"""


def test_rows_with_words_of_their_own_are_lines_and_all_others_totals() -> None:
    conversion = convert(PROJECTS, purchases(TWO_LINES))
    assert claims(conversion, "t11") == [
        ("total", "合计", Decimal(70)),
        ("total", "农业科", Decimal(70)),
        ("total", BUREAU, Decimal(70)),
        ("1", "复印纸", Decimal(10)),
        ("2", "其他印刷服务", Decimal(60)),
    ]
    assert sums(conversion, "t11") == [("70", ["10", "60"])] * 3


def test_a_division_of_the_bureau_is_no_organisation() -> None:
    conversion = convert(PROJECTS, purchases(TWO_LINES))
    assert coordinates(conversion, "农业科", "organisation") == {"108"}
    assert "05" not in {entity.notation for entity in conversion.entities}


def test_two_digits_in_a_table_of_projects_are_a_category() -> None:
    rows = "项目编码 | 项目名称 | 合计\n31 | 本级支出项目 | 5\n42010724108T000000007 | 修路 | 5"
    conversion = convert(table(10, "项目支出表", rows))
    assert {entity.notation: entity.name for entity in conversion.entities}["31"] == "本级支出项目"


def test_the_cells_of_a_line_say_where_its_figures_stand() -> None:
    conversion = convert(PROJECTS, purchases(TWO_LINES))
    found = {
        d: coordinates(conversion, "复印纸", d) for d in ("kind", "economic", "function", "fund", "scope", "project")
    }
    assert found == {
        "kind": {"public"},
        "economic": {"30201"},
        "function": {"2120101"},
        "fund": {"general-public"},
        "scope": {"procurement"},
        "project": {"total"},
    }


def test_a_project_is_meant_by_its_name_though_the_table_of_projects_clips_it() -> None:
    conversion = convert(PROJECTS, purchases(TWO_LINES))
    assert coordinates(conversion, "其他印刷服务", "project") == {"42010724108T000000007"}
    assert coordinates(conversion, "其他印刷服务", "kind") == {"project"}
    assert issues(conversion, "unknown-project") == []


def test_a_name_of_no_project_is_an_issue_and_the_line_stays_wider() -> None:
    conversion = convert(PROJECTS, purchases(TWO_LINES.replace("河道养护及公园改造经费", "来路不明的事项")))
    assert [issue.values["name"] for issue in issues(conversion, "unknown-project")] == ["来路不明的事项"]
    assert coordinates(conversion, "其他印刷服务", "kind") == {"this-year"}
    assert len(claims(conversion, "t11")) == 5


def test_a_unit_price_has_neither_point_nor_sum() -> None:
    conversion = convert(PROJECTS, purchases(TWO_LINES.replace("3 | | 70", "3 | 40 | 70")))
    prices = [o for o in conversion.observations if o.measure == "unitPrice"]
    assert [o.printed for o in prices] == ["40", "40", "40", "10", "30"]
    pointed = {id(claim) for point in conversion.content.points for claim in point.claims}
    assert not pointed & {id(o) for o in prices}
    assert all(node.total.measure != "unitPrice" for node in conversion.content.sums)


def test_what_is_counted_singly_is_exact() -> None:
    conversion = convert(PROJECTS, purchases(TWO_LINES))
    assert {o.precision for o in conversion.observations if o.measure == "quantity"} == {Decimal(0)}


# ── Units inside labels ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("label", "unit", "amount"),
    [
        ("采购金额(万元)", "单位：元", 700_000),
        ("采购金额（元）", "单位：万元", 70),
        ("采购金额", "单位：万元", 700_000),
    ],
)
def test_a_unit_inside_a_label_goes_before_that_of_the_table(label: str, unit: str, amount: int) -> None:
    header = HEADER.replace("采购金额(合计)", label)
    conversion = convert(PROJECTS, purchases("| 合计 | | | | | | | | 70", header, unit))
    assert claims(conversion, "t11") == [("total", "合计", Decimal(amount))]


def test_a_list_whose_labels_all_name_a_unit_needs_none_above_it() -> None:
    conversion = convert(
        PROJECTS,
        purchases("| 合计 | | | | | | 2 | 35 | 70", HEADER.replace("采购金额(合计)", "采购金额(元)"), unit="预算11表"),
    )
    assert [amount for _, _, amount in claims(conversion, "t11")] == [Decimal(70)]


# ── Requested and approved ──────────────────────────────────────────────────────────────────────

ASSETS = """
单位代码 | 单位名称 | 资产名称 | 资产数量 | 资产申请数量 | 总金额(元) | 财政审核数 |
 | | | | | | 数量 | 金额(元)
108 | 武汉市青山区园林局 | 台式计算机 | 7 | 5 | 25000 | 4 | 20000
"""


def phases(text: str) -> dict[str, str]:
    conversion = convert(PROJECTS, table(13, "资产配置预算表", text.strip(), "单位：元"))
    found = [o for o in conversion.observations if o.table == "t13"]
    return {f"{o.measure} {o.printed}": conversion.vocabulary.notation(o.coordinates["phase"]) for o in found}


def test_beside_approved_figures_those_of_the_same_measure_are_requested() -> None:
    assert phases(ASSETS) == {
        "stock 7": "budget",
        "quantity 5": "requested",
        "amount 25000": "requested",
        "quantity 4": "budget",
        "amount 20000": "budget",
    }


def test_without_approved_figures_the_sums_are_the_budget() -> None:
    rows = [line.rsplit("|", 2)[0] for line in ASSETS.strip().splitlines()]
    assert phases("\n".join([rows[0], rows[2]]))["amount 25000"] == "budget"


# ── Wraps and shifted rows ──────────────────────────────────────────────────────────────────────


def test_broken_codes_are_joined_flagged_and_reported_once() -> None:
    broken = TWO_LINES.replace("[A05040101]复印纸", "[A05040 101]复 印纸").replace("[30201]办公费", "[3020 1]办 公费")
    conversion = convert(PROJECTS, purchases(broken))
    assert claims(conversion, "t11") == claims(convert(PROJECTS, purchases(TWO_LINES)), "t11")
    [issue] = issues(conversion, "wraps-joined")
    assert issue.values["count"] == 2
    [listed] = [t for t in conversion.content.tables if t.name == "t11"]
    assert [cell.text for cell in listed.grid.cells if JOINED in cell.flags] == [
        "[A05040 101]复 印纸",
        "[3020 1]办 公费",
    ]


def test_a_row_that_slid_is_put_right_flagged_and_reported() -> None:
    slid = TWO_LINES.replace(" | 合计 | | | | | | 3 | | 70", " | 合计 | | | | | 3 | | 70 | ")
    conversion = convert(PROJECTS, purchases(slid))
    assert claims(conversion, "t11") == claims(convert(PROJECTS, purchases(TWO_LINES)), "t11")
    [issue] = issues(conversion, "row-shifted")
    assert issue.locator.field == 7
    [listed] = [t for t in conversion.content.tables if t.name == "t11"]
    assert [(cell.col, cell.text) for cell in listed.grid.cells if SHIFTED in cell.flags] == [(8, "3"), (10, "70")]


def test_a_row_that_fits_nowhere_is_left_as_it_is() -> None:
    odd = TWO_LINES.replace(" | 合计 | | | | | | 3 | | 70", " | 合计 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 70")
    conversion = convert(PROJECTS, purchases(odd))
    assert issues(conversion, "row-shifted") == []


# ── Lists that nest, without codes (Jiangsu) ────────────────────────────────────────────────────

NESTED = """
采购品目大类 | 专项名称 | 经济科目 | 采购物品名称 | 采购组织形式 | 总计
合计 | | | | | 515.00
一、货物 A | | | | | 59.00
 | 办公设备费 | | | | 59.00
 | | | 台式计算机（20万以下） | 分散自行组织 | 8.00
 | | | 家具用具 | 分散自行组织 | 51.00
三、服务 C | | | | | 456.00
 | 综合管理费 | 物业管理费 | | | 456.00
 | | | 空调、电梯维修和保养服务 | 分散自行组织 | 300.00
 | | | 物业管理服务 | 分散自行组织 | 156.00
"""


@pytest.fixture(scope="module")
def nested() -> Conversion:
    return convert(table(12, "政府采购支出预算表", NESTED.strip(), "单位：万元"))


def test_a_row_filled_further_right_stands_in_the_group_above(nested: Conversion) -> None:
    lines = [line for line, _, _ in claims(nested, "t12")]
    assert lines == ["total", "1", "1.1", "1.1.1", "1.1.2", "2", "2.1", "2.1.1", "2.1.2"]


def test_numbered_lines_are_described_in_the_catalogue(nested: Conversion) -> None:
    said = {(t.subject.value, t.predicate.value.rpartition("#")[2], str(t.object)) for t in nested.catalogue()}  # type: ignore[union-attr] # no blank nodes
    line = f"{DEFAULT_BASE}code/line/2.1.1"
    assert {(name, value) for subject, name, value in said if subject == line and name != "definition"} == {
        ("type", f"<{DEFAULT_BASE}def#Line>"),
        ("type", f"<{SKOS}Concept>"),
        ("inScheme", f"<{DEFAULT_BASE}code/line>"),
        ("broader", f"<{DEFAULT_BASE}code/line/2.1>"),
        ("notation", '"2.1.1"'),
        ("prefLabel", '"第2.1.1行"@zh'),
        ("prefLabel", '"row 2.1.1"@en'),
    }
    defined = {subject.rpartition("/")[2] for subject, name, _ in said if name == "definition"}
    assert defined == {"1", "1.1", "1.1.1", "1.1.2", "2", "2.1", "2.1.1", "2.1.2"}


def test_each_group_is_the_sum_of_its_rows(nested: Conversion) -> None:
    assert sums(nested, "t12") == [
        ("515.00", ["59.00", "456.00"]),
        ("59.00", ["59.00"]),
        ("59.00", ["8.00", "51.00"]),
        ("456.00", ["456.00"]),
        ("456.00", ["300.00", "156.00"]),
    ]


def test_a_row_shares_what_its_group_settles(nested: Conversion) -> None:
    assert coordinates(nested, "物业管理服务", "economic") == {"30209"}
    assert coordinates(nested, "物业管理服务", "scope") == {"procurement-services"}
    assert coordinates(nested, "家具用具", "scope") == {"procurement-goods"}


def test_records_of_a_group_name_it(nested: Conversion) -> None:
    [listed] = nested.content.tables
    assert [(record.row, dict(record.links).get("def#group")) for record in listed.records] == [
        *((3, None), (4, 3), (5, 4), (6, 4)),
        *((7, None), (8, 7), (9, 8), (10, 8)),
    ]
