"""`yusuan prove`: put faults into disclosures and count which are noticed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from ontology import DEFAULT_BASE
from ontology.messages import message
from ontology.namespaces import DCT, EARL
from yusuan.commands.shared.options import (
    NOTHING,
    codes_option,
    files_argument,
    language_option,
    load_inputs_or_exit,
    register_option,
)

if TYPE_CHECKING:
    from yusuan.proving.trials import Trial


def _known_classes(_context: click.Context, _parameter: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    from yusuan.proving.faults import FAULTS
    from yusuan.proving.harmless import HARMLESS

    known = (*FAULTS, *HARMLESS)
    for name in names:
        if name not in known:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(known)}.")
    return names


@click.command()
@files_argument
@click.option("--trials", default=5, show_default=True, type=click.IntRange(1), help="Trials of each class and file.")
@click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="NAME",
    callback=_known_classes,
    help="Only this class of changes; repeatable. A wrong name lists all.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json", "earl"]), default="text", show_default=True
)
@codes_option
@register_option
@language_option
@click.option("-v", "--verbose", is_flag=True, help="List each trial that was not passed.")
def prove(
    files: tuple[Path, ...],
    trials: int,
    classes: tuple[str, ...],
    form: str,
    codes: Path | None,
    registers: tuple[Path, ...],
    language: str,
    verbose: bool,
) -> None:
    """Prove the rules on disclosures: put faults into them, and see which are noticed.

    For each class of faults (a figure, a row, a code, a unit, a title, a section, ...) some changes are made, one at a
    time, evenly spread over the document. Counted are those that raise a violation or warning, and those whose place a
    finding names. Harmless changes (separators, blanks, the order of tables, a table that is not required) must raise
    nothing. Exit code 2 if a file could not be read.
    """
    from converters import DocumentError, read_document
    from converters.model.document import document_errors
    from yusuan.proving.earl import trials_to_triples
    from yusuan.proving.trials import run_trials

    inputs = load_inputs_or_exit(codes, registers, language)
    done: list[Trial] = []
    triples = []
    for file in files:
        try:
            with document_errors(file):
                document = read_document(file)
            of_file = run_trials(document, classes=classes or None, trials=trials, inputs=inputs)
        except DocumentError as error:
            click.echo(error.text(language), err=True)
            sys.exit(NOTHING)
        done += of_file
        triples += list(trials_to_triples(of_file, document.sha256, DEFAULT_BASE))
    if form == "earl":
        prefixes = {"dct": DCT, "earl": EARL}
        turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
        click.echo(turtle.decode(), nl=False)
    elif form == "json":
        click.echo(json.dumps(_to_json(done), ensure_ascii=False, indent=1))
    else:
        click.echo(_to_table(done, language, markdown=form == "markdown"))
        if verbose:
            for trial in (t for t in done if not t.passed):
                click.echo(f"  {trial.fault}: {trial.detail}  [{', '.join(trial.rules)}]")


def _to_json(trials: Sequence[Trial]) -> list[dict[str, object]]:
    from yusuan.proving.trials import count_trials

    return [
        {
            "class": result.fault,
            "harmless": result.harmless,
            "trials": result.trials,
            "noticed": result.noticed,
            "named": result.named,
        }
        for result in count_trials(trials)
    ]


def _to_table(trials: Sequence[Trial], language: str, *, markdown: bool) -> str:
    from yusuan.proving.trials import count_trials

    head = [message(f"prove-{name}", language) for name in ("class", "trials", "noticed", "named")]
    rows = [
        [
            message(f"prove-{'harmless-' if result.harmless else ''}{result.fault}", language),
            *map(str, (result.trials, result.noticed, "" if result.harmless else result.named)),
        ]
        for result in count_trials(trials)
    ]
    if markdown:
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n".join("  ".join([*(cell.rjust(8) for cell in line[1:]), line[0]]) for line in [head, *rows])
