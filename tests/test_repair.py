"""One mistake with many consequences is told as one mistake, with the figure that would mend it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from yusuan import validate

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "changed.txt"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_a_wrong_figure_is_named_with_what_it_should_be_and_all_its_consequences(tmp_path: Path) -> None:
    row = "2010104\t人大会议\t170000.00\t0.00\t"
    [document] = validate(changed(tmp_path, row + "170000.00", row + "180000.00")).documents
    repair = document.report.repairs[0]
    [(figure, amount)] = repair.candidates
    assert (figure.table, figure.row, figure.column, amount) == ("3", "人大会议", "项目支出", Decimal("170000"))
    laws = {f.rule for f in document.report.findings if f.id in repair.findings}
    assert laws == {"same", "sum", "bound"}


def test_figures_equally_likely_are_all_named(tmp_path: Path) -> None:
    row = "160000.00\t0.00\t150000.00\t0.00\t150000.00\t10000.00"
    [document] = validate(changed(tmp_path, row, row.replace("160000.00", "170000.00"))).documents
    repair = next(r for r in document.report.repairs if any(o.table == "7" for o, _ in r.candidates))
    assert {(o.column, a) for o, a in repair.candidates} >= {("“三公”经费合计", Decimal("160000"))}
