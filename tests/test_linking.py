"""Suggested links: names, buyers, features, probabilities, measured on made records."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from small_links import DESKS, DIVISION, LINES, OFFICE, OFFICES, OTHER, ROOF, UNIT, make_notice

from benchmarks.linking.__main__ import score
from benchmarks.linking.budgets import make_budgets
from benchmarks.linking.plans import make_plans
from benchmarks.linking.records import make_records
from benchmarks.linking.registers import make_registers
from ontology import load_vocabulary
from ontology.concepts import read_concepts
from ontology.procurement.link_words import load_link_words
from ontology.shipped import FOLDER
from ontology.statements import index_triples, read_turtle
from yusuan.linking.buyers import BuyerNames
from yusuan.linking.features import ALL_FEATURES, level_of
from yusuan.linking.model import load_model
from yusuan.linking.names import bare_purchase, find_field, find_place, trimmed_item, usual_payments
from yusuan.linking.probabilities import estimate_shift, scores_to_probabilities
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices, Suggestion
from yusuan.linking.suggesting import Linkage
from yusuan.linking.table_comparison import similarity
from yusuan.linking.tables import lines_to_table

WORDS, VOCABULARY = load_link_words(), load_vocabulary()
NOTICES: dict[str, dict[str, Any]] = {
    "alike": {},
    "school": {"buyer": "青山区第三小学", "project": "第三小学课桌椅更新采购"},
    "same-amount": {"project": "青山区教育局食堂燃气改造", "items": ()},
    "other-office": {"buyer": "武汉市青山区卫生健康局", "project": "疫苗冷藏柜采购", "items": ("A02320000",)},
    "other-place": {"buyer": "武汉市洪山区教育局", "plan": "420111-2024-00012"},
    "other-year": {"year": 2021, "issued": None},
    "nothing": {"buyer": None, "plan": None, "project": None, "items": (), "budget": None},
}
"""What each notice says otherwise than that about the desks."""
Suggested = dict[str, list[Suggestion]]


def suggest(*notices: NoticeRecord) -> list[Suggestion]:
    return Linkage(LINES, OFFICES, VOCABULARY, load_model()).suggest(notices, threads=1)


@pytest.fixture(scope="module")
def suggested() -> Suggested:
    found = suggest(*(make_notice(key=key, **changed) for key, changed in NOTICES.items()))
    return {key: [each for each in found if each.notice == key] for key in NOTICES}


def levels(suggestion: Suggestion) -> dict[str, str]:
    return dict(level.split("-", 1) for level in suggestion.evidence)


def test_a_purchase_is_compared_without_buyer_year_and_general_words() -> None:
    assert bare_purchase("宁川市文化局2026年展厅照明改造采购项目（第2包）", "宁川市文化局", WORDS) == "展厅照明改造"
    assert bare_purchase("采购项目", None, WORDS) == ""


def test_a_name_of_several_fields_tells_none() -> None:
    assert find_field("第三小学", WORDS) == "205"
    assert find_field("社区卫生服务中心", WORDS) == "210"
    assert find_field("小学疫苗接种", WORDS) is None
    assert find_field("综合楼", WORDS) is None


def test_a_place_that_several_divisions_share_has_no_code() -> None:
    assert find_place("武汉市青山区教育局", VOCABULARY) == ("420107", "教育局")
    assert find_place("青山区教育局", VOCABULARY) == (None, "教育局")


def test_open_levels_of_an_item_are_trimmed_and_lead_to_usual_payments() -> None:
    assert [trimmed_item(code) for code in ("A02010000", "C23090199", "B", "A0201")] == [
        "A0201",
        "C23090199",
        "B",
        "A0201",
    ]
    assert usual_payments(["C23090199"], WORDS) == ("30202",)
    assert usual_payments(["Z1"], WORDS) == ()


@pytest.mark.parametrize(
    ("name", "plan", "organisation", "office"),
    [
        ("武汉市青山区教育局", None, OFFICE, OFFICE),
        ("青山区教育局", "420107-2024-00012", OFFICE, OFFICE),
        ("青山区教师进修学校", "420107-2024-00012", UNIT, OFFICE),
        ("青山区第三小学", "420107-2024-00012", None, None),
        ("青山区教育局", "150204-2024-00012", None, None),
    ],
)
def test_a_buyer_is_known_by_name_and_place(name: str, plan: str | None, organisation: str, office: str) -> None:
    buyer = BuyerNames(OFFICES, VOCABULARY, WORDS).resolve(name, plan)
    assert (buyer.organisation, buyer.office) == (organisation, office)


def test_a_name_of_two_offices_is_nobody_without_a_place() -> None:
    twins = Offices(
        {"urn:one": ("青山区教育局",), "urn:two": ("青山区教育局",)}, {}, {"urn:one": DIVISION, "urn:two": "150204"}
    )
    names = BuyerNames(twins, VOCABULARY, WORDS)
    assert names.resolve("青山区教育局", None).office is None
    assert names.resolve("青山区教育局", "150204-2024-1").office == "urn:two"


def test_similarity_knows_parts_and_abbreviations() -> None:
    assert similarity("课桌椅更新", "课桌椅更新") == 100
    assert similarity("课桌椅更新", "青少年宫课桌椅更新") > 95
    assert 80 < similarity("校园安全防范系统", "校园安防系统") < 95
    assert similarity("课桌椅更新", "垃圾分类桶") < 40


def test_what_agrees_is_suggested_with_its_evidence(suggested: Suggested) -> None:
    [found] = suggested["alike"]
    assert found.line == DESKS.key
    assert found.probability > 0.95
    assert levels(found) == {
        "buyer": "same",
        "item": "same",
        "name": "same",
        "amount": "exact",
        "year": "same",
        "function": "same",
        "economic": "same",
    }


def test_a_school_that_no_budget_lists_is_suggested_by_place_and_field(suggested: Suggested) -> None:
    [found] = suggested["school"]
    assert levels(found)["buyer"] == "kin"


@pytest.mark.parametrize("case", ["same-amount", "other-office", "other-place", "other-year", "nothing"])
def test_what_does_not_belong_is_not_recommended(suggested: Suggested, case: str) -> None:
    assert [found for found in suggested[case] if found.probability >= load_model().threshold] == []


def test_a_notice_that_suits_two_lines_equally_is_recommended_for_neither() -> None:
    twin = replace(DESKS, key="urn:twin")
    linkage = Linkage((DESKS, twin, ROOF), OFFICES, VOCABULARY, load_model())
    threshold = load_model().threshold
    assert [found for found in linkage.suggest([make_notice()], threads=1) if found.probability >= threshold] == []


def test_suggestions_do_not_depend_on_order(suggested: Suggested) -> None:
    again = suggest(*(make_notice(key=key, **changed) for key, changed in reversed(NOTICES.items())))
    assert again == sorted((each for found in suggested.values() for each in found), key=lambda each: each.notice)


def test_levels_are_concepts_and_have_settings() -> None:
    concepts = read_concepts(index_triples(read_turtle([FOLDER / "codes" / "link-evidence.ttl"])))
    notations = {concept.notation for concept in concepts.values() if concept.parent}
    model = load_model()
    numbered = {level_of(f, value) for f in ALL_FEATURES for value in range(len(f.levels) + 1)}
    assert notations == numbered == set(model.weights)


def test_the_share_of_linked_notices_is_estimated_from_many_notices_and_hardly_from_few() -> None:
    def shift(linked: int, unlinked: int) -> float:
        weights = [20.0] * linked + [-20.0] * unlinked
        pairs = pd.DataFrame({"notice": range(len(weights)), "weight": weights})
        return estimate_shift(pairs, 0.5)

    assert shift(0, 3) == pytest.approx(0, abs=0.1)
    assert shift(900, 100) == pytest.approx(2.3, abs=0.1)  # odds of 1,000 to 200 in place of 1 to 1
    assert shift(100, 900) == pytest.approx(-2.3, abs=0.1)


def merged_notice(first: BudgetLine, **changed: Any) -> list[Suggestion]:
    lamps = replace(DESKS, key="urn:lamps", amount=Decimal(86000), item=None, item_name=None, project="教室照明改造")
    linkage = Linkage((first, lamps, replace(ROOF, amount=Decimal(90000))), OFFICES, VOCABULARY, load_model())
    fields = {"project": "青山区教育局课桌椅更新及教室照明改造采购项目", "items": ()} | changed
    return linkage.suggest([make_notice(**fields)], threads=1)


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(
    ("budget", "awarded", "level"),
    [(471600, None, "sum"), (470000, None, "sum"), (None, 430000, "near"), (None, None, "named")],
)
def test_a_notice_that_names_two_lines_merges_them(budget: int | None, awarded: int | None, level: str) -> None:
    found = merged_notice(
        DESKS,
        budget=None if budget is None else Decimal(budget),
        awarded=None if awarded is None else Decimal(awarded),
    )
    assert {each.line: levels(each)["merged"] for each in found} == {DESKS.key: level, "urn:lamps": level}


def test_a_line_that_pays_for_the_whole_purchase_is_not_added_to_another() -> None:
    found = merged_notice(replace(DESKS, amount=Decimal(500000)), budget=Decimal(471600))
    assert all("merged" not in levels(each) for each in found)


def test_supervision_is_not_paid_by_the_row_of_what_is_supervised() -> None:
    project = "青山区教育局课桌椅更新质量检测服务"
    found = suggest(make_notice(project=project, items=(), budget=Decimal(20000)))
    assert [each for each in found if each.probability >= load_model().threshold] == []


@pytest.mark.parametrize("name", ["青山区教育局本级", "武汉市青山区教育局（机关）"])
def test_a_department_that_buys_for_itself_is_known(name: str) -> None:
    assert BuyerNames(OFFICES, VOCABULARY, WORDS).resolve(name, None).organisation == OFFICE


def test_recommended_links_of_made_records_are_right() -> None:
    """A seed on which nothing was estimated; the figures of docs/linking.md come from larger sets."""
    budgets = make_budgets(107, 250)
    made = make_records(107, budgets, 750)
    model = load_model()
    pairs, truth = score(budgets, made, model, threads=1)
    chosen = pairs[scores_to_probabilities(pairs["score"].to_numpy(dtype=float)) >= model.threshold]
    assert chosen["true"].mean() >= 0.95
    assert chosen["true"].sum() / truth >= 0.8


def test_a_purchase_of_a_whole_project_is_recommended_for_each_of_its_rows() -> None:
    """Rows of one project whose sum is the amount of the notice do not compete with each other."""
    chairs = replace(DESKS, key="urn:chairs", amount=Decimal(214400), item="A05010400", item_name="沙发类")
    linkage = Linkage((DESKS, chairs, ROOF), OFFICES, VOCABULARY, load_model())
    found = linkage.suggest([make_notice(budget=Decimal(600000), items=())], threads=1)
    assert {each.line for each in found if each.probability >= load_model().threshold} == {DESKS.key, chairs.key}
    assert {levels(each)["amount"] for each in found} == {"whole"}


def test_a_row_and_the_same_row_of_the_adjusted_budget_are_not_added() -> None:
    budget, adjusted = (replace(DESKS, key=f"urn:{phase}", phase=phase) for phase in ("budget", "adjusted"))
    alone = lines_to_table((budget, adjusted), OFFICES, load_link_words())
    assert (alone["together"].count(), alone["bundle"].count()) == (0, 0)
    chairs = replace(budget, key="urn:chairs", amount=Decimal(214400))
    both = lines_to_table((budget, adjusted, chairs), OFFICES, load_link_words())
    assert sorted(both["together"].dropna()) == [600000, 600000]


def test_rows_of_two_projects_with_one_name_are_not_added() -> None:
    one, other = (replace(DESKS, key=f"urn:{n}", project_key=f"urn:project:{n}") for n in (1, 2))
    assert lines_to_table((one, other), OFFICES, load_link_words())["together"].count() == 0


def test_a_purchase_named_by_its_item_is_not_doubted_for_its_project() -> None:
    general = replace(DESKS, project="机关运转经费")
    [found] = Linkage((general, ROOF), OFFICES, VOCABULARY, load_model()).suggest(
        [make_notice(project="青山区教育局台桌类采购项目")], threads=1
    )
    assert "name" not in levels(found)
    assert found.probability >= load_model().threshold


@pytest.mark.parametrize("make", [make_plans, make_registers])
def test_recommended_links_of_records_made_otherwise_are_right(make: Callable[..., Any]) -> None:
    """The third and the fourth generator, on which nothing was estimated: also what is stated is right."""
    budgets, made = make(7, 300)
    model = load_model()
    pairs, truth = score(budgets, made, model, threads=1)
    pairs["probability"] = scores_to_probabilities(pairs["score"].to_numpy(dtype=float))
    chosen = pairs[pairs["probability"] >= model.threshold]
    assert chosen["true"].mean() >= 0.95
    assert chosen["true"].sum() / truth >= 0.8
    stated = pairs[pairs["probability"] >= model.stated]
    assert abs(stated["probability"].mean() - stated["true"].mean()) <= 0.05


def test_other_is_an_office_of_its_own() -> None:
    assert BuyerNames(OFFICES, VOCABULARY, WORDS).resolve("武汉市青山区卫生健康局", None).office == OTHER
