"""Who may stand beside the answer of a question as a wrong option.

It is of the answer's category and grain, and in the class that the question asks within; no twin,
kin or namesake of the answer or of anything that the question names or leads over; named by
nothing in the stem, since that would tell that it is wrong; and it fails enough of the query for
recorded reasons (`reasons`).
"""

from functools import cached_property

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.alike import names_of
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.reasons import Trial
from kgsynth.records import Mined, OptionReason


class Standing:
    """One question, and the reasons against whoever might stand beside its answer.

    Args:
        mined: Its query with the proof.
        stem: The question in words, or the names that it gives.
        graph: The graph that it was mined from.
        settings: For which reasons an option may be wrong.
    """

    def __init__(
        self, mined: Mined, stem: str, graph: KnowledgeGraph, settings: FormSettings
    ) -> None:
        self.trial = Trial(mined, graph)
        self.node = self.trial.answer
        self.id = graph.id_of(self.node)
        self._stem = stem
        self._graph = graph
        self._not_recorded = settings.not_recorded
        self._names = names_of(graph)
        self._lex = lexicon(graph)
        self.text = self._lex.say(self.id)

    def against(self, node: int) -> tuple[OptionReason, ...]:
        """Return why an entity is wrong, the best reason first; nothing where it is not fit."""
        if not self._is_fit(node):
            return ()
        found = self.trial.against(node)
        if not self._not_recorded:
            found = tuple(reason for reason in found if reason.reason != "not_recorded")
        return found if len(found) >= self.trial.margin else ()

    def reads(self, node: int) -> bool:
        """Say whether an entity's name is not misread among others."""
        if self.trial.category != "Disease":
            return True
        curie = self._graph.id_of(node)
        return "," not in self._lex.say(curie) and not self._lex.means_finding(curie)

    @cached_property
    def _close(self) -> tuple[int, ...]:
        """What no option may be kin of."""
        return tuple({*self.trial.answers, *self.trial.spine, *self.trial.named})

    @cached_property
    def _exempt(self) -> list[str]:
        return [self._graph.id_of(node) for node in self.trial.within]

    def _is_fit(self, node: int) -> bool:
        graph, trial = self._graph, self.trial
        if graph.category_of(node) != trial.category or self._names.is_group[node]:
            return False
        above = trial.records.above(node)
        if any(within not in above for within in trial.within):
            return False
        if any(trial.records.kin(node, other) for other in self._close):
            return False
        curie = graph.id_of(node)
        if any(self._names.alike(curie, graph.id_of(other)) for other in trial.answers):
            return False
        # What rule L keeps out of the stem for the answer is kept out for all, or it would tell.
        return self.reads(node) and not self._lex.leaked(self._stem, [curie], self._exempt)
