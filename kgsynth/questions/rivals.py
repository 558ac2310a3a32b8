"""Which of the nearest rivals of a case are fit to be told as another diagnosis."""

from kgsynth.graph.store import KnowledgeGraph
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
    return [
        rival
        for rival in mined.steps[0].rivals
        if rival.id not in kin
        and _reads_well(lex.say(rival.id))
        and lex.say(rival.id).casefold() != own
        and not graph.node(rival.id).is_group
        and not lex.means_finding(rival.id)
        and _shared_surely(mined, rival, graph) >= FEWEST_SHARED
    ][:MOST_TOLD]


def _reads_well(name: str) -> bool:
    """Say whether a name reads as one in a list, and may begin a sentence ("ccdc115-CDG" not)."""
    return "," not in name and (" " in name or name[1:] == name[1:].lower())


def _shared_surely(mined: Mined, rival: Rival, graph: KnowledgeGraph) -> int:
    """Return how many of the findings a rival has beyond dispute."""
    sure = {e.object for e in graph.edges_of(rival.id, "has_phenotype") if not e.contested}
    implied = sure.union(*(graph.ancestors(finding) for finding in sure))
    return sum(edge.object in implied for edge in mined.query.edges)
