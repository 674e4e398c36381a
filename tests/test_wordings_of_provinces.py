"""Sentences of final accounts as departments of several provinces write them: correct ones are accused of nothing.

Each case is a sentence and, if a rule can tell it, the word that makes it wrong with what it should be. All correct
sentences stand in one document and all wrong ones in another, each in a section of its own.
"""

from __future__ import annotations

from small_disclosures import convert, table

from ontology import DEFAULT_BASE
from shapes import Finding, check
from yusuan.checked_document import rule_vocabulary

OFFICE = "某县水务局"
KINDS = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | {0} | 480.20 | {1}
 | 合计 | {0} | 480.20 | {1}
"""
SPENT = """
项目 | 年初预算数 | 决算数
因公出国（境）费 | 0.00 | 0.00
公务接待费 | 2.00 | 1.50
公务用车购置及运行维护费 | 5.00 | 4.00
公务用车运行维护费 | 5.00 | 4.00
合计 | 7.00 | 5.50
"""
TABLES = "\n".join(
    table(number, title, rows, "单位：万元", office=OFFICE)
    for number, title, rows in (
        (3, "支出决算表", KINDS.format("580.20", "100.00")),
        (5, "一般公共预算财政拨款支出决算表", KINDS.format("560.20", "80.00")),
        (8, "“三公”经费支出决算表", SPENT),
    )
)
CASES: tuple[tuple[str, str, str], ...] = (
    ("2024年度支出总计580.20万元，与上年相比，增加58.20万元，增长11.15%，主要原因是人员增加。", "11.15", "15.11"),
    ("本年支出合计580.20万元，其中：基本支出480.20万元，占82.76%；项目支出100.00万元，占17.24%。", "17.24", "27.24"),
    ("“三公”经费支出5.50万元，较上年6.00万元减少0.50万元，减少了8.33%。", "减少0.50", "减少0.60"),
    (
        (
            "“三公”经费财政拨款支出年初预算为7.00万元，支出决算为5.50万元，完成预算的78.57%，其中：因公出国（境）费决算为0万元，"
            "完成预算的0%；公务用车购置及运行维护费支出决算为4.00万元，完成预算的80.00%；"
            "公务接待费支出决算为1.50万元，完成预算的75.00%。"
        ),
        "75.00",
        "57.00",
    ),
    ("公务接待费支出1.50万元，比上年增加0.01万元，增长0.67%，原因是批次略有增加。", "0.67", "6.70"),
    ("公务接待费支出1.50万元，年初预算为2.00万元，差值为0.50万元，原因为厉行节约。", "", ""),
    ("收入支出总体与上年相比，增加58.20万元，增长11.15%。", "", ""),
    (
        "一般公共预算财政拨款支出560.20万元，占本年支出合计的96.55%。与上年相比，一般公共预算财政拨款支出增加60.20万元，增长12.04%。",
        "96.55",
        "86.55",
    ),
    ("2024年一般公共预算财政拨款支出决算数为560.20万元，完成预算100%。", "", ""),
    ("机关运行经费支出20.00万元，比年初预算数增加2.00万元，增长11.11%。", "11.11", "12.11"),
    (
        (
            "一般公共预算财政拨款基本支出480.20万元，其中：人员经费400.00万元，占基本支出的83.30%；"
            "公用经费80.20万元，占基本支出的16.70%。"
        ),
        "16.70",
        "61.70",
    ),
    ("公务用车运行维护费支出4.00万元，比去年3.01万元多0.99万元。", "", ""),
    (
        (
            "2023年度项目支出决算90.00万元，比上年增加10.00万元，增长12.50%；"
            "2024年度项目支出决算100.00万元，比上年增加10.00万元，增长11.11%。"
        ),
        "12.50",
        "15.50",
    ),
    ("2024年度收入支出总计580.20万元，与2023年度相比，各增加58.20万元，增长11.15%。", "11.15", "15.11"),
    (
        "政府采购支出总额10万5000元，其中：政府采购货物支出3千元、政府采购服务支出10万2000元。",
        "服务支出10万2000",
        "服务支出10万8000",
    ),
    ("截至2024年12月31日，本部门共有车辆2辆，单价五十万元以上通用设备0台（套）。", "", ""),
    (
        (
            "2024年度一般公共预算财政拨款支出年初预算为500.00万元，支出决算为560.20万元，完成年初预算的112.04%，"
            "决算数大于年初预算数的主要原因是追加人员经费。"
        ),
        "112.04",
        "121.04",
    ),
    ("因公出国（境）费支出0万元，与年初预算持平，与上年持平，主要原因是没有出国任务。", "", ""),
    ("2024年度政府性基金预算财政拨款收入0万元，支出0万元，本部门没有政府性基金预算安排的支出。", "", ""),
    ("基本支出四百八十万零二千元，比上年增加80.20万元，增长20.05%。", "20.05", "25.05"),
    ("项目支出100.00万元，比上年增加10.00万元，增长11.11%，比年初预算数减少10.00万元，下降9.09%。", "11.11", "12.22"),
    ("贯彻“以水定城、以水定地。\n以水定人”的要求，项目支出100.00万元，与年初预算持平。", "", ""),
)


def findings(sentences: list[str]) -> list[Finding]:
    """Violations in a final account with the tables and these sentences."""
    marks = "一二三四五六七八九十"
    numbers = [*marks, *(f"十{mark}" for mark in marks[:-1]), "二十", *(f"二十{mark}" for mark in marks[:-1])]
    sections = [f"{number}、情况说明\n\n{sentence}\n" for number, sentence in zip(numbers, sentences, strict=False)]
    text = "\n".join(["第三部分 2024年度部门决算情况说明\n", *sections])
    report = check(
        convert(f"{OFFICE}2024年度部门决算\n", TABLES, text).triples, vocabulary=rule_vocabulary(DEFAULT_BASE)
    )
    return [f for f in report.findings if f.severity == "violation" and f.rule != "required-table"]


def test_correct_sentences_are_accused_of_nothing() -> None:
    assert [f.message["zh"] for f in findings([sentence for sentence, _, _ in CASES])] == []


def test_each_wrong_sentence_is_told() -> None:
    wrong = [sentence.replace(right, slip) for sentence, right, slip in CASES if right]
    told = "".join(f.message["zh"] for f in findings(wrong))
    assert [slip for _, right, slip in CASES if right and slip.lstrip("减少服务支出") not in told] == []
