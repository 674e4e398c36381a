"""Faults that were found by hand in real disclosures: the rule that tells of each, and the page it names.

`NOT_TOLD` are the others, so that the count in docs/rules.md is honest; a rule that comes to tell of one moves it up.
"""

from collections import Counter
from pathlib import Path

import pytest

from shapes import load_rules
from yusuan import validate

TOLD: dict[str, tuple[tuple[str, int], ...]] = {
    "jiangsu-cppcc-2018-budget": (("remnant", 12),),
    "jiangsu-high-court-2018-budget": (
        ("change-rate", 19),
        ("empty-declared", 14),
        ("change-base-zero", 20),
        ("unit-left-out", 20),
    ),
    "jiangsu-npc-2017-budget": (("same", 26), ("change-share", 28)),
    "jiangsu-npc-2018-budget": (
        ("change-rate", 21),
        ("remnant", 19),
        ("remnant", 19),
        ("remnant", 26),
        ("level-mark", 25),
    ),
    "jiangsu-party-office-2017-budget": (("change-rate", 8), ("empty-declared", 7), ("remnant", 5)),
    "jiangsu-procuratorate-2018-budget": (("change-rate", 23), ("change-rate", 26), ("change-rate", 26)),
    "shanghai-putuo-finance-2024-final-accounts": (("change-share", 21), ("same", 21)),
    "shanghai-putuo-finance-2025-department-budget": (("same", 7), ("note-fund", 18), ("required-detail", 22)),
    "shanghai-putuo-justice-2026-department-budget": (
        ("same", 9),
        ("change-base-rate", 9),
        ("change-base-rate", 9),
        ("change-year", 8),
        ("former-name", 9),
    ),
    "shanghai-putuo-planning-2024-final-accounts": (
        ("same", 24),
        ("remnant", 25),
        ("unit-left-out", 21),
        ("level-mark", 24),
    ),
    "shanghai-putuo-wanli-2024-department-budget": (("same", 9), ("note-filled", 31), ("change-base-zero", 7)),
}
"""The faults told as violations or warnings, by disclosure."""

NOT_TOLD: dict[str, tuple[tuple[str, int], ...]] = {
    "jiangsu-procuratorate-2018-budget": (("two increases of the same money differ by 0.30", 25),),
    "shanghai-putuo-finance-2025-department-budget": (("其它 in the name of a class instead of 其他", 7),),
    "shanghai-putuo-justice-2026-department-budget": (("a project of the year before", 23),),
    "shanghai-putuo-planning-2024-final-accounts": (("the office's own name with 与 instead of 和", 26),),
}
"""The faults told as information or not at all: what is wrong, and the page."""


def files_of(disclosures: Path, name: str) -> list[Path]:
    """The files of a disclosure; one that is published in two parts has its tables first."""
    return sorted(disclosures.glob(f"{name}*.pdf"), key=lambda path: "tables" not in path.stem)


@pytest.mark.material
@pytest.mark.parametrize("name", TOLD)
def test_known_faults_are_told_with_their_page(material: Path, name: str) -> None:
    [document] = validate(*files_of(material / "disclosures", name), together=True).documents
    told = Counter(
        (finding.rule, place.place.page)
        for finding in document.report.findings
        for place in dict.fromkeys(side for side in (finding.left, finding.right, *finding.parts[:1]) if side)
        if finding.severity in ("violation", "warning") and finding.follows is None
    )
    assert {fault: told[fault] for fault in Counter(TOLD[name]) if told[fault] < Counter(TOLD[name])[fault]} == {}


def test_the_register_says_how_many_known_faults_are_told(root: Path) -> None:
    told, others = (sum(map(len, faults.values())) for faults in (TOLD, NOT_TOLD))
    page = " ".join((root / "docs" / "rules.md").read_text(encoding="utf-8").split())
    assert f"Of {told + others} faults found by hand" in page
    assert f"{told} are told as violations or warnings" in page
    assert {rule for faults in TOLD.values() for rule, _ in faults} <= {rule.identifier for rule in load_rules()}
