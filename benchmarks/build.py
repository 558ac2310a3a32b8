"""The default graph, as a whole process, beside pyhpo, which reads the same three files.

pyhpo keeps terms, annotations and gene links in memory; kgsynth does more (twins, evidence,
rarity, folders on disk), so the comparison is fair to the peer.
"""

from collections.abc import Iterator

from benchmarks.measure import Result, Setting, alternate, at_least, run_process

GOAL_RATIO = 8.0


def measure(setting: Setting) -> Iterator[Result]:
    """Measure both processes, import included."""
    out = str(setting.scratch / "graph")
    ours, peer = alternate(
        setting.rounds,
        lambda: run_process(setting.kgsynth("build-graph", "--out", out)),
        lambda: run_process([setting.python, "-c", "import pyhpo; pyhpo.Ontology()"]),
    )
    ratio = peer.seconds / ours.seconds
    goal, met = at_least(ratio, GOAL_RATIO, "times faster")
    yield Result(
        name="kgsynth build-graph",
        value=ours.seconds,
        unit="s",
        peer="pyhpo.Ontology()",
        ratio=ratio,
        goal=goal,
        met=met,
        peer_value=peer.seconds,
        spread=ours.spread,
    )
    yield Result(
        name="kgsynth build-graph, peak memory",
        value=ours.peak_mb,
        unit="MB",
        peer="pyhpo.Ontology()",
        ratio=peer.peak_mb / ours.peak_mb,
        peer_value=peer.peak_mb,
        spread=(ours.peak_mb, ours.peak_mb),
    )
