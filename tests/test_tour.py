"""README's commands, run in order in an empty folder, as a new user would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readme import commands_of

#: Words of commands that need a server or a model; the real suite runs those.
_REAL = {"neo4j", "vllm", "openai"}


@pytest.mark.timeout(600)
def test_the_commands_of_the_readme_work(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    tour = [words for words in commands_of("kgsynth") if not _REAL & set(words)]
    assert tour, "README.md shows no command of kgsynth"
    for words in tour:
        done = subprocess.run(
            ["kgsynth", *words],
            cwd=tmp_path,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"kgsynth {' '.join(words)}: {done.stderr or done.stdout}"
