"""The context shared by all tables and the narrative of a disclosure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from converters.entities.organisations import DEPARTMENT, Organisations
from converters.entities.projects import Project
from converters.model.document_context import DocumentContext
from converters.recognition.headers import AMOUNT


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """Facts about a disclosure stated by the user, used where the file itself does not name them.

    `phase` is a notation (`budget`, `final`).
    """

    year: int | None = None
    organisation: str | None = None
    phase: str | None = None


NOTHING_STATED = StatedFacts()


@dataclass(frozen=True, slots=True)
class DisclosureContext(DocumentContext):
    """The context of a disclosure: vocabulary, hierarchy, organisations, year, phase (a key), codes and projects.

    `code_keys` are concept keys by (dimension or scheme, printed code), `class_names` the coordinates that a name
    printed beside a code stands for. `level` tells whose disclosure it is (`department`, `unit`).
    """

    organisations: Organisations
    year: int
    phase: str
    code_keys: Mapping[tuple[str, str], str] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    class_names: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    level: str = DEPARTMENT

    def complete(self, coordinates: Mapping[str, str]) -> dict[str, str]:
        """Return coordinates for every dimension: those given, else the total.

        In a budget, the initial budget is the budget itself: a phase that repeats that of the disclosure becomes it.
        """
        completed = {**self.tops(), **coordinates}
        if self.vocabulary.repeated.get(completed["phase"]) == self.phase:
            completed["phase"] = self.phase
        return completed

    def tops(self) -> dict[str, str]:
        """Return the coordinates with every dimension at its total."""
        coordinates = {name: d.top for name, d in self.vocabulary.dimensions.items() if d.top is not None}
        return coordinates | {
            "organisation": self.organisations.root.key,
            "year": str(self.year),
            "phase": self.phase,
            "measure": AMOUNT,
        }
