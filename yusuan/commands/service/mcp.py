"""`yusuan mcp`: tools over a store for programs that speak the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.commands.shared.options import base_option, language_option, store_option


@click.command()
@store_option
@click.option("--site", default="", help="Address of a service over the same store, for links to its pages.")
@base_option
@language_option
def mcp(store: Path, site: str, base: str, language: str) -> None:
    """Serve a store to programs that speak the Model Context Protocol, on standard input and output.

    Tools: search, facts, totals, check. Each answer has the addresses of the facts it rests on.
    """
    from yusuan.mcp_server import create_server

    create_server(store, base, language, site).run("stdio")
