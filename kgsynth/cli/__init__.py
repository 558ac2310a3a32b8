"""The command line: ``kgsynth build-graph``, ``kgsynth generate --hops 4`` and ways to look.

Each command is a file of its own and is imported when it is used, so that ``kgsynth --help``
answers at once. Results go to standard output, everything else to standard error.

Exit codes: 0 done; 1 a check or goal was not met; 2 wrong usage or bad input; 130 interrupted.
"""

import errno
import importlib
import logging
import os
import sys
from contextlib import suppress
from typing import NoReturn

import click

from kgsynth import __version__
from kgsynth.errors import KgsynthError
from kgsynth.progress import harmless

#: Every command: where it lives, and its line in ``kgsynth --help``.
COMMANDS: dict[str, tuple[str, str]] = {
    "build-graph": ("kgsynth.cli.build:build_graph", "Build the medical knowledge graph."),
    "sources": ("kgsynth.cli.sources:sources", "List the sources, their licenses and states."),
    "fetch": ("kgsynth.cli.fetch:fetch", "Fetch sources over https, held to their checksums."),
    "generate": ("kgsynth.cli.generate:generate", "Generate proved multi-hop questions."),
    "check": ("kgsynth.cli.check:check", "Hold every sentence of a dataset against the graph."),
    "show": ("kgsynth.cli.show:show", "Read a few rows of a run in the terminal."),
    "report": ("kgsynth.cli.report:report", "Report on a run, and on what its options tell."),
    "robustness": (
        "kgsynth.cli.robustness:robustness",
        "Count the questions that break with other annotations.",
    ),
    "export": ("kgsynth.cli.export:export", "Write a run in a trainer's format."),
    "graph": ("kgsynth.cli.graph:graph", "Look at the graph."),
    "cases": ("kgsynth.cli.cases:cases", "Hold the graph against published patients."),
    "neo4j": ("kgsynth.cli.neo4j:neo4j", "Load the graph into Neo4j and verify runs there."),
    "rdf": ("kgsynth.cli.rdf:rdf", "Verify runs in SPARQL."),
    "templates": ("kgsynth.cli.templates:templates", "Find typed paths that a graph can ask."),
    "schema": ("kgsynth.cli.schema:schema", "Print the JSON Schema of a row."),
    "completion": ("kgsynth.cli.completion:completion", "Print tab completion for your shell."),
}

_EXAMPLES = """\b
Examples:
  kgsynth build-graph
  kgsynth generate --hops 4 -n 100
  kgsynth show outputs/chain-hops4-seed0
"""


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people use them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import and return one command."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; a wrong name is answered with the nearest right one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"no such command {args[0]!r}{hint} known: {', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, epilog=_EXAMPLES, context_settings={"max_content_width": 100})
@click.version_option(__version__, message="kgsynth %(version)s")
def cli() -> None:
    """Multi-hop medical questions whose answers are proved from a knowledge graph."""


def set_verbosity(verbose: int) -> None:
    """Show log lines on standard error: none by default, ``-v`` info, ``-vv`` debug."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr)


def main() -> None:
    """Run the command line and exit; errors become one line and an exit code."""
    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """Exit, and do not take a million objects apart first: that is a tenth of a second."""
    import atexit
    import threading

    if threading.active_count() == 1:
        with suppress(OSError, ValueError):  # else the usual way, which tells of a full disk
            sys.stdout.flush()
            sys.stderr.flush()
            atexit._run_exitfuncs()
            os._exit(code)
    sys.exit(code)


def run(args: list[str]) -> int:
    """Run one command and return its exit code; bad input never gives a traceback."""
    try:
        result = cli.main(args=args, prog_name="kgsynth", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except KgsynthError as error:
        click.echo(f"error: {harmless(str(error))}", err=True)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        return _report(error)
    return result if isinstance(result, int) else 0


def _report(error: OSError) -> int:
    hint = ""
    if error.errno == errno.ENOSPC:
        hint = "; free some space and repeat the command, it goes on where it stopped"
    place = f"{error.filename}: " if error.filename else ""
    click.echo(f"error: {place}{error.strerror or error}{hint}", err=True)
    return 2
