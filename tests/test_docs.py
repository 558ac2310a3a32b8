"""Every command and option is explained, with an example that parses; README prints real ones."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kgsynth.cli import cli
from tests.readme import README, commands_of, mentions

MAKEFILE = Path(__file__).resolve().parent.parent / "Makefile"


def walk(command: click.Command, *words: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command under one, with the words by which it is called."""
    yield " ".join(words), command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=words[-1] if words else "kgsynth")
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, name
            yield from walk(found, *words, name)


COMMANDS = dict(walk(cli))
LEAVES = {words: each for words, each in COMMANDS.items() if not isinstance(each, click.Group)}


def examples(words: str, command: click.Command) -> list[list[str]]:
    """Return the arguments of the command lines that a command's help shows, as printed."""
    context = click.Context(command, info_name=words, max_content_width=100, terminal_width=100)
    text = command.get_help(context)
    assert "\\b" not in text
    lines = re.findall(rf"^\s*(?:\$ )?(kgsynth {re.escape(words)}\b.*)$", text, re.M)
    return [shlex.split(line.partition(" > ")[0].partition(" >> ")[0])[1:] for line in lines]


def parse(arguments: list[str]) -> None:
    """Resolve a command and its options as click would, without running it or its types."""
    command: click.Command = cli
    context = click.Context(cli, info_name="kgsynth")
    while isinstance(command, click.Group):
        name, found, arguments = command.resolve_command(context, arguments)
        assert name is not None
        assert found is not None
        context, command = click.Context(found, parent=context, info_name=name), found
    command.make_parser(context).parse_args(list(arguments))


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_says_what_it_does(words: str) -> None:
    assert (COMMANDS[words].help or "").strip()


@pytest.mark.parametrize("words", LEAVES)
def test_a_command_shows_an_example_that_parses(words: str) -> None:
    shown = examples(words, LEAVES[words])
    assert shown, f"the help of `kgsynth {words}` shows no example"
    for arguments in shown:
        parse(arguments)


@pytest.mark.parametrize("words", LEAVES)
def test_an_option_has_help(words: str) -> None:
    options = [each for each in LEAVES[words].params if isinstance(each, click.Option)]
    assert [option.opts for option in options if not option.help] == []


@pytest.mark.parametrize("arguments", commands_of("kgsynth") + mentions(), ids=" ".join)
def test_a_command_in_the_readme_parses(arguments: list[str]) -> None:
    parse(arguments)


@pytest.mark.parametrize("arguments", commands_of("make"), ids=" ".join)
def test_a_make_target_in_the_readme_exists(arguments: list[str]) -> None:
    targets = re.findall(r"^([a-z-]+):", MAKEFILE.read_text(encoding="utf-8"), re.M)
    assert [word for word in arguments if "=" not in word and word not in targets] == []


@pytest.mark.parametrize("words", [words for words in COMMANDS if words])
def test_the_readme_names_every_command(words: str) -> None:
    assert f"kgsynth {words}" in README.read_text(encoding="utf-8")
