"""Disclosures of one office beside each other: series over years and phases, quotes, rates of execution."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from small_disclosures import BUREAU, tabbed, table

from converters import Conversion, convert_file
from ontology.namespaces import DEF
from shapes import Finding
from yusuan import validate
from yusuan.commands.main import main

TOTALS = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n | 合计 | 30 | 10 | 20\n201 | 某类 | 30 | 10 | 20"


def budget(folder: Path, year: int = 2024, rows: str = TOTALS) -> Path:
    return written(folder, f"budget-{year}.txt", f"{BUREAU}{year}年部门预算", table(3, "支出总表", rows, year=year))


def account(folder: Path, text: str) -> Path:
    spent = table(3, "支出决算表", TOTALS.replace("| 30", "| 27").replace("| 20", "| 17"))
    return written(folder, "account.txt", f"{BUREAU}2024年部门决算", spent, text)


def written(folder: Path, name: str, *texts: str) -> Path:
    (folder / name).write_text(tabbed("\n".join(texts)), encoding="utf-8")
    return folder / name


def found(*paths: Path, rule: str) -> list[Finding]:
    return [f for document in validate(*paths).documents for f in document.report.findings if f.rule == rule]


def quoting(amount: str) -> str:
    return f"三、支出决算情况说明\n项目支出年初预算为 {amount} 元，支出决算为 17 元。"


def test_a_final_account_that_misquotes_the_published_budget_is_wrong(tmp_path: Path) -> None:
    plan = budget(tmp_path)
    [finding] = found(plan, account(tmp_path, quoting("25")), rule="quote")
    assert (finding.severity, finding.left and finding.left.printed, finding.right and finding.right.printed) == (
        "violation",
        "25",
        "20",
    )
    assert "2024" in finding.message["zh"]
    assert found(plan, account(tmp_path, quoting("20")), rule="quote") == []


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    paths = [account(tmp_path, quoting("25")), budget(tmp_path)]
    assert len(found(*paths, rule="quote")) == len(found(*reversed(paths), rule="quote")) == 1


def test_alone_nothing_is_compared_and_nothing_passes(tmp_path: Path) -> None:
    [document] = validate(account(tmp_path, quoting("25"))).documents
    tally = document.report.checked["quote"]
    assert (tally.passed, tally.failed) == (0, 0)
    assert tally.not_applicable > 0


def test_another_office_or_year_is_not_compared(tmp_path: Path) -> None:
    assert found(account(tmp_path, quoting("25")), budget(tmp_path, 2023), rule="quote") == []


@pytest.mark.usefixtures("no_lists")
def test_publishing_compares_with_what_is_in_the_store(tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    misquoting = str(account(tmp_path, quoting("25")))
    run = CliRunner().invoke
    assert run(main, ["publish", str(budget(tmp_path)), "--store", store]).exit_code == 0
    result = run(main, ["validate", misquoting, "--store", store, "--lang", "en"])
    assert result.exit_code == 1
    assert "[quote" in result.output
    assert run(main, ["publish", misquoting, "--store", store]).exit_code == 0
    result_of = "?result <http://www.w3.org/ns/shacl#sourceShape> ?rule FILTER(STRENDS(STR(?rule), '#quote'))"
    ask = f"SELECT (COUNT(?result) AS ?n) {{ GRAPH ?graph {{ {result_of} }} }}"
    assert run(main, ["query", "--store", store, ask]).output.split() == ["n", "1"]


def test_what_was_spent_of_a_budget_is_information(tmp_path: Path) -> None:
    lines = "收入 | | 支出 |\n项目 | {0} | 项目 | {0}\n本年收入合计 | {1} | 本年支出合计 | {1}"
    plan = written(tmp_path, "a.txt", table(1, "收支总表", lines.format("预算数", 40)))
    spent = written(
        tmp_path, "b.txt", f"{BUREAU}2024年部门决算", table(1, "收入支出决算总表", lines.format("决算数", 30))
    )
    [finding] = found(plan, spent, rule="execution")
    assert finding.severity == "information"
    assert "75" in finding.message["zh"]
    assert found(plan, spent, rule="quote") == []


def test_an_account_opens_as_the_one_before_closed(tmp_path: Path) -> None:
    def balance(year: int, opening: int, closing: int) -> Path:
        rows = f"""收入 | | 支出 |
项目 | 决算数 | 项目 | 决算数
本年收入合计 | {40 + closing - opening} | 本年支出合计 | 40
年初结转和结余 | {opening} | 年末结转和结余 | {closing}
总计 | {40 + closing} | 总计 | {40 + closing}"""
        summary = table(1, "收入支出决算总表", rows, year=year)
        return written(tmp_path, f"{year}-{opening}.txt", f"{BUREAU}{year}年部门决算", summary)

    before = balance(2023, 3, 15)
    [finding] = found(before, balance(2024, 12, 20), rule="carried-over")
    assert finding.severity == "warning"
    assert [side and side.row for side in (finding.left, finding.right)] == ["年初结转和结余", "年末结转和结余"]
    assert found(before, balance(2024, 15, 20), rule="carried-over") == []
    assert found(before, balance(2025, 12, 20), rule="carried-over") == []


# ── Series ──────────────────────────────────────────────────────────────────────────────────────


def stated(conversion: Conversion, predicate: str) -> set[str]:
    """The objects of a property in the graph of a version."""
    return {
        triple.object.value
        for triple in conversion.triples
        if triple.predicate.value == DEF + predicate and isinstance(triple.object, ox.NamedNode)
    }


def test_the_column_of_last_year_stands_at_the_coordinates_of_last_year_s_budget(tmp_path: Path) -> None:
    columns = "科目编码 | 科目名称 | 上年预算数 | 本年预算数\n | 合计 | 30 | 33\n201 | 某类 | 30 | 33"
    this_year = convert_file(budget(tmp_path, 2025, columns))
    last_year = convert_file(budget(tmp_path, 2024))
    shared = stated(this_year, "coordinates") & stated(last_year, "coordinates")
    assert len(shared) == 2
    assert found(budget(tmp_path), budget(tmp_path, 2025, columns), rule="quote") == []
    misquoted = budget(tmp_path, 2025, columns.replace("某类 | 30", "某类 | 36"))
    [finding] = found(budget(tmp_path), misquoted, rule="quote")
    assert (finding.left and finding.left.column, finding.right and finding.right.column) == ("上年预算数", "合计")


@pytest.mark.material
@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("shanghai-putuo-wanli-2024-department-budget", "shanghai-putuo-wanli-2025-department-budget", 700),
        ("jiangsu-npc-2017-budget", "jiangsu-npc-2018-budget", 120),
        ("shanghai-putuo-finance-2024-final-accounts", "shanghai-putuo-finance-2025-department-budget", 100),
    ],
)
def test_an_office_meets_itself_over_years_and_phases(material: Path, one: str, other: str, least: int) -> None:
    first, second = (convert_file(material / "disclosures" / f"{name}.pdf") for name in (one, other))
    assert first.content.organisation == second.content.organisation
    assert len(stated(first, "series") & stated(second, "series")) >= least
