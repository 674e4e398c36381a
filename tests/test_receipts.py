"""Receipts: a PROV activity with digests of all inputs, the versions of the rules and the vocabulary, and counts."""

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from small_disclosures import BUREAU, expenditure, tabbed

from ontology.namespaces import DEFAULT_BASE, OWL, PROV, SPDX, XSD
from server.checking.check_process import CheckSettings, check_files, with_inputs
from server.checking.report_process import state_to_report
from server.reports.receipt import vocabulary_digest
from shapes.rules import RULES
from shapes.versions import RulesVersion, digest_files, rules_version, turtle_files
from yusuan.commands.main import main

WRONG = tabbed(f"""{BUREAU}2024年部门预算
{expenditure("201 | 一般公共服务支出 | 37 | 10 | 20")}""")
ENDED = ox.NamedNode(PROV + "endedAtTime")


def validate(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


def triples_of(content: bytes, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(content, form)}


def values(triples: Iterable[ox.Triple], predicate: str) -> set[str]:
    return {
        triple.object.value
        for triple in triples
        if triple.predicate.value == predicate and isinstance(triple.object, ox.NamedNode | ox.Literal)
    }


def without_time(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    return {triple for triple in triples if triple.predicate != ENDED}


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("draft") / "draft.txt"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_a_receipt_says_what_was_checked_and_what_came_of_it(draft: Path, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one.ttl", "two.ttl", "three.jsonld")]
    for path in paths:
        assert validate(draft, "--receipt", path).exit_code == 1
    one, two = (triples_of(path.read_bytes()) for path in paths[:2])
    three = triples_of(paths[2].read_bytes(), ox.RdfFormat.JSON_LD)
    assert without_time(one) == without_time(two) == without_time(three)
    [moment] = values(one, ENDED.value)
    assert datetime.fromisoformat(moment).tzinfo is not None
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()
    assert {digest, rules_version().sha256, vocabulary_digest()} == values(one, SPDX + "checksumValue")
    assert DEFAULT_BASE + rules_version().key in values(one, PROV + "used")
    assert values(one, RULES + "engine") == {"set"}
    assert values(one, RULES + "verdict") == {"does-not-conform"}
    [reported] = json.loads(validate(draft, "--format", "json").stdout)["documents"]
    for name, severity in (("violations", "violation"), ("warnings", "warning"), ("remarks", "information")):
        assert values(one, RULES + name) == {str(reported["counts"][severity])}
    assert values(one, OWL + "versionInfo") == {rules_version().number}


def test_reasons_are_an_input_and_are_counted(draft: Path, tmp_path: Path) -> None:
    reasons, plain, accepted = (tmp_path / name for name in ("reasons.csv", "plain.ttl", "accepted.ttl"))
    validate(draft, "--format", "csv", "-o", reasons)
    rows = list(csv.DictReader(reasons.read_text(encoding="utf-8-sig").splitlines()))
    with reasons.open("w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"reason": "rounded by the printer"} for row in rows)
    validate(draft, "--receipt", plain)
    assert validate(draft, "--waivers", reasons, "--receipt", accepted).exit_code == 0
    before, after = (triples_of(path.read_bytes()) for path in (plain, accepted))
    assert hashlib.sha256(reasons.read_bytes()).hexdigest() in values(after, SPDX + "checksumValue")
    assert (values(before, RULES + "accepted"), values(after, RULES + "accepted")) == ({"0"}, {str(len(rows))})
    assert values(after, RULES + "verdict") == {"accepted"}
    assert {t.subject for t in before if t.predicate == ENDED} != {t.subject for t in after if t.predicate == ENDED}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--receipt", "r.pdf"),
        ("--receipt", "r.ttl", "-j", "2"),
        ("--receipt", "r.ttl", "-o", "out"),
        ("--receipt", "r.ttl", "-o", "./r.ttl"),
    ],
)
def test_a_receipt_that_cannot_be_written_is_refused(draft: Path, arguments: tuple[str, ...]) -> None:
    result = validate(draft, *arguments)
    assert result.exit_code == 2
    assert "--receipt" in result.stderr


def test_the_service_writes_the_receipt_of_an_upload(draft: Path) -> None:
    settings = CheckSettings(DEFAULT_BASE, (), (), "en", pictures=False, annotated=False)
    uploads = [("draft.txt", "text/plain", draft.read_bytes())]
    shapes = [("own.ttl", "text/turtle", b"")]
    result = with_inputs(check_files([(draft, draft.read_bytes())], settings), uploads, shapes, settings)
    assert result.state is not None
    told = triples_of(state_to_report(result.state, "receipt"))
    digests = {hashlib.sha256(content).hexdigest() for _, _, content in (*uploads, *shapes)}
    assert digests <= values(told, SPDX + "checksumValue")
    assert values(told, RULES + "violations") == {str(result.state.report.counts["violation"])}
    later = replace(result.state, moment=datetime(2030, 1, 1, tzinfo=UTC).isoformat())
    assert without_time(triples_of(state_to_report(later, "receipt"))) == without_time(told)


def test_a_changed_rule_is_another_version(tmp_path: Path) -> None:
    copies = []
    for path in turtle_files():
        copies.append(tmp_path / path.name)
        copies[-1].write_bytes(path.read_bytes())
    assert digest_files(copies) == rules_version().sha256
    copies[0].write_bytes(copies[0].read_bytes() + b"\n")
    assert digest_files(copies) != rules_version().sha256
    assert RulesVersion("0.1.0", "ab" * 32).key == "rules/v/" + "ab" * 8


def test_the_time_is_written_as_a_time(draft: Path, tmp_path: Path) -> None:
    validate(draft, "--receipt", tmp_path / "r.ttl")
    [ended] = [t.object for t in triples_of((tmp_path / "r.ttl").read_bytes()) if t.predicate == ENDED]
    assert isinstance(ended, ox.Literal)
    assert ended.datatype.value == XSD + "dateTime"
