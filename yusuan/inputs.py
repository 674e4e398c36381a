"""The inputs of a conversion beside the document: vocabulary, editions of code lists, registers of organisations."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from converters import StatedFacts
from ontology import load_vocabulary
from ontology.codelists.edition_files import edition_files
from ontology.register import Register, load_register
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files in addition to the shipped vocabulary (editions of code lists, registers), and what the user states.

    What is stated of a disclosure holds where its file does not say it.
    """

    editions: tuple[Path, ...] = ()
    registers: tuple[Path, ...] = ()
    stated: StatedFacts = field(default_factory=StatedFacts)

    @property
    def vocabulary(self) -> Vocabulary:
        """The shipped vocabulary with the editions."""
        return load_vocabulary(codes=self.editions)

    @property
    def register(self) -> Register:
        """The shipped register with the organisations of `registers`."""
        return load_register(self.registers)

    def triples(self, base: str) -> tuple[ox.Triple, ...]:
        """Return vocabulary and register as they are published."""
        return (*load_vocabulary(base, self.editions).triples, *self.register.triples(base))


SHIPPED = Inputs()


def load_inputs(
    codes: str | os.PathLike[str] | None,
    registers: Iterable[str | os.PathLike[str]],
    stated: StatedFacts | None = None,
) -> Inputs:
    """Load the editions in a folder and the register files.

    Raise FileNotFoundError, OSError, ValueError or SyntaxError if a file cannot be read.
    """
    editions = edition_files(Path(codes)) if codes else ()
    inputs = Inputs(editions, tuple(map(Path, registers)), stated or StatedFacts())
    if codes and not Path(codes).is_dir():
        raise FileNotFoundError(str(codes))
    _ = inputs.vocabulary, inputs.register
    return inputs
