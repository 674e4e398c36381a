"""Tables of official lists: columns are found by what is in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.codelists.edition_files import official_schemes
from ontology.codelists.entries import find_entries
from ontology.codelists.tables import CodeTableError

FUNCTION = official_schemes()["function"]
PROCUREMENT = official_schemes()["procurement-item"]
WHOLE = """科目编码,科目名称,说明
201,一般公共服务支出,反映政府提供一般公共服务的支出。
20101,人大事务,反映各级人民代表大会的支出。
2010101,行政运行,反映行政单位的基本支出。
"""
EXPECTED = {"201": "一般公共服务支出", "20101": "人大事务", "2010101": "行政运行"}
LONGER = {**EXPECTED, "2010102": "一般行政管理事务", "202": "外交支出"}


def rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip("\n").splitlines()]


AWKWARD = {
    "full-width-digits": """
编码,名称
２０１,一般公共服务支出
２０１０１,人大事务
２０１０１０１,行政运行
２０１０１０２,一般行政管理事务
２０２,外交支出
""",
    "names-in-a-column-each-level": """
类,款,项,类名称,款名称,项名称
201,,,一般公共服务支出,,
201,01,,,人大事务,
201,01,01,,,行政运行
201,01,02,,,一般行政管理事务
202,,,外交支出,,
""",
    "levels-repeated-in-each-row": """
类,款,项,类名称,款名称,项名称
201,01,01,一般公共服务支出,人大事务,行政运行
201,01,02,一般公共服务支出,人大事务,一般行政管理事务
202,,,外交支出,,
""",
    "code-and-name-by-turns": """
类编码,类名称,款编码,款名称,项编码,项名称
201,一般公共服务支出,20101,人大事务,2010101,行政运行
201,一般公共服务支出,20101,人大事务,2010102,一般行政管理事务
202,外交支出,,,,
""",
    "pieces-and-names-by-turns": """
类,名称,款,名称,项,名称
201,一般公共服务支出,,,,
,,01,人大事务,,
,,,,01,行政运行
,,,,02,一般行政管理事务
202,外交支出,,,,
""",
    "dots-between-parts": """
编码,名称
201,一般公共服务支出
201.01,人大事务
201.01.01,行政运行
201.01.02,一般行政管理事务
202,外交支出
""",
    "spaces-between-parts": """
编码,名称
201,一般公共服务支出
201 01,人大事务
201 01 01,行政运行
201 01 02,一般行政管理事务
202,外交支出
""",
    "numbers-of-a-spreadsheet": """
编码,名称
201.0,一般公共服务支出
20101.0,人大事务
2010101.0,行政运行
2010102.0,一般行政管理事务
202.0,外交支出
""",
    "descriptions-first": """
说明,编码,名称
反映政府提供一般公共服务的支出,201,一般公共服务支出
反映各级人大的支出,20101,人大事务
反映行政单位的支出,2010101,行政运行
反映未单设项级科目的支出,2010102,一般行政管理事务
反映外交,202,外交支出
""",
    "names-before-codes": """
名称,编码,说明
一般公共服务支出,201,反映政府提供一般公共服务的支出
人大事务,20101,反映各级人大的支出
行政运行,2010101,反映行政单位的支出
一般行政管理事务,2010102,反映未单设项级科目的支出
外交支出,202,反映外交
""",
    "names-before-codes-and-nothing-after": """
名称,编码
一般公共服务支出,201
人大事务,20101
行政运行,2010101
一般行政管理事务,2010102
外交支出,202
""",
    "title-and-notes": """
2025年政府收支分类科目,,
科目编码,科目名称,说明
201,一般公共服务支出,
20101,人大事务,
2010101,行政运行,
2010102,一般行政管理事务,
202,外交支出,
注：本表自2025年1月1日起执行,,
第 1 页 共 1 页,,
""",
    "apostrophes-and-indents": """
科目编码,科目名称
'201,一般公共服务支出
'20101,　人大事务
'2010101,　　行政运行
'2010102,　　一般行政管理事务
'202,外交支出
""",
    "filled-up-with-zeros": """
科目编码,科目名称
2010000,一般公共服务支出
2010100,人大事务
2010101,行政运行
2010102,一般行政管理事务
2020000,外交支出
""",
    "level-after-the-code": """
科目编码,科目名称
201类,一般公共服务支出
20101款,人大事务
2010101项,行政运行
2010102项,一般行政管理事务
202类,外交支出
""",
    "merged-cells": """
类,款,项,科目名称,说明
201,,,一般公共服务支出,
,01,,人大事务,
,,01,行政运行,
,,02,一般行政管理事务,
202,,,外交支出,
""",
    "another-list-above": """
科目编码,科目名称
101,税收收入
10101,增值税
1010101,国内增值税
101010101,国有企业增值税
201,一般公共服务支出
20101,人大事务
2010101,行政运行
2010102,一般行政管理事务
202,外交支出
""",
    "remarks-beside": """
序号,科目编码,科目名称,变动
1,201,一般公共服务支出,
2,20101,人大事务,
3,2010101,行政运行,更名
4,2010102,一般行政管理事务,新增
5,202,外交支出,
""",
    "amounts-that-look-like-codes": """
编码,名称,2024年,2025年
201,一般公共服务支出,20101,20102
20101,人大事务,2010101,201
2010101,行政运行,201,202
2010102,一般行政管理事务,203,204
202,外交支出,205,206
""",
    "ordinals-that-look-like-codes": "序号,编码,名称\n"
    + "\n".join(f"{number},{code},{name}" for number, (code, name) in enumerate(LONGER.items(), start=200)),
}


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
    assert (error.value.values["table"], error.value.values["row"]) == (1, 2)


@pytest.mark.parametrize("text", ["", "甲,乙\n", "201\n20101\n", "301,工资福利支出\n"])
def test_a_file_without_codes_of_the_list_is_refused(text: str) -> None:
    with pytest.raises(CodeTableError) as error:
        find_entries([rows(text)], FUNCTION.pattern)
    assert error.value.key == "codes-none-found"


@pytest.mark.parametrize("known", [{}, FUNCTION.known_names], ids=["nothing-known", "names-known"])
@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_tables_give_the_same_codes(text: str, known: dict[str, frozenset[str]]) -> None:
    entries = find_entries([rows(text)], FUNCTION.pattern, known)
    assert entries.names == LONGER
    assert entries.unread == ()


def test_known_names_tell_which_of_two_columns_has_the_names() -> None:
    text = "201,甲乙丙丁,一般公共服务支出\n20101,戊己庚辛,人大事务\n2010101,壬癸子丑,行政运行\n"
    assert find_entries([rows(text)], FUNCTION.pattern, FUNCTION.known_names).names == EXPECTED


def test_a_row_with_a_code_that_gave_none_is_named() -> None:
    entries = find_entries([rows(WHOLE + "20102,,\n注,以上,\n")], FUNCTION.pattern)
    assert entries.unread == ((1, 5, "20102"),)
    assert entries.unused_rows == 3


def test_codes_of_one_length_keep_their_zeros_where_shorter_ones_are_no_codes() -> None:
    text = "A01000000,房屋和构筑物\nA01010000,房屋\n"
    assert set(find_entries([rows(text)], PROCUREMENT.pattern).names) == {"A01000000", "A01010000"}


CODES = st.integers(200, 299).map(str)
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
