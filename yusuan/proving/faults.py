"""Faults by class: changes that a rule should notice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice, pairwise

from converters.model.amounts import parse_amount
from converters.model.document import Document, TextBlock
from converters.model.observation import Observation, Table
from converters.outline.wording import find_topics, is_heading, load_wording
from converters.recognition.captions import declares_empty, find_year
from ontology.narrative_words import load_phrases
from yusuan.proving.mutation import (
    Mutate,
    Mutation,
    Subject,
    demanded_kinds,
    with_block,
    with_grid,
    with_rows,
    with_texts,
    without_blocks,
    without_table,
)

_PERCENT = re.compile(r"\d+(?:\.\d+)?(?=\s*[%％])")
_MONEY = "amount"
_QUOTE = 24


def _printed_like(amount: Decimal, printed: str) -> str:
    """Write an amount with the decimals and separators of a printed figure."""
    decimals = len(printed.strip().rpartition(".")[2]) if "." in printed else 0
    return f"{amount:{',' if ',' in printed else ''}.{decimals}f}"


def _figures(table: Table) -> list[Observation]:
    """The figures of money of a table that are not zero."""
    return [o for o in table.observations if o.measure == _MONEY and o.amount and parse_amount(o.printed)]


def _rows(table: Table) -> list[int]:
    """The rows with figures of money, in order."""
    return sorted({o.row for o in _figures(table)})


def _one_row(subject: Subject, index: int, table: Table, row: int, texts: Mapping[int, str], detail: str) -> Mutation:
    changed = with_texts(subject.document, index, {(row, column): text for column, text in texts.items()})
    return Mutation(changed, table.name, frozenset({row}), None, detail)


def changed_amounts(subject: Subject) -> Iterator[Mutation]:
    """Raise one figure by a hundredth, by one unit at least."""
    for index, table in subject.tables():
        for o in _figures(table):
            printed = parse_amount(o.printed)
            assert printed is not None
            text = _printed_like(printed.value + max(abs(printed.value) / 100, Decimal(1)), o.printed)
            yield _one_row(subject, index, table, o.row, {o.column: text}, f"{o.printed} → {text}")


def dropped_rows(subject: Subject) -> Iterator[Mutation]:
    """Leave out a row with figures."""
    for index, table in subject.tables():
        grid = subject.document.grids[index]
        for row in _rows(table):
            rows = {n if n < row else n - 1: tuple(grid.row(n)) for n in grid.rows if n != row}
            changed = with_rows(subject.document, index, rows, grid.n_rows - 1)
            yield Mutation(changed, table.name, frozenset(), None, f"- {_name(table, row)}")


def doubled_rows(subject: Subject) -> Iterator[Mutation]:
    """Print a row with figures twice."""
    for index, table in subject.tables():
        grid = subject.document.grids[index]
        for row in _rows(table):
            rows = {n if n <= row else n + 1: tuple(grid.row(n)) for n in grid.rows}
            changed = with_rows(subject.document, index, {**rows, row + 1: rows[row]}, grid.n_rows + 1)
            yield Mutation(changed, table.name, frozenset({row, row + 1}), None, f"+ {_name(table, row)}")


def swapped_rows(subject: Subject) -> Iterator[Mutation]:
    """Exchange the figures of two neighbouring rows."""
    for index, table in subject.tables():
        for one, two in pairwise(_rows(table)):
            upper, lower = (
                {o.column: o.printed for o in table.observations if o.row == row and parse_amount(o.printed)}
                for row in (one, two)
            )
            if upper.keys() == lower.keys() and upper != lower:
                texts = {(one, c): t for c, t in lower.items()} | {(two, c): t for c, t in upper.items()}
                changed = with_texts(subject.document, index, texts)
                yield Mutation(changed, table.name, frozenset({one, two}), None, f"{_name(table, one)} ↔ {one + 1}")


def shifted_columns(subject: Subject) -> Iterator[Mutation]:
    """Move the figures of a row one column to the right."""
    for index, table in subject.tables():
        grid = subject.document.grids[index]
        columns = sorted({o.column for o in table.observations})
        for row in _rows(table):
            texts = [grid.text(row, column) for column in columns]
            moved = ["", *texts[:-1]]
            if len(columns) > 1 and moved != texts and all((row, c) in grid.covering for c in columns):
                yield _one_row(subject, index, table, row, dict(zip(columns, moved, strict=True)), "→")


def changed_codes(subject: Subject) -> Iterator[Mutation]:
    """Print another code before a row: that of the next row, or one with its last digit raised."""
    for index, table in subject.tables():
        for entry in table.row_headers:
            place = entry.code_cell or (entry.row, entry.column)
            text = subject.document.grids[index].text(*place)
            if entry.code and text.strip() == entry.code and entry.code.isdigit():
                other = f"{int(entry.code) + 1:0{len(entry.code)}d}"
                yield _one_row(subject, index, table, entry.row, {place[1]: other}, f"{entry.code} → {other}")


def changed_names(subject: Subject) -> Iterator[Mutation]:
    """Print the name of the next coded row beside a code."""
    for index, table in subject.tables():
        grid = subject.document.grids[index]
        coded = [e for e in table.row_headers if e.code and e.name and grid.text(e.row, e.column).strip() == e.name]
        for entry, other in pairwise(coded):
            if entry.name != other.name:
                yield _one_row(subject, index, table, entry.row, {entry.column: other.name}, f"→ {other.name}")


def changed_units(subject: Subject) -> Iterator[Mutation]:
    """State another unit of money above a table."""
    vocabulary = subject.conversion.vocabulary
    base = subject.conversion.content
    words = {key: word for word, (key, _) in reversed(list(vocabulary.units.items()))}
    for index, table in subject.tables():
        other = next((w for k, w in words.items() if k != table.unit and k in _money_units(base.tables)), None)
        labels = [word for word, (key, _) in vocabulary.units.items() if key == table.unit]
        for block in subject.document.grids[index].heading:
            own = max((word for word in labels if block.text.rstrip().endswith(word)), key=len, default=None)
            if own and other and _figures(table):
                head = block.text.rstrip().removesuffix(own)
                changed = with_block(subject.document, block, head + other)
                yield Mutation(changed, table.name, frozenset(), None, f"{own} → {other}")


def _money_units(tables: Sequence[Table]) -> list[str]:
    shipped = ["code/unit/ten-thousand-yuan", "code/unit/yuan"]
    return list(dict.fromkeys([*(t.unit for t in tables if t.unit), *shipped]))


def changed_years(subject: Subject) -> Iterator[Mutation]:
    """Print the year before in the title of a table."""
    vocabulary, year = subject.conversion.vocabulary, subject.conversion.content.year
    for index, table in subject.tables():
        for block in subject.document.grids[index].heading:
            if find_year(block.text, vocabulary) == year and not table.records:
                changed = with_block(subject.document, block, block.text.replace(str(year), str(year - 1)))
                yield Mutation(changed, table.name, frozenset(), None, f"{year} → {year - 1}")
                break


def changed_funds(subject: Subject) -> Iterator[Mutation]:
    """Name another fund in the note of an empty table."""
    words = _fund_words(subject)
    for block, table in _empty_notes(subject):
        for one, other in ((words[0], words[1]), (words[1], words[0])):
            if one in block.text:
                changed = with_block(subject.document, block, block.text.replace(one, other))
                yield Mutation(changed, table.name, frozenset(), block.locator, f"{one} → {other}")
                break


def _fund_words(subject: Subject) -> tuple[str, str]:
    concepts = subject.conversion.vocabulary.concepts
    one, other = (concepts[f"code/fund/{name}"].label("zh") for name in ("government-fund", "state-capital"))
    return one, other


def _empty_notes(subject: Subject) -> Iterator[tuple[TextBlock, Table]]:
    for index, table in subject.tables():
        for block in subject.document.grids[index].notes:
            if declares_empty(block.text, subject.conversion.vocabulary) and table.declared_empty:
                yield block, table
                break


def misplaced_notes(subject: Subject) -> Iterator[Mutation]:
    """Print below a table with figures that it is empty."""
    note = next((block.text for block, _ in _empty_notes(subject)), None)
    if note is None:
        note = subject.conversion.vocabulary.cues["empty-table"][0]
    for index, table in subject.tables():
        grid = subject.document.grids[index]
        if _figures(table) and grid.heading and not table.records:
            block = TextBlock(note, grid.heading[-1].locator)
            changed = with_grid(subject.document, index, replace(grid, notes=(block, *grid.notes)))
            at = next(i for i, b in enumerate(changed.blocks) if b is grid.heading[-1])
            blocks = (*changed.blocks[: at + 1], block, *changed.blocks[at + 1 :])
            yield Mutation(replace(changed, blocks=blocks), table.name, frozenset(), None, note[:_QUOTE])


def removed_sections(subject: Subject) -> Iterator[Mutation]:
    """Leave out a section that is told of: its heading and all text below it."""
    vocabulary = subject.conversion.vocabulary
    wording = load_wording(vocabulary)
    blocks = subject.document.blocks
    captions = {id(b) for g in subject.document.grids for b in g.heading}
    headings = [i for i, b in enumerate(blocks) if is_heading(b.text) and id(b) not in captions]
    for at, end in pairwise([*headings, len(blocks)]):
        body = {id(b) for b in blocks[at:end]} - captions
        if find_topics(blocks[at].text, wording) and len(body) > 1:
            changed = without_blocks(subject.document, frozenset(body))
            yield Mutation(changed, None, frozenset(), None, blocks[at].text.strip()[:_QUOTE])


def flipped_directions(subject: Subject) -> Iterator[Mutation]:
    """Say before a change that something fell that rose, or the other way round."""
    words = load_phrases(subject.conversion.vocabulary).words
    known = {way: [label for label, word in words.items() if word.name == way] for way in ("increase", "decrease")}
    for statement in subject.conversion.content.narrative.statements:
        o = statement.observation
        if o.measure != "change" or not o.amount or statement.direction not in known:
            continue
        other = known["decrease" if statement.direction == "increase" else "increase"]
        said = (
            (block, one)
            for one in known[statement.direction]
            if (block := _block_with(subject.document, one + o.printed))
        )
        for block, one in islice(said, 1):
            flipped = next((word for word in other if len(word) == len(one)), other[0])
            changed = with_block(subject.document, block, block.text.replace(one + o.printed, flipped + o.printed, 1))
            yield Mutation(changed, None, frozenset(), block.locator, f"{one} → {flipped} {o.printed}")


def _block_with(document: Document, words: str) -> TextBlock | None:
    return next((block for block in document.blocks if words in block.text), None)


def changed_percentages(subject: Subject) -> Iterator[Mutation]:
    """Raise a percentage in the text by a tenth, by two points at least."""
    captions = {id(b) for g in subject.document.grids for b in g.heading}
    for block in subject.document.blocks:
        for match in _PERCENT.finditer(block.text):
            if id(block) in captions or not Decimal(match[0]):
                continue
            other = _printed_like(Decimal(match[0]) + max(Decimal(2), Decimal(match[0]) / 10), match[0])
            text = block.text[: match.start()] + other + block.text[match.end() :]
            changed = with_block(subject.document, block, text)
            yield Mutation(changed, None, frozenset(), block.locator, f"{match[0]}% → {other}%")


def removed_tables(subject: Subject) -> Iterator[Mutation]:
    """Leave out a table that every disclosure must have, with its title."""
    demanded = demanded_kinds(subject)
    for index, table in subject.tables():
        if table.kind in demanded:
            yield Mutation(without_table(subject.document, index), table.name, frozenset(), None, table.title[:_QUOTE])


def other_places(subject: Subject) -> Iterator[Mutation]:
    """Put the name of another district into the title of a table."""
    organisations = subject.conversion.organisations
    names = subject.conversion.vocabulary.lists.whole("code/division").concepts
    own = next((c.labels[0] for c in names.values() if c.notation == organisations.division), None)
    near = [c.labels[0] for c in names.values() if c.notation[:4] == organisations.division[:4] and not c.grouping]
    other = next((n for n in near if n != own and own and len(n) == len(own)), None)
    for index, table in subject.tables():
        for block in subject.document.grids[index].heading:
            if own and other and own in block.text:
                changed = with_block(subject.document, block, block.text.replace(own, other))
                yield Mutation(changed, table.name, frozenset(), None, f"{own} → {other}")
                break


def _name(table: Table, row: int) -> str:
    return next((o.row_label for o in table.observations if o.row == row), "")[:_QUOTE]


FAULTS: Mapping[str, Mutate] = {
    "amount": changed_amounts,
    "row-dropped": dropped_rows,
    "row-doubled": doubled_rows,
    "rows-swapped": swapped_rows,
    "columns-shifted": shifted_columns,
    "code": changed_codes,
    "name": changed_names,
    "unit": changed_units,
    "year": changed_years,
    "fund": changed_funds,
    "note": misplaced_notes,
    "section-removed": removed_sections,
    "direction": flipped_directions,
    "percentage": changed_percentages,
    "table-removed": removed_tables,
    "place": other_places,
}
"""The classes of faults by name."""
