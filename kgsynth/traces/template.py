"""The template writer: a deterministic proof in plain clinical English.

Each hop of the spine is one step. Its text says what the proof says: how many disorders fit after
each clue, which one is left, what the nearest rival lacks; it cites every statement it rests on.
"""

from collections.abc import Callable
from dataclasses import replace

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.grammar import agree
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import Mined, ProofStep, TraceStep
from kgsynth.registry import load
from kgsynth.seeding import derive_rng
from kgsynth.traces.facts import GENE_LINK, SUBCLASS_TRANSITIVE, Fact
from kgsynth.traces.narrow import Narrower, Passage, Words
from kgsynth.traces.options import closing_step

#: Chance that a step with clues also tells what its nearest rival lacks.
TELL_RIVAL = 0.6


Writer = Callable[[Mined, Question, KnowledgeGraph, int], tuple[TraceStep, ...]]

#: The trace writers by kind of question, as ``module:function``, loaded on use.
WRITERS: dict[str, str] = {
    "chain": "kgsynth.traces.template:write_chain",
    "differential": "kgsynth.traces.differential:write_differential",
}


def write_trace(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return the reasoning that leads from what is named to the answer.

    Args:
        mined: The query with its proof.
        question: The same in words; the last step concludes its answer.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides the wording.
    """
    write: Writer = load(WRITERS, mined.kind, "trace writer for questions of kind")
    if question.form == "open":
        return write(mined, question, graph, seed)
    target = lexicon(graph).say(mined.bound[mined.query.target])
    steps = write(mined, replace(question, answer=target), graph, seed)
    return *steps, closing_step(mined, question, graph, seed)


def write_chain(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return the reasoning of a chain, one step for each hop; see `write_trace`."""
    return tuple(_ChainWriter(mined, question, graph, seed).write())


def reasoning_text(trace: tuple[TraceStep, ...], answer: str) -> str:
    """Return a trace as one text: a line for each step, and the answer on the last."""
    return "\n".join([*(step.text for step in trace), f"Answer: {answer}"])


class _ChainWriter:
    """Writes one trace; walks the spine and keeps where it stands."""

    def __init__(self, mined: Mined, question: Question, graph: KnowledgeGraph, seed: int) -> None:
        self._mined = mined
        self._question = question
        self._graph = graph
        self._bound = mined.bound
        self._words = Words(derive_rng(seed, "traces", question.id))
        self._lex = lexicon(graph)
        self._narrow = Narrower(mined, graph, self._words)
        self._spine = mined.query.spine
        self._categories = {v.name: v.category for v in mined.query.variables}

    def write(self) -> list[TraceStep]:
        """Return the steps in order."""
        steps = []
        for proof in self._mined.steps:
            for variable in proof.variables:
                steps.append(self._step(proof, variable))
        return steps

    def _step(self, proof: ProofStep, variable: str) -> TraceStep:
        at = self._spine.index(variable)
        category = self._categories[variable]
        before = self._spine[at - 1]
        if category == "Disease" and at == 1:
            passage = self._narrow.first(proof, variable)
        elif category == "Disease":
            passage = self._disease(proof, before, variable)
        elif category == "Gene":
            passage = self._gene(before, variable)
        elif category == "GeneticInheritance":
            passage = self._mode(before, variable)
        else:
            passage = self._finding(proof, before, variable)
        if proof.rivals and variable == proof.variables[-1] and category == "Disease":
            self._rival(proof, passage)
        return passage.step(self._conclusion(variable, at))

    def _disease(self, proof: ProofStep, gene: str, variable: str) -> Passage:
        """Return the way from a gene to another of its diseases."""
        if proof.clues and variable == proof.variables[-1]:
            before = self._spine[self._spine.index(gene) - 1]
            path = (before, gene, variable)
            return self._narrow.later(proof, path, sole=self._one_way(proof))
        passage = self._link(gene, variable)
        kind = "sole" if variable == self._mined.query.target else "passed"
        passage.say(self._words.pick("disease", kind, d=self._name(variable), g=self._name(gene)))
        return passage

    def _one_way(self, proof: ProofStep) -> bool:
        """Whether a step walks over one gene only, so that its counts are those of that gene."""
        at = self._spine.index(proof.variables[0])
        used = {self._bound[name] for name in self._spine[1:at]}
        return len(proof.variables) == 2 and len(self._genes(self._spine[at - 1]) - used) == 1

    def _gene(self, disease: str, variable: str) -> Passage:
        at = self._spine.index(variable)
        genes = len(self._genes(disease))
        if at == 2:
            kind = "sole" if genes == 1 else "among"
        else:
            kind = "other" if variable == self._mined.query.target else "another"
        passage = self._link(variable, disease)
        passage.say(self._words.pick("gene", kind, d=self._name(disease), g=self._name(variable)))
        return passage

    def _genes(self, disease: str) -> set[str]:
        return set(self._graph.neighbours(self._bound[disease], GENE_LINK, "inverse"))

    def _link(self, gene: str, disease: str) -> Passage:
        passage = Passage()
        passage.cite(self._narrow.facts.of(self._bound[gene], GENE_LINK, self._bound[disease]))
        passage.mention(self._bound[disease], self._bound[gene])
        return passage

    def _mode(self, disease: str, variable: str) -> Passage:
        """Return how the last disease is inherited, and that the first one is so differently."""
        passage = Passage()
        slots = {"d": self._name(disease), "m": self._name(variable)}
        kind, first = "only", self._spine[1]
        passage.mention(self._bound[disease], self._bound[variable])
        passage.cite(self._inherited(self._bound[disease], self._bound[variable]))
        modes = self._graph.neighbours(self._bound[first], "has_mode_of_inheritance")
        if first != disease and len(modes) == 1 and modes[0] != self._bound[variable]:
            kind = "unlike"
            slots |= {"other": self._name(first), "m_other": self._lex.say(modes[0])}
            passage.mention(self._bound[first], modes[0])
            passage.cite(self._inherited(self._bound[first], modes[0]))
        passage.say(self._words.pick("mode", kind, **slots))
        return passage

    def _inherited(self, disease: str, mode: str) -> Fact:
        return self._narrow.facts.of(disease, "has_mode_of_inheritance", mode)

    def _finding(self, proof: ProofStep, disease: str, variable: str) -> Passage:
        """Return the one finding of the last disease that falls into the class asked within."""
        passage = Passage()
        node, found = self._bound[disease], self._bound[variable]
        passage.mention(node, found)
        passage.cite(self._narrow.facts.of(node, "has_phenotype", found))
        (edge,) = (self._mined.query.edges[i] for i in proof.clues)
        fact = self._narrow.facts.of(found, "subclass_of", edge.object)
        passage.cite(fact)
        passage.mention(edge.object)
        passage.rule = passage.rule or (SUBCLASS_TRANSITIVE if len(fact.edges) > 1 else "")
        within = self._lex.class_of_findings(edge.object)
        slots = {"class": within, "d": self._name(disease), "p": self._lex.find(found)}
        slots["is"] = agree([self._lex.say(found)], "is", "are")
        passage.say(self._words.pick("finding", "sole", **slots))
        return passage

    def _rival(self, proof: ProofStep, passage: Passage) -> None:
        """Tell what the nearest rival is not recorded with, where one comes near at all."""
        if self._words.chance() >= TELL_RIVAL:
            return
        near = (r for r in proof.rivals if len(r.fails) < len(proof.clues))
        # A twin that no source maps has the disease's own name, and would read as a contradiction.
        own = {self._lex.say(curie).casefold() for curie in self._bound.values()}
        told = (r for r in near if self._lex.say(r.id).casefold() not in own)
        rival = next((r for r in told if self._tellable(r.id)), None)
        if rival is None:
            return
        missing = [self._mined.query.edges[i].object for i in rival.fails[:3]]
        lacks = self._lex.finds(missing, "or")
        passage.say(self._words.pick("rival", "one", rival=self._lex.say(rival.id), f=lacks))
        passage.mention(rival.id, *missing)

    def _tellable(self, curie: str) -> bool:
        """Whether a rival's name reads well and can only mean that disorder."""
        return not (
            "," in self._lex.say(curie)
            or self._graph.node(curie).is_group
            or self._lex.means_finding(curie)
        )

    def _name(self, variable: str) -> str:
        return self._lex.say(self._bound[variable])

    def _conclusion(self, variable: str, at: int) -> str:
        if variable == self._mined.query.target:
            return self._question.answer
        category = self._categories[variable]
        kind = "gene" if category == "Gene" else "disease"
        order = {1: "first", 2: "first", 3: "second", 4: "second"}[at]
        if at == 1 and "Disease" not in list(self._categories.values())[1:]:
            order = "only"
        name = self._name(variable)
        return self._words.conclusion(f"{order}_{kind}", d=name, g=name)
