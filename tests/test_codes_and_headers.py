"""Every word that may stand in a header or at the head of a row means one thing within its kind of table."""

from collections import Counter

import pytest

from converters.model.hierarchy import Hierarchy
from converters.recognition.headers import choose_meaning
from ontology import load_vocabulary
from ontology.text import clean_label
from ontology.vocabulary import Meaning, TableBlock

VOCABULARY = load_vocabulary()
HIERARCHY = Hierarchy({key: concept.parent for key, concept in VOCABULARY.concepts.items()})
BLOCKS = {
    f"{kind.key}/{block.key}".replace("code/table/", ""): block
    for kind in VOCABULARY.table_kinds.values()
    for block in kind.blocks
}
OFFICIAL = ("code/function/", "code/economic/")


def fitting(label: str, dimensions: tuple[str, ...], block: TableBlock) -> list[Meaning]:
    """The meanings of a word that may stand along these dimensions of a block."""
    meanings = VOCABULARY.meanings[label]
    return [m for m in meanings if choose_meaning([m], dimensions, block.fixes, HIERARCHY) is not None]


def ambiguous(dimensions: tuple[str, ...], block: TableBlock) -> dict[str, set[str]]:
    """The words that mean several things there, with what they mean."""
    return {
        label: {m.source for m in possible}
        for label, meanings in VOCABULARY.meanings.items()
        if len(possible := fitting(label, dimensions, block)) > 1
        and choose_meaning(meanings, dimensions, block.fixes, HIERARCHY) is None
    }


@pytest.mark.parametrize("name", BLOCKS)
def test_a_header_word_means_one_thing(name: str) -> None:
    found = ambiguous(BLOCKS[name].column_dimensions, BLOCKS[name])
    assert {word: what for word, what in found.items() if not _is_told_otherwise(what)} == {}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_word_at_the_head_of_a_row_means_one_thing_unless_only_its_code_can_tell(name: str) -> None:
    found = ambiguous(BLOCKS[name].row_dimensions, BLOCKS[name])
    of_either = {"function", "economic"} <= set(BLOCKS[name].row_dimensions)
    unclear = {word: what for word, what in found.items() if not _is_told_otherwise(what)}
    assert {w: what for w, what in unclear.items() if not (of_either and _are_official(what))} == {}


def _are_official(sources: set[str]) -> bool:
    """Whether codes of official classifications alone are meant, which rows of either classification print."""
    return all(source.startswith(OFFICIAL) for source in sources)


def _is_told_otherwise(sources: set[str]) -> bool:
    """Whether a code, or the header above the word, tells what is meant; without it the word is not placed."""
    return _only_a_code_tells(sources) or _only_the_header_above_tells(sources)


def _only_the_header_above_tells(sources: set[str]) -> bool:
    """Whether money brought forward and carried forward are meant: the two flows below which such a word stands."""
    flows = [m.places.get("flow") for found in VOCABULARY.meanings.values() for m in found if m.source in sources]
    return len(sources) == len(set(flows)) == 2 and None not in flows


def _only_a_code_tells(sources: set[str]) -> bool:
    """Whether several lower levels of one official classification are meant: their names repeat (行政运行)."""
    schemes = [
        scheme
        for source in sources
        if source.startswith(OFFICIAL) and len(VOCABULARY.concepts[source].notation) > 3
        for scheme in [VOCABULARY.concepts[source].scheme]
    ]
    return any(schemes.count(scheme) > 1 for scheme in schemes)


@pytest.mark.parametrize("scheme", ["code/function", "code/economic"])
def test_no_two_uppermost_classes_share_a_name(scheme: str) -> None:
    uppermost = [c for c in VOCABULARY.lists.near(scheme).concepts.values() if c.parent == f"{scheme}/total"]
    names = Counter(clean_label(label) for concept in uppermost for label in concept.labels)
    assert [name for name, times in names.items() if times > 1] == []
