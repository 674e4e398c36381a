"""The two sides as tables of the columns that features compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

import pandas as pd

from ontology.procurement.link_words import LinkWords
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary
from yusuan.linking.buyers import BuyerNames
from yusuan.linking.names import bare_purchase, find_asides, find_field, trimmed_item, usual_payments
from yusuan.linking.sides import BudgetLine, NoticeRecord, Offices

_ITEMS = "code/procurement-item"
_COLUMNS = {
    "unique_id": "string",
    "office": "string",
    "organisation": "string",
    "division": "string",
    "field": "string",
    "item": "string",
    "project": "string",
    "subject": "string",
    "amount": "Float64",
    "awarded": "boolean",
    "together": "Float64",
    "bundle": "string",
    "year": "Int64",
    "quarter": "Int64",
    "topic": "string",
    "economic": "string",
    "aside": "string",
}
_SHORTEST_NAME = 2


def lines_to_table(lines: Iterable[BudgetLine], offices: Offices, words: LinkWords) -> pd.DataFrame:
    """Return the budget lines, one a row. The field of a line is the functional class, or that in its office's name.

    `together` is the sum of the rows of a project with several rows in one phase of the budget, `bundle` its key.
    """
    lines = list(lines)
    sums: dict[str, Decimal] = {}
    counts: Counter[str] = Counter()
    for line in lines:
        sums[_bundle(line)] = sums.get(_bundle(line), Decimal(0)) + (line.amount or 0)
        counts[_bundle(line)] += 1
    fields = {
        organisation: next((field for name in names if (field := find_field(name, words))), None)
        for organisation, names in offices.names.items()
    }
    return _table(
        {
            "unique_id": line.key,
            "office": line.office,
            "organisation": line.organisation,
            "division": line.division,
            "field": fields.get(line.office) or (line.function or "")[:3] or None,
            "item": trimmed_item(line.item) if line.item else None,
            "project": _compared(bare_purchase(line.project, None, words)) if line.project else None,
            "subject": _compared(bare_purchase(line.item_name, None, words)) if line.item_name else None,
            "amount": float(line.amount) if line.amount is not None else None,
            "awarded": False,
            "together": float(sums[_bundle(line)]) if counts[_bundle(line)] > 1 else None,
            "bundle": _bundle(line) if counts[_bundle(line)] > 1 else None,
            "year": line.year,
            "quarter": None,
            "topic": (line.function or "")[:3] or fields.get(line.office),
            "economic": line.economic,
            "aside": find_asides(f"{line.project or ''} {line.item_name or ''}", words),
        }
        for line in lines
    )


def _bundle(line: BudgetLine) -> str:
    return f"{line.office} {line.year} {line.phase} {line.project_key or line.project or line.key}"


def notices_to_table(
    notices: Iterable[NoticeRecord], buyers: BuyerNames, vocabulary: Vocabulary, words: LinkWords
) -> pd.DataFrame:
    """Return the notices, one a row. The amount is the budget of the notice, else what was awarded."""
    by_name = item_codes(vocabulary)
    return _table(_notice_row(notice, buyers, by_name, words) for notice in notices)


@cache
def item_codes(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return the code of each name of the procurement catalogue that has one code."""
    found: dict[str, set[str]] = {}
    for concept in vocabulary.lists.whole(_ITEMS).concepts.values():
        found.setdefault(concept.preferred, set()).add(concept.notation)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _notice_row(
    notice: NoticeRecord, buyers: BuyerNames, by_name: Mapping[str, str], words: LinkWords
) -> dict[str, object]:
    buyer = buyers.resolve(notice.buyer, notice.plan)
    items = [*notice.items, *_named_items(notice.item_names, by_name)]
    amount = notice.budget if notice.budget is not None else notice.awarded
    name = _compared(bare_purchase(notice.project, notice.buyer, words)) if notice.project else None
    return {
        "unique_id": notice.key,
        "office": buyer.office,
        "organisation": buyer.organisation,
        "division": buyer.division,
        "field": buyer.field,
        "item": trimmed_item(items[0]) if items else None,
        "project": name,
        "subject": name,
        "amount": float(amount) if amount is not None else None,
        "awarded": notice.budget is None,
        "together": None,
        "bundle": None,
        "year": notice.year,
        "quarter": (notice.issued.month + 2) // 3 if notice.issued is not None else None,
        "topic": find_field(name, words) if name else None,
        "economic": " ".join(usual_payments([trimmed_item(item) for item in items[:1]], words)) or None,
        "aside": find_asides(notice.project, words) if notice.project else None,
    }


def _named_items(names: Sequence[str], by_name: Mapping[str, str]) -> list[str]:
    """Return the codes of items by name; of a path (`货物/设备/…`) the last name that is known counts."""
    found = []
    for path in names:
        steps = [clean_label(step) for step in path.split("/")]
        code = next((by_name[step] for step in reversed(steps) if step in by_name), None)
        if code is not None:
            found.append(code)
    return found


def _compared(name: str) -> str | None:
    return name if len(name) >= _SHORTEST_NAME else None


def _table(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(_COLUMNS)).astype(_COLUMNS)
