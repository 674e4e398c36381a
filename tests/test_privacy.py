"""No private name and no telephone number leaves a document, in whatever form it is converted, checked or shown."""

import json
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import count, pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from openpyxl import load_workbook
from small_disclosures import EXAMPLE

from converters import (
    Conversion,
    Coverage,
    conversion_to_records,
    conversion_to_snapshot,
    convert_file,
    coverage,
    read_document,
    records_to_csv,
)
from converters.rdf.graph import write_rdf
from ontology import DEFAULT_BASE
from ontology.messages import LANGUAGES
from server.reports import FORMATS
from shapes import check
from yusuan.checked_document import Checked, rule_vocabulary
from yusuan.validation_output import checked_to_text, report_to_turtle

PERSONAL = r"(?:填报人|联系人|项目负责人|联系电话|公开咨询电话|电话)"
OUTPUTS = ["nq", "ttl", "csv", "json", "report", "shacl", "text", "coverage", "html", "sarif", "xlsx"]


@cache
def converted(path: Path) -> Conversion:
    return convert_file(path)


@cache
def covered_numbers(path: Path) -> Coverage:
    return coverage(read_document(path), converted(path))


@cache
def checked_file(path: Path) -> Checked:
    conversion = converted(path)
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    return Checked(conversion, report, {}, covered_numbers(path))


def written(path: Path, form: str) -> str:
    """A file as it leaves the program, converted or checked."""
    conversion, covered = converted(path), covered_numbers(path)
    match form:
        case "nq":
            return write_rdf(conversion.quads(), ox.RdfFormat.N_QUADS, {}).decode()
        case "ttl":
            return write_rdf(conversion.quads(), ox.RdfFormat.TURTLE, {}).decode()
        case "csv":
            return records_to_csv(conversion_to_records(conversion))
        case "json":
            return conversion_to_snapshot(conversion, covered).decode()
        case "coverage":
            return "\n".join(f"{n.text} {n.words}" for n in covered.numbers)
    checked = checked_file(path)
    match form:
        case "report":
            return json.dumps(checked.to_json(), ensure_ascii=False)
        case "html" | "sarif":
            return "".join(FORMATS[form].write([checked.to_report(language)]).decode() for language in LANGUAGES)
        case "xlsx":
            workbook = load_workbook(BytesIO(FORMATS[form].write([checked.to_report("zh")])))
            return "\n".join(str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row)
        case "shacl":
            return report_to_turtle([checked]).decode()
    return "".join(checked_to_text(checked, language, colour=False) for language in LANGUAGES)


def personal_values(text: str) -> Iterator[str]:
    """What follows a word for a person or telephone, in the next field or after a colon."""
    for line in text.splitlines():
        fields = [field.strip() for field in line.split("\t")]
        for word, value in pairwise(fields):
            if value and re.fullmatch(PERSONAL, word):
                yield value
        yield from re.findall(PERSONAL + r"[:：]\s*(\S+)", line)


def leaks(path: Path, form: str, values: list[str]) -> int:
    """How many of the values the output holds; they are not shown, since a test report is read by others."""
    output = written(path, form)
    return sum(value in output for value in values)


@pytest.fixture(scope="module")
def real(material: Path) -> Path:
    return material / "disclosures" / "wuhan-qingshan-npc-2024.txt"


@pytest.mark.material
@pytest.mark.parametrize("form", OUTPUTS)
def test_nobody_named_in_the_real_disclosure_is_in_an_output(real: Path, form: str) -> None:
    values = list(personal_values(real.read_text(encoding="utf-8")))
    found, leaked = len(values), leaks(real, form, values)
    assert (found, leaked) == (18, 0)


@pytest.fixture(scope="module")
def with_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with made-up names and numbers in its forms."""
    numbers = count(1)
    text = re.sub("（略）", lambda _: f"某人甲乙{next(numbers)}号", EXAMPLE.read_text(encoding="utf-8"))
    path = tmp_path_factory.mktemp("people") / "with-people.txt"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", OUTPUTS)
def test_names_and_numbers_filled_into_the_forms_are_in_no_output(with_people: Path, form: str) -> None:
    values = list(personal_values(with_people.read_text(encoding="utf-8")))
    found, leaked = len(values), leaks(with_people, form, values)
    assert (found, leaked) == (18, 0)
