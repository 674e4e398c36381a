"""Citations of what the service publishes: APA, GB/T 7714, BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from calendar import month_name
from dataclasses import dataclass
from datetime import date

PUBLISHER = "Yusuan"
_SPECIAL = re.compile(r"([\\{}&%$#_~^])")
_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited work: author, title, year of publication, address, and date of the data."""

    author: str
    title: str
    year: int
    address: str
    retrieved: date


def to_apa(citation: Citation) -> str:
    """Return a reference in the style of the APA (7th edition) for a data set.

    >>> to_apa(Citation("Office", "Budget", 2024, "https://w3id.org/x", date(2024, 3, 1)))
    'Office. (2024). Budget [Data set]. Yusuan. Retrieved March 1, 2024, from https://w3id.org/x'
    """
    retrieved = citation.retrieved
    day = f"{month_name[retrieved.month]} {retrieved.day}, {retrieved.year}"
    publisher = "" if citation.author == PUBLISHER else f" {PUBLISHER}."
    return (
        f"{citation.author}. ({citation.year}). {citation.title} [Data set].{publisher} "
        f"Retrieved {day}, from {citation.address}"
    )


def to_gbt7714(citation: Citation) -> str:
    """Return a reference by GB/T 7714-2015 for an online data set.

    >>> to_gbt7714(Citation("青山区", "预算", 2024, "https://w3id.org/x", date(2024, 3, 1)))
    '青山区. 预算[DS/OL]. (2024)[2024-03-01]. https://w3id.org/x.'
    """
    return (
        f"{citation.author}. {citation.title}[DS/OL]. ({citation.year})[{citation.retrieved.isoformat()}]. "
        f"{citation.address}."
    )


def to_bibtex(citation: Citation) -> str:
    """Return an entry for BibTeX; the key is made from the end of the address."""
    fields = {
        "author": f"{{{_escaped(citation.author)}}}",
        "title": f"{{{_escaped(citation.title)}}}",
        "year": str(citation.year),
        "publisher": PUBLISHER,
        "url": citation.address,
        "urldate": citation.retrieved.isoformat(),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{_key(citation)},\n{lines}}}\n"


def to_csl(citation: Citation) -> str:
    """Return an item of CSL-JSON, as reference managers import it."""
    item = {
        "id": _key(citation),
        "type": "dataset",
        "author": [{"literal": citation.author}],
        "title": citation.title,
        "publisher": PUBLISHER,
        "issued": {"date-parts": [[citation.year]]},
        "accessed": {"date-parts": [[citation.retrieved.year, citation.retrieved.month, citation.retrieved.day]]},
        "URL": citation.address,
    }
    return json.dumps([item], ensure_ascii=False, indent=2)


def _key(citation: Citation) -> str:
    path = citation.address.partition("://")[2].partition("/")[2].partition("?")[0]
    return re.sub(r"[^A-Za-z0-9]+", "-", f"yusuan-{path.removeprefix('yusuan/')}").strip("-")


def _escaped(words: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPED.get(match[1], "\\" + match[1]), words)
