"""``kgsynth --help`` as a whole process: what every command pays before its own work."""

from collections.abc import Iterator

from benchmarks.measure import Result, Setting, alternate, at_most, run_process

GOAL_S = 0.2


def measure(setting: Setting) -> Iterator[Result]:
    """Measure the command against a Python that does nothing."""
    ours, bare = alternate(
        max(5, setting.rounds),
        lambda: run_process(setting.kgsynth("--help")),
        lambda: run_process([setting.python, "-c", "pass"]),
    )
    goal, met = at_most(ours.seconds, GOAL_S, "s")
    yield Result(
        name="kgsynth --help",
        value=ours.seconds,
        unit="s",
        peer="python -c pass",
        ratio=bare.seconds / ours.seconds,
        goal=goal,
        met=met,
        peer_value=bare.seconds,
        spread=ours.spread,
    )
