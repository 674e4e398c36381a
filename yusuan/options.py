"""What several commands share: their arguments, options and exit codes."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ontology import DEFAULT_BASE

VIOLATIONS, NOTHING = 1, 2
LANGUAGE = "yusuan.language"

files_argument = click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, dir_okay=False)
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
