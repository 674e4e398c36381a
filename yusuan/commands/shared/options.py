"""Arguments, options and exit codes shared by several commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ontology import DEFAULT_BASE

if TYPE_CHECKING:
    from yusuan.inputs import Inputs

VIOLATIONS, NOTHING = 1, 2
LANGUAGE = "yusuan.language"
PHASES = ("budget", "adjusted", "initial", "full-year", "final", "requested")
"""The notations of the phases that a disclosure can be of."""
_Command = TypeVar("_Command", bound=Callable[..., object])

files_argument = click.argument("files", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
together_option = click.option(
    "--together", is_flag=True, help="The files are parts of one disclosure, such as its tables and its text."
)
folder_option = click.option(
    "--store", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of the store."
)
store_option = click.option(
    "--store",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of the store, or the settings file of a SPARQL service (docs/stores.md).",
)
base_option = click.option(
    "--base",
    default=DEFAULT_BASE,
    envvar="YUSUAN_BASE",
    show_default=True,
    help="Base of all IRIs (also: YUSUAN_BASE).",
)

codes_option = click.option(
    "--codes",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    envvar="YUSUAN_CODES",
    help="Folder of imported code lists (also: YUSUAN_CODES).",
)
register_option = click.option(
    "--register",
    "registers",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    envvar="YUSUAN_REGISTER",
    help="Additional register of organisations; repeatable (also: YUSUAN_REGISTER).",
)


def terminal_language(context: click.Context, _: click.Parameter | None, chosen: str | None) -> str:
    """Return the language of --lang, else Chinese in a Chinese locale, else English; keep it for error messages."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    language = chosen or ("zh" if locale.startswith("zh") else "en")
    context.meta[LANGUAGE] = language
    return language


verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Name the vocabulary file in which an unknown word can be added."
)
language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en"]),
    default=None,
    callback=terminal_language,
    help="Language of messages; by default that of the terminal (LANG).",
)


@dataclass(frozen=True, slots=True)
class DisclosureOptions:
    """What the user says of disclosures: the options that convert, validate and publish have in common.

    `year`, `organisation` and `phase` hold where a file does not say them; `together` is set if the files are parts of
    one disclosure.
    """

    together: bool
    year: int | None
    organisation: str | None
    phase: str | None
    codes: Path | None
    registers: tuple[Path, ...]
    base: str
    language: str

    def load_inputs(self) -> Inputs:
        """Load editions and registers. If a file cannot be read, print the reason and exit with code 2."""
        stated = self.year, self.organisation, self.phase
        return load_inputs_or_exit(self.codes, self.registers, self.language, *stated)


def disclosure_options(command: _Command) -> Callable[..., object]:
    """Add the options of DisclosureOptions to a command, which receives them as `disclosures`."""
    options = (
        together_option,
        click.option("--year", type=click.IntRange(1949, 2099), help="Year of a disclosure that does not say it."),
        click.option("--organisation", help="Whose disclosure it is, where the file does not say it."),
        click.option("--phase", type=click.Choice(PHASES), help="Phase of a disclosure that does not say it."),
        codes_option,
        register_option,
        base_option,
        language_option,
    )
    return gather_options(command, "disclosures", DisclosureOptions, options)


def gather_options(
    command: _Command, argument: str, kind: type[Any], options: Sequence[Callable[[Any], Any]]
) -> Callable[..., object]:
    """Add options to a command, which receives them as one `argument`: a `kind`, a dataclass with a field for each."""
    names = [field.name for field in fields(kind)]

    @wraps(command)
    def with_gathered(*positional: object, **known: object) -> object:
        gathered = kind(**{name: known.pop(name) for name in names})
        return command(*positional, **{argument: gathered}, **known)

    wrapped: Callable[..., object] = with_gathered
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def load_inputs_or_exit(
    codes: Path | None,
    registers: tuple[Path, ...],
    language: str,
    year: int | None = None,
    organisation: str | None = None,
    phase: str | None = None,
) -> Inputs:
    """Load code list editions and registers. If a file cannot be read, print the reason and exit with code 2."""
    from converters import StatedFacts
    from ontology.messages import message
    from yusuan.inputs import load_inputs

    try:
        return load_inputs(codes, registers, StatedFacts(year, organisation, phase))
    except (OSError, SyntaxError, ValueError) as error:
        files = " ".join(map(str, (*([codes] if codes else ()), *registers)))
        click.echo(message("inputs-unreadable", language, files=files, reason=error), err=True)
        sys.exit(NOTHING)
