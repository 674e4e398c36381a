"""Procurement notices: what is read, what is left empty, what is refused."""

import json
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_notices import (
    AWARD_NOTICE,
    CODE,
    CONTRACT_NOTICE,
    FAILED_AS_RESULT,
    INTENTION_NOTICE,
    RATE_CORRECTION,
    TENDER_NOTICE,
    TERMINATION_NOTICE,
    WRONG_CODE,
    read_made,
)

from converters import DocumentError
from converters.procurement.notice import AWARD, CONTRACT, CORRECTION, INTENTION, TENDER, TERMINATION, Notice, Supplier
from converters.procurement.notice_rows import COLUMNS, notice_issues, notices_to_csv, notices_to_json
from converters.procurement.sources.files import read_notices
from converters.procurement.values.dates import parse_date
from converters.procurement.values.money import FOREIGN, GLUED, NO_UNIT, RATE, parse_money, parse_numeral
from converters.procurement.values.names import is_credit_code, split_address
from ontology.procurement.notice_words import load_notice_words
from yusuan.commands.main import main

WORDS = load_notice_words()


def award_of(tmp_path: Path, section: str, summary: str = "") -> Notice:
    """A made award notice with a text for its section about the award."""
    head = "宁川市图书馆书架采购中标公告\n2026年05月06日 09:30\n"
    text = f"{head}{summary}一、项目编号：NC-1\n二、项目名称：书架采购\n三、中标（成交）信息\n{section}\n"
    return read_made(tmp_path, f"{text}四、评审专家名单\n赵一、钱二\n五、联系方式\n1.采购人信息\n名 称：宁川市图书馆\n")


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("900.000000 万元（人民币）", None, "9000000"),
        ("3847600", "1", "3847600"),
        ("￥8,789,000.00（总价）", None, "8789000"),
        ("人民币386.864800 万元", None, "3868648"),
        ("137.6968(万元)", None, "1376968"),
        ("1.2亿元", None, "120000000"),
        ("16000000元（国库资金：16000000元；自筹资金：0元）", None, "16000000"),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", None, "1234567.89"),
        ("大写：壹佰万元整 小写：1000000.00元", None, "1000000"),
        ("１２３．５万元", None, "1235000"),
    ],
)
def test_sums_of_money_are_read_in_yuan(text: str, unit: str | None, amount: str) -> None:
    assert parse_money(text, Decimal(unit) if unit else None).first == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("5.000000(%)", RATE),
        ("下浮率12", RATE),
        ("8.8折", RATE),
        ("120000元/年", RATE),
        ("单价合计（元/人）：1132（元）", RATE),
        ("12000美元", FOREIGN),
        ("3847600", NO_UNIT),
        ("88.671512750.00元", GLUED),
    ],
)
def test_rates_foreign_money_and_joined_digits_are_no_sums(text: str, problem: str) -> None:
    money = parse_money(text)
    assert (money.first, money.problem) == (None, problem)


def test_a_written_sum_that_differs_from_its_digits_is_no_sum() -> None:
    assert parse_money("壹佰万元整（￥1100000.00）").first is None


def test_a_list_of_sums_is_read_whole() -> None:
    assert sum(parse_money("2097600,400000,1350000", Decimal(1)).amounts) == 3847600


@pytest.mark.parametrize(("text", "number"), [("二十一", 21), ("十", 10), ("叁佰零伍万", 3050000), ("A", None)])
def test_numerals(text: str, number: int | None) -> None:
    assert parse_numeral(text) == number


@pytest.mark.parametrize("text", ["2026年5月6日 09:30", "2026-05-06", "2026/5/6", "20260506"])
def test_dates(text: str) -> None:
    assert parse_date(text) == date(2026, 5, 6)


def test_the_check_digit_of_a_credit_code() -> None:
    assert (is_credit_code(CODE), is_credit_code(WRONG_CODE), is_credit_code("12")) == (True, False, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("宁川明光照明有限公司宁川市南路9号", "宁川明光照明有限公司"),
        ("甲乙股份有限公司武汉分公司某大道1号", "甲乙股份有限公司武汉分公司"),
        ("青山社会工作服务中心武汉市青山区一路2号", "青山社会工作服务中心"),
        ("某某某某", None),
    ],
)
def test_a_name_is_divided_from_the_address_behind_it(text: str, name: str | None) -> None:
    split = split_address(text, WORDS)
    assert (split and split[0]) == name


def test_an_intention_lists_its_projects(tmp_path: Path) -> None:
    notice = read_made(tmp_path, INTENTION_NOTICE)
    assert (notice.kind, notice.buyer, notice.project) == (INTENTION, "宁川市文化局", None)
    assert [(lot.name, lot.budget) for lot in notice.lots] == [
        ("展厅照明改造", Decimal(485000)),
        ("图书购置", Decimal(1200000)),
    ]
    assert (notice.budget, notice.published) == (Decimal(1685000), date(2026, 3, 2))


def test_a_tender_with_lots(tmp_path: Path) -> None:
    notice = read_made(tmp_path, TENDER_NOTICE)
    assert (notice.kind, notice.method, notice.number) == (TENDER, "open", "NC-2026-017")
    assert (notice.plan, notice.project) == ("420199-2026-00031", "展厅照明改造")
    assert (notice.buyer, notice.agency) == ("宁川市文化局", "宁川诚达招标有限公司")
    assert (notice.budget, notice.ceiling, notice.amount) == (Decimal(485000), Decimal(480000), None)
    assert [(lot.number, lot.name, lot.budget) for lot in notice.lots] == [
        ("1", "灯具", Decimal(385000)),
        ("2", "安装", Decimal(100000)),
    ]
    assert notice.published == date(2026, 4, 1)


def test_an_award_page_with_a_table_of_lots(tmp_path: Path) -> None:
    notice = read_made(tmp_path, AWARD_NOTICE)
    assert (notice.kind, notice.number, notice.plan) == (AWARD, "NC-2026-017", "420199-2026-00031")
    assert notice.suppliers == (Supplier("宁川明光照明有限公司", CODE), Supplier("宁川安信安装工程有限公司"))
    assert [(lot.number, lot.amount) for lot in notice.lots] == [("1", Decimal(379000)), ("2", Decimal(98500))]
    assert (notice.amount, notice.budget, notice.published) == (Decimal(477500), None, date(2026, 5, 6))


def test_a_contract(tmp_path: Path) -> None:
    notice = read_made(tmp_path, CONTRACT_NOTICE)
    assert (notice.kind, notice.number, notice.numbers) == (CONTRACT, "NC-2026-017", {"contract-number": "HT-2026-88"})
    assert (notice.buyer, notice.amount, notice.signed) == ("宁川市文化局", Decimal(379000), date(2026, 5, 20))
    assert (notice.suppliers, notice.published) == ((Supplier("宁川明光照明有限公司"),), date(2026, 5, 22))


def test_a_termination(tmp_path: Path) -> None:
    notice = read_made(tmp_path, TERMINATION_NOTICE)
    assert (notice.kind, notice.number, notice.buyer) == (TERMINATION, "NC-2026-020", "宁川市体育局")
    assert (notice.suppliers, notice.amount) == ((), None)


def test_a_failed_purchase_under_the_title_of_a_result_is_a_termination(tmp_path: Path) -> None:
    notice = read_made(tmp_path, FAILED_AS_RESULT)
    assert (notice.kind, notice.suppliers, notice.amount) == (TERMINATION, (), None)


def test_a_correction_to_a_rate_has_no_amount(tmp_path: Path) -> None:
    notice = read_made(tmp_path, RATE_CORRECTION)
    assert (notice.kind, notice.number, notice.first_date) == (CORRECTION, "NC-2026-030", date(2026, 6, 2))
    assert (notice.amount, notice.budget, notice.published) == (None, None, date(2026, 6, 9))


def test_suppliers_one_below_the_other_with_marks_of_lots(tmp_path: Path) -> None:
    section = (
        "供应商名称：01包：宁川甲有限公司\n供应商地址：一路\n中标（成交）金额：10.5（万元）\n"
        "供应商名称：02包：宁川乙厂\n供应商地址：二路\n中标（成交）金额：3万元"
    )
    notice = award_of(tmp_path, section)
    assert [(lot.number, lot.suppliers[0].name, lot.amount) for lot in notice.lots] == [
        ("1", "宁川甲有限公司", Decimal(105000)),
        ("2", "宁川乙厂", Decimal(30000)),
    ]
    assert notice.amount == 135000


def test_cells_run_together_are_divided_by_amounts_and_ordinals(tmp_path: Path) -> None:
    section = (
        "1.中标结果：\n序号供应商名称供应商地址 中标（成交）金额评审总得分"
        "1宁川甲有限公司一路26号2房间报价：2345643（元）94.412宁川乙有限公司二路10层报价：591800（元）89.5"
    )
    notice = award_of(tmp_path, section)
    assert [supplier.name for supplier in notice.suppliers] == ["宁川甲有限公司", "宁川乙有限公司"]
    assert [lot.amount for lot in notice.lots] == [2345643, 591800]


def test_joined_digits_are_read_where_the_total_confirms_one_reading(tmp_path: Path) -> None:
    section = "供应商名称：宁川甲有限公司\n中标（成交）金额：88.671512750.00元"
    summary = "公告概要：\n采购项目名称书架采购\n采购单位宁川市图书馆\n总中标金额￥51.275000 万元\n"
    assert award_of(tmp_path, section, summary).amount == 512750
    alone = award_of(tmp_path, section)
    assert (alone.amount, [issue.key for issue in alone.issues]) == (None, ["notice-glued"])


def test_the_exact_amount_beats_the_rounded_one_of_the_summary(tmp_path: Path) -> None:
    summary = "公告概要：公告信息：采购项目名称书架采购品目\n货物/家具\n采购单位宁川市图书馆行政区域宁川市公告时间"
    summary += "2026年05月06日 09:30评审专家名单赵一总中标金额￥66.710000 万元（人民币）联系人及联系方式：\n"
    notice = award_of(tmp_path, "供应商名称：宁川甲有限公司\n成交金额：667113（元）", summary)
    assert (notice.amount, notice.division) == (Decimal(667113), "宁川市")
    assert [item.name for item in notice.items] == ["货物/家具"]


def test_a_rate_is_no_amount_and_is_reported_with_its_words(tmp_path: Path) -> None:
    notice = award_of(tmp_path, "供应商名称：宁川甲有限公司\n中标（成交）金额：5.00(%)")
    assert (notice.amount, [supplier.name for supplier in notice.suppliers]) == (None, ["宁川甲有限公司"])
    assert notice_issues(notice, "zh") == [
        "第 7 行：“中标（成交）金额”写的是比率或单价（5.00(%)），不是总价，amount 留空。"
    ]


def test_losing_offers_are_no_awards(tmp_path: Path) -> None:
    section = "中标人：宁川甲有限公司\n中标价：30万元\n（二）投标情况\n供应商名称：宁川乙有限公司\n投标总价：29万元"
    notice = award_of(tmp_path, section)
    assert ([supplier.name for supplier in notice.suppliers], notice.amount) == (["宁川甲有限公司"], Decimal(300000))


def test_experts_and_contacts_are_not_kept(tmp_path: Path) -> None:
    for text in (TENDER_NOTICE, AWARD_NOTICE, CONTRACT_NOTICE):
        written = notices_to_json([read_made(tmp_path, text)])
        assert not any(name in written for name in ("王小明", "王老师", "李大力", "李先生", "赵一", "1234567"))


def test_the_buyer_stands_in_the_title_alone(tmp_path: Path) -> None:
    text = "宁川市教育局关于课桌采购的成交公告\n项目编号：K-1\n项目名称：课桌采购\n成交供应商：宁川甲有限公司\n"
    assert read_made(tmp_path, text).buyer == "宁川市教育局"
    agency = text.replace("宁川市教育局", "宁川招标有限公司")
    assert read_made(tmp_path, agency).buyer is None


@pytest.mark.parametrize(
    "text",
    [
        "宁川市召开政府采购工作会议\n会议要求，各单位要加快采购。\n",
        "宁川市图书馆书架采购履约验收公告\n项目编号：NC-1\n项目名称：书架采购\n",
        "中标公告\n本站今日改版。\n",
        "宁川市文化局关于2024年部门预算公开的更正公告\n项目名称\t金额\n展厅照明改造\t20\n采购单位：宁川市文化局\n",
    ],
)
def test_what_is_no_notice_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read_made(tmp_path, text)
    assert raised.value.key == "no-notice"


def test_every_value_keeps_its_words(tmp_path: Path) -> None:
    [found] = json.loads(notices_to_json([read_made(tmp_path, TENDER_NOTICE)]))
    assert tuple(found)[: len(COLUMNS)] == COLUMNS
    assert found["printed"]["budget"] == {"label": "预算金额（元）", "text": "485000.00", "place": "line=7"}


def test_a_list_is_read_by_its_labels(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "项目名称,采购单位,成交金额（万元）,成交供应商,发布日期,金额\n课桌,宁川市教育局,3.2,宁川甲有限公司,2026-05-06,50000\n",
        encoding="utf-8",
    )
    read = read_notices(path)
    [notice] = read.notices
    assert read.mapping is not None
    assert "budget" not in read.mapping.columns
    assert (notice.kind, notice.buyer, notice.amount, notice.source) == (
        AWARD,
        "宁川市教育局",
        Decimal(32000),
        "list.csv#line=2",
    )
    [corrected] = read_notices(path, {"amount": "金额"}).notices
    assert (corrected.amount, [issue.key for issue in corrected.issues]) == (None, ["notice-no-unit"])
    with pytest.raises(DocumentError) as raised:
        read_notices(path, {"budget": "没有"})
    assert raised.value.key == "notice-column-unknown"


def test_an_interface_record_and_the_intention_behind_it(tmp_path: Path) -> None:
    record = {
        "title": "课桌采购公告",
        "projNumber": "K-1",
        "projName": "课桌",
        "buyerName": "宁川市教育局",
        "ggCode": "gkzb",
    }
    earlier = {
        "title": "宁川市教育局2026年5月政府采购意向",
        "projNumber": "K-1",
        "publishDate": "2026-05-06",
        "ggCode": "cgyx",
    }
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"data": [record], "others": [[earlier], [record]]}), encoding="utf-8")
    found = read_notices(path).notices
    assert [(notice.kind, notice.number, notice.buyer) for notice in found] == [
        (TENDER, "K-1", "宁川市教育局"),
        (INTENTION, "K-1", "宁川市教育局"),
    ]


def test_an_ocds_release_is_a_notice(tmp_path: Path) -> None:
    release = {
        "ocid": "ocds-x-1",
        "id": "1",
        "date": "2026-05-06T00:00:00Z",
        "tag": ["award"],
        "buyer": {"name": "宁川市教育局"},
        "planning": {"budget": {"id": "P-1", "amount": {"amount": 50000, "currency": "CNY"}}},
        "tender": {"id": "K-1", "title": "课桌"},
        "awards": [{"id": "a", "value": {"amount": 32000.5, "currency": "CNY"}, "suppliers": [{"name": "甲有限公司"}]}],
    }
    path = tmp_path / "releases.json"
    path.write_text(json.dumps({"releases": [release]}), encoding="utf-8")
    [notice] = read_notices(path).notices
    assert (notice.kind, notice.number, notice.plan, notice.buyer) == (AWARD, "K-1", "P-1", "宁川市教育局")
    assert (notice.budget, notice.amount, notice.suppliers) == (
        Decimal(50000),
        Decimal("32000.5"),
        (Supplier("甲有限公司"),),
    )


def test_csv_has_one_row_a_notice(tmp_path: Path) -> None:
    lines = notices_to_csv([read_made(tmp_path, AWARD_NOTICE)]).splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert "宁川明光照明有限公司; 宁川安信安装工程有限公司" in lines[1]


def test_cells_one_below_the_other_are_a_table(tmp_path: Path) -> None:
    section = (
        "序号\n成交供应商名称\n成交供应商地址\n成交金额（元）\n"
        "1\n宁川甲有限公司\n一路1号\n25131.0\n2\n宁川乙有限公司\n二路2号\n1000"
    )
    notice = award_of(tmp_path, section)
    assert [(lot.number, lot.amount) for lot in notice.lots] == [("1", Decimal(25131)), ("2", Decimal(1000))]


def test_labels_between_semicolons_need_no_colon(tmp_path: Path) -> None:
    section = "1：供应商名称 宁川甲有限公司 ；供应商地址 一路1号 ；中标（成交）金额 12.5万元；备注 服务期一年 。"
    notice = award_of(tmp_path, section)
    assert ([supplier.name for supplier in notice.suppliers], notice.amount) == (["宁川甲有限公司"], Decimal(125000))


def test_a_label_may_end_on_the_next_line(tmp_path: Path) -> None:
    text = CONTRACT_NOTICE.replace(
        "三、项目编号（或招标编号、政府采购计划编号、采购计划备案文号等，如有）：NC-2026-017",
        "三、项目编号（或招标编号、政府采购计划编号、采购计划备案文号\n等，如有）：NC-2026-017",
    )
    assert read_made(tmp_path, text).number == "NC-2026-017"


def test_a_summary_in_a_table_of_labels_and_values(tmp_path: Path) -> None:
    text = """<html><body><table><tr><td colspan=4>公告信息：</td></tr>
<tr><td>采购项目名称</td><td colspan=3>书架采购</td></tr><tr><td>采购单位</td><td colspan=3>宁川市图书馆</td></tr>
<tr><td>行政区域</td><td>省级</td><td>公告时间</td><td>2026-08-18</td></tr>
<tr><td>中标供应商</td><td colspan=3>宁川甲有限公司;</td></tr><tr><td>总中标金额</td><td colspan=3>￥3.5 万元</td></tr>
<tr><td>项目联系人</td><td colspan=3>赵一</td></tr></table>
<h2>宁川市图书馆书架采购中标结果公告</h2><p>一、项目编号：NC-1</p><p>二、项目名称：书架采购</p>
<p>三、中标（成交）信息</p><p>中标结果：</p><table><tr><td>标段</td><td>供应商名称</td><td>供应商地址</td>
<td>中标（成交）金额</td><td>评审总得分</td></tr><tr><td>1</td><td>宁川甲有限公司</td><td>一路</td>
<td>投标总报价：35001（元）</td><td>98.99</td></tr></table></body></html>"""
    notice = read_made(tmp_path, text)
    assert (notice.number, notice.buyer, notice.published) == ("NC-1", "宁川市图书馆", date(2026, 8, 18))
    assert (notice.amount, notice.suppliers) == (Decimal(35001), (Supplier("宁川甲有限公司"),))


def test_a_reason_why_a_file_is_not_read_passes_between_processes() -> None:
    error = DocumentError("no-notice", file="news.txt")
    assert pickle.loads(pickle.dumps(error)).text("zh") == error.text("zh")


@pytest.mark.exhaustive
def test_several_processes_read_files_in_their_order(tmp_path: Path) -> None:
    texts = {"a.txt": TENDER_NOTICE, "b.txt": "某局召开会议", "c.txt": TERMINATION_NOTICE}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    outcome = CliRunner().invoke(main, ["notices", str(tmp_path), "-j", "2", "--lang", "en"])
    assert [each["number"] for each in json.loads(outcome.stdout)] == ["NC-2026-017", "NC-2026-020"]
    assert (outcome.exit_code, "b.txt" in outcome.stderr) == (2, True)
