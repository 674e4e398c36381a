"""How far a check has come: announced by its process, asked for by the page, told to programs."""

import io
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest
from small_disclosures import BUREAU, tabbed, table

from ontology import DEFAULT_BASE
from server.checking.check_process import run
from server.checking.result import parse_result
from server.checking.stages import (
    DRAWING,
    LONGEST_FIRST,
    MOST_FIRST,
    STAGES,
    Announcement,
    FirstFinding,
    parse_announcement,
)
from server.protocols.validation import ComparisonInput
from server.reports.model import EarlierFinding
from server.uploads.progress import CheckProgress, FollowedChecks

TOKEN = "0123456789abcdef"
TEXT = tabbed(
    f"{BUREAU}2024年部门预算\n"
    + table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1,234.50\n20101 | 人大事务 | 1,234.00")
).encode()


@pytest.mark.parametrize(("content", "announced"), [(TEXT, STAGES), (b"\0\1\2", ("reading", "writing"))])
def test_a_checking_process_announces_its_stages_before_the_result(
    monkeypatch: pytest.MonkeyPatch, content: bytes, announced: tuple[str, ...]
) -> None:
    arriving, leaving = io.TextIOWrapper(io.BytesIO(content)), io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdin", arriving)
    monkeypatch.setattr(sys, "stdout", leaving)
    run(DEFAULT_BASE, None, [], [("a.txt", "", len(content))], "zh", stages=True)
    *lines, result = leaving.buffer.getvalue().split(b"\n", len(announced))
    told = [parse_announcement(line.decode()) for line in lines]
    assert tuple(announcement.stage for announcement in told) == announced
    checked = parse_result(result)
    assert (checked.error is None) == (announced == STAGES)
    if checked.state is not None:
        to_correct = checked.state.report.to_correct
        assert to_correct
        [drawing] = [announcement for announcement in told if announcement.stage == DRAWING]
        first = [(each.severity, each.message[:LONGEST_FIRST]) for each in to_correct[:MOST_FIRST]]
        assert [(finding.severity, finding.text) for finding in drawing.findings] == first
        assert drawing.count == len(to_correct)


def test_a_page_follows_its_own_check_only() -> None:
    followed = FollowedChecks()
    with followed.follow(TOKEN) as progress, followed.follow(TOKEN) as other, followed.follow("short") as nobody:
        progress.announced, other.announced, nobody.announced = map(Announcement, ("reading", "placing", "checking"))
        assert followed.find(TOKEN) is progress
        assert followed.find("short") is None
    assert followed.find(TOKEN) is None


def test_findings_that_may_be_accepted_are_not_told_before_the_result() -> None:
    drawing = Announcement(DRAWING, (FirstFinding("violation", "1 ≠ 2"),), 1)
    for tells, told in ((True, drawing), (False, Announcement(DRAWING))):
        progress = CheckProgress(tells_findings=tells)
        progress.keep(drawing)
        assert progress.announced == told
    known = EarlierFinding("f", "violation", "1 ≠ 2", "sum", reason="as decided")
    assert not ComparisonInput((), {}, ()).accepts
    assert not ComparisonInput((replace(known, reason=None),), {}, ()).accepts
    assert ComparisonInput((known,), {}, ()).accepts
    assert ComparisonInput(None, {"f": "as decided"}, ()).accepts


def test_a_page_is_told_how_far_its_check_has_come(site: httpx2.Client) -> None:
    assert site.get(f"/check/progress/{TOKEN}").status_code == 204
    with ThreadPoolExecutor(1) as pool:
        checked = pool.submit(site.post, "/check", files={"file": ("a.txt", TEXT)}, data={"progress": TOKEN})
        told: dict[str, str] = {}
        while not checked.done():
            answer = site.get(f"/check/progress/{TOKEN}")
            if answer.status_code == 200:
                told[answer.json()["stage"]] = answer.json()["text"]
            time.sleep(0.02)
    assert checked.result().status_code == 200
    met = [(step, stage) for step, stage in enumerate(STAGES, 1) if stage in told]  # a short stage may be over unseen
    assert met
    assert all(told[stage].startswith(f"第 {step} 步，共 {len(STAGES)} 步：") for step, stage in met)
