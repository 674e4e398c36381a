"""Records, entries and worded targets in the graph and in the snapshot of the example."""

import json

import pyoxigraph as ox
import pytest
from small_disclosures import example

from converters import conversion_to_snapshot
from converters.recognition.personal_data import MASK
from ontology import DEFAULT_BASE
from ontology.namespaces import RDF


def said(address: str) -> dict[str, set[str]]:
    """What is said of a node of the version, by the local names of properties; addresses without the base."""
    found: dict[str, set[str]] = {}
    for triple in example().triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, ox.NamedNode) and subject.value == f"{example().version_iri}/{address}":
            name = triple.predicate.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
            assert isinstance(value, ox.NamedNode | ox.Literal)
            text = value.value.removeprefix(example().version_iri + "/").removeprefix(DEFAULT_BASE)
            found.setdefault(name, set()).add(text)
    return found


def test_a_line_of_procurement_in_full() -> None:
    assert said("t11/r8") == {
        "type": {"def#Record", "def#ProcurementLine"},
        "isPartOf": {"t11"},
        "organisation": {"id/org/420107/108001"},
        "function": {"code/function/2010102"},
        "economic": {"code/economic/30202"},
        "fund": {"code/fund/general-public"},
        "kind": {"code/kind/project"},
        "project": {"id/project/42010724108T000000101"},
        "catalogueItem": {"code/procurement-item/C23090199"},
        "fundSource": {"预算安排"},
        "unitText": {"批"},
        "textLine": {"348"},
        "textField": {"1"},
    }


def test_an_entry_in_full() -> None:
    assert said("t11/r8c5") == {
        "type": {"def#Entry"},
        "isPartOf": {"t11"},
        "record": {"t11/r8"},
        "attribute": {"def#function"},
        "printed": {"[201010 2]一般 行政管 理事务"},
        "printedCode": {"2010102"},
        "printedName": {"一般行政管理事务"},
        "value": {"code/function/2010102"},
        "textLine": {"348"},
        "textField": {"5"},
    }


def test_a_form_keeps_what_rules_compare_as_it_is_written() -> None:
    form = said("t15/r1")
    assert form["departmentName"] == {"人大街道工委经费及代表小组活动经费"}
    assert form["projectName"] == {"人大代表履职能力提升"}
    assert form["project"] == {"id/project/42010724108T000000101"}
    third = said("t15-3/r1")
    assert (third["startDate"], third["endDate"]) == ({"2023-01-01"}, {"2023-12-31"})
    assert third["projectType"] == {"code/project-type/recurrent"}


def test_an_indicator_names_its_form_and_its_goal() -> None:
    indicator = said("t14/r41")
    assert (indicator["form"], indicator["goal"]) == ({"t14/r1"}, {"t14/r35"})
    assert indicator["indicatorName"] == {"代表活动参加率"}
    assert said("t14/r35")["yearlyGoal"] == {"组织代表在闭会期间参会、调研、视察和培训。"}


def test_a_target_has_its_sign_and_a_share_its_whole() -> None:
    target = said("t14/r41c7")
    assert (target["record"], target["operator"], target["target"]) == (
        {"t14/r41"},
        {"code/operator/at-least"},
        {"90"},
    )
    share = said("t14/r8c5")
    assert (share["shareOf"], share["shareIn"]) == ({"t14/r8c4"}, {"t14/r10c4"})


def test_a_target_in_words_is_no_observation() -> None:
    assert said("t15/r24c7") == {
        "type": {"def#WordedTarget"},
        "record": {"t15/r24"},
        "year": {"2024"},
        "printed": {"各项任务完成"},
        "textLine": {"472"},
        "textField": {"7"},
    }


def test_every_term_of_the_graph_is_declared() -> None:
    type_ = ox.NamedNode(RDF + "type")
    declared = {t.subject.value for t in example().vocabulary.triples if isinstance(t.subject, ox.NamedNode)}
    used = {t.predicate.value for t in example().triples} | {
        t.object.value for t in example().triples if t.predicate == type_ and isinstance(t.object, ox.NamedNode)
    }
    assert sorted(term for term in used if term.startswith(DEFAULT_BASE + "def#") and term not in declared) == []


# ── The snapshot ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def forms() -> dict[str, dict[tuple[int, int], dict[str, object]]]:
    """The cells of the forms by their places."""
    tables = json.loads(conversion_to_snapshot(example()))["tables"]
    return {t["name"]: {(c["row"], c["column"]): c for c in t["cells"]} for t in tables if t["form"]}


def test_forms_are_shown_with_their_captions_told_from_what_is_filled_in(
    forms: dict[str, dict[tuple[int, int], dict[str, object]]],
) -> None:
    assert sorted(forms) == ["t14", "t15", "t15-2", "t15-3"]
    first = forms["t15"]
    assert (first[2, 1]["text"], first[2, 1]["label"]) == ("项目名称", True)
    assert (first[2, 2]["text"], first[2, 2]["label"]) == ("人大代表履职能力提升", False)
    assert first[4, 2]["flags"] == ["markup"]
    assert str(first[10, 4]["observation"]).endswith("/t15/r10c4")


def test_withheld_cells_are_shown_masked(forms: dict[str, dict[tuple[int, int], dict[str, object]]]) -> None:
    masked = [(name, c["text"]) for name, cells in forms.items() for c in cells.values() if c["flags"] == ["withheld"]]
    assert masked == [("t14", MASK)] * 2 + [(name, MASK) for name in ("t15", "t15-2", "t15-3") for _ in range(5)]


def test_a_row_that_was_put_right_is_flagged_where_it_is_shown(
    forms: dict[str, dict[tuple[int, int], dict[str, object]]],
) -> None:
    last = [c["text"] for place, c in forms["t14"].items() if place[0] == 10 and c["flags"] == ["shifted"]]
    assert last == ["合计", "1483.56", "100%", "1461.4", "1463.95"]
