"""Amounts that headings or amounts before them may place: right ones are not accused, wrong ones are told."""

import pytest
from small_disclosures import convert
from test_errors_and_roundings import TABLES

from shapes import Finding, check


def told(heading: str, body: str) -> list[Finding]:
    conversion = convert(*TABLES, f"\n第三部分 部门预算情况说明\n\n{heading}\n\n{body}\n")
    findings = check(conversion.graph).findings
    return [f for f in findings if f.severity != "info" and f.rule in ("same", "same-text", "bound", "sum", "sum-text")]


HEADINGS = {
    "一、项目支出情况": "2024年支出预算{}万元，其中：项目支出200.00万元，占20.00%。",
    "一、一般公共服务支出": "2024年支出预算{}万元，其中一般公共服务支出600.00万元，占60%。",
    "一、“三公”经费支出情况": "2024年支出预算{}万元，其中“三公”经费31.00万元，占3.10%。",
    "一、基本支出和项目支出情况": "2024年支出预算{}万元，其中基本支出800.00万元，项目支出200.00万元。",
}


@pytest.mark.parametrize(("heading", "body"), HEADINGS.items(), ids=HEADINGS)
def test_a_whole_takes_nothing_from_a_heading_that_names_its_part(heading: str, body: str) -> None:
    assert not told(heading, body.format("1000.00"))
    assert told(heading, body.format("1200.00"))


@pytest.mark.parametrize(
    ("heading", "body"),
    [
        ("一、人员经费与公用经费", "基本支出800.00万元，其中：人员经费700.00万元，公用经费100.00万元。"),
        ("一、机关运行经费情况", "2024年基本支出800.00万元，其中机关运行经费100.00万元。"),
        ("一、政府性基金预算支出情况", "支出1000.00万元，一般公共预算支出900.00万元，政府性基金预算支出100.00万元。"),
        ("一、人员经费情况", "基本支出800.00万元，人员经费720.00万元，占90.00%。"),
        ("一、会议费、培训费情况", "2024年公用经费70.00万元，其中会议费3.00万元，培训费2.00万元。"),
    ],
)
def test_a_whole_beside_a_heading_of_its_parts_contradicts_nothing(heading: str, body: str) -> None:
    assert not told(heading, body)


DIVIDED = {
    "colon": "一般公共服务支出600.00万元：基本支出{}万元，占75.00%；项目支出{}万元，占25.00%。",
    "sentences": "一般公共服务支出安排600.00万元。基本支出{}万元，用于人员；项目支出{}万元，用于会议。",
    "within": "一般公共服务支出600.00万元中，基本支出{}万元，项目支出{}万元。",
    "no amount": "从支出性质看，一般公共服务支出中基本支出{}万元、项目支出{}万元。",
    "enumerated": "一般公共服务支出600.00万元，一是基本支出{}万元，二是项目支出{}万元。",
}


@pytest.mark.parametrize("body", DIVIDED.values(), ids=DIVIDED)
def test_kinds_behind_a_class_are_its_parts(body: str) -> None:
    assert not told("一、支出预算情况", body.format("450.00", "150.00"))
    assert told("一、支出预算情况", body.format("430.00", "170.00"))


def test_classes_below_a_kind_are_its_parts() -> None:
    body = "（一）项目支出200.00万元\n1.一般公共服务支出{}万元；\n2.社会保障和就业支出{}万元。"
    assert not told("一、支出预算情况", body.format("150.00", "50.00"))
    assert told("一、支出预算情况", body.format("140.00", "60.00"))


def test_a_name_of_another_class_is_no_part_of_a_class_that_all_parts_add_up_to() -> None:
    body = "一般公共服务支出600.00万元，其中行政运行450.00万元，住房保障支出{}万元。"
    assert not told("一、支出预算情况", body.format("150.00"))
    assert not told("一、支出预算情况", body.format("150.00").replace("，其中", "。其中"))
    assert told("一、支出预算情况", body.format("90.00")), "it goes on with another class"


def test_years_in_brackets_behind_an_amount_are_no_parts_of_it() -> None:
    assert not told("一、支出预算情况", "花坛经费120.00万元（2023年110.00万元、2022年100.00万元）。")
    body = "2022年至2024年花坛经费100.00万元，其中2022年30.00万元、2023年30.00万元、2024年50.00万元。"
    assert told("一、支出预算情况", body)


def test_what_parts_come_to_is_no_part() -> None:
    body = "项目支出200.00万元，其中花坛养护110.00万元、苗圃改造60.00万元，两项合计{}万元。"
    assert not told("一、支出预算情况", body.format("170.00"))
    assert told("一、支出预算情况", body.format("180.00"))
