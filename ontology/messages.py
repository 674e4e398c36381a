"""Words for people: every message of the project, by key and language, read from Turtle."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.namespaces import SKOS

LANGUAGES = ("zh", "en")


@cache
def load_messages() -> dict[tuple[str, str], str]:
    """All message templates, keyed by (notation, language), from `ontology/messages*.ttl`."""
    templates: dict[tuple[str, str], str] = {}
    for path in sorted(Path(__file__).parent.glob("messages*.ttl")):
        keys: dict[object, str] = {}
        labels: list[tuple[object, str, str]] = []
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            if not isinstance(quad.object, ox.Literal):
                continue
            if quad.predicate.value == SKOS + "notation":
                keys[quad.subject] = quad.object.value
            elif quad.predicate.value == SKOS + "prefLabel":
                labels.append((quad.subject, quad.object.language or "", quad.object.value))
        templates.update({(keys[subject], language): text for subject, language, text in labels})
    return templates


def message(key: str, language: str, **values: object) -> str:
    """The message `key` in `language` ("zh" or "en"), its `{slots}` filled; KeyError for an unknown key."""
    return load_messages()[key, language].format(**values)
