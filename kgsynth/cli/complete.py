"""Tab completion of names of sources and presets."""

import click
from click.shell_completion import CompletionItem


def complete_preset(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the presets that begin with what is typed."""
    from kgsynth.sources.choice import presets

    return [
        CompletionItem(name, help=title)
        for name, title in presets().items()
        if name.startswith(incomplete)
    ]


def complete_source(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the sources that begin with what is typed; after ``=`` the shell completes files."""
    name, equals, path = incomplete.partition("=")
    if equals:
        return [CompletionItem(path, type="file")]
    return complete_plain_source(context, parameter, name)


def complete_plain_source(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the sources that begin with what is typed."""
    from kgsynth.sources import SOURCES
    from kgsynth.sources.manifests import read_manifest

    return [
        CompletionItem(source, help=read_manifest(source).title)
        for source in SOURCES
        if source.startswith(incomplete)
    ]
