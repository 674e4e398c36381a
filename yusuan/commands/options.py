"""What several commands share: their arguments, options and exit codes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ontology import DEFAULT_BASE

if TYPE_CHECKING:
    from yusuan.inputs import Inputs

VIOLATIONS, NOTHING = 1, 2
LANGUAGE = "yusuan.language"

files_argument = click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, dir_okay=False)
)
together_option = click.option(
    "--together", is_flag=True, help="The files are one disclosure: its tables in one, its text in another."
)
store_option = click.option(
    "--store", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of the store."
)
base_option = click.option(
    "--base",
    default=DEFAULT_BASE,
    envvar="YUSUAN_BASE",
    show_default=True,
    help="What all addresses begin with (also: YUSUAN_BASE).",
)

codes_option = click.option(
    "--codes",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    envvar="YUSUAN_CODES",
    help="Folder of editions of code lists that you imported (also: YUSUAN_CODES).",
)
register_option = click.option(
    "--register",
    "registers",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    envvar="YUSUAN_REGISTER",
    help="A register of organisations beside the shipped one; can be repeated (also: YUSUAN_REGISTER).",
)


def terminal_language(context: click.Context, _: click.Parameter | None, chosen: str | None) -> str:
    """The language asked for, else Chinese in a Chinese locale, else English; kept for errors to come."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    language = chosen or ("zh" if locale.startswith("zh") else "en")
    context.meta[LANGUAGE] = language
    return language


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en"]),
    default=None,
    callback=terminal_language,
    help="Language of the messages; by default that of the terminal (LANG).",
)


def find_known_or_stop(codes: Path | None, registers: tuple[Path, ...], language: str) -> Inputs:
    """What the user adds to the shipped lists; if a file cannot be read, its reason and exit code 2."""
    from ontology.messages import message
    from yusuan.inputs import find_inputs

    try:
        return find_inputs(codes, registers)
    except (OSError, SyntaxError, ValueError) as error:
        files = " ".join(map(str, (*([codes] if codes else ()), *registers)))
        click.echo(message("known-unreadable", language, files=files, reason=error), err=True)
        sys.exit(NOTHING)
