"""Every command of the page about code lists runs as it stands there."""

import re
from pathlib import Path

import pytest
from documented_commands import run_command
from openpyxl import Workbook

from ontology import load_vocabulary

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "code-lists.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.exhaustive
def test_what_the_page_says_runs(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    [register] = blocks("turtle")
    (tmp_path / "register.ttl").write_text(register, encoding="utf-8")
    names = {
        c.notation: c.names["zh"] for c in load_vocabulary().lists.near("code/function").concepts.values() if c.parent
    }
    lines = [f"{code},{name}\n" for code, name in names.items()]
    (tmp_path / "list-2024.csv").write_text("".join(lines), encoding="utf-8")
    workbook = Workbook()
    for code, name in {**names, "2101103": "公务员医疗补助"}.items():
        workbook.worksheets[0].append([code, name])
    workbook.save(tmp_path / "list-2025.xlsx")
    for command in "".join(blocks("sh")).splitlines():
        words = command.split()
        status, output = run_command(words, tmp_path)
        assert status == (1 if "validate" in words else 0), f"{command}\n{output}"
    assert (tmp_path / "codes" / "function-2025.ttl").is_file()


def test_the_page_counts_right() -> None:
    lists = load_vocabulary().lists
    counts = {
        "function": len([c for c in lists.near("code/function").concepts.values() if c.parent]),
        "procurement": len(lists.whole("code/procurement-item").concepts),
        "division": len(lists.whole("code/division").concepts),
        "government": len([c for c in lists.near("code/government-economic").concepts.values() if c.parent]),
    }
    older = len(lists.whole("code/function").concepts) - len(lists.near("code/function").concepts)
    assert counts == {"function": 176, "procurement": 4272, "division": 3348, "government": 14}
    assert older == 1283
    economic = lists.whole("code/economic")
    [of_2009] = [edition for edition in economic.editions if edition.last == 2009]
    assert (len(of_2009.members), len(economic.concepts) - len(lists.near("code/economic").concepts)) == (118, 51)
    assert "118: 67 current ones and 51 in this file" in PAGE
    for number in ("176", "4,272", "3,348", "1,283", "101, and 3 meanings", "| 14 |"):
        assert number in PAGE
