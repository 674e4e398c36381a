"""The reading of a notice in text, a web page, a word-processor file or a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from converters.model.document import Document, DocumentError, Issue
from converters.procurement.awards import ZERO, Award, failed_lots, read_awards, settle_glued
from converters.procurement.items import read_items
from converters.procurement.labels import find_role, split_labels, split_mark
from converters.procurement.lots import lots_of
from converters.procurement.notice import (
    AWARD,
    CONTRACT,
    CORRECTION,
    INTENTION,
    TERMINATION,
    Notice,
    NoticeLot,
    Printed,
    Supplier,
)
from converters.procurement.publication import find_publication, find_signatory
from converters.procurement.reading_order import NoticeFlow, NoticeLine, document_to_flow
from converters.procurement.run_on_text import next_mark
from converters.procurement.statements import FAILURE, GOODS, OTHER, SUMMARY, UNKNOWN, NoticeStatement, read_statements
from converters.procurement.titles import (
    CUT,
    NoticeTitle,
    find_announced_intention,
    find_enclosed_title,
    find_method,
    find_title,
    title_to_buyer,
    title_to_project,
)
from converters.procurement.values.dates import parse_date
from converters.procurement.values.money import GLUED, parse_money
from converters.procurement.values.names import (
    find_commission,
    is_nothing,
    parse_organisation,
    tidy_name,
)
from ontology.procurement.notice_words import NoticeWords, load_notice_words
from ontology.text import narrow

_TITLE_WITHIN = 12
_LATER = (SUMMARY, UNKNOWN, OTHER)
_NUMBERS = frozenset({"number", "plan", "file-number", "contract-number"})
_LONGEST_NUMBER = 80
_ADDRESS_LINE = ("url", "source")


@dataclass
class _Reading:
    """A notice being read: the words behind each field, and what could not be read."""

    printed: dict[str, Printed] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def keep(self, name: str, statement: NoticeStatement, text: str) -> None:
        self.printed[name] = Printed(statement.label, text, statement.locator)

    def miss(self, name: str, problem: str, statement: NoticeStatement) -> None:
        values = {"label": statement.label, "text": statement.value[:60]}
        self.issues.append(Issue(f"notice-{problem}", statement.locator, {"field": name, **values}))


def read_notice(document: Document, source: str | None = None, page_title: str | None = None) -> Notice:
    """Return the notice that a document is.

    `source` is its address, by default the one printed in the file, else the name of the file; `page_title` the title
    in the head of a web page, which counts where no line of the text is a title. Raise DocumentError if no title names
    a kind of notice, or if the text under the title has none of the labels of notices. A correction must print the
    number of what it corrects, since budgets are corrected too, and so must a notice whose title stands inside a line.
    """
    words = load_notice_words()
    flow = document_to_flow(document)
    lines = [part for part in flow if isinstance(part, NoticeLine)]
    first = [line.text for line in lines[:_TITLE_WITHIN]]
    title = find_title(first, words) or find_title([page_title or ""], words) or find_announced_intention(first, words)
    enclosed = find_enclosed_title(first, words) if title is None else None
    title = title or enclosed
    if title is None:
        raise DocumentError("no-notice", file=document.source)
    statements = list(read_statements(flow, words))
    known = {statement.role for statement in statements}
    needed = _NUMBERS if title.kind == CORRECTION or enclosed else _NUMBERS | {"project", "buyer"}
    if not known & needed and (title.kind != INTENTION or enclosed):
        raise DocumentError("no-notice", file=document.source)
    address = source or _printed_address(lines) or document.source.name
    return statements_to_notice(title, statements, address, flow)


def statements_to_notice(
    title: NoticeTitle, statements: Sequence[NoticeStatement], source: str, flow: NoticeFlow = ()
) -> Notice:
    """Return the notice with a title and labelled values; `flow` is its text, if it has one beside the values."""
    words = load_notice_words()
    reading = _Reading()
    numbers = _numbers(statements, words, reading)
    project = _text("project", statements, words, reading) or _text("contract-name", statements, words, reading)
    buyer = _organisation("buyer", statements, words, reading)
    if project is None:
        project = title_to_project(title, buyer, words)
    if buyer is None:
        buyer = title_to_buyer(title, project, words)
    if buyer is None and title.kind == INTENTION:
        buyer = find_signatory(flow, words)
    agency = _organisation("agency", statements, words, reading)
    if buyer is None or agency is None:
        commission = find_commission([part.text for part in flow if isinstance(part, NoticeLine)], words)
        if commission is not None:
            buyer, agency = buyer or commission[0], agency or commission[1]
    awards = read_awards(statements, words) if title.kind in (AWARD, CONTRACT) else []
    kind = title.kind
    failing = any(s.section == FAILURE and s.role == "reason" for s in statements)
    if kind == AWARD and not awards and (failing or _says_failed(flow, words)):
        kind = TERMINATION
    total = _total(statements, words)
    awards = settle_glued(awards, total)
    lots = lots_of(statements, awards, failed_lots(statements), words)
    budget = _sum_of("budget", statements, lots, words, reading)
    ceiling = _sum_of("ceiling", statements, lots, words, reading)
    amount = _awarded(awards, total, reading) if kind in (AWARD, CONTRACT) else None
    if kind in (CORRECTION, TERMINATION):
        awards = []
    published = find_publication(title, statements, flow, words)
    if published:
        reading.printed["published"] = published[1]
    if kind == INTENTION and project is None and len(lots) == 1:
        project = lots[0].name
    return Notice(
        kind=kind,
        title=title.text,
        source=source,
        method=_method(title, statements, words),
        number=numbers.pop("number", None),
        plan=numbers.pop("plan", None),
        numbers=numbers,
        project=project,
        buyer=buyer,
        agency=agency,
        division=_text("division", statements, words, reading),
        items=read_items(statements, words),
        budget=budget,
        ceiling=ceiling,
        amount=amount,
        published=published[0] if published else None,
        first_date=_date("first-date", statements, words),
        signed=_date("signing-date", statements, words),
        suppliers=_suppliers(awards),
        lots=lots,
        printed=reading.printed,
        issues=tuple(reading.issues),
    )


def _of(role: str, statements: Sequence[NoticeStatement]) -> list[NoticeStatement]:
    """The statements of a role outside of lots, goods and failures.

    Those of the text stand before those of the summary, and of sections that are not known or about other things.

    A value that stands in a row of a table with several rows is one of several.
    """
    found = [s for s in statements if s.role == role and s.lot is None and s.section not in (GOODS, FAILURE)]
    rows = [s for s in found if s.row is not None]
    if len({s.row for s in rows}) > 1 and (role != "buyer" or len({s.value for s in rows}) > 1):
        found = [s for s in found if s.row is None]
    return sorted(found, key=lambda s: _LATER.index(s.section) + 1 if s.section in _LATER else 0)


def _numbers(statements: Sequence[NoticeStatement], words: NoticeWords, reading: _Reading) -> dict[str, str]:
    """Return the numbers of the purchase by role; the number of its documents stands in for a missing one."""
    found: dict[str, str] = {}
    for role in ("number", "plan", "file-number", "execution-number", "contract-number", "budget-project"):
        for statement in _of(role, statements):
            text = _without_other_number(statement.value, words)
            if is_nothing(text, words) or len(text) > _LONGEST_NUMBER or not any(c.isalnum() for c in text):
                continue
            if text.endswith(CUT):
                continue
            found[role] = text
            reading.keep(role, statement, text)
            break
    if "number" not in found and "file-number" in found:
        found["number"] = found.pop("file-number")
        reading.printed["number"] = reading.printed.pop("file-number")
    return found


def _without_other_number(text: str, words: NoticeWords) -> str:
    """The number before a bracket that gives another one with its label (`A-1（招标文件编号：A-1）`)."""
    text = text[: next_mark(text, words)]
    plain = narrow(text)
    start = plain.find("(")
    inner = plain[start + 1 :].rstrip(") ")
    if start > 0 and (split_labels(inner, words) or re.match(r"[^\d:]+:", inner)):
        text = text[:start]
    else:  # a further label without a space before it (`A-1信息来源：某平台`)
        following = re.search(r"(?<=[0-9A-Za-z])[^\x00-\x7f]{2,}:", plain)
        text = text[: following.start()] if following else text
    return " ".join(text.split())


def _text(role: str, statements: Sequence[NoticeStatement], words: NoticeWords, reading: _Reading) -> str | None:
    for statement in _of(role, statements):
        text = tidy_name(_without_labelled_bracket(statement.value, words))
        if text and not is_nothing(text, words):
            reading.keep(role, statement, text)
            return text
    return None


def _without_labelled_bracket(text: str, words: NoticeWords) -> str:
    """The text before a bracket at its end that gives another value with its label (`桌椅（项目编号：A-1）`)."""
    match = re.search(r"\(([^()]*)\)\s*$", narrow(text))
    return text[: match.start()] if match and match.start() and split_labels(match[1], words) else text


def _organisation(
    role: str, statements: Sequence[NoticeStatement], words: NoticeWords, reading: _Reading
) -> str | None:
    own = [s for s in statements if s.role == role and s.section == role]
    for statement in (*own, *_of(role, statements)):
        name = parse_organisation(statement.value, words)
        if name is not None:
            reading.keep(role, statement, name)
            return name
    return None


def _date(role: str, statements: Sequence[NoticeStatement], words: NoticeWords) -> date | None:
    return next((found for s in statements if s.role == role and (found := parse_date(s.value, words))), None)


def _total(statements: Sequence[NoticeStatement], words: NoticeWords) -> Decimal | None:
    """Return the total of the awards that a summary prints, None for zero."""
    for statement in statements:
        if statement.role == "total":
            total = parse_money(statement.value, statement.unit, words).first
            if total:
                return total
    return None


def _awarded(awards: Sequence[Award], total: Decimal | None, reading: _Reading) -> Decimal | None:
    """Return the sum of the awards, None if one of them is no sum of money; the printed total stands in for none."""
    for award in awards:
        if award.problem is not None and award.stated is not None and award.problem != ZERO:
            reading.miss("amount", award.problem, award.stated)
    priced = [award for award in awards if award.stated is not None]
    if not priced:
        return total
    if any(award.problem not in (None, ZERO) for award in priced) or all(award.amount is None for award in priced):
        return None
    first = next(award for award in priced if award.amount is not None)
    if first.stated is not None:
        reading.keep("amount", first.stated, first.stated.value)
    return sum((award.amount for award in priced if award.amount), Decimal(0))


def _sum_of(
    role: str,
    statements: Sequence[NoticeStatement],
    lots: Sequence[NoticeLot],
    words: NoticeWords,
    reading: _Reading,
) -> Decimal | None:
    """Return the printed total of budgets or ceilings, else the sum over the lots if each prints its own."""
    parts = [getattr(lot, role) for lot in lots]
    for statement in _of(role, statements):
        if statement.row is not None and lots:
            continue
        money = parse_money(statement.value, statement.unit, words)
        if money.first is not None:
            listed = len(money.amounts) > 1 and len(money.amounts) == len(lots) and "," in statement.value
            reading.keep(role, statement, statement.value)
            return sum(money.amounts, Decimal(0)) if listed else money.first
        if money.problem in (GLUED, "no-unit", "rate", "foreign"):
            reading.miss(role, money.problem, statement)
    if parts and all(part is not None for part in parts):
        return sum(parts, Decimal(0))
    return None


def _method(title: NoticeTitle, statements: Sequence[NoticeStatement], words: NoticeWords) -> str | None:
    for statement in _of("method", statements):
        found = find_method(statement.value, words)
        if found is not None:
            return found
    return find_method(title.text, words)


def _suppliers(awards: Sequence[Award]) -> tuple[Supplier, ...]:
    found: dict[str, Supplier] = {}
    for award in awards:
        for supplier in award.suppliers:
            if supplier.name not in found or found[supplier.name].code is None:
                found[supplier.name] = supplier
    return tuple(found.values())


def _says_failed(flow: NoticeFlow, words: NoticeWords) -> bool:
    """Whether a line says that the purchase failed: headings, and labels without a value, say nothing."""
    return any(
        _tells(part.text, word, words)
        for part in flow
        if isinstance(part, NoticeLine)
        for word in words.words["failed"]
    )


def _tells(text: str, word: str, words: NoticeWords) -> bool:
    """Whether a line has a word in its sentence, or a label with the word has a value (`流标情况说明：无` has none)."""
    if word not in text:
        return False
    _, plain = split_mark(text, words)
    label, colon, value = narrow(plain).partition(":")
    if find_role(label, words.sections, words) is not None or (colon and word in label):
        return bool(value.strip()) and not is_nothing(value, words)
    return True


def _printed_address(lines: Sequence[NoticeLine]) -> str | None:
    """Return the address that a saved page gives above its text (`URL: http://…`)."""
    for line in lines[:_TITLE_WITHIN]:
        name, colon, rest = line.text.lstrip("# ").partition(":")
        if colon and name.strip().lower() in _ADDRESS_LINE and rest.strip().startswith(("http://", "https://")):
            return rest.strip()
    return None
