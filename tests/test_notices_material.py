"""Real procurement notices: what every one of them must tell, and what agrees within each."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from converters.procurement.notice import AWARD, Notice
from converters.procurement.notice_rows import notices_to_json
from converters.procurement.sources.files import read_notices
from converters.procurement.values.money import parse_money
from converters.procurement.values.names import ends_as_organisation
from ontology.procurement.notice_words import load_notice_words

pytestmark = pytest.mark.material
TOTAL = re.compile(r"总中标金额[：:]?\s*(￥[\d.]+\s*万元)")
TELEPHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
EXPERTS = re.compile(r"评审专家(?:（单一来源采购人员）)?名单[：:]?\s*([\u4e00-\u9fff、，, ]{6,60})")


@pytest.fixture(scope="module")
def notices(material: Path) -> dict[Path, Notice]:
    folder = material / "procurement" / "notices"
    return {path: read_notices(path).notices[0] for path in sorted(folder.glob("*.txt"))}


def test_every_notice_tells_number_project_buyer_agency_and_date(notices: dict[Path, Notice]) -> None:
    missing = {
        path.name: name
        for path, notice in notices.items()
        for name in ("number", "project", "buyer", "agency", "published")
        if getattr(notice, name) is None
    }
    assert len(notices) == 47
    assert missing == {}


def test_every_award_names_organisations(notices: dict[Path, Notice]) -> None:
    words = load_notice_words()
    for path, notice in notices.items():
        assert (notice.kind == AWARD) == bool(notice.suppliers), path.name
        assert all(ends_as_organisation(supplier.name, words) for supplier in notice.suppliers), path.name


def test_amounts_agree_with_the_printed_total_or_are_missing_for_a_reason(notices: dict[Path, Notice]) -> None:
    rounding = Decimal(5001)  # totals are rounded to 万元 with two decimals, or stand for one lot alone
    for path, notice in notices.items():
        printed = TOTAL.search(path.read_text(encoding="utf-8"))
        total = parse_money(printed[1]).first if printed else None
        if notice.kind != AWARD or not total:
            continue
        if notice.amount is None:
            assert notice.issues, path.name
        elif not any(lot.amount == total for lot in notice.lots):
            assert abs(notice.amount - total) < rounding, path.name


def test_no_expert_and_no_telephone_number_is_kept(notices: dict[Path, Notice]) -> None:
    for path, notice in notices.items():
        written = notices_to_json([notice])
        for number in filter(None, (notice.number, notice.plan)):
            written = written.replace(number, "")
        assert TELEPHONE.search(written) is None, path.name
        text = path.read_text(encoding="utf-8")
        names = {name for found in EXPERTS.findall(text) for name in re.split(r"[、，, ]+", found) if len(name) == 3}
        assert not {name for name in names if name in written}, path.name


def test_the_interface_and_the_award_page_of_provinces_are_read(material: Path) -> None:
    folder = material / "procurement"
    kinds = [notice.kind for path in sorted(folder.glob("*.*")) for notice in read_notices(path).notices]
    assert kinds == ["award", "tender", "intention"]
