"""The command line: the group of all commands, and how their errors are reported."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from ontology.messages import message
from server.errors import ServiceError
from yusuan.commands.codes import codes
from yusuan.commands.convert import convert
from yusuan.commands.coverage import coverage
from yusuan.commands.export import export
from yusuan.commands.missing_modules import missing_module_to_text
from yusuan.commands.notices import notices
from yusuan.commands.options import LANGUAGE, NOTHING, terminal_language
from yusuan.commands.organisations import organisations
from yusuan.commands.prove import prove
from yusuan.commands.publish import publish
from yusuan.commands.service.facts import facts
from yusuan.commands.service.keys import keys
from yusuan.commands.service.mcp import mcp
from yusuan.commands.service.query import query
from yusuan.commands.service.serve import serve
from yusuan.commands.service.store import backup, restore, retract, upgrade, verify
from yusuan.commands.templates import templates
from yusuan.commands.validate import validate


class Commands(click.Group):
    """The group of commands. Errors of stores and files are reported in the user's language, with exit code 2."""

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
    yusuan codes import list.xlsx ...       import an official code list
    yusuan notices notice.html              show what procurement notices say
    yusuan export ocds --store data         write published notices as OCDS releases
    yusuan organisations review *.pdf       review how names were identified
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # files and pipes, where Windows would write its code page


for command in (
    convert,
    validate,
    coverage,
    prove,
    publish,
    serve,
    query,
    facts,
    mcp,
    retract,
    backup,
    restore,
    verify,
    upgrade,
    codes,
    export,
    keys,
    notices,
    organisations,
    templates,
):
    main.add_command(command)
