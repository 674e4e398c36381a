"""Printed numbers are read exactly, or not at all."""

from decimal import Decimal

import pytest
from claims import VOCABULARY
from hypothesis import given
from hypothesis import strategies as st

from converters.model.amounts import is_blank, parse_amount
from converters.model.figures import Figure, parse_figure
from converters.model.precision import finest
from ontology.numbers import decimal_to_text

FULL_WIDTH = str.maketrans("0123456789.,()+-", "０１２３４５６７８９．，（）＋－")
cents = st.decimals(min_value=0, max_value=10**13, places=2)
styles = st.sampled_from(["", ","])


def written(amount: Decimal, grouping: str) -> str:
    return format(amount, f"{grouping}.2f")


@given(cents, styles)
def test_a_printed_amount_is_read_back_exactly(amount: Decimal, grouping: str) -> None:
    read = parse_amount(written(amount, grouping))
    assert read is not None
    assert (read.value, read.decimals) == (amount, 2)


@given(cents, styles)
def test_full_width_figures_are_figures(amount: Decimal, grouping: str) -> None:
    printed = written(amount, grouping)
    assert parse_amount(printed.translate(FULL_WIDTH)) == parse_amount(printed)


@given(cents, styles)
def test_accounting_brackets_are_a_minus_sign(amount: Decimal, grouping: str) -> None:
    printed = written(amount, grouping)
    assert parse_amount(f"({printed})") == parse_amount(f"（{printed}）") == parse_amount(f"-{printed}")


@given(cents, st.sampled_from("-−–－"))
def test_every_sort_of_minus_sign_makes_an_amount_negative(amount: Decimal, sign: str) -> None:
    read = parse_amount(sign + written(amount, ","))
    assert read is not None
    assert read.value == -amount


@given(cents)
def test_a_plus_sign_changes_nothing(amount: Decimal) -> None:
    assert parse_amount("+" + written(amount, "")) == parse_amount(written(amount, ""))


@given(cents.filter(lambda amount: amount >= 1000))
def test_spaces_inside_a_number_with_separators_are_damage_of_the_page(amount: Decimal) -> None:
    printed = written(amount, ",")
    assert parse_amount(f"\u3000{printed[:2]} {printed[2:]}\u00a0") == parse_amount(printed)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234.50", "1234.50"),
        ("1\u2009234\u2009567", "1234567"),
        ("1 2 3 . 4", "123.4"),
        ("- 5", "-5"),
        ("12 34", None),
        ("120 45.00", None),
        ("595000.0 0", None),
        ("2024 120", None),
        ("1 234 56", None),
    ],
)
def test_digits_with_spaces_are_one_number_only_where_nothing_else_is_possible(text: str, value: str | None) -> None:
    read = parse_amount(text)
    assert (None if read is None else str(read.value)) == value
    assert (parse_figure(text, VOCABULARY) is None) == (value is None)


@given(st.integers(min_value=0, max_value=10**13))
def test_a_whole_number_shows_no_decimal_places(number: int) -> None:
    read = parse_amount(f"{number:,}")
    assert read is not None
    assert (read.value, read.decimals) == (Decimal(number), 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "—",
        "1,00",
        "1,0000",
        "12,34,567",
        "1.2.3",
        "100%",
        "29万元",
        "(-5)",
        "(5",
        "5-",
        "一百",
        "N/A",
        "#REF!",
        "=A1",
    ],
)
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize("text", ["", " ", "\u3000\u00a0", "-", "—", "——", "/", "_"])
def test_nothing_and_dashes_claim_nothing(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "0.00", "-0", "无"])
def test_a_zero_or_a_word_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=4))
def test_plain_writes_the_same_number_without_exponent_or_trailing_zeros(number: Decimal) -> None:
    text = decimal_to_text(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert not (("." in text) and text.endswith(("0", ".")))


@pytest.mark.parametrize(
    ("texts", "precision"),
    [
        (["1483.56", "29", "0.5"], "0.005"),
        (["29", "30"], "0.5"),
        (["29", "0.00"], "0.5"),
        (["0.00", "0.00"], "0"),
        (["1.5", "不详"], "0.05"),
        ([], "0"),
    ],
)
def test_precision_is_half_of_the_finest_digit_used_by_what_is_not_zero(texts: list[str], precision: str) -> None:
    amounts = filter(None, map(parse_amount, texts))
    assert finest(Figure(amount.value, amount.decimals) for amount in amounts) == Decimal(precision)
