"""Every number of a document is an observation, a label, text, withheld, or named as not converted."""

from decimal import Decimal
from pathlib import Path

import pytest
from small_disclosures import EXAMPLE, read, table

from converters import Document, convert_document, read_document
from converters.reports.coverage import Coverage, Use, coverage
from ontology.namespaces import DEF

# Table 2 has six zeros beyond its last header, which nobody can place.
BEYOND_HEADER = [("t02", line, field, "0.00") for line in (150, 151, 152) for field in (20, 21)]


def covered(document: Document) -> Coverage:
    return coverage(document, convert_document(document))


def lost(document: Document) -> list[tuple[str | None, int | None, int | None, str]]:
    """The numbers that became nothing: table, line, field, digits."""
    return [(n.table, n.locator.line, n.locator.field, n.text) for n in covered(document).not_converted]


def test_of_the_example_nothing_is_lost_but_what_has_no_header() -> None:
    assert lost(read_document(EXAMPLE)) == BEYOND_HEADER


def test_what_has_no_header_is_zero_and_named_in_the_graph() -> None:
    document = read_document(EXAMPLE)
    conversion = convert_document(document)
    beyond = {(e.locator, e.printed) for t in conversion.content.tables for e in t.beyond}
    left = coverage(document, conversion).not_converted
    assert {(number.locator, number.text) for number in left} == beyond
    assert {Decimal(number.text) for number in left} == {Decimal(0)}
    named = {t.object for t in conversion.triples if t.predicate.value == DEF + "beyondHeader"}
    assert len(named) == len(beyond)


@pytest.fixture
def real(material: Path) -> Document:
    return read_document(material / "disclosures" / "wuhan-qingshan-npc-2024.txt")


@pytest.mark.material
def test_of_the_real_disclosure_nothing_is_lost_but_what_has_no_header(real: Document) -> None:
    assert lost(real) == BEYOND_HEADER


@pytest.mark.material
def test_telephone_numbers_are_withheld_and_not_repeated(real: Document) -> None:
    withheld = [number for number in covered(real).numbers if number.use is Use.WITHHELD]
    assert len(withheld) == 8
    assert {(number.text, number.words) for number in withheld} == {("", "")}


EXPENDITURE = table(3, "支出总表", "科目编码 | 科目名称 | 合计 | 新词\n201 | 一般公共服务支出 | 5 | 7")


def test_figures_codes_and_titles_are_told_apart() -> None:
    found = covered(read(EXPENDITURE)).numbers
    assert [(number.text, number.use.value) for number in found] == [
        ("201", "label"),
        ("5", "observation"),
        ("7", "not-converted"),
        ("3", "label"),
        ("2024", "label"),
    ]


def test_in_running_text_a_number_with_a_unit_must_be_an_observation() -> None:
    found = covered(read(EXPENDITURE, "本部门于2019年成立，另有花木 33 个。")).numbers
    assert {number.text: number.use.value for number in found[-2:]} == {"2019": "text", "33": "not-converted"}


def test_ordinals_of_a_table_that_is_not_known_are_labels() -> None:
    units = table(2, "名单", "序号 | 单位名称 | 人数\n1 | 苗圃 | 20\n2 | 花圃 | 30")
    found = [(n.text, n.use.value) for n in covered(read(EXPENDITURE, units)).numbers if n.table == "t02"]
    assert found == [("1", "label"), ("20", "not-converted"), ("2", "label"), ("30", "not-converted")]


def test_what_is_counted_adds_up() -> None:
    document = read(EXPENDITURE)
    found = covered(document)
    assert sum(found.counts.values()) == len(found.numbers) == 5
    assert found.counts[Use.NOT_CONVERTED] == len(found.not_converted) == 1
