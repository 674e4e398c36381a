"""`yusuan validate --shapes` and `--engine`: shapes of the user's own, and the reference engine, beside the rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Triple
from small_disclosures import tabbed, table

import shapes
from shapes import Report
from shapes.user_shapes import ShapesFileError, load_user_shapes
from yusuan import validate
from yusuan.commands.main import main

PREFIXES = """
@prefix : <https://w3id.org/yusuan/def#> .
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
VALID = """
ex:Year a sh:NodeShape ; sh:targetClass :Disclosure ;
    sh:property [ sh:path :year ; sh:minCount 1 ; sh:datatype xsd:gYear ] .
"""
INVALID = """
ex:Later a sh:NodeShape ; sh:targetClass :Disclosure ;
    sh:property [ sh:path :year ; sh:hasValue "2030"^^xsd:gYear ;
        sh:message "年度应为2030年"@zh , "The year must be 2030"@en ] .
ex:Title a sh:NodeShape ; sh:targetClass :Disclosure ; sh:severity sh:Warning ;
    sh:sparql [ sh:message "Table titles of {$this} are missing" ;
        sh:select "SELECT $this WHERE { FILTER NOT EXISTS { $this <https://example.org/title> ?title } }" ] .
"""


@pytest.fixture
def disclosure(tmp_path: Path) -> Path:
    path = tmp_path / "budget.txt"
    rows = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n | 合计 | 30 | 10 | 20\n201 | 某类 | 30 | 10 | 20"
    path.write_text(tabbed(table(3, "支出总表", rows)), encoding="utf-8")
    return path


def shapes_file(folder: Path, turtle: str, name: str = "own.ttl") -> Path:
    path = folder / name
    path.write_text(PREFIXES + turtle, encoding="utf-8")
    return path


def yusuan(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


def test_a_graph_that_meets_the_users_shape_conforms(disclosure: Path, tmp_path: Path) -> None:
    [document] = json.loads(yusuan(disclosure, "--shapes", shapes_file(tmp_path, VALID), "--format", "json").output)[
        "documents"
    ]
    [report] = document["shapes"]
    assert (report["file"], report["conforms"], report["results"]) == (str(tmp_path / "own.ttl"), True, [])
    assert validate(disclosure).conforms == document["conforms"]


def test_results_of_the_users_shapes_stand_in_text_and_json(disclosure: Path, tmp_path: Path) -> None:
    files = [shapes_file(tmp_path, VALID, "first.ttl"), shapes_file(tmp_path, INVALID, "second.ttl")]
    options = [word for file in files for word in ("--shapes", file)]
    shown = yusuan(disclosure, *options, "--lang", "zh")
    assert shown.exit_code == 1
    assert "年度应为2030年" in shown.output
    assert shown.output.index("first.ttl") < shown.output.index("second.ttl")
    [document] = json.loads(yusuan(disclosure, *options, "--format", "json").output)["documents"]
    assert not document["conforms"]
    violation, warning = document["shapes"][1]["results"]
    assert violation["message"] == {"zh": "年度应为2030年", "en": "The year must be 2030"}
    assert (violation["severity"], violation["path"]) == ("violation", "https://w3id.org/yusuan/def#year")
    assert violation["component"] == "http://www.w3.org/ns/shacl#HasValueConstraintComponent"
    assert warning["severity"] == "warning"
    assert warning["focus"] in warning["message"][""]


@pytest.mark.parametrize(
    ("turtle", "reason"),
    [
        ("ex:Year a sh:NodeShape ; sh:targetClass", "line 6"),
        ("ex:Year a ex:Nothing .", "sh:NodeShape"),
        ("ex:Year a sh:NodeShape ; sh:targetClass :Disclosure ; sh:property [ sh:minCount 1 ] .", "PropertyShape"),
    ],
)
def test_shapes_that_cannot_be_used_are_refused_with_file_and_reason(
    disclosure: Path, tmp_path: Path, turtle: str, reason: str
) -> None:
    result = yusuan(disclosure, "--shapes", shapes_file(tmp_path, turtle), "--lang", "en")
    assert result.exit_code == 2
    assert "own.ttl: the SHACL shapes in this file cannot be used" in result.stderr
    assert reason in result.stderr


def test_a_missing_file_of_shapes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ShapesFileError, match=r"own\.ttl"):
        load_user_shapes(tmp_path / "own.ttl")


@pytest.mark.parametrize("families", [{"sum"}, pytest.param(None, marks=pytest.mark.exhaustive)])
def test_both_engines_give_the_same_report(
    disclosure: Path, monkeypatch: pytest.MonkeyPatch, families: set[str] | None
) -> None:
    asked: list[str] = []

    def of_these_families(engine: Callable[..., Report], name: str) -> Callable[..., Report]:
        def run(triples: Iterable[Triple], **options: Any) -> Report:
            asked.append(name)
            return engine(triples, **(options | {"families": families}))

        return run

    for name in ("check", "check_with_pyshacl"):
        monkeypatch.setattr(shapes, name, of_these_families(getattr(shapes, name), name))
    disclosure.write_text(disclosure.read_text(encoding="utf-8").replace("30", "90", 1), encoding="utf-8")
    reports = [validate(disclosure, engine=engine).documents[0].report for engine in ("set", "pyshacl")]
    assert asked == ["check", "check_with_pyshacl"]
    assert reports[0] == reports[1]
    assert not reports[0].conforms
    with pytest.raises(ValueError, match="engine"):
        validate(disclosure, engine="other")


def test_python_takes_shapes_too(disclosure: Path, tmp_path: Path) -> None:
    assert not validate(disclosure, shapes=[shapes_file(tmp_path, INVALID)]).conforms
