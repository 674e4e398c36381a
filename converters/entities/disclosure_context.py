"""What all tables of a document share, and where a cell stands in it: the coordinates of row times column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from converters.entities.organisations import Organisations
from converters.entities.projects import Project
from converters.model.document_context import DocumentContext
from converters.recognition.headers import AMOUNT

_PROJECT_KIND = "code/kind/project"


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """What a user states of a disclosure; it holds where the file itself does not say it.

    `phase` is a notation (`budget`, `final`).
    """

    year: int | None = None
    organisation: str | None = None
    phase: str | None = None


NOTHING_STATED = StatedFacts()


@dataclass(frozen=True, slots=True)
class DisclosureContext(DocumentContext):
    """What all tables of a document share: who, when, what its codes mean and what stands under what.

    `code_keys` are concepts by (dimension or scheme, printed code); `projects` those of the table of projects.
    """

    organisations: Organisations
    year: int
    phase: str
    code_keys: Mapping[tuple[str, str], str] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()

    def tops(self) -> dict[str, str]:
        """The coordinates at which everything is at its total."""
        coordinates = {name: d.top for name, d in self.vocabulary.dimensions.items() if d.top is not None}
        return coordinates | {
            "organisation": self.organisations.root.key,
            "year": str(self.year),
            "phase": self.phase,
            "measure": AMOUNT,
        }
