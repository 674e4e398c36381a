"""Codes mean what they meant in their year, or are honestly unknown."""

import pyoxigraph as ox
import pytest
from small_disclosures import convert, table

from ontology import load_vocabulary
from ontology.codelists.editions import Standing

VOCABULARY = load_vocabulary()
FUNCTION, ECONOMIC = "code/function", "code/economic"
AS_PRINTED = "https://w3id.org/yusuan/code/evidence/as-printed"


@pytest.mark.parametrize(
    ("scheme", "code", "year", "key"),
    [
        (ECONOMIC, "30311", 2017, "code/economic/30311-2017"),
        (ECONOMIC, "30311", 2018, "code/economic/30311"),
        (ECONOMIC, "30311", 2026, "code/economic/30311"),
        (ECONOMIC, "30104", 2017, "code/economic/30104-2017"),
        (ECONOMIC, "30104", 2018, None),
        (ECONOMIC, "30112", 2018, "code/economic/30112"),
        (ECONOMIC, "310", 2017, "code/economic/310"),
        (ECONOMIC, "310", 2024, "code/economic/310"),
        (ECONOMIC, "39999", 2024, None),
        (ECONOMIC, "311", 2009, "code/economic/311-2009"),
        (ECONOMIC, "311", 2018, "code/economic/311"),
        (ECONOMIC, "30404", 2009, "code/economic/30404-2009"),
        (ECONOMIC, "30404", 2018, None),
        (ECONOMIC, "30104", 2009, "code/economic/30104-2009"),
        (ECONOMIC, "30311", 2009, "code/economic/30311-2017"),
        (ECONOMIC, "30106", 2013, "code/economic/30106"),
        (ECONOMIC, "30212", 2009, "code/economic/30212"),
        (FUNCTION, "20805", 2009, "code/function/20805"),
        (FUNCTION, "20805", 2017, "code/function/20805"),
        (FUNCTION, "20805", 2024, "code/function/20805"),
        (FUNCTION, "210", 2018, "code/function/210"),
        (FUNCTION, "2010101", 2013, "code/function/2010101"),
        (FUNCTION, "21007", 2009, "code/function/21007-2009"),
        (FUNCTION, "21007", 2024, "code/function/21007"),
        (FUNCTION, "216", 2009, "code/function/216-2009"),
        (FUNCTION, "2050202", 2009, "code/function/2050202"),
        (FUNCTION, "2050202", 2024, None),
        (FUNCTION, "2101103", 2024, None),
        (FUNCTION, "2101199", 2024, None),
    ],
)
def test_a_code_means_what_it_meant_in_its_year(scheme: str, code: str, year: int, key: str | None) -> None:
    assert VOCABULARY.resolve(scheme, code, year) == key


@pytest.mark.parametrize(
    ("code", "year", "name", "key"),
    [
        ("2050202", 2024, "小学教育", "code/function/2050202"),
        ("2050202", 2024, "小学教育支出补助", None),
        ("2100408", 2024, "基本公共卫生服务", None),
        ("21004", 2009, "医疗保障", "code/function/21004-2009"),
        ("2040201", 2024, "行政运行", "code/function/2040201"),
        ("2010101", 2024, "行政运行", "code/function/2010101"),
        ("2080505", 2024, "机关事业单位基本养老保险缴", "code/function/2080505"),
        ("2010101", 2024, "完全不同的名称", "code/function/2010101"),
    ],
)
def test_where_no_list_of_the_year_decides_the_printed_name_does(
    code: str, year: int, name: str, key: str | None
) -> None:
    assert VOCABULARY.resolve(FUNCTION, code, year, name) == key


def test_the_clipped_beginning_of_a_name_is_enough_and_a_word_of_it_is_not() -> None:
    assert VOCABULARY.resolve(ECONOMIC, "30108", 2017, "机关事业单位基本养老保险缴") == "code/economic/30108"
    assert VOCABULARY.resolve(ECONOMIC, "30108", 2017, "机关") is None


def test_what_a_name_means_before_its_code_began_is_what_it_came_after() -> None:
    assert VOCABULARY.in_year("code/economic/30113", 2017) == "code/economic/30311-2017"
    assert VOCABULARY.in_year("code/economic/30113", 2018) == "code/economic/30113"
    assert VOCABULARY.in_year("code/economic/301", 2017) == "code/economic/301"
    assert VOCABULARY.in_year("code/fund/total", 1999) == "code/fund/total"


@pytest.mark.parametrize(
    ("code", "year", "key"),
    [("2101103", 2024, "2101103"), ("2050202", 2024, "2050202-2024"), ("20805", 1999, "20805-1999")],
)
def test_an_unknown_code_never_takes_the_address_of_another_meaning(code: str, year: int, key: str) -> None:
    assert VOCABULARY.mint_unlisted(FUNCTION, code, year) == f"{FUNCTION}/{key}"


@pytest.mark.parametrize(
    ("key", "year", "standing"),
    [
        ("code/function/20805", 2017, Standing.LISTED),
        ("code/function/20805", 2030, Standing.LISTED),
        ("code/function/2101103", 2024, Standing.UNLISTED),
        ("code/function/2050202", 2024, Standing.UNLISTED),
        ("code/function/2050202", 2009, Standing.LISTED),
        ("code/economic/30311-2017", 2017, Standing.LISTED),
    ],
)
def test_absence_from_a_partial_list_proves_nothing(key: str, year: int, standing: Standing) -> None:
    assert VOCABULARY.standing(key, year) is standing


# ── In a disclosure ─────────────────────────────────────────────────────────────────────────────

BASIC = """科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
 | 合计 | 30 | 30 |
303 | 对个人和家庭的补助 | 30 | 30 |
30311 | 住房公积金 | 20 | 20 |
30312 | 提租补贴 | 10 | 10 |"""


def economic_keys(year: int) -> dict[str, str]:
    conversion = convert(table(6, "一般公共预算基本支出表", BASIC, year=year))
    return {o.row_label: o.coordinates["economic"] for o in conversion.observations}


def test_observations_point_to_the_concept_valid_in_their_year() -> None:
    assert economic_keys(2017) == {
        "合计": "code/economic/total",
        "对个人和家庭的补助": "code/economic/303",
        "住房公积金": "code/economic/30311-2017",
        "提租补贴": "code/economic/30312-2017",
    }
    assert economic_keys(2024)["住房公积金"] == "code/economic/30311"


def test_a_code_that_means_nothing_known_in_its_year_is_as_printed_under_what_begins_it() -> None:
    conversion = convert(table(6, "一般公共预算基本支出表", BASIC, year=2024))
    [entity] = [entity for entity in conversion.entities if entity.unlisted]
    assert (entity.key, entity.name, entity.parent) == ("code/economic/30312", "提租补贴", "code/economic/303")


FUNCTIONS = """科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
 | 合计 | 30 | 30 |
205 | 教育支出 | 30 | 30 |
20502 | 普通教育 | 30 | 30 |
2050202 | 小学教育 | 20 | 20 |
2050299 | 别的什么支出 | 10 | 10 |"""


def test_codes_known_from_an_older_edition_add_up_under_what_they_stand_under() -> None:
    conversion = convert(table(3, "支出总表", FUNCTIONS))
    found = {o.row_label: o.coordinates["function"] for o in conversion.observations}
    assert found["小学教育"] == "code/function/2050202"
    assert found["别的什么支出"] == "code/function/2050299-2024"
    parts = {
        total.total.row_label: {part.row_label for part in total.parts}
        for total in conversion.content.sums
        if "function" in total.along and total.total.column_label == "合计"
    }
    assert parts["普通教育"] == {"小学教育", "别的什么支出"}


# ── In the catalogue ────────────────────────────────────────────────────────────────────────────


def test_a_version_says_of_each_code_whether_an_edition_of_its_year_has_it() -> None:
    conversion = convert(table(3, "支出总表", FUNCTIONS))
    standings = dict(conversion.standings)
    assert standings == {
        "code/function/205": Standing.LISTED,
        "code/function/20502": Standing.LISTED,
        "code/function/2050202": Standing.UNLISTED,
        "code/function/2050299-2024": Standing.UNLISTED,
    }
    graph = ox.Store()
    graph.extend(ox.Quad(t.subject, t.predicate, t.object) for t in conversion.catalogue())
    said = {
        (term.rpartition("#")[2], code.rpartition("/")[2])
        for term, code in (
            (quad.predicate.value, str(quad.object).strip("<>"))
            for quad in graph.quads_for_pattern(ox.NamedNode(conversion.version_iri), None, None)
        )
        if term.endswith("Code")
    }
    assert said == {
        ("listedCode", "205"),
        ("listedCode", "20502"),
        ("unlistedCode", "2050202"),
        ("unlistedCode", "2050299-2024"),
    }
    assert not any("listedCode" in str(triple.predicate) for triple in conversion.triples)
