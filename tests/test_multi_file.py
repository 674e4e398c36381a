"""One disclosure in two files: its tables in one, its text in another; and each of them alone."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from small_disclosures import BUREAU, issues, read, table

from converters import Conversion, conversion_to_snapshot, convert_document, join_documents, read_document
from converters.model.document import DocumentError
from ontology.locators import Locator
from ontology.namespaces import DEF, PROV
from shapes import check
from yusuan import convert, validate
from yusuan.commands.main import main

EXPENDITURE = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
 | 合计 | 3500000.00 | 2000000.00 | 1500000.00
201 | 一般公共服务支出 | 3500000.00 | 2000000.00 | 1500000.00
"""
TABLES = table(3, "部门支出总表", EXPENDITURE)
TEXT = f"""{BUREAU}2024年度
部门预算公开

一、支出预算情况说明

2024年支出预算总额300.00万元，其中：基本支出200.00万元，项目支出100.00万元。
"""


def of(*texts: str) -> Conversion:
    return convert_document(join_documents([read(text) for text in texts]))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The text and the tables of a disclosure, in a file each."""
    paths = [tmp_path / "text.txt", tmp_path / "tables.txt"]
    for path, text in zip(paths, (TEXT, TABLES.replace(" | ", "\t")), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def yusuan(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_tables_and_text_are_one_disclosure_and_meet() -> None:
    conversion = of(TEXT, TABLES)
    assert [o.locator.file for o in conversion.observations if o.table == "t03"] == [2] * 6
    assert {o.locator.file for o in conversion.observations if o.table == "n"} == {1}
    assert not issues(conversion, "tables-elsewhere") + issues(conversion, "text-elsewhere")
    found = [f for f in check(conversion.graph, families={"same"}).findings if f.rule == "same"]
    assert found
    assert all({f.left and f.left.place.file, f.right and f.right.place.file} == {1, 2} for f in found)


def test_half_a_disclosure_is_taken_and_its_other_half_is_information() -> None:
    tables, text = of(TABLES), of(TEXT)
    assert len(issues(tables, "text-elsewhere")) == len(issues(text, "tables-elsewhere")) == 1
    assert tables.disclosure_iri == text.disclosure_iri == of(TEXT, TABLES).disclosure_iri
    assert [o.locator.file for o in text.observations] == [None] * 3
    assert not [f for f in check(text.graph).findings if f.rule in ("table-recognised", "required-table")]
    assert check(text.graph).conforms
    assert check(text.graph).conforms


@pytest.mark.parametrize(
    "text", ["2024年部门预算\n\n没有数字。", TEXT.split("一、", maxsplit=1)[0], "基本支出200万元。"]
)
def test_words_without_a_figure_or_without_a_cover_are_no_half(text: str) -> None:
    with pytest.raises(DocumentError) as error:
        of(text)
    assert error.value.key == "nothing-recognised"


def test_a_cover_broken_behind_the_year_names_who_and_when() -> None:
    conversion = of(TEXT)
    assert (conversion.organisation_name, conversion.content.year) == (BUREAU, 2024)


def test_the_graph_says_in_which_file_a_figure_stands_and_the_catalogue_which_file_that_is(files: list[Path]) -> None:
    conversion = convert_document(join_documents([read_document(path) for path in files]))
    numbers = [t for t in conversion.triples if t.predicate.value == DEF + "fileNumber"]
    assert {t.object.value for t in numbers if isinstance(t.object, ox.Literal)} == {"1", "2"}
    catalogue = conversion.catalogue()
    derived = [t for t in catalogue if t.predicate.value == PROV + "qualifiedDerivation"]
    assert len(derived) == 2
    assert {str(t.object).strip("<>") for t in catalogue if t.predicate.value == PROV + "entity"} == {
        conversion.iris.full(f"id/file/{document.sha256}") for document in conversion.documents
    }
    assert json.loads(conversion_to_snapshot(conversion))["files"] == ["text.txt", "tables.txt"]


def test_files_in_another_order_are_the_same_figures(files: list[Path]) -> None:
    [there], [back] = (convert(*named, together=True).conversions for named in (files, files[::-1]))
    assert sorted(str(o.amount) for o in there.observations) == sorted(str(o.amount) for o in back.observations)


@pytest.mark.usefixtures("no_lists")
def test_the_command_line_and_the_interface_take_them_together(files: list[Path], tmp_path: Path) -> None:
    assert len(validate(*files, together=True).documents) == 1
    assert len(validate(*files).documents) == 2
    assert yusuan("validate", *files, "--together").stderr == ""
    assert "tables.txt; text.txt: these look like two parts" in yusuan("validate", *files, "--lang", "en").stderr
    checked = yusuan("validate", *files, "--together", "--lang", "zh")
    assert "text.txt, tables.txt" in checked.stdout
    assert "第 2 个文件" in checked.stdout
    report = json.loads(yusuan("validate", *files, "--together", "--format", "json").stdout)
    assert [Path(file).name for file in report["documents"][0]["files"]] == ["text.txt", "tables.txt"]
    published = yusuan("publish", *files, "--together", "--store", tmp_path / "store")
    assert published.stdout.count("id/disclosure/") == 1


def test_half_a_disclosure_alone_is_no_failure(files: list[Path]) -> None:
    for path in files:
        assert yusuan("convert", path, "-o", path.with_suffix(".csv")).exit_code == 0
        assert "--together" in yusuan("convert", path, "-o", path.with_suffix(".csv")).stderr


def test_a_place_in_one_of_several_files_says_which() -> None:
    assert str(Locator(page=3, file=2)) == "file=2;page=3"
    assert str(Locator(reference="Sheet1!B4", file=2)) == "file=2;Sheet1!B4"
    with pytest.raises(ValueError, match="one file"):
        join_documents([])


def test_a_text_without_a_cover_is_of_the_office_with_which_its_lines_begin() -> None:
    text = "第一部分 部门概况\n\n第二部分 2024年度部门预算表\n\n一、支出预算情况说明\n"
    lines = [f"{BUREAU}2024年度{what}预算{n}万元。" for n, what in enumerate(("支出", "基本支出", "项目支出"), start=1)]
    conversion = of(text + "\n\n".join(lines))
    assert (conversion.organisation_name, len(conversion.observations)) == (BUREAU, 3)
    assert conversion.title == f"{BUREAU} 2024年度部门预算表"
    with pytest.raises(DocumentError):
        of(text + "\n\n".join(lines[:2]))
