"""Printed project codes and the buyers that contradict them."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from small_links import OFFICE, OFFICES, UNIT, make_notice

from converters.model.iris import SUGGESTIONS_GRAPH
from converters.procurement.sources.files import read_notices
from ontology import load_vocabulary
from ontology.namespaces import DEF, DEFAULT_BASE
from ontology.procurement.link_words import load_link_words
from server.store.generation_store import GenerationStore
from yusuan.linking.contradictions import PrintedTie, ProjectOwner, contradicted_ties
from yusuan.linking.linked_store import link_store
from yusuan.linking.model import load_model
from yusuan.stores.publishing import notice_graphs, publish_versions

NOTICE = """{buyer}印刷服务询价采购公告
2024年05月04日 10:00
一、项目基本情况
项目编号：ZAO-2024-0{number}
预算项目编码：{code}
项目名称：印刷服务
预算金额：3 万元
二、凡对本次公告提出询问，请按以下方式联系。
1.采购人信息
名 称：{buyer}
"""


@pytest.mark.parametrize(
    ("buyer", "contradicts"),
    [
        ("青山区教育局", False),
        ("武汉市青山区教师进修学校", False),
        ("武汉市青山区第三小学", False),
        ("青山区卫生健康局", True),
        ("青山区第二人民医院", True),
        ("武汉市江岸区第三小学", True),
        ("武汉市第三小学", False),
        ("某某工程", False),
        (None, False),
    ],
)
def test_a_buyer_of_another_department_contradicts_the_code(buyer: str | None, contradicts: bool) -> None:
    tie = PrintedTie(make_notice(buyer=buyer, plan=None), "urn:project", (ProjectOwner(UNIT, OFFICE),))
    found = contradicted_ties([tie], OFFICES, load_vocabulary(), load_link_words())
    assert bool(found) == contradicts


def test_a_project_that_no_budget_lists_cannot_be_contradicted() -> None:
    tie = PrintedTie(make_notice(buyer="青山区卫生健康局"), "urn:project", ())
    assert contradicted_ties([tie], OFFICES, load_vocabulary(), load_link_words()) == []


@pytest.mark.usefixtures("short_lists")
def test_a_contradicted_code_is_recorded_and_establishes_nothing(example_store: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(example_store, tmp_path / "store"))
    with GenerationStore(store).open() as opened:
        rows = opened.query(
            f"SELECT ?code {{ ?p a <{DEF}Project> ; <http://www.w3.org/2004/02/skos/core#notation> ?code }}"
        )
        assert isinstance(rows, ox.QuerySolutions)
        code = str(next(iter(rows))["code"].value)
    graphs = []
    for number, buyer in enumerate(("青山区教育局", "武汉市青山区人民代表大会常务委员会办公室")):
        path = tmp_path / f"{number}.txt"
        path.write_text(NOTICE.format(buyer=buyer, number=number, code=code), encoding="utf-8")
        [notice] = read_notices(path).notices
        graphs.append(notice_graphs(notice, path, f"{number}" * 64, DEFAULT_BASE))
    publish_versions(graphs, store, DEFAULT_BASE)
    outcome = link_store(store, DEFAULT_BASE, load_model())
    assert (outcome.established, outcome.contradicted) == (1, 1)
    with GenerationStore(store).open() as opened:
        rows = opened.query(
            f"SELECT ?n {{ ?c <{DEF}contradictingNotice> ?n }}",
            default_graph=ox.NamedNode(DEFAULT_BASE + SUGGESTIONS_GRAPH),
        )
        assert isinstance(rows, ox.QuerySolutions)
        assert len(list(rows)) == 1
