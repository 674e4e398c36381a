"""No private name and no telephone number leaves a document, in whatever form the conversion is written."""

import re
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from small_disclosures import EXAMPLE

from converters import Conversion, conversion_to_records, conversion_to_snapshot, convert_file, records_to_csv
from converters.graph import write_rdf

PERSONAL = r"(?:填报人|联系人|项目负责人|联系电话|公开咨询电话|电话)"
OUTPUTS = ["nq", "ttl", "csv", "json"]


def written(conversion: Conversion, form: str) -> str:
    """The conversion as it leaves the program."""
    match form:
        case "nq":
            return write_rdf(conversion.quads(), ox.RdfFormat.N_QUADS, {}).decode()
        case "ttl":
            return write_rdf(conversion.quads(), ox.RdfFormat.TURTLE, {}).decode()
        case "csv":
            return records_to_csv(conversion_to_records(conversion))
    return conversion_to_snapshot(conversion).decode()


def personal_values(text: str) -> Iterator[str]:
    """What follows a word for a person or telephone, in the next field or after a colon."""
    for line in text.splitlines():
        fields = [field.strip() for field in line.split("\t")]
        for word, value in pairwise(fields):
            if value and re.fullmatch(PERSONAL, word):
                yield value
        yield from re.findall(PERSONAL + r"[:：]\s*(\S+)", line)


def leaks(conversion: Conversion, form: str, values: list[str]) -> int:
    """How many of the values the output holds; they are not shown, since a test report is read by others."""
    output = written(conversion, form)
    return sum(value in output for value in values)


@pytest.fixture(scope="module")
def real(material: Path) -> Path:
    return material / "disclosures" / "wuhan-qingshan-npc-2024.txt"


@pytest.mark.material
@pytest.mark.parametrize("form", OUTPUTS)
def test_nobody_named_in_the_real_disclosure_is_in_an_output(real: Path, form: str) -> None:
    values = list(personal_values(real.read_text(encoding="utf-8")))
    found, leaked = len(values), leaks(convert_file(real), form, values)
    assert (found, leaked) == (18, 0)


@pytest.mark.parametrize("form", OUTPUTS)
def test_names_and_numbers_filled_into_the_forms_are_in_no_output(tmp_path: Path, form: str) -> None:
    numbers = count(1)
    text = re.sub("（略）", lambda _: f"某人甲乙{next(numbers)}号", EXAMPLE.read_text(encoding="utf-8"))
    path = tmp_path / "with-people.txt"
    path.write_text(text, encoding="utf-8")
    values = list(personal_values(text))
    found, leaked = len(values), leaks(convert_file(path), form, values)
    assert (found, leaked) == (18, 0)
