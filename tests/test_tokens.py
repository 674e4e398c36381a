"""Running text to tokens: numbers, years, list marks, and words, with as little left over as may be."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converters.narrative.tokens import FIGURES, Lexicon, Token, tokenize
from ontology import load_vocabulary
from ontology.narrative_words import Word, bare, load_phrases
from ontology.text import close_up_quotes, is_ignored

LEXICON = Lexicon(
    load_phrases(load_vocabulary()),
    load_vocabulary(),
    2024,
    {"青山区园林局": Word("word", meanings=({"organisation": "id/org/x"},))},
)


def sorts(text: str) -> str:
    return " ".join(token.sort for token in tokenize(text, LEXICON))


def texts(text: str) -> list[str]:
    return [token.text for token in tokenize(text, LEXICON)]


def only(text: str) -> Token:
    [token] = tokenize(text, LEXICON)
    return token


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "sort", "amount", "decimals", "unit"),
    [
        ("1483.56万元", "money", "1483.56", 2, "ten-thousand"),
        ("1483.56 万元", "money", "1483.56", 2, "ten-thousand"),
        ("10,150.48万元", "money", "10150.48", 2, "ten-thousand"),
        ("１２．５万元", "money", "12.5", 1, "ten-thousand"),
        ("600元", "money", "600", 0, "yuan"),
        ("1.2亿元", "money", "1.2", 1, "hundred-million"),
        ("5.88%", "percent", "5.88", 2, "percent"),
        ("1.34 ％", "percent", "1.34", 2, "percent"),
        ("23人", "count", "23", 0, "person"),
        ("339名", "count", "339", 0, "person"),
        ("5 辆", "count", "5", 0, "vehicle"),
        ("1家", "count", "1", 0, "item"),
        ("4000.6平方米", "count", "4000.6", 1, "square-metre"),
    ],
)
def test_a_number_is_read_with_its_unit(printed: str, sort: str, amount: str, decimals: int, unit: str) -> None:
    token = only(printed)
    assert (token.sort, token.amount, token.decimals, token.unit) == (
        sort,
        Decimal(amount),
        decimals,
        f"code/unit/{unit}",
    )


def test_what_is_printed_is_kept_without_the_unit() -> None:
    assert only("10,150.48 万元").digits == "10,150.48"


def test_a_wide_comma_divides_two_numbers() -> None:
    assert texts("5，000元") == ["5", "，", "000元"]


def test_a_number_without_unit_is_a_number() -> None:
    assert only("99.43").sort == "number"


def test_a_range_is_two_numbers_and_neither_is_negative() -> None:
    assert [t.amount for t in tokenize("2-3次", LEXICON) if t.sort in FIGURES] == [2, 3]


def test_a_sign_before_a_number_is_its_own() -> None:
    assert tokenize("增长-1.2%", LEXICON)[-1].amount == Decimal("-1.2")


@pytest.mark.parametrize("text", ["表3", "附件1", "公开02表"])
def test_the_number_of_a_table_or_annex_is_no_figure(text: str) -> None:
    assert not FIGURES & {token.sort for token in tokenize(text, LEXICON)}


# ── Time ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("text", "year"), [("2023年", 2023), ("2024 年度", 2024), ("上年", 2023), ("本年", 2024)])
def test_years_are_read_and_reckoned(text: str, year: int) -> None:
    assert (only(text).sort, only(text).year) == ("year", year)


def test_a_whole_date_is_one_token() -> None:
    assert only("2023 年 12 月 31 日").date == "2023-12-31"


def test_a_month_alone_is_no_whole_date() -> None:
    assert (only("2024年12月").sort, only("2024年12月").date) == ("date", None)


# ── Marks ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["一、收入", "（一）收入", "1.收入", "（1）收入", "12、收入"])
def test_a_list_mark_begins_a_text(text: str) -> None:
    assert sorts(text) == "mark word"


def test_a_list_mark_stands_behind_punctuation() -> None:
    assert sorts("：（1）收入；（2）支出") == "colon mark word semicolon mark word"


def test_a_figure_is_no_list_mark() -> None:
    assert sorts("1.5万元") == "money"


@pytest.mark.parametrize("text", ["教育支出（类）", "教育支出（205类）"])
def test_the_mark_of_a_level_may_repeat_digits_of_the_code(text: str) -> None:
    assert sorts(text) == "word level"


# ── Words ───────────────────────────────────────────────────────────────────────────────────────


def test_spaces_and_quotation_marks_make_no_difference() -> None:
    assert texts("“三公” 经 费") == ["三公经费"]


def test_brackets_inside_a_name_belong_to_it() -> None:
    assert sorts("因公出国（境）费") == sorts("因公出国(境)费") == "word"


def test_a_name_with_commas_is_one_word() -> None:
    assert texts("“三公”经费、会议费、培训费支出") == ["三公经费、会议费、培训费支出"]


def test_the_names_of_the_document_are_words() -> None:
    assert sorts("青山区园林局共有车辆5辆") == "word filler noun count"


def test_few_words_go_before_many() -> None:
    assert texts("一般公共预算基本支出") == ["一般公共预算基本支出"]


def test_what_nobody_knows_is_one_token() -> None:
    assert [(t.sort, t.text) for t in tokenize("收入蓝天白云支出", LEXICON)] == [
        ("word", "收入"),
        ("unknown", "蓝天白云"),
        ("word", "支出"),
    ]


def test_no_wording_of_running_text_is_two_things() -> None:
    vocabulary = load_vocabulary()
    schemes = {f"code/{name}" for name in ("keyword", "filler", "phrase", "level", "separator")}
    concepts = [concept for concept in vocabulary.concepts.values() if concept.scheme in schemes]
    meant = Counter(label for concept in concepts for label in {bare(label) for label in concept.labels})
    assert [label for label, times in meant.items() if times > 1] == []


# ── Any text ────────────────────────────────────────────────────────────────────────────────────

ANY_TEXT = st.text(
    st.sampled_from("一般公共预算收入支出基本人员经费占比增长年月日2024.5,%，。：（） 万元辆“”天"), max_size=40
)


@given(ANY_TEXT)
def test_tokens_cover_the_text_in_order(text: str) -> None:
    tokens = tokenize(text, LEXICON)
    assert "".join(token.text for token in tokens) == bare(text)
    assert [bare(text[token.start : token.end]) for token in tokens] == [token.text for token in tokens]
    assert all(before.end <= after.start for before, after in pairwise(tokens))


@given(ANY_TEXT)
def test_a_token_neither_begins_nor_ends_with_what_is_ignored(text: str) -> None:
    for token in tokenize(text, LEXICON):
        assert not is_ignored(text[token.start])
        assert not is_ignored(text[token.end - 1])


@pytest.mark.parametrize(
    ("printed", "quoted"),
    [
        ("表1“收 入 总 计”行“预算数”栏", "表1“收入总计”行“预算数”栏"),
        ("“合 计”行“收 入 决算数”栏", "“合计”行“收入 决算数”栏"),
        ("“本年支出 合计”行“预算数 2024 年”栏", "“本年支出 合计”行“预算数 2024 年”栏"),
        ("第 1 项“A B C”为 0 元，应 为 1 元", "第 1 项“A B C”为 0 元，应 为 1 元"),
    ],
)
def test_quotations_have_no_spaces_between_single_characters(printed: str, quoted: str) -> None:
    assert close_up_quotes(printed) == quoted
