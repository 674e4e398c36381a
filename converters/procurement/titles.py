"""The title of a notice: its kind, procedure, project and publisher."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from converters.procurement.names import tidy_name
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label, narrow

_LONGEST_TITLE = 220
_AROUND = re.compile(r"^[#\s]+|[\s]+$")
_BEHIND = re.compile(r"[\s(\[]*[^()\[\]]{0,12}[)\]]*")
_CUT = ("\u2026", "...")


@dataclass(frozen=True, slots=True)
class NoticeTitle:
    """A title, the notation of its kind, and the text before the words that name the kind."""

    text: str
    kind: str
    before: str


def parse_title(text: str, words: NoticeWords) -> NoticeTitle | None:
    """Return a text as a title; None if its end names no kind of notice, or names another kind of publication.

    The words behind the name of the kind must be a remark in brackets, such as `（第二次）`.
    """
    title = _AROUND.sub("", text)
    plain = narrow(title).replace(" ", "")
    if not plain or len(plain) > _LONGEST_TITLE or any(word in plain for word in words.words["no-notice"]):
        return None
    best: tuple[int, int, str] | None = None
    for word in words.titles:
        position = plain.rfind(word)
        if position >= 0 and _is_remark(plain[position + len(word) :]):
            found = (position + len(word), len(word), words.kinds[word])
            best = max(best, found) if best else found
    if best is None:
        return None
    end, length, kind = best
    return NoticeTitle(title, kind, plain[: end - length])


def _is_remark(text: str) -> bool:
    return not text or (_BEHIND.fullmatch(text) is not None and (text[0] in "([" or len(text) <= 2))


def find_title(lines: Sequence[str], words: NoticeWords) -> NoticeTitle | None:
    """Return the first title among the first lines of a notice, one that is not cut short (`…`) if possible."""
    titles = [title for line in lines if (title := parse_title(line, words)) is not None]
    whole = [title for title in titles if not title.text.rstrip().endswith(_CUT)]
    return next(iter(whole or titles), None)


def find_method(text: str, words: NoticeWords) -> str | None:
    """Return the notation of the procurement method that a text names last, None if it names none."""
    plain = clean_label(text)
    named = [(plain.rfind(word), len(word), method) for word, method in words.methods.items() if word in plain]
    return max(named)[2] if named else None


def title_to_buyer(title: NoticeTitle, project: str | None, words: NoticeWords) -> str | None:
    """Return the buyer named at the beginning of a title: before the project, before `关于`, or before a year.

    An agency also publishes `关于` a project; the name of a company is therefore no buyer.
    """
    before = title.before
    candidates = []
    if project:
        plain = clean_label(project)
        if plain in before:
            candidates.append(before.partition(plain)[0])
    for word in words.words["about"]:
        if word in before:
            candidates.append(before.partition(word)[0])
    year = re.search(rf"\d{{4}}(?:{'|'.join(words.words['year'])})", before)
    if year:
        candidates.append(before[: year.start()])
    for candidate in candidates:
        name = tidy_name(candidate)
        if len(name) >= 4 and name.endswith(words.words["office"]) and not name.endswith(words.words["company"]):
            return name
    return None


def title_to_project(title: NoticeTitle, buyer: str | None, words: NoticeWords) -> str | None:
    """Return the project named in a title behind `关于`, where nothing else names it; None without that word."""
    for word in words.words["about"]:
        _, found, project = title.before.partition(word)
        if found and project:
            return project.removeprefix(buyer or "") or None
    return None
