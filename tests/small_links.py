"""Budget lines, offices and notices of a made place, to be linked."""

from datetime import date
from decimal import Decimal
from typing import Any

from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices

OFFICE, UNIT, OTHER = "urn:office", "urn:unit", "urn:other"
DIVISION = "420107"
OFFICES = Offices(
    names={
        OFFICE: ("青山区教育局",),
        UNIT: ("青山区教师进修学校",),
        OTHER: ("青山区卫生健康局",),
    },
    departments={UNIT: OFFICE},
    divisions=dict.fromkeys((OFFICE, UNIT, OTHER), DIVISION),
)
DESKS = BudgetLine(
    key="urn:desks",
    organisation=OFFICE,
    office=OFFICE,
    division=DIVISION,
    year=2024,
    amount=Decimal(385600),
    project="课桌椅更新专项经费",
    item="A05010300",
    item_name="台、桌类",
    function="2050299",
    economic="31002",
)
ROOF = BudgetLine(
    key="urn:roof",
    organisation=OFFICE,
    office=OFFICE,
    division=DIVISION,
    year=2024,
    amount=Decimal(1200000),
    project="校舍屋面防水维修",
    function="2050299",
)
LINES = (DESKS, ROOF)


def make_notice(**changed: Any) -> NoticeRecord:
    """A notice about the desks, with some fields changed."""
    fields: dict[str, Any] = {
        "key": "urn:notice",
        "year": 2024,
        "issued": date(2024, 5, 6),
        "buyer": "武汉市青山区教育局",
        "plan": "420107-2024-00012",
        "project": "青山区教育局2024年课桌椅更新采购项目",
        "items": ("A05010300",),
        "budget": Decimal(385600),
    }
    return NoticeRecord(**(fields | changed))
