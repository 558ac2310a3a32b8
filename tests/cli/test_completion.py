"""``kgsynth completion`` prints a script that a shell can read, and completion answers it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

KGSYNTH = Path(sys.executable).with_name("kgsynth")


def run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [str(KGSYNTH), *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_bash_reads_the_script() -> None:
    script = run("completion", "bash")
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_kgsynth_what_fits(shell: str) -> None:
    assert f"_KGSYNTH_COMPLETE={shell}_complete" in run("completion", shell)


@pytest.mark.parametrize(
    ("typed", "word", "fits"),
    [
        ("kgsynth gen", "1", ["plain,generate"]),
        ("kgsynth generate --ho", "2", ["plain,--hops"]),
        ("kgsynth completion z", "2", ["plain,zsh"]),
    ],
)
def test_a_begun_word_is_completed(typed: str, word: str, fits: list[str]) -> None:
    asked = {"_KGSYNTH_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": word}
    assert run(**asked).split() == fits
