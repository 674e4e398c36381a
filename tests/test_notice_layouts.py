"""Layouts of notices that sites make of the official forms: glued labels, lost breaks, tables in a line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from small_notices import read_made

from converters import DocumentError
from converters.procurement.notice import AWARD, CORRECTION, Notice
from converters.procurement.titles import parse_title
from converters.procurement.values.dates import parse_date
from ontology.procurement.notice_words import load_notice_words

BUYER = "四、采购人信息\n名称：宁川市图书馆\n"


def award(tmp_path: Path, basics: str, section: str = "") -> Notice:
    """A made award whose basic facts and section about the award are given."""
    return read_made(tmp_path, f"宁川市图书馆书架采购中标公告\n{basics}\n三、中标信息\n{section}\n{BUYER}")


def names(notice: Notice) -> list[str]:
    return [supplier.name for supplier in notice.suppliers]


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("NC-26-1信息来源：宁川市公共资源交易平台", "NC-26-1"),
        ("宁采（2026）货-8号", "宁采（2026）货-8号"),
    ],
)
def test_a_number_ends_before_the_next_label(tmp_path: Path, printed: str, number: str) -> None:
    assert award(tmp_path, f"一、项目编号：{printed}\n二、项目名称：书架").number == number


def test_a_number_that_is_cut_short_gives_way(tmp_path: Path) -> None:
    notice = award(tmp_path, "关于书架采购（项目编号：NC-26-1...\n一、项目编号：NC-26-18\n二、项目名称：书架")
    assert notice.number == "NC-26-18"
    assert award(tmp_path, "一、项目编号：NC-26-1…\n二、项目名称：书架").number is None


def test_lots_stand_in_brackets_behind_suppliers(tmp_path: Path) -> None:
    section = (
        "供应商名称：宁川甲有限公司（包1）\n中标金额：10万元\n"
        "供应商名称：宁川乙（集团）有限公司（第二包）\n中标金额：3万元"
    )
    notice = award(tmp_path, "一、项目编号：NC-1", section)
    assert names(notice) == ["宁川甲有限公司", "宁川乙（集团）有限公司"]
    assert [(lot.number, lot.amount) for lot in notice.lots] == [("1", Decimal(100000)), ("2", Decimal(30000))]


def test_a_label_may_follow_its_heading_without_a_space(tmp_path: Path) -> None:
    notice = award(tmp_path, "一、项目名称采购项目名称： 书架采购   预算金额： 950,000.00 元")
    assert (notice.project, notice.budget) == ("书架采购", Decimal(950000))


def test_labels_behind_list_marks_stand_inside_of_lines(tmp_path: Path) -> None:
    text = (
        "书架采购成交公告\n一、项目编号：NC-1\n"
        "二、采购人和代理机构   1、采购人名称： 宁川市图书馆   2、代理机构名称： 宁川招标有限公司\n"
    )
    notice = read_made(tmp_path, text)
    assert (notice.buyer, notice.agency) == ("宁川市图书馆", "宁川招标有限公司")


@pytest.mark.parametrize(
    ("line", "suppliers"),
    [
        ("中标供应商宁川甲有限责任公司", ["宁川甲有限责任公司"]),
        ("中标供应商应当联系采购人，领取通知书的公司", []),
        ("供应商宁川乙有限责任公司", []),
    ],
)
def test_a_supplier_may_follow_its_label_without_a_colon(tmp_path: Path, line: str, suppliers: list[str]) -> None:
    assert names(award(tmp_path, "一、项目编号：NC-1", line)) == suppliers


def test_header_and_rows_may_stand_in_one_line(tmp_path: Path) -> None:
    section = "供应商名称 供应商地址 供应商编码 宁川甲有限公司 宁川市南路9号 91110000100000000B"
    notice = award(tmp_path, "一、项目编号：NC-1", section)
    assert [(s.name, s.code) for s in notice.suppliers] == [("宁川甲有限公司", "91110000100000000B")]
    assert names(award(tmp_path, "一、项目编号：NC-1", "供应商名称 供应商地址 供应商编码 宁川甲有限公司 南路9号")) == []


def test_a_cell_run_together_may_go_on_in_the_next_line(tmp_path: Path) -> None:
    section = "序号供应商名称供应商地址中标（成交）金额评审总得分1宁川甲有限公司南路9号\n最终报价：1123855（元）95.5"
    notice = award(tmp_path, "一、项目编号：NC-1", section)
    assert (names(notice), notice.amount) == (["宁川甲有限公司"], Decimal(1123855))


def test_a_title_inside_a_line_without_breaks(tmp_path: Path) -> None:
    text = (
        "标段信息 标段编号 预算金额(元)投标供应商名称1 书架 279000 宁川乙有限公司 宁川市图书馆书架采购结果公告"
        "宁川市图书馆的书架采购现将结果公告如下。"
        "一、项目名称　采购项目名称： 书架采购　预算金额(元)： 279000 二、项目编号　政府采购计划编号： NJ-7"
        "三、成交供应商名称和成交金额标段1 中标　成交供应商名称：宁川甲有限公司　成交金额(元)：272000备注： /"
        "四、流标情况说明：无五、采购人和代理机构：采购人名称：宁川市图书馆采购代理机构名称：宁川招标有限公司电话：027-1"
    )
    notice = read_made(tmp_path, text)
    assert (notice.kind, notice.title, notice.plan) == (AWARD, "宁川市图书馆书架采购结果公告", "NJ-7")
    assert (notice.project, notice.buyer, notice.agency) == ("书架采购", "宁川市图书馆", "宁川招标有限公司")
    assert (notice.budget, notice.amount, names(notice)) == (Decimal(279000), Decimal(272000), ["宁川甲有限公司"])


def test_two_sections_in_a_line_are_divided(tmp_path: Path) -> None:
    line = "公告正文 一、项目基本情况 项目编号：NC-1项目名称：书架采购预算金额：10万元二、采购人信息 名称：宁川市图书馆"
    notice = read_made(tmp_path, f"书架采购招标公告\n{line}")
    assert (notice.number, notice.buyer, notice.budget) == ("NC-1", "宁川市图书馆", Decimal(100000))


@pytest.mark.parametrize(
    "sentence",
    [
        "为便于供应商了解信息,根据有关规定,宁川市医院2025年度采购意向公开如下。",
        "根据有关规定 现将采购结果公告如下。",
    ],
)
def test_a_sentence_is_no_title(tmp_path: Path, sentence: str) -> None:
    with pytest.raises(DocumentError):
        read_made(tmp_path, f"{sentence}一、项目编号：NC-1二、项目名称：被服三、备注：无")


def test_a_budget_that_tells_of_intentions_is_no_notice(tmp_path: Path) -> None:
    text = (
        "目录\n六、宁川市图书馆2026年度政府采购意向公开情况说明\n七、采购项目说明\n"
        "采购单位：宁川市图书馆\n采购项目：书架\n"
    )
    with pytest.raises(DocumentError):
        read_made(tmp_path, text)


def test_no_failure_is_no_failure(tmp_path: Path) -> None:
    text = "书架采购结果公告\n一、项目编号：NC-1\n二、采购人：宁川市图书馆\n三、流标情况说明：无\n2.废标结果：\n"
    assert read_made(tmp_path, text).kind == AWARD
    assert read_made(tmp_path, f"{text}四、废标情况\n无\n").kind == AWARD
    failed = read_made(tmp_path, text.replace("说明：无", "说明：供应商不足三家，本项目流标"))
    assert failed.kind == "termination"


def test_a_total_rounded_to_hundreds_settles_joined_digits(tmp_path: Path) -> None:
    section = "供应商名称：宁川甲有限公司\n中标金额：88.671512750.00元"
    summary = "公告概要：\n采购项目名称书架\n采购单位宁川市图书馆\n总中标金额￥{} 万元\n一、项目编号：NC-1"
    assert award(tmp_path, summary.format("151.280000"), section).amount == 1512750
    assert award(tmp_path, summary.format("151.290000"), section).amount is None
    assert award(tmp_path, summary.format("151.279000"), section).amount is None


@pytest.mark.parametrize(("text", "day"), [("2020-10-3013:03:16", 30), ("2020-10-301", None), ("2020-10-30", 30)])
def test_a_time_may_follow_a_date_without_a_space(text: str, day: int | None) -> None:
    assert parse_date(text) == (date(2020, 10, day) if day else None)


def correction(rest: str) -> str:
    return f"书架采购更正公告\n{rest}"


def test_the_day_of_the_first_notice_is_not_that_of_the_correction(tmp_path: Path) -> None:
    text = correction("原公告的采购项目编号：\nNC-1\n首次公告日期：\n2026年07月24日\n更正日期：\n2026年07月30日\n")
    notice = read_made(tmp_path, text)
    assert (notice.kind, notice.first_date, notice.published) == (CORRECTION, date(2026, 7, 24), date(2026, 7, 30))


def test_the_day_behind_the_title_in_a_list_of_notices(tmp_path: Path) -> None:
    text = correction(
        "采购项目编号：NC-1信息来源：宁川市\n- 书架采购招标公告2026-07-29\n- 书架采购更正公告2026-08-05\n"
    )
    assert read_made(tmp_path, text).published == date(2026, 8, 5)
    assert read_made(tmp_path, f"{text}- 书架采购更正公告2026-07-30\n").published is None
    assert read_made(tmp_path, f"{text}- 宁川市书架采购更正公告2026-07-30\n").published == date(2026, 8, 5)


def test_items_of_a_list_in_one_line_end_before_the_next(tmp_path: Path) -> None:
    text = (
        "书架采购公开招标公告\n公告内容 一、项目基本情况 1、项目编号：宁采-2026-8 2、项目名称：书架采购项目"
        "3、采购方式：公开招标4、预算金额：3,740,000.00元5、发布媒介：宁川市政府采购网 二、申请人的资格要求 略\n"
    )
    notice = read_made(tmp_path, text)
    assert (notice.number, notice.project, notice.budget) == ("宁采-2026-8", "书架采购项目", Decimal(3740000))


def test_the_number_of_a_name_is_no_list_mark(tmp_path: Path) -> None:
    notice = award(tmp_path, "一、项目编号：NC-2、NC-3\n二、项目名称：书架3.0：开放平台（HB-2.标准）")
    assert (notice.number, notice.project) == ("NC-2、NC-3", "书架3.0：开放平台（HB-2.标准）")


def test_a_header_in_one_line_may_have_unknown_columns(tmp_path: Path) -> None:
    header = "供应商名称 供应商地址 评审方法 是否价格扣除 中标（成交）金额 评审总得分"
    section = f"{header} 宁川甲有限公司 宁川市南路9号 综合评分法 否 7,985,300.00元 98.58"
    notice = award(tmp_path, "一、项目编号：NC-1", section)
    assert (names(notice), notice.amount) == (["宁川甲有限公司"], Decimal(7985300))
    assert names(award(tmp_path, "一、项目编号：NC-1", f"{header} 宁川甲有限公司 宁川市南路9号")) == []
    moved = f"{header} 宁川市图书 设备有限公司 宁川市南路9号 综合评分法 7,985,300.00元 98.58"
    assert names(award(tmp_path, "一、项目编号：NC-1", moved)) == []


def test_a_checked_price_behind_the_price_begins_no_row(tmp_path: Path) -> None:
    section = (
        "序号供应商名称供应商地址中标（成交）金额评审报价评审总得分"
        "1宁川甲有限公司南路2期12号报价：3789999.94（元）3789999.94元87.17"
    )
    notice = award(tmp_path, "一、项目编号：NC-1", section)
    assert (names(notice), notice.amount) == (["宁川甲有限公司"], Decimal("3789999.94"))


@pytest.mark.parametrize(
    ("line", "budget"),
    [
        ("行政区划编码:650107", None),
        ("大写：壹拾万元整", 100000),
        ("小写：100000元", 100000),
        ("100000", 100000),
    ],
)
def test_the_next_label_is_no_value_of_an_empty_one(tmp_path: Path, line: str, budget: int | None) -> None:
    notice = award(tmp_path, f"一、项目编号：NC-1\n采购计划金额（元）:\n{line}")
    assert notice.budget == (budget if budget is None else Decimal(budget))


def test_another_day_is_no_day_of_publication(tmp_path: Path) -> None:
    assert award(tmp_path, "一、项目编号：NC-1", "成交日期:2022年12月8日").published is None
    assert award(tmp_path, "一、项目编号：NC-1", "2022年12月8日").published == date(2022, 12, 8)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("书架采购竞争性磋商结果公示第二次", AWARD),
        ("书架采购更正公告第10次", CORRECTION),
        ("书架采购结果公示第三方评审", None),
    ],
)
def test_a_count_may_follow_the_kind_of_notice(title: str, kind: str | None) -> None:
    found = parse_title(title, load_notice_words())
    assert (found.kind if found else None) == kind
