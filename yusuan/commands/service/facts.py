"""`yusuan facts`: the facts of a store as files for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.commands.shared.options import base_option, language_option, store_option


@click.command()
@store_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder to write to.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="parquet: partitioned by year and division; csv: facts, claims and findings with descriptions.",
)
@base_option
@language_option
def facts(store: Path, output: Path, form: str, base: str, language: str) -> None:
    """Write the facts of a store for DuckDB, Polars, Spark or R.

    Parquet files stand in year=2024/division=420107/, for each year and division one. With --format csv the folder
    holds facts.csv, claims.csv and findings.csv, described in CSVW, as a Frictionless data package and in Croissant.
    """
    from yusuan.commands.shared.output import say
    from yusuan.fact_files import CSV_FILES, write_csv_folder, write_fact_partitions

    if form == "csv":
        write_csv_folder(store, output, base)
        say("tables-written", language, folder=output, files=", ".join(CSV_FILES))
    else:
        say("facts-written", language, folder=output, facts=write_fact_partitions(store, output, base))
