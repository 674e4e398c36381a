"""Tokens of texts and queries, and pinyin."""

import pytest

from server.search.pinyin import segment_pinyin, syllables_to_tokens, text_to_syllables
from server.search.text_tokens import query_to_loose_match, query_to_match, query_to_split_match, text_to_tokens

SYLLABLES = frozenset({"an", "fei", "pei", "qing", "shan", "xi", "xian", "xun"})


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("培训费", "培训 训费 费"),
        ("培 训 费", "培训 训费 费"),
        ("费", "费"),
        ("30216培训", "30216 培训 训"),
        ("（２０４）公共安全", "204 公共 共安 安全 全"),
        ("People's Congress", "people s congress"),
        ("——", ""),
    ],
)
def test_han_text_is_split_into_pairs_and_words_are_kept(text: str, tokens: str) -> None:
    assert text_to_tokens(text) == tokens


def test_a_query_of_several_characters_is_a_phrase_and_a_word_a_prefix() -> None:
    assert query_to_match("培训费 204", SYLLABLES) == '("培训 训费") AND ("204" *)'
    assert query_to_match("山", SYLLABLES) == '("山" *)'


def test_a_word_of_letters_is_also_pinyin_where_it_can_be_divided_into_syllables() -> None:
    assert query_to_match("peixunf", SYLLABLES) == '("peixunf" * OR pinyin : "pei xun f" *)'
    assert query_to_match("housing", SYLLABLES) == '("housing" *)'


def test_english_words_match_one_and_many() -> None:
    assert query_to_match("library", SYLLABLES) == '("library" * OR "libraries" *)'
    assert query_to_match("libraries", SYLLABLES) == '("libraries" * OR "library" *)'
    assert query_to_match("fees", SYLLABLES) == '("fees" * OR "fee" *)'
    assert query_to_match("gas", SYLLABLES) == '("gas" *)'


@pytest.mark.parametrize("query", ["", '"', "*", "NEAR(", "-", "OR", 'a" OR "b', "label : x", "^", "{", "。"])
def test_no_query_is_a_syntax_of_the_engine(query: str) -> None:
    """Only letters, digits and Han characters reach an expression, each word between quotation marks."""
    match = query_to_match(query, SYLLABLES)
    assert match.count('"') % 2 == 0
    assert ("" if not any(c.isalnum() for c in query) else '"') in match
    assert not (set(match.replace(" AND ", "").replace(" OR ", "")) - set('() "*:abcdefghijklmnopqrstuvwxyz'))


def test_a_run_is_divided_in_two_where_it_is_found_nowhere_as_a_whole() -> None:
    assert query_to_split_match("青山培训 a") == '(("青山" AND "培训")) AND ("a" *)'
    assert '("青山 山区" AND "培训")' in query_to_split_match("青山区培训")
    assert query_to_split_match("培训费") == ""
    assert query_to_split_match("204") == ""


def test_the_last_resort_is_any_pair_or_word() -> None:
    assert query_to_loose_match("青山区 204") == '"青山" OR "山区" OR "204"'


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("住房公积金", "zhu fang gong ji jin"),
        ("重庆市会计", "chong qing shi kuai ji"),
        ("行政运行", "xing zheng yun xing"),
        ("绿化 2024 A", "lv hua"),
        ("", ""),
    ],
)
def test_characters_are_read_as_in_their_words(text: str, syllables: str) -> None:
    assert " ".join(text_to_syllables(text)) == syllables


def test_syllables_are_found_one_by_one_and_by_their_initials() -> None:
    assert syllables_to_tokens(("pei", "xun", "fei")) == "pei xun fei pxf"
    assert syllables_to_tokens(()) == ""


def test_letters_are_divided_in_every_way_that_may_be_meant() -> None:
    assert segment_pinyin("xianfei", SYLLABLES) == [("xian", "fei"), ("xi", "an", "fei")]
    assert segment_pinyin("qingsh", SYLLABLES) == [("qing", "sh")]
    assert segment_pinyin("fei", SYLLABLES) == []
    assert segment_pinyin("xian" * 15, SYLLABLES)[0] == ("xian",) * 15
    assert segment_pinyin("xian" * 16, SYLLABLES) == []


def test_ambiguous_letters_are_divided_without_looking_at_every_way() -> None:
    ways = segment_pinyin("ana" * 20, frozenset({"a", "an", "na"}))
    assert [len(way) for way in ways] == [40, 40, 40, 40]
    assert all("".join(way) == "ana" * 20 for way in ways)
