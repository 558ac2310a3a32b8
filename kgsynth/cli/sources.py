"""``kgsynth sources``: every source with its license, its size and where it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.cli.complete import complete_plain_source, complete_preset

if TYPE_CHECKING:
    from kgsynth.sources.listing import Listed

_WIDE = 200
_EXAMPLES = """\b
Examples:
  kgsynth sources
  kgsynth sources --preset mechanism --from ../data
  kgsynth sources reactome drugmechdb
  kgsynth sources --json
"""


@click.command(epilog=_EXAMPLES)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_plain_source)
@click.option(
    "--preset", metavar="NAME", shell_complete=complete_preset, help="Only what is in this preset."
)
@click.option(
    "--from",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Look for files of sources in this folder too.",
)
@click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The cache of fetched files [default: $KGSYNTH_CACHE, else the user's cache folder].",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything that is known as JSON.")
def sources(
    names: tuple[str, ...],
    preset: str | None,
    folder: Path | None,
    cache: Path | None,
    as_json: bool,
) -> None:
    """List the sources: license, version, size, and whether their files are at hand.

    Named ones are shown in full, with their citation and every file.
    """
    from kgsynth.resources import cache_home
    from kgsynth.sources.choice import known_source, preset_sources
    from kgsynth.sources.listing import listing
    from kgsynth.sources.places import Finder

    chosen = [known_source(name) for name in names]
    if preset:
        chosen += preset_sources(preset)
    found = listing(Finder(folder, cache or cache_home()), chosen)
    if as_json:
        import json

        click.echo(json.dumps([_fields(one) for one in found], indent=2, ensure_ascii=False))
    elif names:
        for one in found:
            _show(one)
    else:
        _show_table(found)


def _fields(one: "Listed") -> dict[str, Any]:
    manifest = one.manifest
    places = {name: (place, state) for name, place, state in one.files}
    return {
        "name": manifest.name,
        "title": manifest.title,
        "version": manifest.version,
        "license": manifest.license,
        "license_url": manifest.license_url,
        "citation": manifest.citation,
        "url": manifest.url,
        "state": one.state,
        "verified": one.verified,
        "bytes": one.size,
        "presets": list(one.presets),
        "files": [
            {
                "name": part.known_as,
                "url": part.url,
                "sha256": part.sha256,
                "optional": part.optional,
                "file": places.get(part.known_as, ("", ""))[0],
                "state": places.get(part.known_as, ("", ""))[1],
            }
            for part in manifest.parts
        ],
    }


def _show(one: "Listed") -> None:
    manifest = one.manifest
    click.echo(f"{manifest.name}: {manifest.title} {manifest.version}".rstrip())
    for what, text in (
        ("license", f"{manifest.license} {manifest.license_url}"),
        ("home", manifest.url),
        ("cite", manifest.citation),
        ("presets", ", ".join(one.presets) or "none"),
        ("state", _state(one)),
    ):
        click.echo(f"  {what:8} {text}")
    at_hand = {name: place for name, place, _ in one.files}
    for part in manifest.parts:
        pinned = f"sha256 {part.sha256}" if part.sha256 else "no checksum"
        optional = ", optional" if part.optional else ""
        where = at_hand.get(part.known_as) or part.url or "published at no address of its own"
        click.echo(f"  {'file':8} {part.known_as} ({pinned}{optional})\n           {where}")


def _show_table(found: "list[Listed]") -> None:
    from rich.console import Console
    from rich.table import Table

    from kgsynth.sources.choice import presets

    table = Table(box=None, pad_edge=False)
    for name in ("Source", "Title", "Version", "License", "Size", "State", "Preset"):
        wraps = name in ("Title", "License")
        table.add_column(name, justify="right" if name == "Size" else "left", no_wrap=not wraps)
    order = list(presets())
    for one in found:
        first = min(one.presets, key=order.index, default="")
        manifest = one.manifest
        table.add_row(
            manifest.name,
            manifest.title,
            manifest.version,
            manifest.license,
            _size(one.size),
            _state(one),
            first,
        )
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDE)  # one line a source, for grep
    console.print(table)


def _state(one: "Listed") -> str:
    formats = one.manifest.settings.get("generic")
    return one.state if one.verified or formats else f"{one.state}, unverified"


def _size(size: int) -> str:
    if not size:
        return ""
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"
