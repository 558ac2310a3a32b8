"""The reasoning of dual questions: what is recorded, how often, and what is denied."""

import re

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.grammar import agree
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.shares import share_word
from kgsynth.records import Edge, Mined, TraceStep
from kgsynth.seeding import derive_rng
from kgsynth.traces.facts import Fact, facts_of
from kgsynth.traces.narrow import Passage
from kgsynth.traces.sentences import Sentences

_NONE = re.compile(r"0\s*/\s*(\d+)")


def write_dual(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return one step where the proposal is recorded; where it is denied, a second one."""
    writer = _Writer(mined, question, graph, seed)
    recorded = writer.recorded()
    return (recorded,) if question.answer == "yes" else (recorded, writer.denied())


class _Writer:
    """Writes one trace."""

    def __init__(self, mined: Mined, question: Question, graph: KnowledgeGraph, seed: int) -> None:
        self._graph = graph
        self._lex = lexicon(graph)
        self._words = Sentences("dual", derive_rng(seed, "traces", question.id))
        self._right = question.answer == "yes"
        self._disease = mined.query.edges[0].subject
        self._recorded = mined.bound[mined.query.target]
        self._proposed = mined.candidate

    def recorded(self) -> TraceStep:
        """Return the step that states what is recorded."""
        passage = Passage()
        passage.mention(self._disease, self._recorded)
        fact = facts_of(self._graph).of(self._disease, "has_phenotype", self._recorded)
        passage.cite(fact)
        verb = agree([self._lex.say(self._recorded)], "is", "are")
        slots = {"d": self._lex.say(self._disease), "p": self._lex.find(self._recorded), "is": verb}
        word = share_word(fact.edges[0])
        state = "plain" if self._right else "typical"
        passage.say(self._words.pick(*(("share", word) if word else ("recorded", state)), **slots))
        return passage.step(
            self._words.pick("concludes", "yes" if self._right else "typical", **slots)
        )

    def denied(self) -> TraceStep:
        """Return the step that states what is denied."""
        passage = Passage()
        passage.mention(self._disease, self._proposed, self._recorded)
        edge = self._graph.find_edge(self._disease, "has_phenotype", self._proposed, True)
        examined = 0
        if edge is not None:
            passage.cite(Fact((edge,), self._proposed, ""))
            examined = none_of(edge)
        slots = {
            "d": self._lex.say(self._disease),
            "p": self._lex.find(self._recorded),
            "q": self._lex.find(self._proposed),
            "n": f"{examined:,}",
            "is": agree([self._lex.say(self._proposed)], "is", "are"),
        }
        passage.say(self._words.pick("denied", "counted" if examined else "plain", **slots))
        return passage.step(self._words.pick("concludes", "no", **slots))


def none_of(edge: Edge) -> int:
    """Return the most patients in whom one record found nothing; 0 where none counts them."""
    counts = [_NONE.fullmatch(one.frequency) for one in edge.evidence]
    return max((int(match[1]) for match in counts if match), default=0)
