"""Posts, people and vehicles in running text: what is no person, and whose number a number of people is."""

from __future__ import annotations

import pytest
from narrated import narrated, statements
from small_disclosures import convert

from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

RULES = {"people-establishment", "same", "same-text", "bound", "sum"}
FAMILIES = {"people", "same", "bound", "sum"}
CASES = (
    ("核定总编制42人。实有在职人数38人。核定车辆编制4辆，实有车辆3辆。", "在职人数38", "在职人数48"),
    ("核定编制42名，实有在职38名。车辆编制4台，实有车辆3辆。", "在职38", "在职48"),
    ("人员编制42人，在职38人（其中：行政编制12人、在职11人，事业编制30人、在职27人）。", "在职11", "在职13"),
    ("核定编制42名，实有在职38名。其中：行政编制12名，在职11名；事业编制30名，在职27名。", "在职27", "在职37"),
    ("编制42名，其中行政编制12名、事业编制30名；在职38名，其中行政人员11名、事业人员27名。", "编制30", "编制33"),
    ("编制42名，其中行政编制12名、事业编制30名；在职38名，其中行政人员11名、事业人员27名。", "人员27", "人员29"),
    ("在职38人，其中行政编制11人、事业编制27人。", "编制27", "编制29"),
    ("编制42人，其中行政编制12人、事业编制30人，在职38人。", "在职38", "在职48"),
    ("编制42人，其中行政编制12人；在职38人。", "在职38", "在职48"),
    (
        "实有人员编制42人。其中：行政编制12人，事业编制30人；在职在编实有行政人员11人，事业人员27人。",
        "在编实有行政人员11",
        "在编实有行政人员13",
    ),
    ("年末在职人员70人（公务员54人、事业人员16人）。", "人员16", "人员46"),
    ("核定编制33名，其中行政编制23名、事业编制6名、工勤编制4名。", "编制33", "编制63"),
)


def told(sentence: str) -> list[str]:
    """The messages about people in a disclosure with this sentence."""
    text = f"第三部分 2024年度部门预算情况说明\n\n一、人员情况\n\n某县水务局{sentence}\n"
    disclosure = convert("某县水务局2024年度部门预算\n", "", text)
    report = check(disclosure.graph, vocabulary=rule_vocabulary(DEFAULT_BASE), families=FAMILIES)
    return [f.message["zh"] for f in report.findings if f.rule in RULES]


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(("sentence", "right", "slip"), CASES)
def test_people_are_accused_only_of_slips(sentence: str, right: str, slip: str) -> None:
    assert told(sentence) == []
    assert right in sentence
    assert any(slip[-2:] in message for message in told(sentence.replace(right, slip)))


@pytest.mark.parametrize(
    "text",
    [
        "核定编制60名，其中行政编制20名，事业编制40名；实有58人，其中行政编制19人，事业编制39人。",
        "实有58人，其中行政编制19人，事业编制39人；核定编制60名，其中行政编制20名，事业编制40名。",
        "行政编制20名，事业编制40名。年末行政编制19人，事业编制39人。",
        "行政编制30名，实有行政人员28名。",
    ],
)
def test_people_of_a_kind_are_no_posts_of_that_kind(text: str) -> None:
    assert [f.rule for f in check(narrated(text).graph, families={"same"}).findings if f.rule == "same"] == []


def test_posts_of_a_kind_are_no_people_of_that_kind() -> None:
    text = "核定行政编制120名，事业编制10名。在职人员125人，其中行政人员116人，事业人员9人。"
    measures = [s.observation.measure for s in statements(text)]
    assert measures == ["establishment", "establishment", "headCount", "headCount", "headCount"]
    assert [f.rule for f in check(narrated(text).graph, families={"same"}).findings if f.rule == "same"] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "核定编制33名，其中行政编制23名、事业编制6名。",
        "在职人员40人，离退休人员12人，其他人员3人。实有人员55人。",
        "实有人员55人。在职人员40人，离退休人员12人，其他人员3人。",
        "编制52人，实有人数77人，其中：在职46人，退休31人。",
        "编制52人，实有人员77人（在职46人、退休31人），比上年增加1人。",
        "房屋建筑面积3044平方米，其中办公用房2402平方米、业务用房642平方米。",
        "房屋建筑面积3044平方米。办公用房面积2402平方米。",
    ],
)
def test_people_of_all_kinds_and_offices_among_rooms_accuse_nothing(sentence: str) -> None:
    assert told(sentence) == []


def test_vehicles_that_appropriations_pay_for_are_some_of_all_vehicles() -> None:
    text = (
        "第三部分 2024年度部门预算情况说明\n\n一、“三公”经费情况\n\n公务用车{}辆。公务用车5辆。\n\n"
        "二、国有资产占用情况\n\n共有公务用车8辆。\n"
    )

    def same(kept: int) -> list[str]:
        disclosure = convert("某县水务局2024年度部门预算\n", "", text.format(kept))
        return [f.rule for f in check(disclosure.graph, families={"same"}).findings if f.rule in ("same", "same-text")]

    assert same(5) == []
    assert same(8) == ["same-text"]


def test_offices_are_counted_one_by_one() -> None:
    assert [s.observation.measure for s in statements("机关3家。机关30人，机关3辆。")] == ["units"]


@pytest.mark.parametrize(("text", "wrong"), [("机关3家，下属单位1家。", 0), ("事业单位3家，预算单位共1家。", 1)])
def test_subordinate_units_are_not_all_units(text: str, wrong: int) -> None:
    assert [f.rule for f in check(narrated(text).graph, families={"bound"}).findings if f.rule == "bound"] == [
        "bound"
    ] * wrong


@pytest.mark.parametrize(("present", "told"), [("年末在职实有", ["sum"]), ("实有在编", ["sum"]), ("派遣用工", [])])
def test_the_list_behind_a_number_is_of_no_number_before_it(present: str, told: list[str]) -> None:
    text = (
        "人员编制98名，其中：行政编制62名、事业编制32名、工勤编制4名；"
        f"{present}86人，其中：行政人员55人、事业人员28人、工勤人员3人。"
    )
    assert [f.rule for f in check(narrated(text).graph).findings] == []
    slipped = check(narrated(text.replace("3人", "13人")).graph).findings
    assert [f.rule for f in slipped if f.rule == "sum"] == told


CARS = "一、“三公”经费\n\n公务用车8辆，其中：执法执勤用车8辆、特种专业技术用车0辆。\n\n二、国有资产\n\n"
CARS += "共有车辆{}辆，其中：执法执勤用车8辆、特种专业技术用车{}辆。"


@pytest.mark.parametrize(("all_of_them", "special", "rules"), [(9, 1, []), (8, 1, ["same-text", "sum"]), (8, 0, [])])
def test_kinds_of_vehicles_are_compared_where_the_same_vehicles_are_counted(
    all_of_them: int, special: int, rules: list[str]
) -> None:
    found = check(narrated(CARS.format(all_of_them, special)).graph, families=FAMILIES).findings
    assert sorted({f.rule for f in found if f.rule in RULES}) == rules


@pytest.mark.parametrize(
    "text",
    [
        "在职86人、退休40人。较2023年末130人减少4人，其中调出3人、退休2人、调入1人。",
        "在职12人。下属2个中心，分别为检验中心（编制7名，实有5人）、保护中心（编制6名，实有5人）。",
    ],
    ids=["movements", "brackets"],
)
def test_numbers_of_what_is_not_understood_are_of_nothing_else(text: str) -> None:
    found = check(narrated(text).graph, vocabulary=rule_vocabulary(DEFAULT_BASE), families=FAMILIES).findings
    assert [f.rule for f in found if f.rule in RULES] == []


def test_a_number_in_brackets_is_of_what_stands_before_them() -> None:
    text = "在职12人（其中：行政人员9人，事业人员6人）。编制7名。"
    found = check(narrated(text).graph, vocabulary=rule_vocabulary(DEFAULT_BASE), families=FAMILIES).findings
    assert sorted(f.rule for f in found if f.rule in RULES) == ["people-establishment", "sum"]


PRESENT = "年末实有人员编制58人，其中：行政编制26人，事业编制{}人；在职在编实有行政人员24人，事业人员30人。"


def test_people_present_behind_a_semicolon_are_no_part_of_the_posts() -> None:
    rules = [
        [f.rule for f in check(narrated(PRESENT.format(n)).graph, families=FAMILIES).findings if f.rule in RULES]
        for n in (32, 42)
    ]
    assert rules == [[], ["sum"]]


def test_people_of_whom_more_is_said_are_some_of_them() -> None:
    pensioners = "由养老保险基金发放养老金的离退休人员61人，由财政拨款开支的离退休人员1人。"
    assert told(f"离退休人员62人。其中：离休1人，退休61人。{pensioners}") == []
    assert told("离退休人员62人。本部门的离退休人员61人。") != []
