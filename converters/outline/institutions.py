"""Public institutions: schools, hospitals and others that are no administrative organs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from converters.model.document import TextBlock
from ontology.narrative_words import bare, load_phrases
from ontology.vocabulary import Vocabulary

_CLAUSE_END = re.compile(r"[,，。;；:：]")


def is_institution(name: str, blocks: Iterable[TextBlock], vocabulary: Vocabulary) -> bool:
    """Return whether an office is a public institution: by the end of its name, or because its text says so.

    The text says so in a clause such as 本单位为公益一类事业单位.
    """
    signs = load_phrases(vocabulary).signs
    if bare(name).endswith(signs["institution-ending"]):
        return True
    leads, institution = signs["own-nature"], signs["institution"]
    return any(
        clause.startswith(leads) and clause.endswith(institution)
        for block in blocks
        for clause in _CLAUSE_END.split(bare(block.text))
    )
