"""The title of a notice: its kind, procedure, project and publisher."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from converters.procurement.notice import INTENTION
from converters.procurement.values.dates import text_before_date
from converters.procurement.values.names import ends_as_organisation, parse_organisation, tidy_name
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label, narrow

_LONGEST_TITLE = 220
_AROUND = re.compile(r"^[#\s]+|[\s]+$")
_BEHIND = re.compile(r"[\s(\[]*[^()\[\]]{0,12}[)\]]*")
_NAMED = re.compile(r"[-\u2014\uff0d:]+(.+)")
_SHORTEST_BEFORE, _SHORTEST_ENCLOSED = 4, 8
_STOPS = ",;:\uff0c\uff1b\u3002"
_TITLE_LINES = 6
_LONGEST_COUNT = 4
CUT = ("\u2026", "...")


@dataclass(frozen=True, slots=True)
class NoticeTitle:
    """A title, the notation of its kind, and the text before the words that name the kind.

    `project` is the project that the title of an intention names behind these words (`2025年采购意向-图书购置`).
    """

    text: str
    kind: str
    before: str
    project: str | None = None


def parse_title(text: str, words: NoticeWords) -> NoticeTitle | None:
    """Return a text as a title; None if its end names no kind of notice, or names another kind of publication.

    The words behind the name of the kind must be a remark in brackets, such as `（第二次）`, or behind an intention a
    dash and a project.
    """
    title = _AROUND.sub("", text)
    plain = narrow(title).replace(" ", "")
    if not plain or len(plain) > _LONGEST_TITLE or any(word in plain for word in words.words["no-notice"]):
        return None
    best: tuple[int, int, str] | None = None
    for word in words.titles:
        position = plain.rfind(word)
        rest = plain[position + len(word) :]
        named = words.kinds[word] == INTENTION and _NAMED.fullmatch(rest) is not None
        if position >= 0 and (named or _is_remark(rest, words)):
            found = (position + len(word), len(word), words.kinds[word])
            best = max(best, found) if best else found
    if best is None:
        return None
    end, length, kind = best
    match = _NAMED.fullmatch(plain[end:]) if kind == INTENTION else None
    project = _without_title_end(match[1], words) if match else None
    return NoticeTitle(title, kind, _with_whole_office(plain[: end - length], plain, words), project)


def _with_whole_office(before: str, plain: str, words: NoticeWords) -> str:
    """The text before the kind of notice, with what ends the name of an office there (`某镇人民｜政府采购意向`)."""
    offices = words.words["office"]
    for office in offices:
        end = next((end for end in offices if end != office and office.endswith(end)), "")
        if end and before.endswith(office.removesuffix(end)) and plain.startswith(end, len(before)):
            return before + end
    return before


def _without_title_end(text: str, words: NoticeWords) -> str:
    return next((text.removesuffix(word) for word in words.words["title-end"] if text.endswith(word)), text)


def _is_remark(text: str, words: NoticeWords) -> bool:
    """Whether a text behind the kind of notice is a remark: in brackets, of two characters, or a count (`第二次`)."""
    if text.startswith(words.words["ordinal-prefix"]) and len(text) <= _LONGEST_COUNT:
        return True
    return not text or (_BEHIND.fullmatch(text) is not None and (text[0] in "([" or len(text) <= 2))


def find_title(lines: Sequence[str], words: NoticeWords) -> NoticeTitle | None:
    """Return the first title among the first lines of a notice, one that is not cut short (`…`) if possible.

    A date behind a title is left out. A line that begins with the kind of notice continues the line before it, and the
    name of the kind may be divided between two lines.
    """
    titles = []
    for number, line in enumerate(lines):
        title = parse_title(text_before_date(line, words), words) or parse_title(line, words)
        if (
            title is not None
            and number
            and len(title.before) < _SHORTEST_BEFORE
            and ":" not in narrow(lines[number - 1])
        ):
            title = parse_title(lines[number - 1].strip() + title.text, words) or title
        titles += [title] if title is not None else []
    if not titles:
        joined = (first.strip() + second.strip() for first, second in pairwise(lines[:_TITLE_LINES]))
        titles = [title for line in joined if (title := parse_title(line, words)) is not None]
    whole = [title for title in titles if not title.text.rstrip().endswith(CUT)]
    return next(iter(whole or titles), None)


def find_announced_intention(lines: Sequence[str], words: NoticeWords) -> NoticeTitle | None:
    """Return the intention that a sentence announces where no line is a title: `现将某局2026年采购意向公开如下`."""
    before, after = ("|".join(map(re.escape, words.words[key])) for key in ("announcing", "announced"))
    for line in lines:
        match = re.search(rf"(?:{before})(.+?)(?:{after})", line)
        title = parse_title(match[1], words) if match else None
        if title is not None and title.kind == INTENTION:
            return title
    return None


def find_enclosed_title(lines: Sequence[str], words: NoticeWords) -> NoticeTitle | None:
    """Return the title inside a line that lost its breaks: between a space and the sentence that follows it.

    It is at least as long as the name of the kind of notice and of a project.
    """
    kinds = "|".join(map(re.escape, words.titles))
    for line in lines:
        plain = narrow(line)
        for match in re.finditer(rf"(?<!\S)[^\s{_STOPS}]+?(?:{kinds})(?=\w)", plain):
            title = parse_title(line[match.start() : match.end()], words)
            if title is not None and len(title.before) >= _SHORTEST_ENCLOSED:
                return title
    return None


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
    elif title.kind == INTENTION:
        candidates.append(before)
    for candidate in candidates:
        name = tidy_name(candidate)
        if len(name) >= _SHORTEST_BEFORE and (name.endswith(words.words["office"]) or _intends(name, title, words)):
            return None if name.endswith(words.words["company"]) else name
    return None


def _intends(name: str, title: NoticeTitle, words: NoticeWords) -> bool:
    """Whether a name before the year is that of the office whose intentions a title names."""
    return title.kind == INTENTION and ends_as_organisation(name, words) and parse_organisation(name, words) is not None


def title_to_project(title: NoticeTitle, buyer: str | None, words: NoticeWords) -> str | None:
    """Return the project named in a title where nothing else names it.

    It stands behind `关于`, behind an intention, or before the kind of notice if it ends as names of projects do.
    """
    if title.project:
        return title.project
    for word in words.words["about"]:
        _, found, project = title.before.partition(word)
        if found and project:
            return _without_particle(project, words).removeprefix(buyer or "") or None
    project = _without_particle(title.before, words)
    if title.kind != INTENTION and project != buyer and project.endswith(words.words["project-end"]):
        return project
    return None


def _without_particle(text: str, words: NoticeWords) -> str:
    return next((text.removesuffix(word) for word in words.words["particle"] if text.endswith(word)), text)
