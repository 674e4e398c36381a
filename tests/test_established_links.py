"""Established links: notices that print the code of their project among decoys, read from text; none is wrong.

As OCDS releases they are valid, and name the same projects.
"""

import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from jsonschema import Draft4Validator

from converters.procurement.sources.files import read_notices
from converters.rdf.notices import notice_to_graphs
from ontology.namespaces import DEF, DEFAULT_BASE, RDF, SKOS
from server.exports.ocds_releases import NoticeRow, package
from server.sparql.query_templates import fill_query

SOME, MANY = (60, 20), pytest.param((200, 60), marks=pytest.mark.exhaustive)
"""How many notices print the code of their project, and how many print none or nearly one."""
SCHEMA = Path(__file__).parent / "schemas" / "ocds-release-1.1.json"
Tied = tuple[dict[str, str | None], dict[str, str], list[NoticeRow]]
NUMBER = re.compile(r"NC-2024-\d{3}")
PROJECT = ox.NamedNode(DEF + "Project")
NOTICE = """宁川市教育局课桌采购{number}公开招标公告
2024年03月{day:02}日 10:00
一、项目基本情况
项目编号：{number}
{code_line}项目名称：课桌采购第{number}号
预算金额：{amount}元
采购需求：课桌
{decoy}
三、对本次招标提出询问，请按以下方式联系。
1.采购人信息
名 称：宁川市教育局
"""


def project_code(dice: random.Random) -> str:
    """A code as budgets print them: division, year, department, kind and a number."""
    return f"420199{dice.randint(23, 25)}{dice.randint(100, 999)}T{dice.randint(0, 999):09}"


def decoys(dice: random.Random, code: str, others: list[str]) -> list[str]:
    """Lines that hold the code of another project, or nearly the code of this one, and state no budget project."""
    other = dice.choice([each for each in others if each != code])
    return [
        f"参加过预算项目编码：{other} 的供应商不得参加",
        f"采购计划备案号：{other}",
        f"合同编号：{other[:-1]}",
        f"本项目与{other}分别采购。",
        "预算项目编码：详见采购文件",
        "",
    ]


@pytest.fixture(scope="module", params=[SOME, MANY], ids=["some", "many"])
def linked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tied:
    """The code that each notice truly prints, what is linked, by number of the notice, and what is published of all."""
    ties, without = request.param
    dice = random.Random(200)
    codes = sorted({project_code(dice) for _ in range(ties + 50)})[: ties + 20]
    store = ox.Store()
    for code in codes:
        project = ox.NamedNode(f"{DEFAULT_BASE}id/project/{code}")
        store.add(ox.Quad(project, ox.NamedNode(RDF + "type"), PROJECT, ox.DefaultGraph()))
    kind = ox.NamedNode(f"{DEFAULT_BASE}code/notice-kind/tender")
    store.add(ox.Quad(kind, ox.NamedNode(SKOS + "notation"), ox.Literal("tender"), ox.DefaultGraph()))
    truth: dict[str, str | None] = {}
    file = tmp_path_factory.mktemp("ties") / "notice.txt"
    for position in range(ties + without):
        code, number = dice.choice(codes), f"NC-2024-{position:03}"
        printed = code if position < ties else dice.choice((None, code[:-1], code + "0"))
        truth[number] = code if position < ties else None
        line = f"预算项目编码：{printed}\n" if printed else ""
        decoy = dice.choice(decoys(dice, code, codes))
        day, amount = dice.randint(1, 28), dice.randint(1, 99) * 10000
        file.write_text(
            NOTICE.format(number=number, day=day, code_line=line, amount=amount, decoy=decoy), encoding="utf-8"
        )
        [notice] = read_notices(file).notices
        graphs = notice_to_graphs(notice, DEFAULT_BASE, "0" * 64, file.name)
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in (*graphs.triples, *graphs.catalogue))
    found: dict[str, str] = {}
    rows = store.query(fill_query("which_notices_can_be_linked"), base_iri=DEFAULT_BASE)
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        if row["established"] is not None:
            number = NUMBER.findall(str(row["title"]))[0]
            found[number] = str(row["established"]).strip("<>").rpartition("/")[2]
    published = store.query(fill_query("which_notices_are_published"), base_iri=DEFAULT_BASE)
    assert isinstance(published, ox.QuerySolutions)
    names = [variable.value for variable in published.variables]
    notices: list[NoticeRow] = [
        {name: term.value for name, term in zip(names, row, strict=True) if isinstance(term, ox.NamedNode | ox.Literal)}
        for row in published
    ]
    return truth, found, notices


def test_no_established_link_is_wrong(linked: Tied) -> None:
    truth, found, _ = linked
    assert {number: code for number, code in found.items() if truth[number] != code} == {}


def test_no_printed_code_is_missed(linked: Tied) -> None:
    truth, found, _ = linked
    assert {number for number, code in truth.items() if code} == found.keys()


def test_releases_are_valid_and_name_the_same_projects(linked: Tied) -> None:
    truth, _, notices = linked
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    releases = package(notices, [], [], DEFAULT_BASE, moment)["releases"]
    assert isinstance(releases, list)
    validator = Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for release in releases for error in validator.iter_errors(release)] == []
    named = {
        NUMBER.findall(release["tender"]["title"])[0]: release["planning"]["budget"]
        .get("projectID", "")
        .rpartition("/")[2]
        for release in releases
    }
    assert named == {number: code or "" for number, code in truth.items()}
