"""`yusuan link`: what is suggested in a store, twice, interrupted, beside established links."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from small_sparql_service import sparql_service

from converters.model.iris import SUGGESTIONS_GRAPH
from ontology.namespaces import DEF, DEFAULT_BASE
from server.store.generation_store import GenerationStore
from yusuan.commands.main import main
from yusuan.linking.linked_store import FOLDER, link_store
from yusuan.linking.model import load_model
from yusuan.linking.sides import NoticeRecord, Suggestion
from yusuan.linking.suggesting import Linkage

PREFIX = f"PREFIX : <{DEF}> "
NOTICE = """青山区人大常委会办公室2024年人大代表履职能力提升印刷服务询价采购公告
2024年05月04日 10:00
一、项目基本情况
项目编号：ZAO-2024-007
项目名称：2024年人大代表履职能力提升印刷服务
采购方式：询价
采购品目：C23090199 其他印刷服务
预算金额：3 万元
二、凡对本次公告提出询问，请按以下方式联系。
1.采购人信息
名 称：武汉市青山区人民代表大会常务委员会办公室
"""


def asked(store: Path, query: str, graph: str | None = None) -> list[tuple[str, ...]]:
    with GenerationStore(store).open() as opened:
        default = None if graph is None else ox.NamedNode(DEFAULT_BASE + graph)
        rows = opened.query(PREFIX + query, default_graph=default)
        assert isinstance(rows, ox.QuerySolutions)
        return [tuple(str(getattr(term, "value", "")) for term in row) for row in rows]


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, root: Path, example_store: Path) -> Path:
    """The example, its notices and one more notice, published and linked by the command."""
    folder = tmp_path_factory.mktemp("linked")
    (folder / "notice.txt").write_text(NOTICE, encoding="utf-8")
    store = Path(shutil.copytree(example_store, folder / "store"))
    records = [str(root / "examples" / "notices"), str(folder / "notice.txt")]
    result = CliRunner().invoke(main, ["link", *records, "--store", str(store), "--lang", "zh"])
    assert result.exit_code == 0, result.output
    assert "4 份公告" in result.output
    assert "已有编号对上的 3 份，编号与采购人矛盾的 0 份，建议的关联 1 条，其中 1 条" in result.output
    return store


@pytest.mark.exhaustive
def test_a_store_in_a_service_is_linked_too(example_store: Path, tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    with sparql_service() as server:
        settings = str(server.write_settings(tmp_path))
        run = CliRunner().invoke
        assert run(main, ["migrate", str(example_store), settings]).exit_code == 0
        for _ in range(2):
            result = run(main, ["link", str(tmp_path / "notice.txt"), "--store", settings, "--lang", "zh"])
            assert result.exit_code == 0, result.output
            assert "建议的关联 1 条" in result.output


def test_a_notice_without_code_is_suggested_for_its_line(linked: Path) -> None:
    rows = asked(
        linked,
        "SELECT ?title ?amount ?probability { GRAPH ?g { ?s :suggestedNotice ?n ; :suggestedLine ?c ; "
        ":linkProbability ?probability } ?n <http://www.w3.org/2004/02/skos/core#prefLabel> ?title . "
        "?claim :coordinates ?c ; :amount ?amount }",
    )
    [(title, amount, probability)] = rows
    assert (title[-6:], amount) == ("询价采购公告", "30000")
    assert float(probability) > load_model().threshold


def test_every_evidence_has_words_in_both_languages(linked: Path) -> None:
    rows = asked(
        linked,
        "SELECT DISTINCT ?e ?zh ?en { GRAPH ?g { ?s :linkEvidence ?e } "
        "OPTIONAL { ?e <http://www.w3.org/2004/02/skos/core#prefLabel> ?zh FILTER(LANG(?zh) = 'zh') } "
        "OPTIONAL { ?e <http://www.w3.org/2004/02/skos/core#prefLabel> ?en FILTER(LANG(?en) = 'en') } }",
    )
    assert len(rows) >= 5
    assert all(zh and en for _, zh, en in rows)


def test_suggestions_are_not_in_the_default_graph(linked: Path) -> None:
    assert asked(linked, "SELECT ?s { ?s a :LinkSuggestion }") == []
    assert len(asked(linked, "SELECT ?s { ?s a :LinkSuggestion }", SUGGESTIONS_GRAPH)) == 1


def test_linking_again_changes_nothing(linked: Path) -> None:
    before = GenerationStore(linked).current()
    assert link_store(linked, DEFAULT_BASE, load_model()).generation == before.name
    assert GenerationStore(linked).current() == before
    assert not (linked / FOLDER).exists()


def test_an_interrupted_run_continues(linked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    compared: list[int] = []
    suggest = Linkage.suggest

    def counted(linkage: Linkage, notices: Sequence[NoticeRecord]) -> list[Suggestion]:
        compared.append(len(notices))
        return suggest(linkage, notices)

    monkeypatch.setattr(Linkage, "suggest", counted)
    with monkeypatch.context() as context:
        context.setattr(GenerationStore, "replace_graph", stop)
        with pytest.raises(KeyboardInterrupt):
            link_store(linked, DEFAULT_BASE, load_model())
    assert [path.suffix for path in (linked / FOLDER).iterdir()] == [".json"]
    assert link_store(linked, DEFAULT_BASE, load_model()).suggestions == 1
    assert compared == [1]


def test_a_missing_extra_is_named_before_anything_is_published(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    for module in [name for name in sys.modules if name.startswith("yusuan.linking.")]:
        monkeypatch.delitem(sys.modules, module)
    notices = str(root / "examples" / "notices")
    result = CliRunner().invoke(main, ["link", notices, "--store", str(tmp_path / "store"), "--lang", "en"])
    assert result.exit_code == 2
    assert "yusuan[link]" in result.output
    assert not (tmp_path / "store").exists()
