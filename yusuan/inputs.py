"""What is known before a document is read: words and codes, a user's editions of code lists, and organisations."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ontology import load_vocabulary
from ontology.codelists.edition_files import edition_files
from ontology.register import Register, load_register
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that a user adds to what is shipped: editions of code lists and registers of organisations."""

    editions: tuple[Path, ...] = ()
    registers: tuple[Path, ...] = ()

    @property
    def vocabulary(self) -> Vocabulary:
        """Words and codes, with the user's editions."""
        return load_vocabulary(codes=self.editions)

    @property
    def register(self) -> Register:
        """The organisations, with the user's."""
        return load_register(self.registers)

    def triples(self, base: str) -> tuple[ox.Triple, ...]:
        """All of it as it is published."""
        return (*load_vocabulary(base, self.editions).triples, *self.register.triples(base))


SHIPPED = Inputs()


def find_inputs(codes: str | os.PathLike[str] | None, registers: Iterable[str | os.PathLike[str]]) -> Inputs:
    """The editions in a folder and the register files, read once to see that they can be.

    FileNotFoundError, OSError or SyntaxError if one cannot.
    """
    known = Inputs(edition_files(Path(codes)) if codes else (), tuple(map(Path, registers)))
    if codes and not Path(codes).is_dir():
        raise FileNotFoundError(str(codes))
    _ = known.vocabulary, known.register
    return known
