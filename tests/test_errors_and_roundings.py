"""Provable errors of running text, each told, and roundings, none of which is a violation."""

import pytest
from small_disclosures import KINDS, convert, table

from shapes import Finding, check

TABLES = (
    table(
        3,
        "支出总表",
        f"""
        {KINDS}
        | 合计 | 10,000,000.00 | 8,000,000.00 | 2,000,000.00
        201 | 一般公共服务支出 | 6,000,000.00 | 4,500,000.00 | 1,500,000.00
        208 | 社会保障和就业支出 | 3,000,000.00 | 2,500,000.00 | 500,000.00
        221 | 住房保障支出 | 1,000,000.00 | 1,000,000.00 | 0.00
        """,
    ),
    table(
        7,
        "一般公共预算“三公”经费支出表",
        """
        “三公”经费合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费
         | | 小计 | 公务用车购置费 | 公务用车运行费 |
        310000.00 | 0.00 | 250000.00 | 0.00 | 250000.00 | 60000.00
        """,
    ),
)
SECTION = "一、支出预算情况说明"
THREE_PUBLIC = "二、一般公共预算“三公”经费支出情况说明"

ERRORS = {
    # an amount and the table
    "total of the table": "2024年支出预算1100万元。",
    "digit swapped": "基本支出880万元。",
    "decimal point": "项目支出20.00万元。",
    "unit of another size": "2024年支出预算1000.00元。",
    "class": "一般公共服务支出（类）660.00万元。",
    "class among others": "一般公共服务支出600.00万元，社会保障和就业支出330.00万元，住房保障支出100.00万元。",
    "scope": f"{THREE_PUBLIC}\n“三公”经费预算13.00万元。",
    "part of a scope": f"{THREE_PUBLIC}\n公务接待费9.00万元。",
    # parts and wholes of a sentence
    "parts of a list": (
        "2024年花坛经费90.00万元，其中：甲类30.00万元，乙类40.00万元。"
        "2024年支出预算1000.00万元，其中：基本支出800.00万元，项目支出300.00万元。"
    ),
    "part above its whole": f"{THREE_PUBLIC}\n“三公”经费预算31.00万元，其中公务用车购置及运行费35.00万元。",
    "parts of a list of four": (
        "2024年花坛经费10.12万元，其中：苗木2.51万元，肥料2.52万元，农药2.50万元，其他2.49万元。"
    ),
    # changes and rates
    "rate of a small change": "花坛养护补助3.28万元，比上年减少0.38万元，下降11.38%。",
    "rate": "2024年支出预算1000.00万元，比上年增加100.00万元，增长10.11%。",
    "rate of a decrease": "2024年支出预算1000.00万元，比上年减少100.00万元，下降10.00%。",
    "rate times ten": "2024年支出预算1000.00万元，比上年增加100.00万元，增长111.1%。",
    "rate over the present amount": "基本支出800.00万元，比上年增加200.00万元，增长25.00%。",
    "rate of an unknown subject": "花坛养护补助50.00万元，比上年增加10.00万元，增长30.00%。",
    "rate in whole percent": "2024年支出预算1000.00万元，比上年增加100.00万元，增长15%。",
    "directions": "2024年支出预算1000.00万元，比上年增加100.00万元，下降11.11%。",
    "direction of two amounts": "2024年支出预算1000.00万元，比2023年预算数900.00万元减少100.00万元。",
    "difference of two amounts": "2024年支出预算1000.00万元，比2023年预算数900.00万元增加110.00万元。",
    "difference of two years": "2024年支出预算1000.00万元，2023年支出预算900.00万元，增加90.00万元。",
    "rate of two amounts": "2024年支出预算1000.00万元，比2023年预算数900.00万元增长10.00%。",
    "bracketed earlier year": "2024年支出预算1000.00万元（2023年为900.00万元），增加120.00万元。",
    "increase above the amount": "花坛养护补助50.00万元，比上年增加60.00万元。",
    "fall by more than all": "花坛养护补助50.00万元，比上年减少60.00万元，下降120.00%。",
    "own year": "2024年支出预算1000.00万元，比2024年预算增加100.00万元。",
    "reasons": (
        "2024年支出预算1000.00万元，比上年增加100.00万元，原因是人员经费增加80.00万元、公用经费增加10.00万元。"
    ),
    "rate on nothing": "花坛养护补助50.00万元，比上年增加50.00万元，增长20.00%。",
    # shares
    "share": "2024年支出预算1000.00万元，其中：基本支出800.00万元，占88.00%；项目支出200.00万元，占20.00%。",
    "share with digits swapped": (
        "2024年支出预算1000.00万元，其中：基本支出800.00万元，占80.00%；项目支出200.00万元，占2.00%。"
    ),
    "completion": "花坛养护补助年初预算100.00万元，支出决算90.00万元，完成年初预算的95.00%。",
}

ROUNDINGS = {
    "digits cut off, of a small change": "花坛养护补助3.28万元，比上年减少0.38万元，下降10.57%。",
    "digits cut off, of a list": (
        "2024年花坛经费10.05万元，其中：苗木2.51万元，肥料2.52万元，农药2.50万元，其他2.49万元。"
    ),
    "tens of thousands without digits": "2024年支出预算1000万元，其中：基本支出800万元，项目支出200万元。",
    "one digit left out": "一般公共服务支出600.0万元。",
    "rate cut instead of rounded": (
        "花坛养护补助700.00万元，比上年增加50.00万元，增长7.69%。基本支出800.00万元，比上年增加56.30万元，增长7.57%。"
    ),
    "rate one unit up": "2024年支出预算1000.00万元，比上年增加100.00万元，增长11.12%。",
    "rate one unit down": "2024年支出预算1000.00万元，比上年增加100.00万元，增长11.10%。",
    "rate in whole percent": "2024年支出预算1000.00万元，比上年增加100.00万元，增长11%。",
    "rate with one digit": "2024年支出预算1000.00万元，比上年减少80.00万元，下降7.4%。",
    "share one unit up, of some of the parts": (
        "2024年支出预算1000.00万元，其中：一般公共服务支出600.00万元，"
        "占60.01%；社会保障和就业支出300.00万元，占30.00%。"
    ),
    "share cut": "花坛养护补助96.30万元，其中：人员经费61.39万元，占63.75%；公用经费34.91万元，占36.25%。",
    "shares that miss a hundred": (
        "花坛养护补助9.00万元，其中：甲类3.00万元，占33.33%；乙类3.00万元，占33.33%；丙类3.00万元，占33.33%。"
    ),
    "change of rounded amounts": "2024年支出预算1000.00万元，比2023年预算数899.99万元增加100.00万元，增长11.11%。",
    "change in whole tens of thousands": "2024年支出预算1000万元，比2023年预算数900万元增加101万元。",
    "parts of rounded amounts": "花坛养护补助10.01万元，其中：甲类5.00万元，乙类5.00万元。",
    "nothing at all": f"{THREE_PUBLIC}\n因公出国（境）费0万元，与上年持平；公务用车购置费0.00万元，增长0%。",
    "small rate printed as none": "基本支出800.00万元，比上年增加0.02万元，增长0.00%。",
    "from below nothing": "花坛养护补助18.16万元，比上年-5.00万元增加23.16万元。",
    "new item": "花坛养护补助50.00万元，比上年增加50.00万元，今年新增。",
    "reasons of rounded amounts": (
        "2024年支出预算1000.00万元，比上年增加100.00万元，原因是人员经费增加80.00万元、公用经费增加20.01万元。"
    ),
    "list of some of the parts": "2024年支出预算1000.00万元，其中：花坛养护补助1.00万元，苗圃改造2.00万元。",
    "hundred millions": "2024年支出预算0.10亿元。",
    "a change in fewer digits": "2024年支出预算1000.00万元，比2023年预算数915.77万元增加84.2万元，增长9.2%。",
    "a change without digits": "2024年支出预算1000.00万元，比2023年预算数865.77万元增加134万元，增长16%。",
    "parts in fewer digits": "花坛养护补助915.77万元，其中：甲类502.6万元，乙类413.2万元。",
}


def told(text: str, *severities: str) -> list[Finding]:
    """The findings about running text."""
    first, _, rest = text.partition("\n")
    heading, body = (first, rest) if rest else (SECTION, first)
    conversion = convert(*TABLES, f"\n第三部分 部门预算情况说明\n\n{heading}\n\n{body}\n")
    assert conversion.content.narrative.statements
    report = check(conversion.graph)
    return [f for f in report.findings if f.severity in severities and f.rule != "required-table"]


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("text", ERRORS.values(), ids=ERRORS)
def test_provable_error_is_told(text: str) -> None:
    assert told(text, "violation", "warning")


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("text", ROUNDINGS.values(), ids=ROUNDINGS)
def test_rounding_is_no_violation(text: str) -> None:
    assert told(text, "violation") == []


def test_correct_text_is_told_nothing() -> None:
    text = (
        "2024年支出预算1000.00万元，比上年增加100.00万元，增长11.11%，"
        "其中：基本支出800.00万元，占80.00%；项目支出200.00万元。"
    )
    assert told(text, "violation", "warning") == []
