"""Narrowing in words where named entities single something out that is no disease with findings.

"Twelve drugs are used to treat gout; three of these are also used to treat asthma, and only X is
also used to treat psoriasis." The sentences are data, in ``templates/traces/chain.toml``.
"""

from collections.abc import Sequence

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import labels_of, named_end
from kgsynth.questions.grammar import join_list, number_word
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.relations import kind_of, verb_of
from kgsynth.records import Mined, ProofStep, QueryEdge
from kgsynth.traces.facts import facts_of
from kgsynth.traces.links import Link
from kgsynth.traces.narrow import SPELLED, Passage
from kgsynth.traces.said import Words


def is_pinned(mined: Mined, variable: str) -> bool:
    """Whether a variable has such clues; the one label of a target is told with its link."""
    labels = labels_of(mined, variable)
    is_target = variable == mined.query.target
    first = variable == mined.query.spine[1]
    return len(labels) > 1 or bool(labels and (first or not is_target))


class Pinner:
    """Writes the steps that end at an entity with clues that are no findings."""

    def __init__(self, mined: Mined, graph: KnowledgeGraph, words: Words) -> None:
        self._mined = mined
        self._bound = mined.bound
        self._lex = lexicon(graph)
        self._facts = facts_of(graph)
        self._words = words
        self._kinds = {v.name: v.category for v in mined.query.variables}

    def first(self, proof: ProofStep, variable: str) -> Passage:
        """Return the step from named entities to what they have in common."""
        passage, edges = self._begin(proof, variable)
        left, slots = proof.candidates, self._slots(variable, edges[0])
        if left[0] == 1:
            text, at = self._pick("alone", slots, edges[:1]), 1
        else:
            text, at = self._pick("many", slots, edges[:1], left[0]), 1
            while left[at] > 1:
                state = "same" if left[at] == left[at - 1] else "next"
                text += self._pick(state, slots, edges[at : at + 1], left[at])
                at += 1
            text += self._pick("last", slots, edges[at : at + 1])
            at += 1
        passage.say(text + (self._pick("rest", slots, edges[at:]) if edges[at:] else "."))
        return passage

    def later(self, proof: ProofStep, link: Link, start: str, ways: int) -> Passage:
        """Return the step over a link to such an entity.

        Args:
            proof: The step.
            link: The last link of the step.
            start: The variable that the step starts from.
            ways: How many entities the link leads to; 0 where several lead to where it starts.
        """
        passage, edges = self._begin(proof, link.variable)
        slots = self._slots(link.variable, edges[0]) | {
            "here": self._lex.say(self._bound[link.before]),
            "start": self._lex.say(self._bound[start]),
            "links": link.verbs()["verb"],
            "also": link.verbs()["also"],
        }
        ends = self._bound[link.before], self._bound[link.variable]
        subject, object_ = reversed(ends) if link.inverse else ends
        passage.cite(self._facts.of(subject, link.predicate, object_))
        passage.mention(self._bound[link.before], *([] if ways else [self._bound[start]]))
        passage.say(self._pick("of_link" if ways else "walk", slots, edges, ways))
        return passage

    def _begin(self, proof: ProofStep, variable: str) -> tuple[Passage, list[QueryEdge]]:
        passage = Passage()
        edges = [self._mined.query.edges[i] for i in proof.clues]
        passage.mention(self._bound[variable])
        for edge in edges:
            ends = [self._bound.get(end, end) for end in (edge.subject, edge.object)]
            passage.mention(named_end(edge))
            passage.cite(self._facts.of(ends[0], edge.predicate, ends[1]))
        return passage, edges

    def _slots(self, variable: str, edge: QueryEdge) -> dict[str, str]:
        inverse = edge.object == variable
        verb, verbs = (
            verb_of(edge.predicate, inverse=inverse, many=many) for many in (False, True)
        )
        also, also_many = (
            verb_of(edge.predicate, inverse=inverse, many=many, also=True) for many in (False, True)
        )
        category = self._kinds[variable]
        return {
            "there": self._lex.say(self._bound[variable]),
            "kind": kind_of(category), "kinds": kind_of(category, many=True),
            "does": verb, "do": verbs, "does_also": also, "do_also": also_many,
        }  # fmt: skip

    def _pick(
        self, state: str, slots: dict[str, str], edges: Sequence[QueryEdge], number: int = 0
    ) -> str:
        named = join_list([self._lex.named(named_end(edge)) for edge in edges])
        count = number_word(number) if number <= SPELLED else f"{number:,}"
        return self._words.pick("narrow_kind", state, **slots, c=named, n=count)
