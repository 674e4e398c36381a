"""Performance goals of all outlay or of projects only: correct texts are accused of nothing, slips are told."""

from __future__ import annotations

import pytest
from test_wordings_of_provinces import findings

CORRECT = (
    "2024年纳入绩效目标管理的一般公共预算金额560.20万元，其中：基本支出480.20万元，项目支出80.00万元。",
    "2024年实行绩效目标管理的资金580.20万元，包括部门整体支出580.20万元，其中项目支出100.00万元。",
    "整体支出和项目支出实行绩效目标管理，涉及资金580.20万元，其中：基本支出480.20万元，项目支出100.00万元。",
    (
        "2024年项目支出全部实行绩效目标管理，纳入绩效目标管理的项目2个，涉及一般公共预算当年拨款80.00万元。"
        "部门整体绩效目标涉及资金580.20万元。"
    ),
    "2024年实行绩效目标管理的项目3个，涉及资金100.00万元。",
    "2024年实行绩效目标管理的资金580.20万元。",
    "2024年纳入绩效目标管理580.20万元，覆盖部门全部预算。",
    "2024年本部门绩效目标管理全覆盖，涉及当年一般公共预算拨款560.20万元。",
)
FAULTY = (
    (
        "2024年纳入绩效目标管理的一般公共预算金额560.20万元，其中：基本支出480.20万元，项目支出80.00万元。",
        "480.20",
        "490.20",
    ),
    ("2024年实行绩效目标管理的项目3个，涉及资金100.00万元。", "100.00", "101.00"),
    ("项目支出全部实行绩效目标管理，涉及资金100.00万元。", "100.00", "101.00"),
    ("2024年实行绩效目标管理的资金580.20万元。", "580.20", "590.20"),
)


def test_goals_of_all_outlay_are_not_those_of_projects() -> None:
    for sentence in CORRECT:
        assert [f.message["zh"] for f in findings([sentence], "预算")] == []


@pytest.mark.parametrize(("sentence", "right", "slip"), FAULTY)
def test_slips_of_goals_are_told(sentence: str, right: str, slip: str) -> None:
    told = [f.message["zh"] for f in findings([sentence.replace(right, slip)], "预算")]
    assert any(slip in message for message in told)
    assert not any("文字“”" in message for message in told)
