"""Who an organisation is: the register, the rules that join two names, and their review."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from small_disclosures import convert, read, table

from converters import convert_document
from converters.entities.organisation_matching import (
    MatchRule,
    bare_name,
    find_registered,
    registered_division,
    same_name,
)
from converters.entities.organisations import settle_organisations
from converters.model.iris import digest
from ontology import load_vocabulary
from ontology.namespaces import DEFAULT_BASE, ORG
from ontology.register import DIVISIONS, REGISTER_FILE, Register, load_register
from yusuan import convert as convert_files
from yusuan.commands.main import main

SHIPPED = load_register()
VOCABULARY = load_vocabulary()
QINGSHAN = "420107"
PREFIXES = """
@prefix : <https://w3id.org/yusuan/def#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix division: <https://w3id.org/yusuan/code/division/> .
@prefix level: <https://w3id.org/yusuan/code/organisation-level/> .
@prefix o: <https://w3id.org/yusuan/id/org/420107/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# An office that got a new code, and two that merged into a third.
OWN = """
o:108 a org:Organization ; dct:spatial division:420107 ; skos:notation "108" , "208" ;
    org:classification level:department ; skos:prefLabel "武汉市青山区园林局"@zh ; skos:altLabel "青山园林"@zh .
o:301 a org:Organization ; dct:spatial division:420107 ; skos:notation "301" ; skos:prefLabel "武汉市青山区旅游局"@zh ;
    dct:isReplacedBy o:303 ; org:changedBy o:change-2019 .
o:302 a org:Organization ; dct:spatial division:420107 ; skos:notation "302" ; skos:prefLabel "武汉市青山区文化局"@zh ;
    dct:isReplacedBy o:303 ; org:changedBy o:change-2019 .
o:303 a org:Organization ; dct:spatial division:420107 ; skos:notation "303" ;
    skos:prefLabel "武汉市青山区文化和旅游局"@zh ; org:resultedFrom o:change-2019 .
o:change-2019 a org:ChangeEvent ; org:originalOrganization o:301 , o:302 ; org:resultingOrganization o:303 .
o:one a org:Organization ; dct:spatial division:420107 ; skos:prefLabel "武汉市青山区甲中心"@zh ;
    skos:altLabel "青山区共用名"@zh ; skosxl:altLabel o:name-1 .
o:two a org:Organization ; dct:spatial division:420107 ; skos:prefLabel "武汉市青山区乙中心"@zh ;
    skos:altLabel "青山区共用名"@zh ; skosxl:altLabel o:name-2 .
o:name-1 skosxl:literalForm "青山区共用名"@zh ; :seenFrom "2015"^^xsd:gYear ; :seenUntil "2018"^^xsd:gYear .
o:name-2 skosxl:literalForm "青山区共用名"@zh ; :seenFrom "2019"^^xsd:gYear ; :seenUntil "2024"^^xsd:gYear .
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "register.ttl"
    path.write_text(PREFIXES + OWN, encoding="utf-8")
    return path


@pytest.fixture
def register(own: Path) -> Register:
    return load_register((own,))


# ── What is shipped ─────────────────────────────────────────────────────────────────────────────


def test_every_organisation_has_a_division_that_exists_and_a_name() -> None:
    divisions = VOCABULARY.lists.whole(DIVISIONS.rstrip("/")).by_notation
    for organisation in SHIPPED.organisations.values():
        assert organisation.division in divisions
        assert organisation.names
        assert organisation.key.startswith(f"id/org/{organisation.division}/")


def test_addresses_are_those_that_converting_gives() -> None:
    for organisation in SHIPPED.organisations.values():
        division, last = organisation.division or "", organisation.key.rsplit("/", 1)[-1]
        expected = organisation.codes or (
            digest(division + bare_name(organisation.names[0].text, division, VOCABULARY)),
        )
        assert (last,) == expected


def test_a_unit_stands_under_its_department() -> None:
    unit = SHIPPED.organisations["id/org/420107/108001"]
    assert (unit.level, unit.parent) == ("unit", "id/org/420107/108")
    assert SHIPPED.organisations["id/org/420107/108"].level == "department"


def test_a_name_says_the_years_in_which_it_was_met() -> None:
    [npc] = [o for o in SHIPPED.organisations.values() if o.names[0].text == "江苏省人大常委会办公厅"]
    assert [(name.first, name.last) for name in npc.names] == [(2017, 2019)]


# ── The rules ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("武汉市青山区园林局", "武汉市 青山区 园林局", MatchRule.NAME),
        ("武汉市青山区园林局（筹）", "武汉市青山区园林局(筹)", MatchRule.NAME),
        ("武汉市青山区园林局", "青山区园林局", MatchRule.DIVISION),
        ("湖北省武汉市青山区园林局", "青山区园林局", MatchRule.DIVISION),
        ("园林局", "青山区园林局", MatchRule.DIVISION),
        ("武汉市青山区园林局", "武汉市青山区园林局本级", None),
        ("武汉市青山区园林局", "武汉市青山区园林", None),
        ("武汉市青山区人民代表大会常务委员会办公室", "武汉市青山区人大常委会办公室", None),
        ("武汉市青山区园林局", "包头市青山区园林局", None),
        ("武汉市青山区园林局", "武汉市江岸区园林局", None),
    ],
)
def test_two_names_in_a_division_are_one_only_by_a_rule(one: str, other: str, rule: MatchRule | None) -> None:
    assert same_name(one, other, QINGSHAN, VOCABULARY) is rule
    assert same_name(other, one, QINGSHAN, VOCABULARY) is rule


def test_the_name_of_a_division_alone_is_nobody_s_bare_name() -> None:
    assert bare_name("武汉市青山区", QINGSHAN, VOCABULARY) == "武汉市青山区"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("武汉市青山区园林局", "108"),
        ("青山区园林局", "108"),
        ("青山园林", "108"),
        ("青山区园林所", None),
        ("青山区旅游局", "301"),
    ],
)
def test_a_registered_name_is_found_with_and_without_its_division(
    name: str, key: str | None, register: Register
) -> None:
    found = find_registered(name, QINGSHAN, 2024, register, VOCABULARY)
    assert (found and found.key) == (key and f"id/org/{QINGSHAN}/{key}")


@pytest.mark.parametrize(("year", "key"), [(2016, "one"), (2024, "two"), (2030, None)])
def test_where_two_go_by_one_name_the_years_decide_or_nothing_does(
    year: int, key: str | None, register: Register
) -> None:
    found = register.named("青山区共用名", QINGSHAN, year)
    assert (found and found.key) == (key and f"id/org/{QINGSHAN}/{key}")


@pytest.mark.parametrize(
    ("name", "division"),
    [
        ("中国共产党江苏省委员会办公厅", "320000"),
        ("江苏省委办公厅", "320000"),
        ("青山区人民代表大会常务委员会办公室", None),
        ("区人大常委会办公室", None),
        ("某某办公厅", None),
    ],
)
def test_a_registered_name_settles_the_division_only_if_it_tells_it_from_all_others(
    name: str, division: str | None
) -> None:
    assert registered_division(name, 2024, SHIPPED, VOCABULARY) == division


# ── Converting reads it ─────────────────────────────────────────────────────────────────────────


def coded(code: str) -> str:
    return table(
        2, "收入总表", f"单位代码 | 单位名称 | 合计\n{code} | 武汉市青山区园林局 | 9", office="武汉市青山区园林局"
    )


def test_a_new_code_of_a_registered_office_keeps_its_address(register: Register) -> None:
    document = read(coded("208"))
    assert convert_document(document).content.organisation == "id/org/420107/208"
    assert convert_document(document, register=register).content.organisation == "id/org/420107/108"


def test_an_office_without_a_code_takes_its_registered_address(register: Register) -> None:
    document = read(table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 某类 | 9", office="武汉市青山区园林局"))
    assert convert_document(document, register=register).content.organisation == "id/org/420107/108"
    unknown = convert_document(document).content.organisation
    assert unknown == f"id/org/420107/{digest('420107' + '园林局')}"


def test_what_an_office_became_is_published_and_not_put_in_its_place(register: Register) -> None:
    settled = settle_organisations([("301", "武汉市青山区旅游局")], [], [], VOCABULARY, register, 2018)
    assert settled.root.key == "id/org/420107/301"
    said = {(str(t.subject), t.predicate.value, str(t.object)) for t in register.triples("https://data.example.org/")}
    at = "https://data.example.org/id/org/420107/"
    assert (f"<{at}301>", "http://purl.org/dc/terms/isReplacedBy", f"<{at}303>") in said
    assert (f"<{at}change-2019>", ORG + "resultingOrganization", f"<{at}303>") in said


def test_the_catalogue_says_division_and_level() -> None:
    graph = ox.Store()
    graph.extend(ox.Quad(t.subject, t.predicate, t.object) for t in convert(coded("108")).catalogue())
    office = ox.NamedNode(DEFAULT_BASE + "id/org/420107/108")
    found = {
        predicate: [str(quad.object) for quad in graph.quads_for_pattern(office, ox.NamedNode(predicate), None)]
        for predicate in ("http://purl.org/dc/terms/spatial", ORG + "classification")
    }
    assert list(found.values()) == [
        [f"<{DEFAULT_BASE}code/division/420107>"],
        [f"<{DEFAULT_BASE}code/organisation-level/department>"],
    ]


def test_converting_never_writes_a_register(own: Path, tmp_path: Path) -> None:
    shipped, before = REGISTER_FILE.read_bytes(), own.read_bytes()
    disclosure = tmp_path / "disclosure.txt"
    disclosure.write_text(coded("208").replace(" | ", "\t"), encoding="utf-8")
    [conversion] = convert_files(disclosure, register=own).conversions
    assert conversion.content.organisation == "id/org/420107/108"
    assert (REGISTER_FILE.read_bytes(), own.read_bytes()) == (shipped, before)


def test_a_preferred_name_of_the_user_goes_before_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(PREFIXES + 'o:108 a org:Organization ; skos:prefLabel "武汉市青山区人大办"@zh .', encoding="utf-8")
    register = load_register((path,))
    office = register.organisations["id/org/420107/108"]
    assert office.names[0].text == "武汉市青山区人大办"
    labels = [t for t in register.triples() if t.predicate.value.endswith("prefLabel") and "108>" in str(t.subject)]
    assert len({(str(t.subject), getattr(t.object, "language", "")) for t in labels}) == len(labels)


# ── The review ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def disclosures(tmp_path: Path) -> list[Path]:
    texts = {
        "coded.txt": coded("118")
        + table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 某类 | 9", office="青山区园林局"),
        "short.txt": table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 某类 | 9", office="青山区园林局"),
        "other.txt": table(
            2, "收入总表", "单位代码 | 单位名称 | 合计\n109 | 武汉市青山区林业局 | 9", office="某个别的名称"
        ),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text.replace(" | ", "\t"), encoding="utf-8")
    return [tmp_path / name for name in texts]


def review(*arguments: object) -> str:
    result = CliRunner().invoke(main, ["organisations", "review", *map(str, arguments), "--lang", "en"])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_review_lists_every_name_with_the_rule_that_joined_it(disclosures: list[Path]) -> None:
    lines = review(*disclosures).splitlines()
    first = lines.index("id/org/420107/118  (not in the register)")
    assert lines[first + 1 : first + 3] == [
        "  2024  武汉市青山区园林局  [same code]  coded.txt",
        "  2024  青山区园林局  [same name without the division]  coded.txt",
    ]


def test_a_review_says_what_stays_unknown_and_what_might_be_one(disclosures: list[Path]) -> None:
    lines = review(*disclosures).splitlines()
    assert lines[lines.index("Names without an organisation:") + 1] == "  2024  某个别的名称  other.txt"
    [placeless] = [line.strip() for line in lines if line.startswith("  id/org/x/") and len(line.split()) == 1]
    assert placeless in lines[lines.index("Organisations without a known division:") + 1]
    assert lines[-1] == f"  id/org/420107/118  {placeless}"


def test_a_register_of_ones_own_settles_it(disclosures: list[Path], tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(PREFIXES + OWN.replace('"108"', '"118"'), encoding="utf-8")
    content = json.loads(review(disclosures[0], "--register", own, "--format", "json"))
    assert {(name["organisation"], name["registered"]) for name in content["names"]} == {("id/org/420107/108", True)}
    assert content["possiblySame"] == []


def test_a_name_that_the_register_does_not_give_to_the_code_is_marked(tmp_path: Path) -> None:
    disclosure = tmp_path / "disclosure.txt"
    disclosure.write_text(coded("108").replace(" | ", "\t"), encoding="utf-8")
    assert "  2024  武汉市青山区园林局  [same code; under another name than in the register]" in review(disclosure)


def test_a_register_that_cannot_be_read_is_an_error_that_names_it(disclosures: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("no turtle", encoding="utf-8")
    arguments = ["organisations", "review", str(disclosures[0]), "--register", str(broken), "--lang", "en"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert f"{broken}: cannot be read" in result.output
