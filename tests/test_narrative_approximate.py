"""Approximate amounts in running text are right within their last digit."""

from __future__ import annotations

import pytest
from test_wordings_of_provinces import findings


@pytest.mark.parametrize(
    ("sentence", "right", "slip"),
    [
        ("2024年收支总预算约580万元，其中基本支出约480万元，项目支出100.00万元。", "约480", "约580"),
        ("基本支出约480.2万元，约占83%。", "480.2", "488.2"),
        ("项目支出约为100万元。", "100", "300"),
        ("2024年支出总预算580余万元。", "580余", "680余"),
        ("项目支出不足101万元。", "101", "301"),
    ],
)
def test_approximate_amounts(sentence: str, right: str, slip: str) -> None:
    assert [f.message["zh"] for f in findings([sentence], "预算")] == []
    told = [f.message["zh"] for f in findings([sentence.replace(right, slip)], "预算")]
    assert any(slip.strip("约余") in message for message in told)
