"""Releases and records of the Open Contracting Data Standard 1.1 as notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from converters.model.document import Issue
from converters.procurement.notice import AWARD, CONTRACT, TENDER, Notice, NoticeItem, NoticeLot, Supplier
from ontology.locators import Locator
from ontology.procurement.notice_words import NoticeWords, load_notice_words

_CURRENCY = "CNY"
_CODE_LENGTH = 18
Object = Mapping[str, object]


def is_ocds(data: object) -> bool:
    """Return whether a JSON value is a release, a release package or a record package."""
    return isinstance(data, Mapping) and (
        isinstance(data.get("releases"), list) or isinstance(data.get("records"), list) or "ocid" in data
    )


def read_ocds(data: object, source: str) -> list[Notice]:
    """Return a notice for each release; of a record its compiled release, else the releases in it."""
    words = load_notice_words()
    return [_release_to_notice(release, source, words) for release in _releases(data)]


def _releases(data: object) -> Iterator[Object]:
    top = _object(data)
    if "ocid" in top and "records" not in top and "releases" not in top:
        yield top
    yield from _objects(top, "releases")
    for record in _objects(top, "records"):
        if record.get("compiledRelease"):
            yield _object(record["compiledRelease"])
        else:
            yield from (release for release in _objects(record, "releases") if "tag" in release)


def _object(value: object) -> Object:
    return value if isinstance(value, Mapping) else {}


def _objects(parent: Object, name: str) -> list[Object]:
    values = parent.get(name)
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []


def _release_to_notice(release: Object, source: str, words: NoticeWords) -> Notice:
    tender, planning = _object(release.get("tender")), _object(release.get("planning"))
    budget = _object(planning.get("budget"))
    awards, contracts = _objects(release, "awards"), _objects(release, "contracts")
    issues: list[Issue] = []
    amounts = [_money(award, "value", "amount", issues) for award in awards or contracts]
    kind = _kind(release, awards, contracts, words)
    suppliers = tuple(dict.fromkeys(s for award in awards for s in _suppliers(award)))
    lots = tuple(_lots(tender, awards, issues))
    return Notice(
        kind=kind,
        title=_text(tender, "title") or _text(release, "ocid") or "",
        source=source,
        method=words.methods.get(_text(tender, "procurementMethodDetails") or ""),
        number=_text(tender, "id") or _text(release, "ocid"),
        numbers={"ocid": ocid} if (ocid := _text(release, "ocid")) else {},
        plan=_text(budget, "id"),
        project=_text(tender, "title") or _text(budget, "project"),
        buyer=_text(_object(release.get("buyer")), "name"),
        agency=_text(_object(tender.get("procuringEntity")), "name"),
        items=tuple(_items(tender)),
        budget=_money(budget, "amount", "budget", issues) or _money(tender, "value", "budget", issues),
        amount=sum((a for a in amounts if a is not None), Decimal(0)) if amounts and None not in amounts else None,
        published=_date(release.get("date")),
        signed=next((_date(contract.get("dateSigned")) for contract in contracts), None),
        suppliers=suppliers,
        lots=lots if len(lots) > 1 else (),
        issues=tuple(issues),
    )


def _kind(release: Object, awards: Sequence[Object], contracts: Sequence[Object], words: NoticeWords) -> str:
    tags = release.get("tag")
    named = (
        [words.interface_kinds[str(t).lower()] for t in tags if str(t).lower() in words.interface_kinds]
        if isinstance(tags, list)
        else []
    )
    if named:
        return named[-1]
    return CONTRACT if contracts else AWARD if awards else TENDER


def _text(parent: Object, name: str) -> str | None:
    value = parent.get(name)
    return str(value).strip() or None if isinstance(value, str | int) else None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _money(parent: Object, name: str, field: str, issues: list[Issue]) -> Decimal | None:
    value = _object(parent.get(name))
    amount = value.get("amount")
    if amount is None:
        return None
    if str(value.get("currency") or _CURRENCY).upper() != _CURRENCY:
        issues.append(Issue("notice-foreign", Locator(), {"field": field, "label": name, "text": str(amount)}))
        return None
    try:
        return Decimal(str(amount))
    except InvalidOperation:
        issues.append(Issue("notice-unread", Locator(), {"field": field, "label": name, "text": str(amount)[:60]}))
        return None


def _suppliers(award: Object) -> Iterator[Supplier]:
    for supplier in _objects(award, "suppliers"):
        name = _text(supplier, "name")
        code = _text(_object(supplier.get("identifier")), "id")
        if name:
            yield Supplier(name, code if code and len(code) == _CODE_LENGTH else None)


def _items(tender: Object) -> Iterator[NoticeItem]:
    for item in _objects(tender, "items"):
        classification = _object(item.get("classification"))
        code, name = _text(classification, "id"), _text(classification, "description") or _text(item, "description")
        if code or name:
            yield NoticeItem(code, name)


def _lots(tender: Object, awards: Sequence[Object], issues: list[Issue]) -> Iterator[NoticeLot]:
    for lot in _objects(tender, "lots"):
        number = _text(lot, "id")
        own = [award for award in awards if number in (award.get("relatedLots") or ())]  # type: ignore[operator]  # a list
        amounts = [_money(award, "value", "amount", issues) for award in own]
        yield NoticeLot(
            number=number,
            name=_text(lot, "title"),
            budget=_money(lot, "value", "budget", issues),
            amount=sum((a for a in amounts if a is not None), Decimal(0)) if amounts and None not in amounts else None,
            suppliers=tuple(s for award in own for s in _suppliers(award)),
        )
