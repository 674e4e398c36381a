"""Clauses and the patterns they match; a clause with a residue fits none."""

from dataclasses import replace

import pytest

from converters.narrative.clause_patterns import compile_patterns, match_pattern
from converters.narrative.tokens import FIGURES, Lexicon, tokenize
from ontology import load_vocabulary
from ontology.narrative_words import FILLER, load_phrases

LEXICON = Lexicon(load_phrases(load_vocabulary()), load_vocabulary(), 2024, {})
PATTERNS = compile_patterns(LEXICON.phrases)

CLAUSES = {
    "amount": ["2024年部门收入预算 100 万元", "涉及一般公共预算本年财政拨款 5 万元", "项目支出预算数为 59.5 万元"],
    "amount-of-units": ["本部门 1 家行政单位的机关运行经费为 132.73 万元", "下属1家机关和2家事业单位机关运行经费3万元"],
    "amount-involved": ["涉及财政性资金合计 4481.3 万元", "涉及 5 万元"],
    "share": ["占 95.99%", "占本年支出合计的 99.21%", "占“三公”经费的15.70%"],
    "completion": ["完成年初预算的98.20%"],
    "change": ["比2023年预算增加 19.61 万元", "与上年相比减少 1 万元", "收支预算各增加 3 万元", "减少3人"],
    "change-against": ["本年数小于上年预算数 40.05 万元"],
    "rate": ["增长 1.34 %", "较2023年下降5.88%", "降幅 9.1%", "同比增长 2%"],
    "unchanged": ["与上年数一致", "比2024年预算持平", "公务接待费支出决算持平"],
    "change-from": ["比2023年预算数 100 万元增加 20 万元", "支出预算较2023年 5 万元减少 1 万元"],
    "rate-from": ["比2023年预算数 100 万元增长 20%"],
    "unchanged-from": ["与上年预算数 100 万元持平", "与上年预算数 0 万元相比无变化"],
    "amount-compared": ["较2023年收入预算 900 万元", "与2023年预算数 900 万元相比"],
    "comparison": ["与上年相比", "与2023年度相比"],
    "things": ["总编制人数 23 人", "行政单位 1 个", "部门共有车辆 5 辆", "机要通信用车0辆"],
    "things-counted-first": ["8 名在职人员", "本部门1家行政单位"],
    "as-of": ["截至 2023 年 12 月 31 日"],
    "topic": ["2024年", "财政拨款支出预算中", "一般公共服务支出（类）财政事务（款）行政运行（项）"],
    "topic-of-all": ["本部门中"],
    "share-of-amount": ["完成年初预算204.00万元的93.00%", "占政府采购支出总额12万元的80%"],
}


def pattern_of(clause: str) -> str | None:
    match = match_pattern([t for t in tokenize(clause, LEXICON) if t.sort != FILLER], PATTERNS)
    return match.pattern.name if match else None


def test_every_clause_pattern_has_its_clauses() -> None:
    assert [pattern.name for pattern in PATTERNS] == list(CLAUSES)


@pytest.mark.parametrize(
    ("name", "clause"), [(name, clause) for name, clauses in CLAUSES.items() for clause in clauses]
)
def test_a_clause_fits_its_pattern(name: str, clause: str) -> None:
    assert pattern_of(clause) == name


@pytest.mark.parametrize(
    "clause",
    [
        "由小微企业供应商成交的采购金额 5 万元",
        "100 万元",
        "收入预算 100 万元 5 万元",
        "新建花坛 12 个",
        "占地约 5%",
        "增加 5",
    ],
)
def test_a_clause_with_a_residue_fits_no_pattern(clause: str) -> None:
    assert pattern_of(clause) is None


def test_slots_are_filled_in_the_order_of_the_clause() -> None:
    match = match_pattern([t for t in tokenize("比2023年预算增加 19.61 万元", LEXICON) if t.sort != FILLER], PATTERNS)
    assert match is not None
    filled = {slot: "".join(token.text for token in tokens) for slot, tokens in match.filled if tokens}
    assert filled == {"comparison": "比2023年预算", "direction": "增加", "figure": "19.61万元"}
    assert [t.text for t in match.all("figure") if t.sort in FIGURES] == ["19.61万元"]


def test_patterns_are_made_of_known_slots_and_sorts() -> None:
    sorts = {word.sort for word in LEXICON.words.values()} | {"money", "percent", "count", "year", "date"}
    written = [f.slots for f in LEXICON.phrases.patterns] + list(LEXICON.phrases.slots.values())
    names = {name for slots in written for item in slots.split() for name in item.rstrip("?+*").split("/")}
    assert names <= sorts | LEXICON.phrases.slots.keys()


def test_a_slot_that_cannot_be_read_is_an_error() -> None:
    broken = replace(LEXICON.phrases, patterns=(replace(LEXICON.phrases.patterns[0], slots="subject! money"),))
    with pytest.raises(ValueError, match="subject!"):
        compile_patterns(broken)
