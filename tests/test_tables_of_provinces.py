"""Tables that only some provinces publish, in their standard columns: every figure has its place or is told."""

import pytest
from claims import VOCABULARY
from small_disclosures import BUREAU, convert, issues, placed, table

from converters.conversion import Conversion
from converters.recognition.titles import kinds_by_title
from converters.reports.unread import find_unread
from ontology.narrative_words import load_phrases

ACCOUNT = f"{BUREAU}2024年度部门决算"
BY_LEVEL = f"""
项目 | | | | 总计 | 县级当年财政拨款安排 | | | | | 上级提前通知专项转移支付等 | | 上年结转安排
科目编码 | | 单位代码 | 单位名称（科目） | | 合计 | 一般公共预算拨款 | | | 政府性基金安排 | 合计 | 一般公共预算拨款 |
类 | 款 | | | | | 小计 | 基本支出 | 项目支出 | | | |
 | | | 合计 | 100.00 | 90.00 | 80.00 | 60.00 | 20.00 | 10.00 | 4.00 | 4.00 | 6.00
 | | 108001 | {BUREAU} | 100.00 | 90.00 | 80.00 | 60.00 | 20.00 | 10.00 | 4.00 | 4.00 | 6.00
 | | | 工资福利支出 | 60.00 | 60.00 | 60.00 | 60.00 | | | | |
301 | 01 | 108001 | 基本工资 | 40.00 | 40.00 | 40.00 | 40.00 | | | | |
301 | 02 | 108001 | 津贴补贴 | 20.00 | 20.00 | 20.00 | 20.00 | | | | |
 | | | 商品和服务支出 | 40.00 | 30.00 | 20.00 | | 20.00 | 10.00 | 4.00 | 4.00 | 6.00
302 | 01 | 108001 | 办公费 | 40.00 | 30.00 | 20.00 | | 20.00 | 10.00 | 4.00 | 4.00 | 6.00
"""
CLASSES_ACROSS = """
项目 | | 合计 | 工资福利支出 | | | 资本性支出（基本建设） | | 资本性支出 | |
科目编码 | 科目名称 | | 小计 | 基本工资 | 伙食补助费 | 小计 | 办公设备购置 | 小计 | 办公设备购置 | 专用设备购置
 | 合计 | 100.00 | 70.00 | 60.00 | 10.00 | 1.00 | 1.00 | 29.00 | 20.00 | 9.00
201 | 一般公共服务支出 | 100.00 | 70.00 | 60.00 | 10.00 | 1.00 | 1.00 | 29.00 | 20.00 | 9.00
20101 | 人大事务 | 100.00 | 70.00 | 60.00 | 10.00 | 1.00 | 1.00 | 29.00 | 20.00 | 9.00
2010101 | 行政运行 | 70.00 | 70.00 | 60.00 | 10.00 | | | | |
2010102 | 一般行政管理事务 | 30.00 | | | | 1.00 | 1.00 | 29.00 | 20.00 | 9.00
"""


def account(title: str, rows: str) -> Conversion:
    """A final account with one table."""
    return convert(ACCOUNT, table(5, title, rows, unit="单位：万元"))


def budget(title: str, rows: str) -> Conversion:
    """A budget with one table."""
    return convert(f"{BUREAU}2024年部门预算", table(5, title, rows, unit="单位：万元"))


def test_appropriations_by_economic_class_tell_levels_of_government_apart() -> None:
    conversion = budget("财政拨款支出预算表（部门经济分类科目）", BY_LEVEL)
    found = placed(conversion, "t05")
    assert find_unread(conversion) == ()
    assert found["合计", "总计"] == {"flow": "expenditure", "fund": "fiscal"}
    level = "县级当年财政拨款安排"
    assert found["基本工资", f"{level} 一般公共预算拨款 基本支出"] == {
        "flow": "expenditure",
        "fund": "general-public",
        "vintage": "own-level",
        "economic": "30101",
        "kind": "basic",
    }
    assert found["办公费", f"{level} 政府性基金安排"]["fund"] == "government-fund"
    above = found["商品和服务支出", "上级提前通知专项转移支付等 一般公共预算拨款"]
    assert (above["vintage"], above["economic"]) == ("from-above", "302")
    assert found["合计", "上年结转安排"]["vintage"] == "carried-over"
    assert "vintage" not in found["合计", "总计"]


def test_a_class_in_a_column_is_the_one_of_the_class_above_it() -> None:
    conversion = account("一般公共预算财政拨款支出决算明细表", CLASSES_ACROSS)
    found = placed(conversion, "t05")
    assert find_unread(conversion) == ()
    classes = {column: places.get("economic") for (row, column), places in found.items() if row == "合计"}
    assert classes == {
        "合计": None,
        "工资福利支出 小计": "301",
        "工资福利支出 基本工资": "30101",
        "工资福利支出 伙食补助费": "30106",
        "资本性支出（基本建设） 小计": "30902",
        "资本性支出（基本建设） 办公设备购置": "30902",
        "资本性支出 小计": "310",
        "资本性支出 办公设备购置": "31002",
        "资本性支出 专用设备购置": "31003",
    }
    assert found["行政运行", "工资福利支出 基本工资"]["function"] == "2010101"


def test_a_class_below_another_that_it_is_no_part_of_is_not_placed() -> None:
    header = "科目编码 | 科目名称 | 合计 | 其他工资福利支出 |\n | | | 小计 | 伙食补助费"
    conversion = account("一般公共预算财政拨款支出决算明细表", f"{header}\n2010101 | 行政运行 | 9.00 | 9.00 | 9.00")
    assert [issue.values["word"] for issue in issues(conversion, "unknown-header")] == ["伙食补助费"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("一般公共预算财政拨款基本支出预算表（部门经济分类）", "general-public-basic"),
        ("财政拨款基本支出预算表（部门经济分类）", "fiscal-basic"),
        ("财政拨款支出决算明细表", "fiscal-expenditure-economic"),
        ("政府性基金预算“三公”经费支出预算表", "three-public-government-fund"),
    ],
)
def test_titles_with_a_classification_behind_them(title: str, kind: str) -> None:
    found = next(kinds_by_title(title, VOCABULARY), None)
    assert found is not None
    assert found.key == f"code/table/{kind}"


# ── How an organisation runs, and what it bought ────────────────────────────────────────────────

RUNNING = """
项目 | 行次 | 预算数 | 决算数 | 项目 | 行次 | 决算数
一、“三公”经费支出 | 1 | — | — | 四、机关运行经费 | 13 | 30.00
（一）支出合计 | 2 | 12.00 | 10.00 | 五、国有资产占用情况 | 14 | —
1．因公出国（境）费 | 3 | 0.00 | 0.00 | （一）车辆数合计（辆） | 15 | 3
2．公务用车购置及运行维护费 | 4 | 8.00 | 7.00 | 1．机要通信用车 | 16 | 1
（1）公务用车购置费 | 5 | 0.00 | 0.00 | 2．应急保障用车 | 17 | 2
（2）公务用车运行维护费 | 6 | 8.00 | 7.00 | 六、政府采购支出信息 | 18 | —
3．公务接待费 | 7 | 4.00 | 3.00 | （一）政府采购支出合计 | 19 | 50.00
（二）相关统计数 | 8 | — | — | 1．政府采购货物支出 | 20 | 20.00
1．因公出国（境）团组数（个） | 9 | — | 0 | 2．政府采购工程支出 | 21 | 0.00
2．国内公务接待人次（人） | 10 | — | 300 | 3．政府采购服务支出 | 22 | 30.00
二、会议费 | 11 | — | 5.00 | | |
三、培训费 | 12 | — | 6.00 | | |
"""


def scopes(conversion: Conversion) -> dict[tuple[str, str], str]:
    """Phase and scope -> the printed figure."""
    return {
        (o.coordinates["phase"].rsplit("/")[-1], o.coordinates["scope"].rsplit("/")[-1]): o.printed
        for o in conversion.observations
    }


def test_the_running_of_an_organisation_is_read_in_both_halves() -> None:
    conversion = account("机构运行信息决算表", RUNNING)
    assert find_unread(conversion) == ()
    assert scopes(conversion) == {
        ("full-year", "three-public"): "12.00",
        ("full-year", "abroad"): "0.00",
        ("full-year", "vehicles"): "8.00",
        ("full-year", "purchase"): "0.00",
        ("full-year", "running"): "8.00",
        ("full-year", "reception"): "4.00",
        ("final", "three-public"): "10.00",
        ("final", "abroad"): "0.00",
        ("final", "vehicles"): "7.00",
        ("final", "purchase"): "0.00",
        ("final", "running"): "7.00",
        ("final", "reception"): "3.00",
        ("final", "meeting"): "5.00",
        ("final", "training"): "6.00",
        ("final", "operating-expense"): "30.00",
        ("final", "procurement"): "50.00",
        ("final", "procurement-goods"): "20.00",
        ("final", "procurement-works"): "0.00",
        ("final", "procurement-services"): "30.00",
    }


@pytest.mark.parametrize(
    ("whole", "read"), [("（一）支出合计", {"three-public", "abroad", "meeting"}), ("（一）某项支出", {"meeting"})]
)
def test_a_numbered_row_may_only_say_that_it_is_the_whole(whole: str, read: set[str]) -> None:
    rows = f"项目 | 决算数\n一、“三公”经费支出 | —\n{whole} | 9.00\n1．因公出国（境）费 | 9.00\n二、会议费 | 2.00"
    assert {scope for _, scope in scopes(account("一般公共预算财政拨款“三公”经费支出决算表", rows))} == read


def test_a_whole_of_nothing_above_it_is_not_placed() -> None:
    rows = "项目 | 决算数\n（一）支出合计 | 9.00\n二、会议费 | 2.00"
    conversion = account("一般公共预算财政拨款“三公”经费支出决算表", rows)
    assert {scope for _, scope in scopes(conversion)} == {"meeting"}
    assert [region.figures for region in find_unread(conversion)] == [1]


def test_a_figure_of_an_unknown_row_beside_counts_is_told() -> None:
    conversion = account("机构运行信息决算表", RUNNING.replace("1．机要通信用车", "（二）机要通信用车"))
    assert [region.figures for region in find_unread(conversion)] == [2]


def test_the_account_of_procurement_lists_no_items() -> None:
    rows = "项目 | 金额\n合计 | 60.00\n货物 | 20.00\n工程 | 10.00\n服务 | 30.00"
    conversion = account("政府采购支出决算表", rows)
    assert {scope: printed for (_, scope), printed in scopes(conversion).items()} == {
        "procurement": "60.00",
        "procurement-goods": "20.00",
        "procurement-works": "10.00",
        "procurement-services": "30.00",
    }


def test_appropriations_carried_over_stand_by_project() -> None:
    rows = f"""
    单位名称 | 项目名称 | 功能科目编码 | 功能科目名称 | 金额
    合计 | | | | 30.00
    {BUREAU} | 古树保护 | 2120101 | 行政运行 | 10.00
    {BUREAU} | 河道养护 | 2120102 | 一般行政管理事务 | 20.00
    """
    conversion = budget("部门综合预算财政拨款上年结转资金支出表", rows)
    found = placed(conversion, "t05")
    assert find_unread(conversion) == ()
    assert found["合计", "金额"] == {
        "flow": "expenditure",
        "fund": "fiscal",
        "vintage": "carried-over",
        "kind": "this-year",
    }
    assert found["古树保护", "金额"]["function"] == "2120101"


def test_money_of_the_special_fiscal_account_has_a_table_of_its_own() -> None:
    rows = """
    科目编码 | | | 科目名称 | 本年财政专户管理资金预算支出 | |
    类 | 款 | 项 | | 合计 | 基本支出 | 项目支出
     | | | 合计 | 30.00 | 10.00 | 20.00
    205 | | | 教育支出 | 30.00 | 10.00 | 20.00
    205 | 02 | | 普通教育 | 30.00 | 10.00 | 20.00
    205 | 02 | 04 | 高中教育 | 30.00 | 10.00 | 20.00
    """
    conversion = budget("财政专户管理资金预算支出表", rows)
    found = placed(conversion, "t05")
    assert find_unread(conversion) == ()
    assert found["高中教育", "本年财政专户管理资金预算支出 项目支出"] == {
        "flow": "expenditure",
        "fund": "special-account",
        "function": "2050204",
        "kind": "project",
    }


IN_USE = """
项目 | 栏次 | 决算数
一、车辆数合计（辆） | 1 | 3
1．机要通信用车 | 2 | 1
2．应急保障用车 | 3 | 2
二、单价100万元（含）以上设备（不含车辆）（台/套） | 4 | 1
"""
ORGANS = """
项目 | 行次 | 预算数 | 决算数
一、“三公”经费支出 | 1 | — | —
（一）支出合计 | 2 | 4.00 | 3.00
1．公务接待费 | 3 | 4.00 | 3.00
（1）国内接待费 | 4 | — | 2.00
其中：外事接待费 | 5 | — | 1.00
（2）国（境）外接待费 | 6 | — | 1.00
二、机关运行经费 | 7 | — | 30.00
（一）行政单位 | 8 | — | 20.00
（二）参照公务员法管理事业单位 | 9 | — | 10.00
三、政府采购支出信息 | 10 | — | —
（一）政府采购支出合计 | 11 | — | 50.00
1．政府采购货物支出 | 12 | — | 50.00
（二）政府采购授予中小企业合同金额 | 13 | — | 40.00
其中：授予小微企业合同金额 | 14 | — | 15.00
"""


def test_operating_expense_of_organs_stands_below_vehicles_and_receptions() -> None:
    conversion = account("“三公”经费、行政参公单位机关运行经费情况表", ORGANS)
    assert find_unread(conversion) == ()
    found = {scope: printed for (phase, scope), printed in scopes(conversion).items() if phase == "final"}
    assert found["reception-foreign-affairs"] == "1.00"
    assert found["operating-expense-civil-service"] == "10.00"
    suppliers = {o.coordinates["supplier"].rsplit("/")[-1]: o.printed for o in conversion.observations}
    assert (suppliers["small-medium"], suppliers["small-micro"]) == ("40.00", "15.00")
    parts = {s.total.row_label: [part.printed for part in s.parts] for s in conversion.content.sums}
    assert parts["二、机关运行经费"] == ["20.00", "10.00"]
    assert parts["1．公务接待费"] == ["2.00", "1.00"]
    assert "（1）国内接待费" not in parts


def test_parts_of_receptions_that_do_not_add_up_are_told() -> None:
    conversion = account("“三公”经费、行政参公单位机关运行经费情况表", ORGANS.replace("| — | 2.00", "| — | 2.50"))
    assert [s.total.row_label for s in conversion.content.sums if not s.holds] == ["1．公务接待费"]


def test_assets_in_use_are_counted_and_no_money() -> None:
    conversion = convert(
        ACCOUNT, table(9, "机构运行信息表", ORGANS, unit="单位：万元"), table(10, "国有资产占用情况表", IN_USE)
    )
    assert find_unread(conversion) == ()
    assert not issues(conversion, "unknown-unit")
    assert not [o for o in conversion.observations if o.table == "t10"]


def test_money_among_assets_in_use_is_told() -> None:
    rows = f"{IN_USE}三、资产总额 | 5 | 900.00"
    conversion = convert(
        ACCOUNT, table(9, "机构运行信息表", ORGANS, unit="单位：万元"), table(10, "国有资产占用情况表", rows)
    )
    assert len(find_unread(conversion)) == 1


def test_units_may_stand_in_the_rows_of_a_table_of_operating_expense() -> None:
    rows = f"单位名称 | 2024年预算数\n合计 | 106.00\n{BUREAU} | 106.00"
    conversion = budget("机关运行经费预算财政拨款情况统计表", rows)
    assert find_unread(conversion) == ()
    assert [o.coordinates["scope"].rsplit("/")[-1] for o in conversion.observations] == ["operating-expense"] * 2


def test_units_may_stand_in_the_rows_of_a_table_of_receptions_meetings_and_training() -> None:
    header = "单位名称 | “三公”经费合计 | 因公出国（境）费 | 公务接待费 | 会议费 | 培训费"
    rows = f"{header}\n合计 | 5.00 | 3.00 | 2.00 | 1.00 | 4.00\n{BUREAU} | 5.00 | 3.00 | 2.00 | 1.00 | 4.00"
    conversion = budget("一般公共预算“三公”经费、会议费、培训费支出情况表", rows)
    assert find_unread(conversion) == ()
    assert all(s.holds for s in conversion.content.sums)
    assert len(conversion.content.sums) == 2


@pytest.mark.parametrize(
    ("title", "kind", "vintage"),
    [
        ("一般公共预算当年拨款支出表", "general-public", "current"),
        ("一般公共预算当年拨款基本支出表", "general-public-basic", "current"),
        ("政府性基金预算财政拨款支出决算表", "government-fund", None),
        ("国有资本经营财政拨款支出决算表", "state-capital", None),
        ("“三公”经费财政拨款支出决算表", "three-public", None),
        ("支出决算情况表", "expenditure", None),
    ],
)
def test_further_titles_of_counties(title: str, kind: str, vintage: str | None) -> None:
    found = next(kinds_by_title(title, VOCABULARY), None)
    assert found is not None
    assert found.key == f"code/table/{kind}"
    assert found.fixes.get("vintage") == (vintage and f"code/vintage/{vintage}")


@pytest.mark.parametrize("column", ["其他收入", "其它收入"])
def test_other_is_spelt_in_two_ways(column: str) -> None:
    conversion = budget("收入总表", f"科目编码 | 科目名称 | 合计 | {column}\n205 | 教育支出 | 9.00 | 9.00")
    assert find_unread(conversion) == ()
    assert placed(conversion, "t05")["教育支出", column]["fund"] == "other"


# ── Parts of funds, of carry-overs and of revenue ───────────────────────────────────────────────


def test_charges_of_schools_are_a_part_of_business_revenue_alone() -> None:
    header = "科目编码 | 科目名称 | 合计 | 财政专户管理资金 | 事业收入 | \n | | | | 金额 | 其中：教育收费"
    conversion = budget("收入总表", f"{header}\n205 | 教育支出 | 100.00 | 20.00 | 80.00 | 60.00")
    assert find_unread(conversion) == ()
    found = placed(conversion, "t05")
    assert found["教育支出", "事业收入 其中：教育收费"]["fund"] == "business-education"
    assert found["教育支出", "事业收入 金额"]["fund"] == "business"
    assert [[part.printed for part in s.parts] for s in conversion.content.sums] == [["20.00", "80.00"]]


def test_words_of_tables_alone_place_nothing_in_running_text() -> None:
    words = load_phrases(VOCABULARY).words
    assert "教育收费" in VOCABULARY.meanings
    assert "教育收费" not in words
    assert "财政拨款收入" in words


def test_charges_of_schools_below_another_source_are_told() -> None:
    rows = "收入项目 | 金额\n一、财政专户管理资金收入 | 90.00\n其中：教育收费 | 70.00\n收入总计 | 90.00"
    assert [issue.values["word"] for issue in issues(budget("收入总表", rows), "unknown-row")] == ["教育收费"]
    header = "科目编码 | 科目名称 | 合计 | 财政专户管理资金 | \n | | | 小计 | 教育收费"
    conversion = budget("收入总表", f"{header}\n205 | 教育支出 | 100.00 | 100.00 | 60.00")
    assert [issue.values["word"] for issue in issues(conversion, "unknown-header")] == ["教育收费"]


def test_the_general_public_budget_pays_out_of_appropriations_and_non_tax_revenue() -> None:
    parts = "其中：经费拨款 | 70.00\n纳入预算管理的非税收入安排 | 20.00"
    conversion = budget("收入总表", f"收入项目 | 金额\n一、一般公共预算拨款收入 | 90.00\n{parts}\n收入总计 | 90.00")
    assert find_unread(conversion) == ()
    funds = [o.coordinates["fund"].rsplit("/")[-1] for o in conversion.observations]
    assert funds[:3] == ["general-public", "general-public-appropriation", "general-public-non-tax"]


def test_what_is_brought_and_carried_forward_is_divided_into_basic_and_project_expenditure() -> None:
    header = "科目编码 | 科目名称 | 年初结转和结余 | | | 本年支出 | 年末结转和结余 | | \n"
    parts = " | | 合计 | 基本支出结转 | 项目支出结转和结余 | | 合计 | 基本支出结转 | 项目支出结转和结余\n"
    conversion = account(
        "一般公共预算财政拨款收入支出决算表",
        f"{header}{parts}201 | 某类 | 9.00 | 4.00 | 5.00 | 7.00 | 3.00 | 1.00 | 2.00",
    )
    assert find_unread(conversion) == ()
    found = placed(conversion, "t05")
    brought = found["某类", "年初结转和结余 项目支出结转和结余"]
    assert (brought["flow"], brought["vintage"], brought["kind"]) == ("revenue", "carried-over", "project")
    assert found["某类", "年末结转和结余 基本支出结转"]["kind"] == "carried-forward-basic"
    assert [(s.total.printed, s.holds) for s in conversion.content.sums] == [("9.00", True), ("3.00", True)]


@pytest.mark.parametrize(
    ("column", "measure"),
    [
        ("完成年初预算（%）", "completionRate"),
        ("决算数为预算数的%", "completionRate"),
        ("决算数比上年增减%", "changeRate"),
        ("决算数比上年增减", "change"),
    ],
)
def test_columns_of_rates_beside_figures_of_several_steps(column: str, measure: str) -> None:
    rows = (
        f"科目编码 | 科目名称 | 年初预算数 | 决算数 | 上年决算数 | {column}\n201 | 某类 | 80.00 | 90.00 | 75.00 | 20.00"
    )
    conversion = account("一般公共预算财政拨款支出决算表", rows)
    assert find_unread(conversion) == ()
    assert [o.measure for o in conversion.observations][-1] == measure


def test_expenses_of_units_stand_by_code_in_a_table_of_vehicles_and_receptions() -> None:
    header = "单位编码 | 单位名称 | “三公”经费预算数 | 因公出国（境）费用 | 公务接待费"
    units = "201001 | 某局 | 5.00 | 3.00 | 2.00\n201002 | 某中心 | 1.00 | 0 | 1.00"
    rows = f"{header}\n{units}\n | 合计 | 6.00 | 3.00 | 3.00"
    conversion = budget("一般公共预算“三公”经费支出表", rows)
    assert find_unread(conversion) == ()
    assert all(s.holds for s in conversion.content.sums)
    assert {s.along for s in conversion.content.sums} == {("scope",), ("organisation",)}
