"""Kinds of table that offices publish: titles, fixed coordinates, and the dimensions of rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ontology.attributes import Attributes, printed_words, read_attributes
from ontology.concepts import Concept
from ontology.statements import Statements
from ontology.text import clean_label

Coordinates = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """The declarations for a kind of table, or a part of it.

    `row_class` is the class of its rows, None if they are not records; `attributes` are the attributes of that class
    and `named_by` the keys of the attributes that name a row. `group_codes` is the scheme of codes in code columns
    outside all row dimensions; `labels` are the labels at which the part begins. `may_exceed_wholes` means that
    figures are not bounded by totals of other tables.
    """

    key: str
    fixes: Coordinates
    row_dimensions: tuple[str, ...]
    column_dimensions: tuple[str, ...]
    row_class: str | None = None
    attributes: Attributes = field(default_factory=dict, hash=False)
    named_by: tuple[str, ...] = ()
    group_codes: str | None = None
    labels: tuple[str, ...] = ()
    may_exceed_wholes: bool = False


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of table: its titles and its blocks (the kind itself if it has only one).

    A variant of a kind has its own titles and blocks and the key of the kind. `form_class` is the class of a completed
    form of the kind, None if the kind is not a form; `attributes` are the attributes of that class.
    """

    key: str
    titles: tuple[str, ...]
    blocks: tuple[TableBlock, ...]
    form_class: str | None = None
    attributes: Attributes = field(default_factory=dict, hash=False)

    @property
    def fixes(self) -> Coordinates:
        """The coordinates of every cell of the table."""
        shared = set(self.blocks[0].fixes.items()).intersection(*(set(b.fixes.items()) for b in self.blocks))
        return dict(shared)

    @property
    def lists_records(self) -> bool:
        """Whether the whole table is a list of records."""
        return self.form_class is None and self.blocks[0].row_class is not None


def read_table_kinds(
    statements: Statements, concepts: Mapping[str, Concept], place: Callable[[Iterable[str]], Coordinates]
) -> dict[str, TableKind]:
    """Return every kind of table by key; `place` converts concepts to coordinates."""
    classes = read_attributes(statements)
    kinds = {}
    for key in statements.having("rdf:type", "def#TableKind"):
        shared = statements.all(key, "fixes")
        blocks = []
        for block in statements.all(key, "block") or [key]:
            row_class = statements.one(block, "rowClass")
            own = statements.all(block, "fixes") if block != key else ()
            blocks.append(
                TableBlock(
                    block,
                    place([*shared, *own]),
                    _local_names(statements, block, "rowDimension"),
                    _local_names(statements, block, "columnDimension"),
                    row_class,
                    classes.get(row_class or "", {}),
                    tuple(statements.all(row_class or "", "namedBy")),
                    statements.one(block, "groupCodes"),
                    printed_words(block, statements),
                    statements.one(block, "mayExceedWholes") == "true",
                )
            )
        form_class = statements.one(key, "formClass")
        kinds[key] = TableKind(
            statements.one(key, "formOf") or key,
            tuple(clean_label(label) for label in concepts[key].labels),
            tuple(blocks),
            form_class,
            classes.get(form_class or "", {}),
        )
    return kinds


def _local_names(statements: Statements, key: str, predicate: str) -> tuple[str, ...]:
    return tuple(value.removeprefix("def#") for value in statements.all(key, predicate))
