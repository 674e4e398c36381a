"""`yusuan organisations`: see which printed names were taken for one organisation, why, and what stays unknown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.commands.options import (
    NOTHING,
    codes_option,
    files_argument,
    find_known_or_stop,
    language_option,
    register_option,
)

if TYPE_CHECKING:
    from converters import Conversion
    from ontology.register import Register


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name in a document: where, the address it was joined to and by which rule; both None if to none.

    `registered` says whether the register has the organisation, `named_so` whether it has it under this name.
    """

    file: str
    year: int
    name: str
    organisation: str | None
    division: str
    rule: str | None
    registered: bool
    named_so: bool


@click.group()
def organisations() -> None:
    """Departments and units: review how their names were joined."""


@organisations.command()
@files_argument
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@codes_option
@register_option
@language_option
def review(files: tuple[Path, ...], form: str, codes: Path | None, registers: tuple[Path, ...], language: str) -> None:
    """List each organisation that the disclosures name, every name it was met by, and the rule that joined it.

    Then what stays unknown: names joined to nothing, organisations whose division is not known, and pairs of addresses
    that may be one organisation, to be settled in a register of your own. Nothing is written. Exit code 2 if a file
    could not be read.
    """
    from converters import DocumentError
    from yusuan.api import convert_known

    known = find_known_or_stop(codes, registers, language)
    met: list[NameMention] = []
    failed = False
    for path in files:
        try:
            met += _met(convert_known(path, known=known), known.register)
        except DocumentError as error:
            failed = True
            click.echo(error.text(language), err=True)
    pairs = list(possibly_same(met))
    if form == "json":
        content = {"names": [asdict(name) for name in met], "possiblySame": [list(pair) for pair in pairs]}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for line in _lines(met, pairs, language):
            click.echo(line)
    sys.exit(NOTHING if failed else 0)


def _met(conversion: Conversion, register: Register) -> Iterator[NameMention]:
    from converters.entities.name_normalisation import same_name

    settled, source = conversion.organisations, conversion.documents[0].source.name
    for mention in settled.mentions:
        registered = register.organisations.get(mention.key or "")
        names = registered.names if registered else ()
        yield NameMention(
            file=source,
            year=conversion.claims.year,
            name=mention.name,
            organisation=mention.key,
            division=settled.division,
            rule=mention.rule,
            registered=registered is not None,
            named_so=any(same_name(name.text, mention.name, settled.division) for name in names),
        )


def possibly_same(met: Sequence[NameMention]) -> Iterator[tuple[str, str]]:
    """Pairs of addresses that might be one organisation: a name of one, without its division, holds one of the other.

    Both in one division, or one of them in none that is known; a unit and its own department are no pair.
    """
    from converters.entities.name_normalisation import UNKNOWN_DIVISION, bare_name

    names: dict[str, set[str]] = {}
    divisions: dict[str, str] = {}
    for one in met:
        if one.organisation is not None:
            names.setdefault(one.organisation, set()).add(bare_name(one.name, one.division))
            divisions[one.organisation] = one.division
    keys = sorted(names)
    for number, one_key in enumerate(keys):
        for other_key in keys[number + 1 :]:
            where = {divisions[one_key], divisions[other_key]} - {UNKNOWN_DIVISION}
            below = other_key.startswith(one_key) or one_key.startswith(other_key)
            alike = any(a in b or b in a for a in names[one_key] for b in names[other_key])
            if len(where) < 2 and not below and alike:
                yield one_key, other_key


def _lines(met: Sequence[NameMention], pairs: Sequence[tuple[str, str]], language: str) -> Iterator[str]:
    from converters.entities.name_normalisation import UNKNOWN_DIVISION
    from ontology.messages import message

    for key in dict.fromkeys(one.organisation for one in met if one.organisation):
        of_key = [one for one in met if one.organisation == key]
        registered = "organisation-registered" if of_key[0].registered else "organisation-unregistered"
        yield f"{key}  {message(registered, language)}"
        for one in of_key:
            why = message(f"organisation-rule-{one.rule}", language)
            if one.registered and not one.named_so:
                why += message("organisation-other-name", language)
            yield f"  {one.year}  {one.name}  [{why}]  {one.file}"
    unjoined = [one for one in met if one.organisation is None]
    if unjoined:
        yield message("organisation-unjoined", language)
        yield from (f"  {one.year}  {one.name}  {one.file}" for one in unjoined)
    placeless = dict.fromkeys(one.organisation for one in met if one.organisation and one.division == UNKNOWN_DIVISION)
    if placeless:
        yield message("organisation-placeless", language)
        yield from (f"  {key}" for key in placeless)
    if pairs:
        yield message("organisation-possibly", language)
        yield from (f"  {one}  {other}" for one, other in pairs)
