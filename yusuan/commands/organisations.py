"""`yusuan organisations`: review which printed names were identified with which organisation."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.commands.shared.options import (
    NOTHING,
    codes_option,
    files_argument,
    language_option,
    load_inputs_or_exit,
    register_option,
)

if TYPE_CHECKING:
    from converters import Conversion
    from ontology.register import Register


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name printed in a document, with the organisation it was identified with and the rule (None if unidentified).

    `registered`: the organisation is in the register; `named_so`: the register has it under this name.
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
    """Review how the names of departments and units were identified."""


@organisations.command()
@files_argument
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@codes_option
@register_option
@language_option
def review(files: tuple[Path, ...], form: str, codes: Path | None, registers: tuple[Path, ...], language: str) -> None:
    """List each organisation in the disclosures with all its names and the rules that identified them.

    Then list what is unresolved: names without an organisation, organisations without a known division, and pairs of
    addresses that may be one organisation. Resolve these in a register of your own. Nothing is written. Exit code 2
    if a file could not be read.
    """
    from converters import DocumentError
    from yusuan.api import convert_disclosure

    inputs = load_inputs_or_exit(codes, registers, language)
    mentions: list[NameMention] = []
    failed = False
    for path in files:
        try:
            mentions += _mentions(convert_disclosure(path, inputs=inputs), inputs.register)
        except DocumentError as error:
            failed = True
            click.echo(error.text(language), err=True)
    pairs = list(possibly_same(mentions))
    if form == "json":
        content = {"names": [asdict(name) for name in mentions], "possiblySame": [list(pair) for pair in pairs]}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for line in _lines(mentions, pairs, language):
            click.echo(line)
    sys.exit(NOTHING if failed else 0)


def _mentions(conversion: Conversion, register: Register) -> Iterator[NameMention]:
    from converters.entities.organisation_matching import same_name

    settled, source = conversion.organisations, conversion.documents[0].source.name
    for mention in settled.mentions:
        registered = register.organisations.get(mention.key or "")
        names = registered.names if registered else ()
        yield NameMention(
            file=source,
            year=conversion.content.year,
            name=mention.name,
            organisation=mention.key,
            division=settled.division,
            rule=mention.rule,
            registered=registered is not None,
            named_so=any(same_name(name.text, mention.name, settled.division, conversion.vocabulary) for name in names),
        )


def possibly_same(mentions: Sequence[NameMention]) -> Iterator[tuple[str, str]]:
    """Yield pairs of organisations that may be the same: a name of one contains a name of the other.

    Divisions are removed from the names. Both are in one division, or the division of one is unknown. A unit and its
    department are not a pair.
    """
    from converters.entities.organisation_matching import UNKNOWN_DIVISION, bare_name
    from ontology import load_vocabulary

    vocabulary = load_vocabulary()
    names: dict[str, set[str]] = {}
    divisions: dict[str, str] = {}
    for one in mentions:
        if one.organisation is not None:
            names.setdefault(one.organisation, set()).add(bare_name(one.name, one.division, vocabulary))
            divisions[one.organisation] = one.division
    keys = sorted(names)
    for number, one_key in enumerate(keys):
        for other_key in keys[number + 1 :]:
            where = {divisions[one_key], divisions[other_key]} - {UNKNOWN_DIVISION}
            below = other_key.startswith(one_key) or one_key.startswith(other_key)
            alike = any(a in b or b in a for a in names[one_key] for b in names[other_key])
            if len(where) < 2 and not below and alike:
                yield one_key, other_key


def _lines(mentions: Sequence[NameMention], pairs: Sequence[tuple[str, str]], language: str) -> Iterator[str]:
    from converters.entities.organisation_matching import UNKNOWN_DIVISION
    from ontology.messages import message

    for key in dict.fromkeys(one.organisation for one in mentions if one.organisation):
        of_key = [one for one in mentions if one.organisation == key]
        registered = "organisation-registered" if of_key[0].registered else "organisation-unregistered"
        yield f"{key}  {message(registered, language)}"
        for one in of_key:
            why = message(f"organisation-rule-{one.rule}", language)
            if one.registered and not one.named_so:
                why += message("organisation-other-name", language)
            yield f"  {one.year}  {one.name}  [{why}]  {one.file}"
    unjoined = [one for one in mentions if one.organisation is None]
    if unjoined:
        yield message("organisation-unjoined", language)
        yield from (f"  {one.year}  {one.name}  {one.file}" for one in unjoined)
    placeless = dict.fromkeys(
        one.organisation for one in mentions if one.organisation and one.division == UNKNOWN_DIVISION
    )
    if placeless:
        yield message("organisation-placeless", language)
        yield from (f"  {key}" for key in placeless)
    if pairs:
        yield message("organisation-possibly", language)
        yield from (f"  {one}  {other}" for one, other in pairs)
