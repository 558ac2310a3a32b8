"""Which of the nearest rivals of a case are fit to be told as another diagnosis."""

from itertools import islice

from kgsynth.graph.index import CONTESTED
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import Mined, Rival

#: Rivals that a trace tells of, at most.
MOST_TOLD = 5

#: How many findings a rival must share to be told of.
FEWEST_SHARED = 2


def told_rivals(mined: Mined, graph: KnowledgeGraph) -> list[Rival]:
    """Return the rivals that a trace tells of: the nearest that are fit to be a diagnosis.

    No groups, nothing above or below the answer, nothing whose name means a finding too or would
    read as a list.
    """
    lex = lexicon(graph)
    (answer,) = mined.answers
    kin = graph.ancestors(answer) | graph.descendants(answer)
    own = lex.say(answer).casefold()
    fit = (
        rival
        for rival in mined.steps[0].rivals
        if rival.id not in kin
        and _reads_well(lex.say(rival.id))
        and lex.say(rival.id).casefold() != own
        and not graph.node(rival.id).is_group
        and not lex.means_finding(rival.id)
        and _shared_surely(mined, rival, graph) >= FEWEST_SHARED
    )
    return list(islice(fit, MOST_TOLD))


def _reads_well(name: str) -> bool:
    """Say whether a name reads as one in a list, and may begin a sentence ("ccdc115-CDG" not)."""
    return "," not in name and (" " in name or name[1:] == name[1:].lower())


def _shared_surely(mined: Mined, rival: Rival, graph: KnowledgeGraph) -> int:
    """Return how many of the findings a rival has beyond dispute."""
    sure = _sure_of(graph)[rival.id]
    return sum(
        edge.object in sure or not sure.isdisjoint(graph.descendants(edge.object))
        for edge in mined.query.edges
    )


@once_each
def _sure_of(graph: KnowledgeGraph) -> Memo[str, frozenset[str]]:
    """Return the findings that are recorded of a disease beyond dispute, by its id."""
    csr = graph.csr("has_phenotype")

    def sure(disease: str) -> frozenset[str]:
        at = graph.index_of(disease)
        plain = (graph.flags[csr.rows_of(at)] & CONTESTED) == 0
        return frozenset(map(graph.id_of, csr.of(at)[plain].tolist()))

    return Memo(sure, most=16384)
