"""Amounts of several years told with one subject: 2022年、2023年和2024年收入预算分别为640万元、659万元和688万元."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from converters.narrative.tokens import FIGURES, MONEY, YEAR, Token

_FEWEST = 2
_BETWEEN = frozenset({"enumeration", "comma"})


def distribute_amounts(tokens: Sequence[Token], signs: Sequence[str]) -> list[Token]:
    """Return the tokens with each amount behind its own year and the subject, where as many years as amounts stand.

    `signs` are the words between the subject and the amounts. Tokens of any other shape are left as they are.
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
    if not subject or not simple or len(named) < _FEWEST or len(named) != len(amounts) or named[0].year is None:
        return list(tokens)
    told: list[Token] = []
    for year, amount in zip(named, amounts, strict=True):
        told += [year, *subject, amount, replace(amount, sort="enumeration", text="", start=amount.end)]
    return [*told[:-1], *tokens[at + 1 + len(behind) :]]
