"""Messages for users: templates in Turtle by key and language, and how their slots are filled.

The templates of all messages are in `ontology/messages*.ttl`. Names of cells and figures in findings are templates of
the same form in `shapes/names-in-messages.ttl`, since they are published with the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.namespaces import SKOS

LANGUAGES = ("zh", "en")
Templates = Mapping[tuple[str, str], str]
"""Templates by (notation, language); their slots are written as for `str.format`: `{file}: no such file`."""


@cache
def load_messages() -> Templates:
    """Load all message templates from `ontology/messages*.ttl`."""
    templates: dict[tuple[str, str], str] = {}
    for path in sorted(Path(__file__).parent.glob("messages*.ttl")):
        templates |= triples_to_templates(quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    return templates


def triples_to_templates(triples: Iterable[ox.Triple]) -> dict[tuple[str, str], str]:
    """Return the templates stated in triples: `skos:notation` is the key, `skos:prefLabel` the text in a language."""
    keys: dict[object, str] = {}
    labels: list[tuple[object, str, str]] = []
    for triple in triples:
        if not isinstance(triple.object, ox.Literal):
            continue
        if triple.predicate.value == SKOS + "notation":
            keys[triple.subject] = triple.object.value
        elif triple.predicate.value == SKOS + "prefLabel":
            labels.append((triple.subject, triple.object.language or "", triple.object.value))
    return {(keys[subject], language): text for subject, language, text in labels if subject in keys}


def fill(templates: Templates, key: str, language: str, /, **values: object) -> str:
    """Return the template `key` in `language` with its slots filled. Raise KeyError for an unknown key."""
    return templates[key, language].format(**values)


def message(key: str, language: str, /, **values: object) -> str:
    """Return the message `key` in `language` ("zh" or "en"), its slots filled. Raise KeyError for an unknown key.

    A tuple is listed with the comma of the language.

    >>> message("file-missing", "en", file="budget.pdf")
    'budget.pdf: no such file. Check the path and the name.'
    """
    templates = load_messages()
    comma = templates["word-separator", language]
    shown = {name: comma.join(map(str, v)) if isinstance(v, tuple) else v for name, v in values.items()}
    return fill(templates, key, language, **shown)
