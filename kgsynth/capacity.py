"""Whether a graph can give what a run asks for, said before anything is mined."""

from kgsynth.admission import mining_settings, rehearse
from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.parts import Part, parts_of
from kgsynth.paths.carriers import why_none
from kgsynth.paths.spines import load_spines
from kgsynth.runs import RunSettings


def check_capacity(settings: RunSettings, graph: KnowledgeGraph) -> None:
    """Refuse a run of which the graph can give nothing, or whose quotas cannot be met.

    What quotas ask for is mined for that, up to their rows; see `admission.rehearse`.

    Raises:
        UsageError: If so; the message says how much there is.
    """
    parts = parts_of(settings, graph)
    for part in parts:
        wanted = mining_settings(part.settings, part.focus)
        reason = why_none(graph, part.settings.kind, wanted)
        if reason:
            raise UsageError(f"{graph.folder}: no question of kind {part.label}: {reason}")
        if part.settings.kind == "chain" and part.settings.miner == "spread":
            load_spines(part.settings.hops, graph, part.settings.template)
    narrow = [at for at, part in enumerate(parts) if part.quotas]
    if narrow:
        counts = rehearse(graph, settings, narrow)
        short = [at for at in narrow if not counts.has_enough(at)]
        if short:
            raise UsageError("; ".join(_short(parts[at], counts.accepted[at]) for at in short))


def _short(part: Part, found: int) -> str:
    what = " and ".join(f"--quota {text}" for text in part.quotas)
    return (
        f"{what}: {part.settings.n:,} rows of {part.label} asked for, at most {found:,} can be had"
    )
