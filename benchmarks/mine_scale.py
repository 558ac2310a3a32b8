"""Mining a graph of Monarch's size: four-hop chains a CPU second, and the memory it takes.

Minutes and gigabytes, so only by name. The graph is that of `benchmarks.scale`; the rate is of
whole templates on one core, clues drawn for every fit spine; compiling is left out, and making the
tables told apart.
"""

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import (
    CHECKOUT,
    BenchmarkError,
    Result,
    Setting,
    at_least,
    at_most,
    run_process,
)

#: Chains a CPU second: a tenth of what the default graph has to give; gigabytes (2**30 bytes).
GOAL_RATE, GOAL_RESIDENT = 2_000.0, 3.0

_MINE = """
import json, resource, sys, time
from kgsynth.light import keep_pandas_out
keep_pandas_out()
from dataclasses import replace
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths import mining
from kgsynth.paths.chain import Miner
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import load_spines

graph = KnowledgeGraph.load(sys.argv[1])
began = time.process_time()
miner = Miner(graph, replace(MiningSettings(hops=4), min_rarity=0.0), 0)
tables = time.process_time() - began
rates = {}
for spine in load_spines(4, graph):
    small = miner.lode(spine)
    small.spines, small.seeds = small.spines[:256], small.seeds[:256]
    miner.try_all(small)  # compiles
    lode = miner.lode(spine)
    began = time.process_time()
    valid = int((miner.try_all(lode) == mining.ACCEPTED).sum())
    rates[spine.name] = (valid, time.process_time() - began)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
own = int(status["RssAnon"].split()[0]) * 1024 if "RssAnon" in status else peak
print(json.dumps({"tables": tables, "rates": rates, "peak": peak, "own": own}))
"""


def measure(setting: Setting) -> Iterator[Result]:
    """Build the graph once, mine its four-hop chains in a process of their own."""
    folder = setting.scratch / "large"
    run_process([setting.python, "-m", "benchmarks.synthetic_build", str(folder)])
    yield from mine(str(folder))


def mine(folder: str) -> Iterator[Result]:
    """Mine a graph folder and say how fast and in how much memory.

    Raises:
        BenchmarkError: If the process that mines fails.
    """
    done = subprocess.run(
        [sys.executable, "-c", _MINE, folder], capture_output=True, text=True, cwd=CHECKOUT
    )
    if done.returncode:
        raise BenchmarkError(f"mining {folder}: {done.stderr.strip().rpartition(chr(10))[2]}")
    told = json.loads(done.stdout)
    valid = sum(count for count, _ in told["rates"].values())
    seconds = sum(spent for _, spent in told["rates"].values())
    rate, unit = valid / seconds, "questions/CPU s"
    yield _once("mine four-hop chains, 12 M edges", rate, unit, *at_least(rate, GOAL_RATE, unit))
    for name, (count, spent) in told["rates"].items():
        rate = count / spent
        yield Result(f"of it, {name}", rate, unit, spread=(rate, rate))
    yield Result("tables for mining it, once", told["tables"], "CPU s")
    peak = told["peak"] / 2**30
    yield _once(
        "mining it, peak resident memory", peak, "GiB", *at_most(peak, GOAL_RESIDENT, "GiB")
    )
    own = told["own"] / 2**30
    yield Result("of it at the end, mapped files left out", own, "GiB", spread=(own, own))


def _once(name: str, value: float, unit: str, goal: str, met: bool) -> Result:
    return Result(name, value, unit, goal=goal, met=met, spread=(value, value))
