"""Year, organisation and phase that a user states hold where the file does not say them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from small_disclosures import BUREAU, tabbed, table

from converters import DocumentError
from yusuan import convert
from yusuan.commands.main import main

ROWS = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 100.00"
SILENT = tabbed(f"支出总表\n单位：元\n\n{ROWS}")
OUTSPOKEN = tabbed(table(3, "支出总表", ROWS, year=2023))


@pytest.fixture
def silent(tmp_path: Path) -> Path:
    file = tmp_path / "budget.txt"
    file.write_text(SILENT, encoding="utf-8")
    return file


def test_file_that_says_nothing_takes_what_is_stated(silent: Path) -> None:
    with pytest.raises(DocumentError):
        convert(silent)
    [conversion] = convert(silent, year=2024, organisation=BUREAU, phase="final").conversions
    assert (conversion.content.year, conversion.organisation_name) == (2024, BUREAU)
    assert conversion.content.phase == "code/phase/final"
    assert {o.coordinates["year"] for o in conversion.observations} == {"2024"}


def test_what_the_file_says_goes_before(silent: Path) -> None:
    silent.write_text(OUTSPOKEN, encoding="utf-8")
    [conversion] = convert(silent, year=2024, organisation="另一局").conversions
    assert (conversion.content.year, conversion.organisation_name) == (2023, BUREAU)


@pytest.mark.usefixtures("no_lists")
@pytest.mark.parametrize("command", ["convert", "validate", "publish"])
def test_commands_take_the_options(command: str, silent: Path, tmp_path: Path) -> None:
    stated = ["--year", "2024", "--organisation", BUREAU, "--phase", "budget"]
    store = ["--store", str(tmp_path / "store")] if command == "publish" else []
    assert CliRunner().invoke(main, [command, str(silent), *store]).exit_code == 2
    assert CliRunner().invoke(main, [command, str(silent), *stated, *store]).exit_code in (0, 1)
