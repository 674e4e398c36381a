"""Made notices in the layouts of many provinces' sites: every printed value is read, and none is invented."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from small_pdfs import PdfPage, write_pdf

from converters import DocumentError
from converters.procurement.notice_rows import notice_to_object
from converters.procurement.sources.files import find_notices, read_notices

FOLDER = Path(__file__).parent / "made-notices"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
REFUSED = sorted(name for name, values in EXPECTED.items() if values.get("refused"))
PRICED = ("award", "contract")
PERSONAL = re.compile(r"\w(?:女士|先生|老师|某)|(?<![\d-])0\d{2,3}-\d{7,8}|[赵李周王冯蒋金许柏谢]一、")
"""Contacts, telephone numbers and lists of experts as the made notices print them."""


@pytest.mark.sampled(every=4)
@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - set(REFUSED)))
def test_the_values_of_a_notice(name: str) -> None:
    [notice] = read_notices(FOLDER / name).notices
    read = notice_to_object(notice)
    read["contractNumber"] = notice.numbers.get("contract-number")
    money = "amount" if notice.kind in PRICED else "budget"
    read["lots"] = [[lot.number, lot.name, getattr(lot, money)] for lot in notice.lots]
    assert {field: read[field] for field in EXPECTED[name]} == EXPECTED[name]


@pytest.mark.sampled(every=4)
@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - set(REFUSED)))
def test_no_contact_or_expert_of_a_notice_is_read(name: str) -> None:
    [notice] = read_notices(FOLDER / name).notices
    told = json.dumps(notice_to_object(notice), ensure_ascii=False, default=str)
    told = told.replace(notice.source, "") + " ".join(printed.text for printed in notice.printed.values())
    assert PERSONAL.findall(told) == []


@pytest.mark.parametrize("name", REFUSED)
def test_news_lists_and_acceptance_reports_are_refused(name: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_notices(FOLDER / name)
    assert refusal.value.key == "no-notice"


def award_page() -> PdfPage:
    """An award whose title fills two lines, and whose table stands between lines of text."""
    page = PdfPage(width=500, height=420)
    page.text(60, 30, "宁川市档案馆数字化加工服务项目中标结果")
    page.text(220, 46, "公告")
    for top, line in ((80, "一、项目编号：NCDA-2025-3"), (110, "二、项目名称：数字化加工服务"), (140, "三、采购结果")):
        page.text(40, top, line)
    rows = [("供应商名称", "供应商地址", "中标金额（元）"), ("宁川影像科技有限公司", "宁川市南路9号", "486000.00")]
    y = page.table(40, 160, (150, 150, 120), rows)
    for line in ("四、评审专家名单：赵一、钱二", "五、联系方式", "1.采购人信息", "名称：宁川市档案馆", "2025年5月6日"):
        y += 30.0
        page.text(40, y, line)
    return page


def test_a_notice_in_pdf_is_known_by_its_title(tmp_path: Path) -> None:
    path = tmp_path / "award.pdf"
    path.write_bytes(write_pdf(award_page()))
    found = find_notices(path)
    assert found is not None
    [notice] = found.notices
    assert (notice.kind, notice.number, notice.buyer) == ("award", "NCDA-2025-3", "宁川市档案馆")
    assert ([s.name for s in notice.suppliers], notice.amount) == (["宁川影像科技有限公司"], Decimal(486000))


def test_a_pdf_without_such_a_title_is_no_notice(tmp_path: Path) -> None:
    page = PdfPage()
    page.text(40, 30, "宁川市档案馆2025年部门预算")
    path = tmp_path / "budget.pdf"
    path.write_bytes(write_pdf(page))
    assert find_notices(path) is None


def test_a_name_ends_before_a_label_that_follows_without_a_space(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_text("某项目终止公告\n项目编号：A-1\n采购人：宁川市教育局采购联系人：某老师\n", encoding="utf-8")
    [notice] = read_notices(path).notices
    assert notice.buyer == "宁川市教育局"
