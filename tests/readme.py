"""The commands that README.md prints, as a reader would copy them."""

import re
import shlex
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"

_BLOCK = re.compile(r"^```[a-z]*\n.*?^```|(?:^ {4}\S[^\n]*\n)+", re.M | re.S)
_PROGRAM = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?(?=kgsynth |make |pip )")


def commands() -> list[list[str]]:
    """Return every command of kgsynth, make and pip in code blocks, in order, as words."""
    text = README.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for block in _BLOCK.finditer(text) for line in block[0].splitlines()]
    shown = [_PROGRAM.sub("", line) for line in lines if _PROGRAM.match(line)]
    return [shlex.split(line, comments=True) for line in shown]


def mentions() -> list[list[str]]:
    """Return the arguments of every command of kgsynth that stands inside a sentence."""
    text = _BLOCK.sub("", README.read_text(encoding="utf-8"))
    return [shlex.split(words) for words in re.findall(r"`kgsynth ([^`]+)`", text)]


def commands_of(program: str) -> list[list[str]]:
    """Return the arguments of every printed command of one program."""
    return [words[1:] for words in commands() if words[0] == program]
