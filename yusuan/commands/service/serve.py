"""`yusuan serve`: serve the pages and the SPARQL endpoint of a store."""

from __future__ import annotations

from pathlib import Path

import click

from ontology import DEFAULT_BASE
from yusuan.commands.shared.options import codes_option, language_option, load_inputs_or_exit, register_option


@click.command()
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="YUSUAN_SETTINGS",
    help="Settings file in TOML, see docs/deploying.md (also: YUSUAN_SETTINGS).",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Folder of the store, or the settings file of a SPARQL service (docs/stores.md).",
)
@click.option("--port", type=click.IntRange(0, 65535), help="Port, by default 8000; 0 chooses a free port.")
@click.option("--host", help="Address to listen on, by default 127.0.0.1; 0.0.0.0 accepts other machines.")
@click.option("--base", help=f"Base of all IRIs, by default {DEFAULT_BASE}.")
@codes_option
@register_option
@language_option
def serve(
    file: Path | None,
    store: Path | None,
    port: int | None,
    host: str | None,
    base: str | None,
    codes: Path | None,
    registers: tuple[Path, ...],
    language: str,
) -> None:
    """Serve the pages and the SPARQL endpoint of a store until interrupted.

    Settings that are not given as options are read from the environment (YUSUAN_STORE, YUSUAN_PORT ...), then from
    the settings file. Uploaded files are also checked against the lists and registers of --codes and --register.
    """
    from yusuan.commands.service import serving

    given = {"store": store, "port": port, "host": host, "base": base, "codes": codes, "registers": registers or None}
    settings = serving.read_settings_or_exit(file, language, **given)
    serving.read_keys_or_exit(settings.keys, language)
    load_inputs_or_exit(settings.codes, settings.registers, language)
    serving.serve(settings, language)
