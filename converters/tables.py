"""Recognised tables to observations: every readable figure gets its coordinates, everything else an issue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from converters.amounts import is_blank, parse_amount
from converters.document import Cell, Issue, Locator
from converters.headers import header_path, narrow_into
from converters.hierarchy import Hierarchy
from converters.iris import mint_project, mint_project_category
from converters.observations import Contradiction, Observation, Table
from converters.organisations import Organisations
from converters.recognition import Part, Recognised
from converters.rows import RowHead
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

MEASURE = "def#amount"


@dataclass(frozen=True, slots=True)
class Setting:
    """What all tables of a document share: who, when, what its codes mean and what stands under what."""

    organisations: Organisations
    year: int
    phase: str
    vocabulary: Vocabulary
    hierarchy: Hierarchy
    code_keys: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def tops(self) -> dict[str, str]:
        """The coordinates at which everything is at its total."""
        coordinates = {name: d.top for name, d in self.vocabulary.dimensions.items() if d.top is not None}
        return coordinates | {
            "organisation": self.organisations.root.key,
            "year": str(self.year),
            "phase": self.phase,
            "measure": MEASURE,
        }


def convert_table(recognised: Recognised, name: str, number: str, setting: Setting) -> tuple[Table, list[Issue]]:
    """The table with its observations, and the issues of what was not taken."""
    grid, caption = recognised.grid, recognised.caption
    issues = list(recognised.issues)
    observations: list[Observation] = []
    unit = _unit(recognised, setting, issues)
    if unit is not None:
        for part in recognised.parts:
            observations += _part_observations(part, recognised, name, unit, setting, issues)
    issues += _beyond_header(recognised)
    empty = _empty_sentence(recognised, setting) if recognised.kind and not observations else None
    if empty is not None and unit is not None:
        observations.append(_declared_zero(empty, recognised, name, unit[0], setting))
    widest = max((cell.col for cell in grid.cells if cell.row > grid.header_rows and cell.text), default=0)
    labelled = sum(1 for column in range(1, grid.n_cols + 1) if header_path(grid, column))
    table = Table(
        name=name,
        number=number,
        title=caption.title,
        kind=recognised.kind.key if recognised.kind else None,
        unit=unit[0] if unit else None,
        declared_empty=empty is not None,
        labelled_columns=labelled,
        printed_columns=max(widest, labelled),
        contradiction=_contradiction(recognised),
        observations=tuple(o for o in observations if o.amount is not None),
        gaps=tuple(o for o in observations if o.amount is None),
        grid=grid,
        title_locator=caption.block.locator if caption.block else Locator(),
    )
    return table, issues


def _unit(recognised: Recognised, setting: Setting, issues: list[Issue]) -> tuple[str, Decimal] | None:
    if recognised.kind is None:
        return None
    printed = clean_label(recognised.caption.unit or "")
    found = setting.vocabulary.units.get(printed)
    if found is None:
        place = recognised.caption.block.locator if recognised.caption.block else Locator()
        issues.append(Issue("unknown-unit", place, {"title": recognised.caption.title, "word": printed}))
        return None
    return found[0], Decimal(found[1])


def _contradiction(recognised: Recognised) -> Contradiction | None:
    cell = recognised.contradicting
    if cell is None:
        return None
    header_kind = recognised.header_kind
    return Contradiction("".join(cell.text.split()), cell.locator, header_kind.key if header_kind else None)


def _part_observations(
    part: Part,
    recognised: Recognised,
    name: str,
    unit: tuple[str, Decimal],
    setting: Setting,
    issues: list[Issue],
) -> list[Observation]:
    observations: list[Observation] = []
    skipped: dict[int, int] = defaultdict(int)
    heads = [(head, _resolve(head, setting)) for head in part.heads]
    for column in part.columns:
        if column.is_key:
            continue
        cells = [(head, places, recognised.grid.covering.get((head.row, column.number))) for head, places in heads]
        printed = [(h, p, c) for h, p, c in cells if c is not None and not is_blank(c.text)]
        if not column.path:
            continue
        if column.unplaced:
            word = column.unplaced[0]
            if printed:
                issues.append(Issue("unknown-header", word.locator, {"word": word.text.strip(), "count": len(printed)}))
            continue
        precision = column_precision([c.text for _, _, c in printed]) * unit[1]
        for head, places, cell in printed:
            if head.issue is not None:
                skipped[head.row] += 1
                continue
            coordinates, conflict = place_cell(column.places, places, part.block.fixes, setting)
            if conflict:
                issues.append(Issue("words-contradict", cell.locator, {"row": head.label, "column": column.label}))
                continue
            amount = parse_amount(cell.text)
            if amount is None:
                issues.append(
                    Issue(
                        "unreadable-amount",
                        cell.locator,
                        {"text": cell.text, "row": head.label, "column": column.label},
                    )
                )
            observations.append(
                Observation(
                    table=name,
                    row=cell.row,
                    column=cell.col,
                    coordinates=coordinates,
                    amount=amount.value * unit[1] if amount else None,
                    precision=precision if amount and amount.value else Decimal(0),
                    printed=cell.text,
                    unit=unit[0],
                    row_code=head.code,
                    row_label=head.label,
                    column_label=column.label,
                    locator=cell.locator,
                )
            )
    issues += [
        replace(head.issue, values={**head.issue.values, "count": skipped[head.row]})
        for head in part.heads
        if head.issue is not None and skipped[head.row]
    ]
    return observations


def column_precision(texts: Sequence[str]) -> Decimal:
    """Half of the finest digit used among the non-zero numbers of a column, in the column's unit; 0 without any."""
    decimals = [amount.decimals for text in texts if (amount := parse_amount(text)) and amount.value]
    return Decimal(5).scaleb(-max(decimals) - 1) if decimals else Decimal(0)


def place_cell(
    column: Mapping[str, str], row: Mapping[str, str], fixed: Mapping[str, str], setting: Setting
) -> tuple[dict[str, str], bool]:
    """The coordinates of row times column in a kind of table, and whether their words exclude each other.

    The narrower value wins. Revenue is this year's and expenditure this year's unless a word says otherwise (what a
    flow implies stands in its code list); what no word says is at its total.
    """
    hierarchy = setting.hierarchy
    places = dict(column)
    conflicts = narrow_into(places, row, hierarchy) + narrow_into(places, fixed, hierarchy)
    for dimension, concept in setting.vocabulary.implied.get(places.get("flow", ""), {}).items():
        places.setdefault(dimension, concept)
    return setting.tops() | places, bool(conflicts)


def _resolve(head: RowHead, setting: Setting) -> dict[str, str]:
    """The places of a row head: its printed codes and names as what they mean in this document and its year."""
    vocabulary = setting.vocabulary
    places = {dimension: vocabulary.in_year(key, setting.year) for dimension, key in head.places.items()}
    organisations = setting.organisations
    for dimension, code in head.codes.items():
        if dimension == "organisation":
            places[dimension] = organisations.by_code[code].key
        elif dimension == "project":
            places[dimension] = mint_project(code)
        else:
            places[dimension] = setting.code_keys[dimension, code]
    if head.category is not None and "project" not in head.codes:
        places["project"] = mint_project_category(organisations.division, head.category)
    if head.holder is not None and (holder := organisations.by_name(head.holder)) is not None:
        places["organisation"] = holder.key
    return places


def _beyond_header(recognised: Recognised) -> list[Issue]:
    """An issue for each figure in a column over which the header has no word."""
    if recognised.kind is None:
        return []
    grid = recognised.grid
    bare = {column for column in range(1, grid.n_cols + 1) if not header_path(grid, column)}
    return [
        Issue("cell-beyond-header", cell.locator, {"text": cell.text, "title": recognised.caption.title})
        for cell in grid.cells
        if cell.col in bare and cell.row > grid.header_rows and not is_blank(cell.text)
    ]


def _empty_sentence(recognised: Recognised, setting: Setting) -> Cell | None:
    """The sentence that declares the table empty, as a cell below the grid."""
    cues = setting.vocabulary.cues["empty-table"]
    grid = recognised.grid
    for block in grid.notes:
        if any(cue in clean_label(block.text) for cue in cues):
            return Cell(grid.n_rows + 1, 1, block.text, block.locator)
    return None


def _declared_zero(sentence: Cell, recognised: Recognised, name: str, unit: str, setting: Setting) -> Observation:
    """A declared-empty table claims zero at the top of its dimensions, exactly."""
    fixed = recognised.kind.fixes if recognised.kind else {}
    coordinates, _ = place_cell({}, {}, fixed, setting)
    return Observation(
        table=name,
        row=sentence.row,
        column=sentence.col,
        coordinates=coordinates,
        amount=Decimal(0),
        precision=Decimal(0),
        printed=sentence.text,
        unit=unit,
        row_code=None,
        row_label="",
        column_label="",
        locator=sentence.locator,
    )
