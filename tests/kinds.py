"""Rows of one kind, mined, worded and proved on a graph, and what the checker finds in them."""

from collections.abc import Iterable, Iterator

from kgsynth.checks import CheckSettings, check_row
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths import MINERS
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions.blocks import Blocks
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.wording import word_question
from kgsynth.records import Mined, Rejection, Row, default_margin
from kgsynth.registry import load
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.template import write_trace

SETTINGS = CheckSettings()


def rows_of(graph: KnowledgeGraph, kind: str, form: str = "open") -> Iterator[Row]:
    """Yield rows of a kind that has no hops to choose, whether they pass all checks or not."""
    mine = load(MINERS, kind, "miner")
    for mined in mine(graph, MiningSettings(hops=1, margin=default_margin(kind)), 0, 100):
        question = word_question(mined, graph, 0, form) if isinstance(mined, Mined) else mined
        if isinstance(mined, Mined) and not isinstance(question, Rejection):
            trace = write_trace(mined, question, graph, 0)
            yield assemble_row(mined, question, trace, graph, 0)


def asked(
    mined: Iterable[Mined], graph: KnowledgeGraph, form: str, settings: FormSettings | None = None
) -> list[Mined]:
    """Return which questions are asked in a form with options, as a run gives them."""
    blocks = Blocks(graph, form, settings or FormSettings(), 0, lambda _: "train")
    return [one for one in blocks.group(mined) if isinstance(one, Mined)]


def codes(row: Row, graph: KnowledgeGraph) -> set[str]:
    """Return the codes of what is found in a row."""
    return {finding.code for finding in check_row(row, graph, SETTINGS).findings}
