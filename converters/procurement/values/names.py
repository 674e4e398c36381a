"""Names of organisations in notices: without persons behind them, apart from addresses, one by one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from ontology import load_vocabulary
from ontology.divisions import division_names
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label

_LONGEST_NAME = 80
_SHORTEST_ORGANISATION = 4
_LONGEST_PERSON = 4
_BRANCH_WITHIN = 12
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, power, 31) for power in range(17))
_TELEPHONE = re.compile(r"\d{3,4}-\d{6,8}|(?<!\d)1\d{10}(?!\d)")
_DIVISION_LENGTHS = range(12, 1, -1)


def tidy_name(text: str) -> str:
    """Return a printed name without spaces at its ends and between its Chinese characters."""
    text = " ".join(text.replace("\u200b", "").split()).strip(" ,;:\uff0c\uff1b\u3002\uff1a|\u3001")
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)


def is_nothing(text: str, words: NoticeWords) -> bool:
    """Return whether a text says that there is no value, or refers to another document for it."""
    plain = clean_label(text)
    if not any(character.isalnum() for character in plain):
        return True
    long = tuple(word for word in words.words["nothing"] if len(word) > 1)
    return plain in words.words["nothing"] or plain.startswith(long)


def parse_organisation(text: str, words: NoticeWords) -> str | None:
    """Return the name of the organisation in a text, without persons, telephone numbers and titles behind it.

    `青山区教育局 张老师 027-1234567` is 青山区教育局. A text that is the name of a person is no organisation: None.
    """
    text = _before_label(text, words)
    telephone = _TELEPHONE.search(text)
    text = text[: telephone.start()] if telephone else text
    parts = text.replace("\u3000", " ").split()
    while len(parts) > 1 and _is_personal(parts[-1], words):
        parts.pop()
    name = tidy_name(" ".join(parts))
    name = _without_role_in_brackets(name, words)
    if not name or is_nothing(name, words) or len(name) > _LONGEST_NAME or _is_personal(name, words):
        return None
    return None if name in words.words["self"] else name


def _before_label(text: str, words: NoticeWords) -> str:
    """The organisation before a further label that follows it without a space (`某局联系人：…`)."""
    head, colon, _ = text.replace("\uff1a", ":").partition(":")
    if not colon or " " in head.strip():
        return text
    ends = (*words.words["company"], *words.words["office"])
    end = next((end for end in range(len(head) - 2, _SHORTEST_ORGANISATION - 1, -1) if head[:end].endswith(ends)), 0)
    return head[:end] or text


def _is_personal(part: str, words: NoticeWords) -> bool:
    """Whether a text is a person's name or form of address: short, without the end of an organisation's name."""
    plain = re.sub(r"[^\w]|\d", "", unicodedata.normalize("NFKC", part))
    if not plain:
        return True
    if plain.endswith(words.words["person"]) and len(plain) <= _LONGEST_PERSON + 1:
        return True
    return len(plain) <= _LONGEST_PERSON and not ends_as_organisation(plain, words) and not plain.isascii()


def _without_role_in_brackets(name: str, words: NoticeWords) -> str:
    match = re.search(r"[(\uff08]([^()\uff08\uff09]{1,12})[)\uff09]$", name)
    if match and match[1].endswith((*words.words["person"], *words.words["consortium"])):
        return name[: match.start()]
    return name


def ends_as_organisation(name: str, words: NoticeWords) -> bool:
    """Return whether a name ends as names of organisations do, a bracket behind it disregarded."""
    plain = re.sub(r"\([^()]*\)$", "", clean_label(name))
    return plain.endswith((*words.words["company"], *words.words["body"], *words.words["branch"]))


def split_organisations(text: str, words: NoticeWords) -> list[str]:
    """Return the organisations that a text lists; a list divides only where each part ends as an organisation does."""
    separators = "".join(re.escape(word) for word in words.words["list-separator"])
    parts = [part for part in re.split(rf"[{separators}\n]", text) if part.strip()]
    names = [parse_organisation(_after_colon(part, words), words) for part in parts]
    whole = [name for name in names if name is not None and ends_as_organisation(name, words)]
    if len(parts) > 1 and len(whole) == len(parts):
        return list(dict.fromkeys(whole))
    name = parse_organisation(_after_colon(text, words), words)
    return [name] if name is not None else []


def _after_colon(text: str, words: NoticeWords) -> str:
    """The text behind a word and a colon (`牵头人：…`), if an organisation stands there."""
    _, colon, rest = text.replace("\uff1a", ":").rpartition(":")
    return rest if colon and ends_as_organisation(tidy_name(rest), words) else text


def find_commission(lines: Iterable[str], words: NoticeWords) -> tuple[str, str | None] | None:
    """Return the buyer and the agency of a sentence such as `某公司受某局委托，就…`; None if no line says it.

    The agency may also follow in the next clause; it is None where neither names it.
    """
    before, after = ("|".join(map(re.escape, words.words[key])) for key in ("commissioned-by", "commissioned"))
    clause = r"[^,\uff0c\u3002]"
    pattern = re.compile(rf"(?:^|[,\uff0c\u3002])\s*({clause}*?)(?:{before})({clause}+?)(?:{after})")
    for line in lines:
        for match in pattern.finditer(line):
            names = [parse_organisation(part, words) for part in match.groups()]
            agency, buyer = (name if name and ends_as_organisation(name, words) else None for name in names)
            if buyer is not None:
                return buyer, agency or _company_at_start(line[match.end() :], words)
    return None


def _company_at_start(text: str, words: NoticeWords) -> str | None:
    """Return the company with whose name the next clause begins (`受某局的委托，某招标有限公司对…`)."""
    clause = re.split(r"[,\uff0c\u3002]", text.lstrip(" ,\uff0c"), maxsplit=1)[0]
    end = min((found + len(word) for word in words.words["company"] if (found := clause.find(word)) > 0), default=0)
    return parse_organisation(clause[:end], words) if end else None


def split_address(text: str, words: NoticeWords) -> tuple[str, str] | None:
    """Return the name and the address in a text that prints them without a space; None if it cannot be told.

    The name ends with the legal form of a company, or as other organisations do before the name of a place.
    """
    text = text.strip()
    limited = [word for word in words.words["company"] if len(word) > len(words.words["yuan"][0]) * 2]
    for endings in (limited, words.words["company"]):
        end = min((p + len(w) for w in endings if (p := text.find(w)) > 0), default=0)
        if end:
            end = _extend(text, end, words)
            return text[:end].strip(), text[end:].strip()
    names = _places()
    for position in range(_SHORTEST_ORGANISATION, len(text)):
        before, after = text[:position].rstrip(), text[position:].lstrip()
        if before.endswith(words.words["body"]) and any(after[:n] in names for n in _DIVISION_LENGTHS):
            return before, after
    return None


def _extend(text: str, end: int, words: NoticeWords) -> int:
    """The end of a company's name, with a bracket or a branch behind its legal form."""
    for word in words.words["branch"]:
        position = text.find(word, end, end + _BRANCH_WITHIN)
        if position >= 0:
            return position + len(word)
    return end


@cache
def _places() -> frozenset[str]:
    """The names of divisions, and the short forms of provinces and cities without their last character."""
    names = division_names(load_vocabulary())
    return frozenset(names) | frozenset(name[:-1] for name in names if len(name) in (3, 4))


def find_credit_code(text: str) -> str | None:
    """Return the unified social credit code in a text as printed, whether its check digit is right or not."""
    match = _CREDIT_CODE.search(unicodedata.normalize("NFKC", text).upper())
    return match[0] if match else None


def is_credit_code(code: str) -> bool:
    """Return whether a unified social credit code has the right form and check digit (GB 32100-2015)."""
    if _CREDIT_CODE.fullmatch(code) is None:
        return False
    total = sum(_CODE_CHARACTERS.index(c) * weight for c, weight in zip(code[:17], _CODE_WEIGHTS, strict=True))
    return _CODE_CHARACTERS[-total % 31] == code[17]
