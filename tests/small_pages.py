"""What the tests of the pages share: a store with a disclosure that was corrected once, and HTML read back."""

import json
import re
import time
from dataclasses import dataclass, field
from functools import cache, cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx2
from pyoxigraph import Triple
from small_disclosures import EXAMPLE

from converters import conversion_to_snapshot, convert_document, coverage
from converters.readers import read_content
from ontology import DEFAULT_BASE, load_vocabulary
from ontology.statements import read_turtle, rebase_triples
from server.store.generation_store import GenerationStore, VersionGraphs
from shapes import check, load_rule_triples, report_to_triples
from yusuan.checked_document import rule_vocabulary
from yusuan.inputs import Inputs

HTML = {"Accept": "text/html", "Accept-Language": "zh"}
VOID = {"base", "meta", "link", "img", "input", "br", "line", "rect"}
FUNCTIONS = "201|204|208|210|221|230"
"""The functional classes of which the tests name parts."""
ITEMS = "20101|20404|20805|21011|22102|2300"
"""The beginnings of those of their items that they name."""
PRINTED, MISPRINTED = "9,778,318.88", "9,778,418.88"


def example_text() -> str:
    """The example disclosure."""
    return EXAMPLE.read_text(encoding="utf-8")


def misprinted_text() -> str:
    """The example with one figure of table 5 changed by 100 yuan."""
    return example_text().replace(PRINTED, MISPRINTED, 1)


def version_of(text: str, name: str, base: str = DEFAULT_BASE) -> VersionGraphs:
    """The text converted, checked and ready to publish."""
    document = read_content(Path(name), text.encode())
    conversion = convert_document(document, base)
    report = check(conversion.triples, vocabulary=rule_vocabulary(base), base=base)
    return VersionGraphs(
        disclosure=conversion.disclosure_iri,
        version=conversion.version_iri,
        year=conversion.content.year,
        triples=conversion.triples,
        catalogue=conversion.catalogue(),
        findings=tuple(report_to_triples(report, conversion.version_iri, base)),
        document_json=conversion_to_snapshot(conversion, coverage(document, conversion)),
    )


@cache
def short_vocabulary(base: str) -> list[Triple]:
    """The vocabulary without thousands of purchases, of divisions elsewhere and of functions that no test names."""
    functions = rf"function/(?:(?!{FUNCTIONS})\d{{4}}|(?!{ITEMS})\d{{6}})"
    left_out = re.compile(rf"<{re.escape(base)}code/(?:procurement-item/|division/(?!4201)|{functions})")
    return [triple for triple in load_vocabulary(base).triples if not left_out.match(str(triple.subject))]


def short_triples(inputs: Inputs, base: str) -> tuple[Triple, ...]:
    """The vocabulary without the long lists that no figure of the tests uses; in the place of `Inputs.triples`."""
    editions = rebase_triples(read_turtle(inputs.editions), base)
    return (*short_vocabulary(base), *editions, *inputs.register.triples(base))


@cache
def terms(base: str) -> list[Triple]:
    """The vocabulary without its code lists."""
    return [triple for triple in load_vocabulary(base).triples if f"<{base}code/" not in str(triple.subject)]


def triples_without_codes(inputs: Inputs, base: str) -> tuple[Triple, ...]:
    """The vocabulary without code lists but those of the user; in the place of `Inputs.triples`."""
    editions = rebase_triples(read_turtle(inputs.editions), base)
    return (*terms(base), *editions, *inputs.register.triples(base))


@dataclass(frozen=True)
class Published:
    """The versions in the store: one with a misprint, superseded by the correct one, and that of the year before."""

    misprinted: VersionGraphs
    current: VersionGraphs
    earlier: VersionGraphs


def publish_pages(path: Path, base: str = DEFAULT_BASE) -> Published:
    """Publish the three versions into a store."""
    store = GenerationStore(path, base)
    vocabulary, rules = short_vocabulary(base), load_rule_triples(base)
    misprinted = version_of(misprinted_text(), "misprinted.txt", base)
    current = version_of(example_text(), "corrected.txt", base)
    earlier = version_of(
        example_text().replace("2024", "2023").replace("42010724108T", "42010723108T"), "2023.txt", base
    )
    store.publish([misprinted], vocabulary, rules)
    store.publish([current, earlier], vocabulary, rules)
    return Published(misprinted, current, earlier)


@dataclass
class Element:
    """An element: its name, attributes, children and text."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, name: str = "", **attributes: str) -> list["Element"]:
        """The elements in it, itself too, of a name and with these attributes; of a class if `class_` is given."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        found = [self] if self.name == name or not name else []
        found = [e for e in found if all(e.has(key, value) for key, value in wanted.items())]
        return found + [e for child in self.children for e in child.all(name, **attributes)]

    def has(self, key: str, value: str) -> bool:
        """Whether an attribute has the value; a class may be one of several."""
        given = self.attributes.get(key, "")
        return value in given.split() if key == "class" else given == value

    def one(self, name: str = "", **attributes: str) -> "Element":
        """The only such element."""
        [element] = self.all(name, **attributes)
        return element

    @property
    def text(self) -> str:
        """All text in it, spaces run together."""
        return " ".join("".join(self.texts).split())


class Page(HTMLParser):
    """A page read back; raises AssertionError where tags do not match."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]
        self.feed(html)
        assert self.open == [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """End the element that is open."""
        if tag not in VOID:
            assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        """Give the text to all open elements."""
        for element in self.open:
            element.texts.append(data)

    def all(self, name: str = "", **attributes: str) -> list[Element]:
        """The elements of the page of a name and with these attributes."""
        return self.root.all(name, **attributes)

    def one(self, name: str = "", **attributes: str) -> Element:
        """The only such element."""
        return self.root.one(name, **attributes)

    @cached_property
    def links(self) -> list[str]:
        """Where its links lead."""
        return [a.attributes["href"] for a in self.all("a")]

    @cached_property
    def ids(self) -> list[str]:
        """The identifiers of its elements."""
        return [e.attributes["id"] for e in self.all() if "id" in e.attributes]


def doc(iri: str, base: str = DEFAULT_BASE) -> str:
    """The path of the page of an IRI."""
    return iri.replace(f"{base}id/", "/doc/").replace(base, "/")


def get(client: httpx2.Client, address: str, status: int = 200, **parameters: str) -> Page:
    """The page at an address."""
    response = client.get(address, params=parameters or None)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


def wait_until_counted(client: httpx2.Client) -> None:
    """Wait until a service has counted what it serves, some seconds at most."""
    for _ in range(30):
        if "void:triples" in client.get("/void", headers={"Accept": "text/turtle"}).text:
            break
        time.sleep(0.2)


def snapshot(version: VersionGraphs) -> dict[str, Any]:
    """The document of a version as it was printed."""
    content: dict[str, Any] = json.loads(version.document_json)
    return content


def objects(version: VersionGraphs, name: str) -> dict[str, str]:
    """What the graph of a version says with a property of ours: subject to object."""
    own = f"{DEFAULT_BASE}def#{name}"
    return {
        str(t.subject).strip("<>"): getattr(t.object, "value", "") for t in version.triples if t.predicate.value == own
    }
