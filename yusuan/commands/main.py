"""The command line: the group of all commands, and how their errors are reported."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from io import TextIOWrapper

import click

from ontology.messages import message
from server.errors import ServiceError
from yusuan.commands.shared.missing_modules import missing_module_to_text
from yusuan.commands.shared.options import LANGUAGE, NOTHING, terminal_language

_MODULES: Mapping[str, str] = {
    "backup": "yusuan.commands.service.store",
    "codes": "yusuan.commands.codes",
    "convert": "yusuan.commands.convert",
    "coverage": "yusuan.commands.coverage",
    "export": "yusuan.commands.export",
    "facts": "yusuan.commands.service.facts",
    "keys": "yusuan.commands.service.keys",
    "link": "yusuan.commands.service.link",
    "mcp": "yusuan.commands.service.mcp",
    "migrate": "yusuan.commands.service.store",
    "notices": "yusuan.commands.notices",
    "organisations": "yusuan.commands.organisations",
    "prove": "yusuan.commands.prove",
    "publish": "yusuan.commands.publish",
    "query": "yusuan.commands.service.query",
    "restore": "yusuan.commands.service.store",
    "retract": "yusuan.commands.service.store",
    "serve": "yusuan.commands.service.serve",
    "templates": "yusuan.commands.templates",
    "upgrade": "yusuan.commands.service.store",
    "validate": "yusuan.commands.validate",
    "verify": "yusuan.commands.service.store",
}
"""The module of each command, which is named like the command there. It is imported when the command is asked for."""


class Commands(click.Group):
    """The group of commands. Errors of stores and files are reported in the user's language, with exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command; None if there is none of this name. Raise ModuleNotFoundError if it lacks an extra."""
        if cmd_name not in _MODULES:
            return None
        command: click.Command = getattr(import_module(_MODULES[cmd_name]), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and note its name for the message about a missing extra."""
        ctx.invoked_subcommand = args[0]
        return super().resolve_command(ctx, args)

    def invoke(self, context: click.Context) -> object:
        """Run a command and report its errors."""
        try:
            return super().invoke(context)
        except ServiceError as error:
            click.echo(error.text(self._language(context)), err=True)
        except ModuleNotFoundError as error:
            text = missing_module_to_text(error.name or "", context.invoked_subcommand or "", self._language(context))
            if text is None:
                raise
            click.echo(text, err=True)
        except OSError as error:
            if error.filename is None:
                raise
            file = str(error.filename).removesuffix(".new")
            click.echo(message("cannot-write", self._language(context), file=file, reason=error.strerror), err=True)
        return context.exit(NOTHING)

    def _language(self, context: click.Context) -> str:
        return context.meta.get(LANGUAGE) or terminal_language(context, None, None)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="yusuan", prog_name="yusuan")
def main() -> None:
    """Budgets and final accounts of Chinese government departments as linked data.

    \b
    yusuan validate budget.pdf              find figures that contradict each other
    yusuan convert budget.pdf -o out.csv    convert every printed figure
    yusuan coverage budget.pdf              list the numbers that are not converted
    yusuan prove budget.pdf                 put faults into it and count those noticed
    yusuan publish budget.pdf --store data  check a disclosure and add it to a store
    yusuan serve --store data               serve pages and a SPARQL endpoint
    yusuan query --store data 'SELECT ...'  query a store from the shell
    yusuan verify --store data              verify the integrity of a store
    yusuan upgrade --store data             convert a store of an earlier release
    yusuan migrate data service.toml        move a store to another folder or a SPARQL service
    yusuan codes import list.xlsx ...       import an official code list
    yusuan notices notice.html              show what procurement notices say
    yusuan link --store data                suggest which budget line each notice spends
    yusuan export ocds --store data         write published notices as OCDS releases
    yusuan organisations review *.pdf       review how names were identified
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # files and pipes, where Windows would write its code page
