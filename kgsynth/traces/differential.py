"""The differential diagnosis in words: rival after rival, what speaks against it, the answer."""

from collections.abc import Iterator, Sequence

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.grammar import agree
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.rivals import told_rivals
from kgsynth.questions.shares import share_word
from kgsynth.records import Edge, Mined, Rival, TraceStep
from kgsynth.seeding import derive_rng
from kgsynth.traces.facts import Fact, facts_of
from kgsynth.traces.narrow import Passage
from kgsynth.traces.sentences import Sentences

#: Findings of a rival that a trace names, those that it shares and those that it lacks.
MOST_SHARED, MOST_LACKING = 4, 3


def write_differential(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return the reasoning of a differential: a step for each rival, then one for the answer."""
    return tuple(_Writer(mined, question, graph, seed).write())


class _Writer:
    """Writes one trace."""

    def __init__(self, mined: Mined, question: Question, graph: KnowledgeGraph, seed: int) -> None:
        self._mined = mined
        self._question = question
        self._graph = graph
        self._lex = lexicon(graph)
        self._facts = facts_of(graph)
        self._words = Sentences("differential", derive_rng(seed, "traces", question.id))
        self._clues = [edge.object for edge in mined.query.edges]
        (self._answer,) = mined.answers

    def write(self) -> Iterator[TraceStep]:
        """Yield the steps in order."""
        for place, rival in enumerate(told_rivals(self._mined, self._graph)):
            yield self._against(rival, "next" if place else "first")
        yield self._conclude()

    def _against(self, rival: Rival, place: str) -> TraceStep:
        passage = Passage()
        shared = [clue for at, clue in enumerate(self._clues) if at not in rival.fails]
        shared = [clue for clue in shared if self._cite(passage, rival.id, clue)][:MOST_SHARED]
        state, lacking = self._lacking(passage, rival)
        slots = {
            "rival": self._lex.say(rival.id),
            "has": self._lex.finds(shared),
            "lacks": self._lex.finds(lacking, "or"),
            "is": agree([self._lex.say(lacking[0])], "is", "are"),
        }
        text = self._words.turn("rival", place, **slots)
        passage.say(text + self._words.turn("against", state, **slots))
        passage.mention(rival.id, *shared, *lacking)
        return passage.step(self._words.pick("dismissed", "plain", **slots))

    def _cite(self, passage: Passage, disease: str, clue: str) -> bool:
        """Cite why a disease has a finding; say no where that is only disputed."""
        try:
            passage.cite(self._facts.of(disease, "has_phenotype", clue))
        except UnknownEntityError:
            return False
        return True

    def _lacking(self, passage: Passage, rival: Rival) -> tuple[str, list[str]]:
        """Return what speaks against a rival: what is denied of it, else what is not recorded."""
        lacking = [self._clues[at] for at in rival.fails]
        denials = {clue: denial_of(self._graph, rival.id, clue) for clue in lacking}
        denied = [clue for clue in lacking if denials[clue]]
        if not denied:
            return "open", lacking[:MOST_LACKING]
        for clue in denied[:MOST_LACKING]:
            passage.cite(Fact(denials[clue], clue, ""))
        return "denied", denied[:MOST_LACKING]

    def _conclude(self) -> TraceStep:
        passage, name = Passage(), self._lex.say(self._answer)
        passage.mention(self._answer, *self._clues)
        facts = [self._facts.of(self._answer, "has_phenotype", clue) for clue in self._clues]
        for fact in facts:
            passage.cite(fact)
        passage.say(self._words.pick("answer", "all", d=name, f=self._lex.finds(self._clues)))
        self._forms(passage, facts)
        self._typical(passage, facts)
        self._onset(passage)
        return passage.step(self._question.answer)

    def _forms(self, passage: Passage, facts: Sequence[Fact]) -> None:
        """Say which finding the source names where a clue only follows from it."""
        text = ""
        for clue, fact in zip(self._clues, facts, strict=True):
            if fact.stated != clue:
                passage.mention(fact.stated)
                said = self._lex.say(clue)
                verb = agree([said], "is", "are")
                slots = {"t": said, "p": self._lex.find(fact.stated), "is": verb}
                state = "more" if text else "first"
                text += self._words.pick("form", state, d=self._lex.say(self._answer), **slots)
        if text:
            passage.say(f"{text}.")

    def _typical(self, passage: Passage, facts: Sequence[Fact]) -> None:
        """Say of one or two findings how often they are seen, the most frequent first."""
        grouped: dict[str, list[str]] = {}
        for clue, fact in zip(self._clues, facts, strict=True):
            word = share_word(fact.edges[0]) if fact.stated == clue else ""
            if word:
                grouped.setdefault(word, []).append(clue)
        for word in ("nearly", "most", "half", "many"):
            if word in grouped:
                clues = grouped[word][:2]
                verb = agree([self._lex.say(clue) for clue in clues], "is", "are")
                slots = {"d": self._lex.say(self._answer), "f": self._lex.finds(clues)}
                passage.say(self._words.pick("share", word, **slots, **{"is": verb}))
                return

    def _onset(self, passage: Passage) -> None:
        """Say that the onset fits, where the question tells when the illness began."""
        for edge in self._question.told:
            passage.cite(Fact((edge,), edge.object, ""))
            passage.mention(edge.object)
            slots = {"d": self._lex.say(self._answer), "o": self._lex.say(edge.object)}
            passage.say(self._words.pick("onset", "fits", **slots))


def denial_of(graph: KnowledgeGraph, disease: str, finding: str) -> tuple[Edge, ...]:
    """Return a firm denial of a finding or of a more general one, with its path; () for none."""
    above = graph.ancestors(finding) | {finding}
    for edge in graph.edges_of(disease, "has_phenotype", negated=True):
        if edge.object in above and not edge.contested:
            return (edge, *graph.subclass_path(finding, edge.object))
    return ()
