"""When a notice came out, and who signed it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from converters.procurement.labels import split_labels, split_mark
from converters.procurement.notice import Printed
from converters.procurement.reading_order import NoticeFlow, NoticeLine
from converters.procurement.statements import SUMMARY, NoticeStatement
from converters.procurement.titles import NoticeTitle, parse_title
from converters.procurement.values.dates import parse_date, text_before_date
from converters.procurement.values.names import ends_as_organisation, parse_organisation, tidy_name
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label, narrow

_DATE_WITHIN = 16
_SIGNED_WITHIN = 4
_LABEL = re.compile(r"\s*[^\W\d]{2,}:")


def find_publication(
    title: NoticeTitle, statements: Sequence[NoticeStatement], flow: NoticeFlow, words: NoticeWords
) -> tuple[date, Printed] | None:
    """Return the date of publication and its words, None if none is printed.

    It is labelled, or alone at the beginning of a line under the title, or in a short line at the end, or behind the
    title in a list of notices.
    """
    lines = [part for part in flow if isinstance(part, NoticeLine)]
    found = next(_labelled(statements, words), None) or next(_below_title(title, lines, words), None)
    return found or next(_at_end(lines, words), None) or _listed(title, lines, words)


def find_signatory(flow: NoticeFlow, words: NoticeWords) -> str | None:
    """Return the organisation that signs a notice: alone in a line at its end, before the date if there is one."""
    lines = [part.text for part in flow[-_SIGNED_WITHIN:] if isinstance(part, NoticeLine)]
    for line in reversed(lines):
        name = parse_organisation(line, words)
        if name is not None and name == tidy_name(line) and ends_as_organisation(name, words):
            return name
    return None


def _labelled(statements: Sequence[NoticeStatement], words: NoticeWords) -> Iterator[tuple[date, Printed]]:
    dated = (statement for statement in statements if statement.role == "publication-date")
    for statement in sorted(dated, key=lambda s: s.section != SUMMARY):
        found = parse_date(statement.value, words)
        if found is not None:
            yield found, Printed(statement.label, statement.value, statement.locator)


def _below_title(title: NoticeTitle, lines: Sequence[NoticeLine], words: NoticeWords) -> Iterator[tuple[date, Printed]]:
    """Yield the dates at the beginning of the first lines; the value of a label that ends the line before is none."""
    for number, line in enumerate(lines[:_DATE_WITHIN]):
        for labelled in split_labels(line.text, words):
            found = parse_date(labelled.value, words) if labelled.role == "publication-date" else None
            if found is not None:
                yield found, Printed(labelled.label, labelled.value, line.locator)
        if number and narrow(lines[number - 1].text).rstrip().endswith(":"):
            continue
        found = parse_date(line.text, words) if _may_be_dated(line.text, title, words) else None
        if found is not None:
            yield found, Printed("", line.text, line.locator)


def _may_be_dated(text: str, title: NoticeTitle, words: NoticeWords) -> bool:
    """Whether a line begins with a date, or has it behind the notice's own title or the name of an organisation."""
    first = narrow(text)
    if first[:1].isdigit() and split_mark(text, words)[0] is None:
        return True
    before = parse_title(text_before_date(text, words), words)
    return (before is not None and before.text == title.text) or _signed_by(first, words)


def _signed_by(text: str, words: NoticeWords) -> bool:
    """Whether a line is the name of an organisation and a date (`某招标有限公司 2025年6月18日`)."""
    name, _, rest = text.strip().partition(" ")
    return rest[:4].strip().isdigit() and ends_as_organisation(name, words)


def _at_end(lines: Sequence[NoticeLine], words: NoticeWords) -> Iterator[tuple[date, Printed]]:
    """Yield the dates of short lines from the end on, without those under a label that tells another day."""
    for line in reversed(lines):
        if len(line.text.strip()) > _DATE_WITHIN or not _may_tell_publication(line.text, words):
            continue
        found = parse_date(line.text, words)
        if found is not None:
            yield found, Printed("", line.text, line.locator)


def _may_tell_publication(text: str, words: NoticeWords) -> bool:
    """Whether a line with a label has that of the publication, or of the correction that the notice is."""
    labelled = split_labels(text, words)
    if labelled:
        return labelled[0].role in ("publication-date", "correction-date")
    label = _LABEL.match(narrow(text))
    return label is None or clean_label(label[0]).rstrip(":") in words.words["date-label"]


def _listed(title: NoticeTitle, lines: Sequence[NoticeLine], words: NoticeWords) -> tuple[date, Printed] | None:
    """Return the date behind the notice's own title in a list of notices, None if several days stand behind it."""
    name = title.text.strip()
    found = {}
    for line in lines:
        before, own, after = line.text.partition(name)
        if own and not any(map(str.isalnum, before)) and len(after.strip()) <= _DATE_WITHIN:
            day = parse_date(after, words)
            if day is not None:
                found[day] = Printed("", line.text, line.locator)
    return next(iter(found.items())) if len(found) == 1 else None
