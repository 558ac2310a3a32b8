"""The files of the KGX views, held against the Biolink Model by KGX's own validator.

kgx and biolink-model have an environment of their own, in which ``make test-real`` runs this file;
elsewhere ``KGSYNTH_KGX_PYTHON`` names a Python that has them.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kgsynth.graph.example import example_graph
from kgsynth.graph.views.base import part_of, write_view

pytestmark = pytest.mark.real

HAS_BOTH = all(importlib.util.find_spec(name) for name in ("kgx", "biolink_model"))
PYTHON = os.environ.get("KGSYNTH_KGX_PYTHON", sys.executable if HAS_BOTH else "")
#: Prefixes that Biolink's context lacks altogether.
UNKNOWN_TO_BIOLINK = ("DECIPHER", "GARD", "SYMP", "CP", "AEO", "EHDAA2")


def errors(kind: str, folder: Path) -> dict[str, int]:
    """Return what the validator says of nodes and edges in a folder, and how often."""
    if not PYTHON:
        pytest.skip("neither this Python nor KGSYNTH_KGX_PYTHON has kgx and biolink-model")
    files = [str(folder / f"{name}.{kind}") for name in ("nodes", "edges")]
    script = Path(__file__).with_name("kgx_validator.py")
    run = subprocess.run(
        [PYTHON, str(script), kind, *files], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found: dict[str, int] = json.loads(run.stdout.splitlines()[-1])
    return {
        message: count
        for message, count in found.items()
        if not any(f"prefix '{prefix}'" in message for prefix in UNKNOWN_TO_BIOLINK)
    }


@pytest.mark.parametrize("kind", ["tsv", "jsonl"])
def test_kgx_finds_nothing_wrong(kind: str, tmp_path: Path) -> None:
    write_view(f"kgx-{kind}", part_of(example_graph()), tmp_path)
    assert errors(kind, tmp_path) == {}
