"""Whose disclosure it is: the longer name or the project code decides, and a name that two divisions share nothing."""

from collections.abc import Iterable

import pytest
from claims import VOCABULARY
from small_disclosures import convert, issues, table

from converters.entities.organisations import Organisations, settle_division, settle_organisations
from ontology.register import Register

WUHAN_PROJECT, BAOTOU_PROJECT = "42010724108T000000100", "15020424108T000000100"
OFFICE = "武汉市青山区园林局"
UNREGISTERED = Register({})


def settle(*coded: tuple[str, str], titles: tuple[str, ...] = (), projects: tuple[str, ...] = ()) -> Organisations:
    return settle_organisations(coded, titles, projects, VOCABULARY, UNREGISTERED, 2024)


def division_of(names: Iterable[str], projects: Iterable[str]) -> str:
    return settle_division(names, projects, VOCABULARY, UNREGISTERED, 2024)


# ── The division ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "division"),
    [
        ("武汉市青山区园林局", "420107"),
        ("湖北省武汉市青山区园林局", "420107"),
        ("内蒙古自治区包头市青山区园林局", "150204"),
        ("武汉市 青山区 园林局", "420107"),
        ("武汉市园林局", "420100"),
        ("江苏省园林局", "320000"),
        ("上海市普陀区园林局", "310107"),
        ("普陀区园林局", "x"),
        ("青山区园林局", "x"),
        ("园林局", "x"),
        ("", "x"),
    ],
)
def test_the_longest_name_of_a_division_at_the_beginning_decides(name: str, division: str) -> None:
    assert division_of([name], []) == division


@pytest.mark.parametrize(("project", "division"), [(WUHAN_PROJECT, "420107"), (BAOTOU_PROJECT, "150204")])
def test_a_project_code_decides_between_divisions_of_one_name(project: str, division: str) -> None:
    assert division_of(["青山区园林局"], [project]) == division


def test_a_project_code_decides_between_two_names() -> None:
    assert division_of(["武汉市青山区园林局", "包头市青山区园林局"], [WUHAN_PROJECT]) == "420107"


@pytest.mark.parametrize(
    ("names", "projects"),
    [
        (["青山区园林局"], [WUHAN_PROJECT, BAOTOU_PROJECT]),
        (["武汉市青山区园林局", "包头市青山区园林局"], []),
        (["青山区园林局"], ["99999924108T000000100"]),
    ],
    ids=["two-projects", "two-names", "no-such-division"],
)
def test_what_contradicts_itself_decides_nothing(names: list[str], projects: list[str]) -> None:
    assert division_of(names, projects) == "x"


def test_project_codes_that_all_name_another_division_do_not_unsettle_a_full_name() -> None:
    assert division_of(["武汉市青山区园林局"], [BAOTOU_PROJECT]) == "420107"


def test_a_full_name_among_short_ones_decides() -> None:
    assert division_of(["青山区园林局", "武汉市青山区园林局", "园林局"], []) == "420107"


# ── Department and units ────────────────────────────────────────────────────────────────────────


def test_the_department_is_the_code_that_begins_all_others() -> None:
    found = settle(("108001", OFFICE + "本级"), ("108", OFFICE), ("108002", OFFICE + "苗圃"))
    assert (found.root.key, found.root.code, found.root.name) == ("id/org/420107/108", "108", OFFICE)
    assert {code: o.parent for code, o in found.by_code.items()} == {
        "108": None,
        "108001": "id/org/420107/108",
        "108002": "id/org/420107/108",
    }


def test_a_unit_of_a_unit_stands_under_it() -> None:
    found = settle(("108", OFFICE), ("108001", "本级"), ("108001001", "分部"))
    assert found.by_code["108001001"].parent == "id/org/420107/108001"


def test_a_unit_that_discloses_for_itself_is_the_root() -> None:
    assert settle(("108002", OFFICE + "苗圃")).root.key == "id/org/420107/108002"


def test_a_code_printed_with_two_names_keeps_the_first() -> None:
    assert settle(("108", OFFICE), ("108", "园林局")).root.name == OFFICE


def test_without_codes_the_department_is_the_name_that_most_titles_print() -> None:
    found = settle(titles=("园林局", OFFICE, OFFICE))
    assert (found.root.name, found.root.code) == (OFFICE, None)
    assert found.root.key.startswith("id/org/420107/")


def test_spaces_in_a_name_make_no_other_organisation() -> None:
    assert settle(titles=(OFFICE,)).root.key == settle(titles=("武汉市 青山区 园林局",)).root.key


def test_offices_of_other_names_have_other_addresses() -> None:
    assert settle(titles=(OFFICE,)).root.key != settle(titles=(OFFICE + "苗圃",)).root.key


def test_an_unknown_division_is_x() -> None:
    assert settle(("108", "青山区园林局")).root.key.startswith("id/org/x/108-")


def test_an_organisation_is_found_by_its_whole_name_only() -> None:
    found = settle(("108", OFFICE), ("108001", OFFICE + "本级"))
    unit = found.by_name("武汉市青山区 园林局本级", VOCABULARY)
    assert unit is not None
    assert unit.code == "108001"
    assert found.by_name("园林局", VOCABULARY) is None


def test_a_name_that_two_units_share_finds_neither() -> None:
    assert settle(("108", OFFICE), ("108001", "苗圃"), ("108002", "苗圃")).by_name("苗圃", VOCABULARY) is None


def test_a_row_may_name_an_office_with_the_divisions_above_it() -> None:
    found = settle(titles=("红原县人民法院",))
    for name in ("阿坝州红原县人民法院", "四川省阿坝藏族羌族自治州红原县人民法院"):
        assert found.by_name(name, VOCABULARY) == found.root
    assert found.by_name("甘孜州红原县人民法院", VOCABULARY) is None


# ── In a document ───────────────────────────────────────────────────────────────────────────────

CODED = table(2, "收入总表", f"单位代码 | 单位名称 | 合计\n108 | {OFFICE} | 9")
UNCODED = table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 某类 | 9", office="青山区园林局")


@pytest.mark.parametrize("order", [(CODED, UNCODED), (UNCODED, CODED)])
def test_the_organisation_is_settled_after_the_whole_document_is_read(order: tuple[str, str]) -> None:
    conversion = convert(*order)
    assert conversion.content.disclosure == "id/disclosure/420107/2024/budget/108"
    assert {o.coordinates["organisation"] for o in conversion.observations} == {"id/org/420107/108"}


def test_several_names_of_one_office_are_an_issue_that_lists_them() -> None:
    [issue] = issues(convert(CODED, UNCODED), "several-names")
    assert issue.values == {"n": 2, "names": f"{OFFICE} / 青山区园林局", "name": OFFICE}


def test_one_name_is_no_issue() -> None:
    assert issues(convert(CODED), "several-names") == []


# ── Units without codes ─────────────────────────────────────────────────────────────────────────

UNITS = """
单位名称 | 合计 | 一般公共预算拨款收入 | 事业收入
合计 | 9.00 | 7.00 | 2.00
武汉市青山区园林局机关 | 5.00 | 5.00 |
青山区苗圃中心 | 4.00 | 2.00 | 2.00
"""


def test_rows_below_a_header_of_units_are_units_of_the_department_though_no_code_is_printed() -> None:
    conversion = convert(table(2, "收入总表", UNITS))
    keys = {o.row_label: o.coordinates["organisation"] for o in conversion.observations}
    root = conversion.content.organisation
    assert keys["合计"] == root
    assert len(set(keys.values())) == 3
    assert all(key.startswith(f"{root}-") for label, key in keys.items() if label != "合计")
    assert len(conversion.observations) == 8
    assert [s.holds for s in conversion.content.sums if "organisation" in s.along] == [True, True]
    assert not issues(conversion, "unknown-row")


def test_units_that_do_not_add_up_to_their_department_are_told() -> None:
    conversion = convert(table(2, "收入总表", UNITS.replace("4.00 | 2.00 |", "3.00 | 1.00 |")))
    assert [s.holds for s in conversion.content.sums if "organisation" in s.along] == [False, False]


@pytest.mark.parametrize(
    ("old", "new", "unknown"),
    [
        ("单位名称", "项目", ["武汉市青山区园林局机关", "青山区苗圃中心"]),
        ("青山区苗圃中心", "苗圃", ["武汉市青山区园林局机关", "苗圃"]),
        ("青山区苗圃中心", "武汉市青山区园林局机关", ["武汉市青山区园林局机关"] * 2),
    ],
    ids=["another header", "no name of an office", "named twice"],
)
def test_rows_that_may_be_something_else_are_no_units(old: str, new: str, unknown: list[str]) -> None:
    conversion = convert(table(2, "收入总表", UNITS.replace(old, new)))
    assert [issue.values["word"] for issue in issues(conversion, "unknown-row")] == unknown


def test_rows_of_units_without_a_total_beside_them_are_not_read() -> None:
    known = table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 9.00")
    conversion = convert(table(2, "收入总表", UNITS.replace("合计 | 9.00", "青山区林场 | 9.00")), known)
    assert [issue.values["word"] for issue in issues(conversion, "unknown-row")] == [
        "青山区林场",
        "武汉市青山区园林局机关",
        "青山区苗圃中心",
    ]
