"""Official lists come in: columns found by content, changes shown, nothing overwritten silently."""

import csv
import json
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from test_ontology_hygiene import QUERIES, TURTLE, answers, store_of

from ontology import load_vocabulary
from ontology.code_tables import CodeTableError, read_code_tables
from ontology.edition_files import edition_file, edition_files, official_schemes, parent_code
from ontology.editions import Standing
from ontology.importing import compare_lists, find_entries, generic_words, share_a_word
from yusuan.cli import main

SHIPPED = load_vocabulary()
FUNCTION = official_schemes()["function"]
WHOLE = """科目编码,科目名称,说明
201,一般公共服务支出,反映政府提供一般公共服务的支出。
20101,人大事务,反映各级人民代表大会的支出。
2010101,行政运行,反映行政单位的基本支出。
"""
EXPECTED = {"201": "一般公共服务支出", "20101": "人大事务", "2010101": "行政运行"}


def rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


# ── Columns are found by what is in them ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        "序号,科目名称（无）,编码,名称\n1,,201,一般公共服务支出\n2,,20101,人大事务\n3,,2010101,行政运行\n",
        "类,款,项,科目名称\n201,,,一般公共服务支出\n201,01,,人大事务\n201,01,01,行政运行\n",
        "类,款,项,科目名称\n201,,,一般公共服务支出\n,01,,人大事务\n,,01,行政运行\n",
        "类,款,项,科目名称\n201,,,一般公共服务支出\n,1,,人大事务\n,,1,行政运行\n",
        "类,款,项,科目名称\n201,,,一般公共服务支出\n,20101,,人大事务\n,,2010101,行政运行\n",
        "科目\n201 一般公共服务支出\n20101人大事务\n2010101-行政 运行\n",
        "编码,名称,编码,名称\n201,一般公共服务支出,2010101,行政运行\n20101,人大事务,,\n",
        "名称,2024年\n201一般公共服务支出,1\n  20101人大事务,1\n    2010101行政运行,1\n",
    ],
    ids=[
        "whole",
        "beside-an-ordinal",
        "divided",
        "divided-and-left-blank",
        "zeros-lost",
        "nested",
        "glued",
        "side-by-side",
        "indented",
    ],
)
def test_codes_are_found_however_they_stand(text: str) -> None:
    assert find_entries([rows(text)], FUNCTION.pattern).names == EXPECTED


def test_rows_that_gave_nothing_are_counted() -> None:
    assert find_entries([rows(WHOLE + "注,以上为节选,\n")], FUNCTION.pattern).unused_rows == 2


def test_the_tables_of_a_file_are_put_together_and_may_repeat_a_code() -> None:
    pages = [rows(WHOLE), rows("科目编码,科目名称\n201,一般公共服务支出\n20102,政协事务\n")]
    assert find_entries(pages, FUNCTION.pattern).names == {**EXPECTED, "20102": "政协事务"}


def test_a_code_with_two_names_is_refused() -> None:
    with pytest.raises(CodeTableError) as error:
        find_entries([rows("201,一般公共服务支出\n201,教育支出\n")], FUNCTION.pattern)
    assert error.value.key == "codes-two-names"


@pytest.mark.parametrize("text", ["", "甲,乙\n", "201\n20101\n", "301,工资福利支出\n"])
def test_a_file_without_codes_of_the_list_is_refused(text: str) -> None:
    with pytest.raises(CodeTableError) as error:
        find_entries([rows(text)], FUNCTION.pattern)
    assert error.value.key == "codes-none-found"


CODES = st.from_regex(r"2[0-9]{2}", fullmatch=True)
NAMES = st.text(alphabet="事务管理运行教育支出卫生健康", min_size=2, max_size=8)


@given(st.dictionaries(CODES, NAMES, min_size=1))
def test_whole_divided_and_glued_codes_give_the_same(listed: dict[str, str]) -> None:
    tables = (
        [[code, name] for code, name in listed.items()],
        [[code, "", "", name] for code, name in listed.items()],
        [[f"{code} {name}"] for code, name in listed.items()],
    )
    for table in tables:
        assert find_entries([table], FUNCTION.pattern).names == listed


# ── Files ───────────────────────────────────────────────────────────────────────────────────────


def test_a_comma_separated_file_may_be_in_either_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path = tmp_path / f"{encoding}.csv"
        path.write_text(WHOLE, encoding=encoding)
        assert find_entries(read_code_tables(path), FUNCTION.pattern).names == EXPECTED


def test_a_spreadsheet_may_keep_codes_as_numbers_and_have_several_sheets(tmp_path: Path) -> None:
    workbook = Workbook()
    first, second = workbook.active, workbook.create_sheet("续")
    assert first is not None
    first.append(["科目编码", "科目名称"])
    first.append([201, "一般公共服务支出"])
    first.append([20101.0, "人大事务"])
    second.append(["2010101", "行政运行"])
    path = tmp_path / "list.xlsx"
    workbook.save(path)
    assert find_entries(read_code_tables(path), FUNCTION.pattern).names == EXPECTED


def test_a_word_processor_document_gives_its_tables(tmp_path: Path) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    lines = ["".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) for row in rows(WHOLE)]
    heading = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr><w:p><w:r><w:t>目录</w:t></w:r></w:p></w:tc></w:tr>'
    table = f"<w:tbl>{heading}{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"
    path = tmp_path / "list.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{table}</w:body></w:document>')
    [read] = read_code_tables(path)
    assert read[0] == ["目录", "", ""]
    assert find_entries([read], FUNCTION.pattern).names == EXPECTED


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"no workbook"), ("a.docx", b"PK"), ("a.csv", b"\xff\xff\xff")]
)
def test_a_broken_file_is_an_error_that_names_it(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CodeTableError) as error:
        read_code_tables(path)
    assert error.value.key == "codes-unreadable"


@pytest.mark.parametrize(("name", "key"), [("a.xls", "codes-unknown-format"), ("no.csv", "codes-unreadable")])
def test_an_unknown_or_missing_file_is_an_error(tmp_path: Path, name: str, key: str) -> None:
    with pytest.raises(CodeTableError) as error:
        read_code_tables(tmp_path / name)
    assert error.value.key == key


# ── Changes ─────────────────────────────────────────────────────────────────────────────────────


def test_changes_tell_a_new_name_from_a_new_meaning() -> None:
    before = {
        "20805": ("行政事业单位离退休",),
        "30311": ("住房公积金",),
        "30104": ("其他社会保障缴费",),
        "201": ("甲乙", "丙丁"),
    }
    now = {"20805": "行政事业单位养老支出", "30311": "代缴社会保险费", "30112": "其他社会保障缴费", "201": "丙丁"}
    changes = compare_lists(before, now)
    assert dict(changes.renamed) == {"20805": ("行政事业单位离退休", "行政事业单位养老支出")}
    assert dict(changes.reused) == {"30311": ("住房公积金", "代缴社会保险费")}
    assert dict(changes.moved) == {"其他社会保障缴费": ("30104", "30112")}
    assert (dict(changes.added), dict(changes.ended)) == ({"30112": "其他社会保障缴费"}, {"30104": "其他社会保障缴费"})


def test_words_that_many_names_have_tie_nothing() -> None:
    common = generic_words([f"{name}支出" for name in "甲乙丙丁"] + ["公共卫生", "医疗保障"])
    assert common == {"支出"}
    assert share_a_word("教育支出", "国防支出")
    assert not share_a_word("教育支出", "国防支出", common)


@pytest.mark.parametrize(
    ("code", "parent"),
    [("2010101", "20101"), ("20101", "201"), ("201", None), ("A01010201", "A01010000"), ("420107", "420000")],
)
def test_a_code_stands_under_the_longest_that_begins_it(code: str, parent: str | None) -> None:
    codes = dict.fromkeys(["201", "20101", "2010101", "A", "A01010000", "A01010201", "420000", "420107"], "")
    assert parent_code(code, codes) == parent


# ── The command ─────────────────────────────────────────────────────────────────────────────────


def yusuan(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def shipped_names() -> dict[str, str]:
    return {c.notation: c.names["zh"] for c in SHIPPED.lists.near("code/function").concepts.values() if c.parent}


def write_list(path: Path, names: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(names.items())
    return path


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A list of 2025: one code ended, two new, one renamed, one used for something else."""
    names = shipped_names()
    del names["2010104"]
    names |= {"2101103": "公务员医疗补助", "21004": "公共卫生", "210": "卫生健康与托育支出", "2040607": "某种全新业务"}
    return write_list(tmp_path / "made-up.csv", names)


def import_(file: Path, folder: Path, *more: object) -> Result:
    return yusuan(
        "codes", "import", file, "--scheme", "function", "--edition", 2025, "--into", folder, "--lang", "en", *more
    )


def test_importing_shows_what_is_added_renamed_and_ended_and_writes_an_edition(made_up: Path, tmp_path: Path) -> None:
    result = import_(made_up, tmp_path / "codes")
    assert result.exit_code == 0, result.output
    assert "added 2, renamed 1, used for something else 1, ended 1" in result.output
    for line in (
        "  210  卫生健康支出 → 卫生健康与托育支出",
        "  2040607  公共法律服务 → 某种全新业务",
        "  2010104  人大会议",
        "  2101103  公务员医疗补助",
    ):
        assert line in result.output.splitlines()
    assert edition_files(tmp_path / "codes") == (tmp_path / "codes" / "function-2025.ttl",)


def test_a_dry_run_writes_nothing(made_up: Path, tmp_path: Path) -> None:
    assert import_(made_up, tmp_path / "codes", "--dry-run").exit_code == 0
    assert not (tmp_path / "codes").exists()


def test_an_edition_is_replaced_only_when_told(made_up: Path, tmp_path: Path) -> None:
    import_(made_up, tmp_path)
    before = edition_file(tmp_path, "function", 2025).read_bytes()
    assert import_(made_up, tmp_path).exit_code == 0
    other = write_list(tmp_path / "other.csv", {**shipped_names(), "2101103": "公务员医疗补助"})
    result = import_(other, tmp_path)
    assert result.exit_code == 2
    assert "left alone" in result.output
    assert edition_file(tmp_path, "function", 2025).read_bytes() == before
    assert import_(other, tmp_path, "--yes").exit_code == 0
    assert edition_file(tmp_path, "function", 2025).read_bytes() != before


def test_a_list_that_lacks_most_codes_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    part = write_list(tmp_path / "part.csv", EXPECTED)
    result = import_(part, tmp_path / "codes")
    assert result.exit_code == 2
    assert "does not look like a whole list" in result.output
    assert not (tmp_path / "codes").exists()
    assert import_(part, tmp_path / "codes", "--yes").exit_code == 0


def test_a_level_that_is_missing_is_named(tmp_path: Path) -> None:
    names = {**shipped_names(), "2050101": "行政运行"}
    result = import_(write_list(tmp_path / "list.csv", names), tmp_path / "codes")
    assert "The level above is missing (1):\n  2050101  行政运行" in result.output


def test_an_unknown_list_is_an_error_that_names_the_known_ones(made_up: Path) -> None:
    result = yusuan("codes", "import", made_up, "--scheme", "magic", "--edition", 2025, "--lang", "en")
    assert result.exit_code == 2
    assert "economic, function" in result.output


def test_two_lists_are_compared_as_text_and_as_json(made_up: Path, tmp_path: Path) -> None:
    import_(made_up, tmp_path)
    old = write_list(tmp_path / "old.csv", shipped_names())
    edition = edition_file(tmp_path, "function", 2025)
    assert (
        "added 0, renamed 0" in yusuan("codes", "diff", made_up, edition, "--scheme", "function", "--lang", "en").output
    )
    changes = json.loads(yusuan("codes", "diff", old, edition, "--scheme", "function", "--format", "json").output)
    assert changes == {
        "added": {"21004": "公共卫生", "2101103": "公务员医疗补助"},
        "ended": {"2010104": "人大会议"},
        "renamed": {"210": ["卫生健康支出", "卫生健康与托育支出"]},
        "reused": {"2040607": ["公共法律服务", "某种全新业务"]},
        "moved": {},
    }


# ── What the edition does ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def imported(made_up: Path, tmp_path: Path) -> Path:
    import_(made_up, tmp_path)
    return edition_file(tmp_path, "function", 2025)


def test_exactly_the_missing_codes_are_missing_and_only_in_its_year(imported: Path) -> None:
    known = load_vocabulary(codes=(imported,))
    keys = [c.key for c in SHIPPED.lists.near("code/function").concepts.values() if c.parent]
    for year in (2024, 2025, 2026):
        missing = {key for key in keys if known.standing(key, year) is Standing.MISSING}
        ended = {"code/function/2010104", "code/function/2040607"}
        assert missing == (ended if year == 2025 else set())


def test_a_new_code_is_official_in_its_year_and_keeps_the_plain_address(imported: Path) -> None:
    known = load_vocabulary(codes=(imported,))
    assert known.resolve("code/function", "2101103", 2025) == "code/function/2101103"
    assert known.concepts["code/function/2101103"].parent == "code/function/21011"
    assert known.standing("code/function/2101103", 2025) is Standing.LISTED
    assert known.standing("code/function/2101103", 2024) is Standing.UNLISTED
    assert known.resolve("code/function", "2101103", 2024) is None


def test_a_renamed_code_keeps_its_meaning_and_a_reused_one_gets_its_own(imported: Path) -> None:
    known = load_vocabulary(codes=(imported,))
    assert known.resolve("code/function", "210", 2025) == "code/function/210"
    assert "卫生健康与托育支出" in known.concepts["code/function/210"].labels
    assert known.resolve("code/function", "2040607", 2025, "某种全新业务") == "code/function/2040607-2025"
    assert known.resolve("code/function", "2040607", 2024) == "code/function/2040607"
    assert known.resolve("code/function", "21004", 2025) == "code/function/21004"
    assert known.resolve("code/function", "21004", 2009) == "code/function/21004-2009"


def test_the_next_edition_builds_on_the_one_before_and_stands_alone(imported: Path, made_up: Path) -> None:
    folder = imported.parent
    result = yusuan(
        "codes", "import", made_up, "--scheme", "function", "--edition", 2026, "--into", folder, "--lang", "en"
    )
    assert result.exit_code == 0, result.output
    alone = load_vocabulary(codes=(edition_file(folder, "function", 2026),))
    both = load_vocabulary(codes=edition_files(folder))
    for known in (alone, both):
        assert known.resolve("code/function", "2101103", 2026) == "code/function/2101103"
        assert known.resolve("code/function", "2040607", 2026, "某种全新业务") == "code/function/2040607-2025"


def test_names_of_lower_levels_do_not_disturb_what_names_alone_mean(imported: Path) -> None:
    known = load_vocabulary(codes=(imported,))
    assert set(SHIPPED.meanings) <= set(known.meanings)
    assert {m.source for m in known.meanings["卫生健康与托育支出"]} == {"code/function/210"}
    assert "code/function/2101103" not in {m.source for m in known.meanings["公务员医疗补助"]}


# An official list has names in Chinese and no definitions.
QUESTIONS = [query for query in QUERIES if query.stem not in ("concept-without-definition", "concept-without-label")]


@pytest.fixture(scope="module")
def with_an_edition(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    folder = tmp_path_factory.mktemp("codes")
    names = {**shipped_names(), "2101103": "公务员医疗补助", "210": "卫生健康与托育支出", "2040607": "某种全新业务"}
    import_(write_list(folder / "list.csv", names), folder)
    return store_of(*(path.read_bytes() for path in (*TURTLE, *edition_files(folder))))


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.stem)
def test_an_imported_edition_keeps_the_house_in_order(query: Path, with_an_edition: ox.Store) -> None:
    assert answers(with_an_edition, query) == []
