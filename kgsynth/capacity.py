"""Whether a graph can give what a run asks for, said before anything is mined."""

from kgsynth.admission import mining_settings
from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.parts import Part, parts_of
from kgsynth.paths.carriers import carriers, why_none
from kgsynth.paths.focus import NO_FOCUS
from kgsynth.paths.spines import load_spines
from kgsynth.runs import RunSettings


def check_capacity(settings: RunSettings, graph: KnowledgeGraph) -> None:
    """Refuse a run of which the graph can give nothing, or whose quotas cannot be met.

    Raises:
        UsageError: If so; the message says how much there is.
    """
    parts = parts_of(settings, graph)
    for part in parts:
        reason = why_none(graph, part.settings.kind, mining_settings(part.settings, part.focus))
        if reason:
            raise UsageError(f"{graph.folder}: no question of kind {part.label}: {reason}")
        if part.settings.kind == "chain" and part.settings.miner == "spread":
            load_spines(part.settings.hops, graph, part.settings.template)
    for part in parts:
        if part.focus != NO_FOCUS and part.settings.miner == "spread":
            _check_part(part, graph)


def _check_part(part: Part, graph: KnowledgeGraph) -> None:
    """Hold a part to what can carry its focus."""
    settings = mining_settings(part.settings, part.focus)
    found = carriers(graph, part.settings.kind, settings, part.rows)
    if 0 <= found.most < part.settings.n:
        what = " and ".join(f"--quota {text}" for text in part.quotas) or "--rare-only"
        raise UsageError(
            f"{what}: {part.settings.n:,} rows of {part.label} asked for, at most {found.most:,} "
            f"can be had: {found.count:,} {found.what} with {found.answers:,} different answers "
            "can carry it"
        )
