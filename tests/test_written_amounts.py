"""Amounts whose number has words in it are read exactly, or told as a figure that is not read."""

import pytest
from narrated import amounts, refused, statements

PROJECT = "flow=expenditure kind=project"


@pytest.mark.parametrize(
    ("printed", "yuan"),
    [
        ("12万3456.78元", "123456.78"),
        ("12 万 3456.78 元", "123456.78"),
        ("1亿2,300万元", "123000000"),
        ("1亿2300万3000元", "123003000"),
        ("3千元", "3000"),
        ("3千万元", "30000000"),
        ("3千5百万元", "35000000"),
        ("5百万元", "5000000"),
        ("0.5亿元", "50000000"),
        ("1.2千万元", "12000000"),
        ("20万元整", "200000"),
        ("二十万元", "200000"),
        ("两百万元", "2000000"),
        ("贰拾万元整", "200000"),
        ("十万零三百元", "100300"),
        ("一百二十三万四千五百六十七元", "1234567"),
    ],
)
def test_a_number_in_words_is_read_exactly(printed: str, yuan: str) -> None:
    assert amounts(f"项目支出 {printed}，与上年持平。") == [f"{yuan} {PROJECT}"]


@pytest.mark.parametrize(
    "printed", ["3万2元", "1.2亿3000万元", "二三十万元", "3万20000元", "2百3万元", "1亿2千3000万元"]
)
def test_a_number_with_two_readings_is_not_read(printed: str) -> None:
    assert amounts(f"项目支出 {printed}。") == []
    assert refused(f"项目支出 {printed}。") == [printed]


@pytest.mark.parametrize(
    "text", ["节约几十万元。", "单价五十万元以上设备。", "十元店数百万元。", "第二百元。", "一元复始。"]
)
def test_numerals_that_are_no_exact_amount_are_text(text: str) -> None:
    assert amounts(text) == []
    assert refused(text) == []


@pytest.mark.parametrize(
    ("printed", "precision"), [("二十万元", 50000), ("3千5百万元", 500000), ("12万3456.78元", "0.005")]
)
def test_a_number_is_as_precise_as_its_last_word(printed: str, precision: str) -> None:
    [stated] = statements(f"项目支出 {printed}。")
    assert stated.observation.precision == type(stated.observation.precision)(precision)


def test_digits_without_end_are_read_in_time() -> None:
    assert amounts("项目支出 " + "1" * 3000 + "。" + "一" * 3000 + "。") == []
