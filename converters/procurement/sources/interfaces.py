"""Records of the data interfaces of procurement sites: JSON objects whose keys are known names of fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from converters.procurement.notice import INTENTION, Notice
from converters.procurement.reading import statements_to_notice
from converters.procurement.statements import NoticeStatement
from converters.procurement.titles import NoticeTitle, parse_title
from converters.procurement.values.names import tidy_name
from ontology.locators import Locator
from ontology.procurement.notice_words import NoticeWords, load_notice_words
from ontology.text import clean_label

_LEAST_FIELDS = 3


def read_interface(data: object, source: str) -> list[Notice]:
    """Return the notices among the objects of a JSON value, each title once, in order.

    An object is a notice if it has a title and other known fields, and if its type or its title names a kind of notice.
    """
    words = load_notice_words()
    notices: dict[tuple[str, str | None], Notice] = {}
    for record in _objects(data):
        notice = _notice(record, source, words)
        if notice is not None:
            notices.setdefault((notice.title, notice.number), notice)
    return list(notices.values())


def _objects(data: object) -> Iterator[Mapping[str, object]]:
    if isinstance(data, Mapping):
        yield data
        for value in data.values():
            yield from _objects(value)
    elif isinstance(data, list):
        for value in data:
            yield from _objects(value)


def _notice(record: Mapping[str, object], source: str, words: NoticeWords) -> Notice | None:
    values = {
        role: (name, str(value).strip())
        for name, value in record.items()
        if isinstance(value, str | int | float) and (role := words.interface_fields.get(name.lower())) is not None
    }
    if "title" not in values or len(values) < _LEAST_FIELDS:
        return None
    text = tidy_name(values["title"][1])
    title = parse_title(text, words)
    code = values.get("notice-type", ("", ""))[1].lower()
    named = words.interface_kinds.get(code) or words.kinds.get(clean_label(code))
    kind = named or (title.kind if title else None)
    if kind is None:
        return None
    statements = [
        NoticeStatement(role, name, value, None, None, Locator(), None)
        for role, (name, value) in values.items()
        if value and role not in ("title", "notice-type", "address", "method")
    ]
    if title is not None and kind == INTENTION:
        kind = title.kind
    address = values.get("address", ("", source))[1]
    return statements_to_notice(NoticeTitle(text, kind, title.before if title else ""), statements, address)
