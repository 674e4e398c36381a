"""A reason behind a list of changes may be that of the change of all."""

from __future__ import annotations

import pytest
from narrated import narrated, statements

from shapes import check

WHOLE = "2024年支出预算1000.00万元，比上年增加100.00万元，增长11.11%，其中："
MIXED = f"{WHOLE}基本支出增加120.00万元，项目支出减少20.00万元，主要原因是{{}}。"


def told(text: str) -> list[str]:
    """The reasons that go another way than their change."""
    return [f.message["zh"] for f in check(narrated(text).graph).findings if f.rule == "change-reason"]


def reasons(text: str) -> list[str]:
    """The printed changes of a text that have a reason."""
    found = [s for s in statements(text) if s.observation.measure == "change" and s.reason is not None]
    return [s.observation.printed for s in found]


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("人员增加", ["100.00"]),
        ("人员减少", ["20.00"]),
        ("机构改革", ["100.00", "20.00"]),
    ],
)
def test_a_reason_behind_a_list_is_that_of_the_change_that_goes_its_way(reason: str, changes: list[str]) -> None:
    assert reasons(MIXED.format(reason)) == changes
    assert told(MIXED.format(reason)) == []


def test_a_reason_that_goes_the_way_of_no_change_is_told_of_the_whole() -> None:
    text = f"{WHOLE}基本支出增加60.00万元，项目支出增加40.00万元，主要原因是人员减少。"
    assert len(told(text)) == 1
    assert "支出预算" in told(text)[0]


def test_a_reason_behind_a_list_of_amounts_is_that_of_the_change_before_it() -> None:
    text = f"{WHOLE}基本支出800.00万元，项目支出200.00万元，主要原因是人员{{}}。"
    assert reasons(text.format("增加")) == ["100.00"]
    assert told(text.format("增加")) == []
    assert len(told(text.format("减少"))) == 1


def test_parts_with_reasons_of_their_own_keep_them() -> None:
    text = f"{WHOLE}基本支出增加120.00万元，主要原因是人员增加；项目支出减少20.00万元，主要原因是{{}}。"
    assert reasons(text.format("项目减少")) == ["120.00", "20.00"]
    assert told(text.format("项目减少")) == []
    assert len(told(text.format("项目增加"))) == 1


@pytest.mark.parametrize("opening", ["，其中", "。其中："])
@pytest.mark.parametrize("divider", ["，", "；"])
def test_a_reason_in_a_sentence_of_its_own_may_be_that_of_the_whole(opening: str, divider: str) -> None:
    text = f"2024年支出预算1000.00万元，比上年增加100.00万元，增长11.11%{opening}"
    text += f"基本支出增加120.00万元{divider}项目支出减少20.00万元。主要原因是{{}}。"
    assert reasons(text.format("人员增加")) == ["100.00"]
    assert reasons(text.format("项目减少")) == ["20.00"]
    assert told(text.format("人员增加")) == []


def test_a_reason_of_an_amount_that_is_no_entry_of_a_list_is_its_own() -> None:
    text = "2024年支出预算1000.00万元，比上年增加100.00万元。项目支出200.00万元，比上年减少20.00万元，主要原因是{}。"
    assert told(text.format("项目减少")) == []
    assert len(told(text.format("项目增加"))) == 1
