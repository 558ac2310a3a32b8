"""``kgsynth fetch``: get the files of sources over https, whole and as they should be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsynth.cli.complete import complete_plain_source, complete_preset
from kgsynth.errors import FetchError, SourceError, UsageError

if TYPE_CHECKING:
    from kgsynth.sources.fetch import Fetched, Fetcher, OnFile

_EXAMPLES = """\b
Examples:
  kgsynth fetch reactome
  kgsynth fetch --preset mechanism
  kgsynth fetch --preset mechanism --offline
  kgsynth fetch orphadata-genes --pin
"""


@click.command(epilog=_EXAMPLES)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_plain_source)
@click.option(
    "--preset", metavar="NAME", shell_complete=complete_preset, help="Every source of a preset."
)
@click.option(
    "--offline", is_flag=True, help="Look into the cache only; the network is not touched."
)
@click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where files are kept [default: $KGSYNTH_CACHE, else the user's cache folder].",
)
@click.option(
    "--pin",
    is_flag=True,
    help="Take the files as they are now, note their checksums in pins.toml in the cache, and "
    "hold later ones to that.",
)
@click.option("--again", is_flag=True, help="Fetch what is there already, too.")
@click.option("--json", "as_json", is_flag=True, help="Print what was fetched as JSON.")
@click.option("-v", "--verbose", count=True, help="Say what is being done.")
def fetch(
    names: tuple[str, ...],
    preset: str | None,
    offline: bool,
    cache: Path | None,
    pin: bool,
    again: bool,
    as_json: bool,
    verbose: int,
) -> None:
    """Fetch the files of sources over https; what is there already is only checked.

    A broken download goes on where it stopped. Every file is held to the checksum that kgsynth
    knows; a source without one is called unverified until --pin. Exit code 1: a source could not
    be fetched.
    """
    from kgsynth.cli import set_verbosity
    from kgsynth.resources import cache_home
    from kgsynth.sources.choice import known_source, preset_sources
    from kgsynth.sources.fetch import Fetcher

    set_verbosity(verbose)
    chosen = dict.fromkeys(known_source(name) for name in names)
    asked = set(chosen)
    if preset:
        chosen.update(dict.fromkeys(preset_sources(preset)))
    if not chosen:
        raise UsageError("nothing to fetch; name sources or a preset: kgsynth fetch --preset NAME")
    with _progress() as on_file:
        fetcher = Fetcher(cache or cache_home(), offline, pin, again, on_file, _say_waiting)
        done, failed = _fetch_all(fetcher, list(chosen), asked)
    _report(done, as_json)
    if failed:
        raise FetchError(f"{len(failed)} of {len(chosen)} sources not fetched: {', '.join(failed)}")


def _fetch_all(
    fetcher: "Fetcher", names: list[str], asked: set[str]
) -> "tuple[list[Fetched], list[str]]":
    """Fetch one source after the other; one that fails does not stop the next."""
    from kgsynth.sources.manifests import is_fetchable, read_manifest

    done, failed = [], []
    for name in names:
        manifest = read_manifest(name)
        if name not in asked and not is_fetchable(manifest):
            click.echo(f"skipped  {name}: published at no address of its own", err=True)
            continue
        try:
            done += fetcher.fetch(manifest)
        except SourceError as error:
            click.echo(f"error: {error}", err=True)
            failed.append(name)
    return done, failed


def _say_waiting(name: str) -> None:
    click.echo(f"{name} is being fetched by another process; waiting ...", err=True)


def _report(done: "list[Fetched]", as_json: bool) -> None:
    if as_json:
        import json
        from dataclasses import asdict

        rows = [{**asdict(one), "file": str(one.file)} for one in done]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for one in done:
        click.echo(f"{one.state:8} {one.source}: {one.file}")
        if one.state != "packaged" and not one.verified:
            click.echo(
                f"unverified {one.source}: {one.name}: no checksum to hold it to; sha256 is "
                f"{one.sha256}; kgsynth fetch {one.source} --pin notes it",
                err=True,
            )


@contextmanager
def _progress() -> "Iterator[OnFile]":
    """Show a bar for each file on standard error, where that is a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda name, done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def show(name: str, done: int, total: int) -> None:
            task = tasks.get(name)
            if task is None:
                task = tasks[name] = bars.add_task(name, total=total or None)
            bars.update(task, completed=done, total=total or None)  # type: ignore[arg-type]

        yield show
