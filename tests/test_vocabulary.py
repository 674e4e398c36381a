"""The words as the converter sees them: dimensions, meanings, kinds of table, units, messages."""

import string
from collections import Counter

import pytest

import ontology.messages
from ontology import DEFAULT_BASE, load_vocabulary
from ontology.messages import load_messages, message
from ontology.text import clean_label
from ontology.vocabulary import Meaning

VOCABULARY = load_vocabulary()
ELSEWHERE = "https://data.example.org/budget/"
CLIMBING_TO = {"fund": "code/fund/total", "vintage": "code/vintage/total", "kind": "code/kind/total"}


def meanings(word: str) -> tuple[Meaning, ...]:
    return VOCABULARY.meanings.get(clean_label(word), ())


def test_a_vocabulary_is_loaded_once_however_it_is_asked_for() -> None:
    assert (
        load_vocabulary()
        is load_vocabulary(DEFAULT_BASE)
        is load_vocabulary(DEFAULT_BASE, ())
        is load_vocabulary(codes=())
    )
    assert load_vocabulary("https://example.org/") is not load_vocabulary()


def test_the_cube_has_fifteen_dimensions_in_their_order() -> None:
    assert list(VOCABULARY.dimensions) == [
        *("organisation", "year", "phase", "flow", "vintage", "fund", "function", "economic"),
        *("kind", "project", "scope", "supplier", "line", "period", "measure"),
    ]


@pytest.mark.parametrize(("one", "other"), [("（ 类 ）", "(类)"), ("“三公”经费", '"三公"经费'), ("合\u3000计", "合计")])
def test_labels_are_compared_without_spaces_quotes_and_width(one: str, other: str) -> None:
    assert clean_label(one) == clean_label(other)


def test_labels_of_different_words_stay_different() -> None:
    assert clean_label("基本支出") != clean_label("基本支出表")


def test_a_concept_knows_its_place_and_its_names() -> None:
    concept = VOCABULARY.concepts["code/fund/general-public"]
    assert (concept.scheme, concept.notation, concept.parent) == ("code/fund", "general-public", "code/fund/fiscal")
    assert (concept.label("zh"), concept.label("en")) == ("一般公共预算", "general public budget")


def test_every_parent_is_a_concept_of_the_same_list() -> None:
    strays = [
        c.key
        for c in VOCABULARY.concepts.values()
        if c.parent and (c.parent not in VOCABULARY.concepts or VOCABULARY.concepts[c.parent].scheme != c.scheme)
    ]
    assert strays == []


def test_children_are_parents_turned_around() -> None:
    turned = {(parent, child) for parent, children in VOCABULARY.children.items() for child in children}
    assert turned == {(c.parent, c.key) for c in VOCABULARY.concepts.values() if c.parent and not c.unites}


@pytest.mark.parametrize("dimension", CLIMBING_TO)
def test_every_concept_of_a_climbing_dimension_reaches_its_top(dimension: str) -> None:
    for concept in VOCABULARY.concepts.values():
        if concept.scheme == f"code/{dimension}":
            key = concept.key
            while (above := VOCABULARY.concepts[key].parent) is not None:
                key = above
            assert key == CLIMBING_TO[dimension]


def test_own_funds_have_a_node_of_their_own_under_the_total() -> None:
    assert VOCABULARY.concepts["code/fund/business"].parent == "code/fund/own"
    assert VOCABULARY.concepts["code/fund/own"].parent == "code/fund/total"


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("单位资金", {"fund": "code/fund/own"}),
        ("本年收入", {"flow": "code/flow/revenue", "vintage": "code/vintage/current"}),
        ("支 出 总 计", {"flow": "code/flow/expenditure", "kind": "code/kind/total"}),
        ("年终结转结余", {"flow": "code/flow/expenditure", "kind": "code/kind/carried-forward"}),
    ],
)
def test_a_word_places(word: str, places: dict[str, str]) -> None:
    assert [meaning.places for meaning in meanings(word)] == [places]


@pytest.mark.parametrize(
    ("word", "role"),
    [("合计", "total"), ("小计", "total"), ("科目编码", "code"), ("单位代码", "code"), ("项目单位", "holder")],
)
def test_a_word_says_what_a_column_is_for(word: str, role: str) -> None:
    assert role in [meaning.role for meaning in meanings(word)]


def test_words_over_codes_say_whose_codes_they_are() -> None:
    assert [set(m.code_dimensions) for m in meanings("科目编码")] == [{"function", "economic"}]
    assert [set(m.code_dimensions) for m in meanings("单位代码")] == [{"organisation"}]
    assert [set(m.code_dimensions) for m in meanings("项目编码")] == [set()]


def test_a_flow_implies_this_year() -> None:
    assert VOCABULARY.implied["code/flow/revenue"] == {"vintage": "code/vintage/current"}
    assert VOCABULARY.implied["code/flow/expenditure"] == {"kind": "code/kind/this-year"}


def test_no_two_kinds_of_table_share_a_title() -> None:
    titles = Counter(title for kind in VOCABULARY.table_kinds.values() for title in kind.titles)
    assert [title for title, times in titles.items() if times > 1] == []


@pytest.mark.parametrize(
    ("kind", "flows"),
    [
        ("revenue", ["revenue"]),
        ("projects", ["expenditure"]),
        ("revenue-and-expenditure", ["revenue", "expenditure"]),
        ("fiscal-summary", ["revenue", "expenditure"]),
    ],
)
def test_a_kind_of_table_fixes_the_flow_of_each_of_its_blocks(kind: str, flows: list[str]) -> None:
    blocks = VOCABULARY.table_kinds[f"code/table/{kind}"].blocks
    assert [block.fixes["flow"] for block in blocks] == [f"code/flow/{flow}" for flow in flows]


def test_what_all_blocks_of_a_table_fix_the_table_fixes() -> None:
    summary = VOCABULARY.table_kinds["code/table/fiscal-summary"]
    assert summary.fixes == {"fund": "code/fund/fiscal"}


def test_money_can_be_compared() -> None:
    assert "amount" in VOCABULARY.comparable_measures


# ── The base ────────────────────────────────────────────────────────────────────────────────────


def test_another_base_moves_every_iri_of_ours_and_no_other() -> None:
    moved = load_vocabulary(ELSEWHERE)
    assert len(moved.triples) == len(VOCABULARY.triples)
    assert not any("w3id.org/yusuan/" in str(triple.subject) + str(triple.predicate) for triple in moved.triples)
    assert any(triple.predicate.value.startswith("http://www.w3.org/2004/02/skos/") for triple in moved.triples)


def test_keys_and_names_do_not_depend_on_the_base() -> None:
    moved = load_vocabulary(ELSEWHERE)
    assert moved.concepts == VOCABULARY.concepts
    assert moved.meanings == VOCABULARY.meanings
    assert moved.table_kinds == VOCABULARY.table_kinds


# ── Messages ────────────────────────────────────────────────────────────────────────────────────


def slots(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_each_message_stands_in_both_languages_with_the_same_slots() -> None:
    templates = load_messages()
    keys = {key for key, _ in templates}
    assert {(key, language) for key in keys for language in ("zh", "en")} - set(templates) == set()
    assert {key for key in keys if slots(templates[key, "zh"]) != slots(templates[key, "en"])} == set()


def test_a_message_is_filled() -> None:
    assert message("place-line", "en", value=95) == "line 95"
    assert message("place-line", "zh", value=95) == "第 95 行"


def test_an_unknown_message_is_an_error() -> None:
    with pytest.raises(KeyError):
        message("no-such-message", ontology.messages.LANGUAGES[0])
