"""Amounts told in turn with one subject: 2023年和2024年收入预算分别为640万元和659万元, 收入、支出分别为9万元、8万元."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from converters.narrative.subject_coordinates import BOTH
from converters.narrative.tokens import FIGURES, MONEY, YEAR, Token
from ontology.narrative_words import WORD, Word

_FLOWS = ("code/flow/revenue", "code/flow/expenditure")
_FEWEST = 2
_BETWEEN = frozenset({"enumeration", "comma"})


def distribute_amounts(tokens: Sequence[Token], signs: Sequence[str]) -> list[Token]:
    """Return the tokens with each amount behind its own year and the subject, where as many years as amounts stand.

    Two amounts behind words for revenue and expenditure are one of each. `signs` are the words between the subject and
    the amounts. Tokens of any other shape are left as they are.
    """
    at = next((i for i, token in enumerate(tokens) if token.text in signs), None)
    if at is None:
        return list(tokens)
    years = [*takewhile(lambda token: token.sort == YEAR or token.sort in _BETWEEN, tokens)]
    subject = [token for token in tokens[len(years) : at] if token.sort != "enumeration"]
    named = [token for token in years if token.sort == YEAR]
    behind = [*takewhile(lambda token: token.sort in (MONEY, "enumeration"), tokens[at + 1 :])]
    amounts = [token for token in behind if token.sort == MONEY]
    simple = not any(token.sort in FIGURES | {YEAR, *_BETWEEN} for token in subject)
    if simple and subject and subject[-1].sort == BOTH and len(amounts) == len(_FLOWS):
        told = [*tokens[: len(years)]]
        for flow, amount in zip(_FLOWS, amounts, strict=True):
            word = replace(subject[-1], sort=WORD, word=Word(WORD, "", ({"flow": flow},), (flow,)))
            told += [*subject[:-1], word, amount, replace(amount, sort="enumeration", text="", start=amount.end)]
        return [*told[:-1], *tokens[at + 1 + len(behind) :]]
    if not subject or not simple or len(named) < _FEWEST or len(named) != len(amounts) or named[0].year is None:
        return list(tokens)
    told = []
    for year, amount in zip(named, amounts, strict=True):
        told += [year, *subject, amount, replace(amount, sort="enumeration", text="", start=amount.end)]
    return [*told[:-1], *tokens[at + 1 + len(behind) :]]
