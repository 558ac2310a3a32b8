"""The reasoning of chains: each hop of the spine is one step.

Its text says what the proof says: how many disorders fit after each clue, which one is left, what
the nearest rival lacks; it cites every statement it rests on.
"""

from dataclasses import replace
from typing import NamedTuple

from kgsynth.graph.stencil import shape_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question, clues_of, label_of
from kgsynth.questions.grammar import agree
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.relations import verb_of
from kgsynth.records import Mined, ProofStep, TraceStep
from kgsynth.seeding import derive_rng
from kgsynth.traces.facts import SUBCLASS_TRANSITIVE, Fact
from kgsynth.traces.links import SLOTS, Link, Links
from kgsynth.traces.narrow import Narrower, Passage
from kgsynth.traces.pinned import Pinner, is_pinned
from kgsynth.traces.said import Words, is_known, section
from kgsynth.verbs import reads_back
from kgsynth.vocabulary import verb_words

#: Chance that a step with clues also tells what its nearest rival lacks.
TELL_RIVAL = 0.6

_ORDER = ("first", "second", "third", "fourth", "fifth", "sixth")


def write_chain(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return the reasoning of a chain, one step for each hop; see `template.write_trace`."""
    return tuple(_ChainWriter(mined, question, graph, seed).write())


class _Hop(NamedTuple):
    """What is told of a variable, as far as the shape of the query decides it.

    Attributes:
        before: What stands before it on the spine.
        category: Its category.
        is_pinned: Whether named entities that are no findings single it out.
        has_clues: Whether findings are given of it.
        order: Which of its category it is, in the words of the templates.
    """

    before: str
    category: str
    is_pinned: bool
    has_clues: bool
    order: str


def _hops(mined: Mined) -> dict[str, _Hop]:
    spine, variables = mined.query.spine, mined.query.variables
    hops = dict[str, _Hop]()
    for at, name in enumerate(spine[1:]):
        category = next(v.category for v in variables if v.name == name)
        same = [v.name for v in variables if v.category == category]
        order = "only" if category == "Disease" and len(same) == 1 else _ORDER[same.index(name)]
        pinned, clued = is_pinned(mined, name), bool(clues_of(mined, name))
        hops[name] = _Hop(spine[at], category, pinned, clued, order)
    return hops


class _ChainWriter:
    """Writes one trace; walks the spine and keeps where it stands."""

    def __init__(self, mined: Mined, question: Question, graph: KnowledgeGraph, seed: int) -> None:
        self._mined = mined
        self._question = question
        self._graph = graph
        self._bound = mined.bound
        self._words = Words(derive_rng(seed, "traces", question.id))
        self._lex = lexicon(graph)
        self._links = Links(mined, graph)
        self._narrow = Narrower(mined, graph, self._words)
        self._spine = mined.query.spine
        self._target = mined.query.target
        shape, _ = shape_of(mined.query)
        self._hops = shape.once("hops", lambda one: _hops(replace(mined, query=one.query)))

    def write(self) -> list[TraceStep]:
        """Return the steps in order."""
        proofs = self._mined.steps
        return [self._step(proof, variable) for proof in proofs for variable in proof.variables]

    def _step(self, proof: ProofStep, variable: str) -> TraceStep:
        hop = self._hops[variable]
        if hop.is_pinned:
            passage = self._pinned_step(proof, variable)
        elif variable == self._spine[1]:
            passage = self._narrow.first(proof, variable)
        elif hop.has_clues and hop.category == "Disease":
            link = self._links.to(variable)
            others = bool(self._links.used(variable))
            passage = self._narrow.later(proof, link, sole=self._one_way(proof), others=others)
        elif hop.category == "GeneticInheritance":
            passage = self._mode(hop.before, variable)
        elif proof.clues and self._links.to(variable).predicate == "has_phenotype":
            passage = self._finding(proof, hop.before, variable)
        else:
            passage = self._linked(self._links.to(variable))
        if proof.rivals and hop.has_clues:
            self._rival(proof, passage)
        return passage.step(self._conclusion(variable, hop))

    def _pinned_step(self, proof: ProofStep, variable: str) -> Passage:
        """Return the step to something that named entities other than findings single out."""
        pinned = Pinner(self._mined, self._graph, self._words)
        if variable == self._spine[1]:
            return pinned.first(proof, variable)
        start = self._spine[self._spine.index(proof.variables[0]) - 1]
        link, sole = self._links.to(variable), self._one_way(proof)
        ends = self._links.ends(link) - self._links.used(variable)
        return pinned.later(proof, link, start, len(ends) if sole else 0)

    def _one_way(self, proof: ProofStep) -> bool:
        """Whether a step walks over one entity only, so that its counts are those of that one."""
        if len(proof.variables) != 2:
            return len(proof.variables) == 1
        first = self._links.to(proof.variables[0])
        return len(self._links.ends(first) - self._links.used(first.variable)) == 1

    def _linked(self, link: Link) -> Passage:
        """Return the step over a link where nothing but the graph narrows."""
        passage = Passage()
        passage.cite(self._narrow.fact(link))
        ends = [self._bound[link.before], self._bound[link.variable]]
        passage.mention(*(reversed(ends) if link.ends == "Disease" else ends))
        kind, slots, said = self._way(link), self._narrow.slots(link), section(link.key, "")
        if link.ends == "Disease" and not self._links.used(link.variable):
            kind, said = "plain", "link"
        label = label_of(self._mined) if link.variable == self._target else None
        if label is not None:
            # Where one like it led here, the label tells from the others only, not from that one.
            kind, said = "labelled", "link" if self._links.used(link.variable) else said
            slots |= {"label": self._lex.say(label), "labelled": self._label(link, label, passage)}
        # A link with sentences of its own may have none for every way it is walked.
        said = said if is_known(said, kind) else "link"
        said_so = said == "link" and kind != "labelled"
        if said_so and link.inverse and not reads_back(verb_words(link.predicate)):
            turned = verb_of(
                link.predicate, inverse=False, also=bool(self._links.used(link.variable))
            )
            kind, slots = "turned", slots | {"turned": turned}
        elif (said, kind, link.ends) == ("link", "sole", "Disease"):
            kind = "sole_disorder"  # "alone" would be read of what leads there
        passage.say(self._words.pick(said, kind, **slots))
        return passage

    def _way(self, link: Link) -> str:
        """Return what a link is to what it starts from: the sole one, or one among others."""
        is_target = link.variable == self._target
        if link.ends == "Disease":
            return "sole" if is_target else "passed"
        ends, used = self._links.ends(link), self._links.used(link.variable)
        if len(ends) == 1:
            return "sole"
        if is_target and len(ends - used) == 1:
            return "other"
        return "another" if used else "among"

    def _label(self, link: Link, label: str, passage: Passage) -> str:
        """Cite what joins the target to the entity that singles it out; return its verb."""
        (edge,) = (e for e in self._mined.query.edges if label in (e.subject, e.object))
        ends = [self._bound.get(end, end) for end in (edge.subject, edge.object)]
        passage.cite(self._narrow.facts.of(ends[0], edge.predicate, ends[1]))
        passage.mention(label)
        inverse = edge.object == link.variable
        return verb_of(edge.predicate, inverse=inverse, also=True)

    def _mode(self, disease: str, variable: str) -> Passage:
        """Return how the last disease is inherited, and that the first one is so differently."""
        passage = Passage()
        slots = {"d": self._name(disease), "m": self._name(variable)}
        kind, first = "only", self._spine[1]
        passage.mention(self._bound[disease], self._bound[variable])
        passage.cite(self._inherited(self._bound[disease], self._bound[variable]))
        modes = self._graph.neighbours(self._bound[first], "has_mode_of_inheritance")
        told = [self._lex.say(mode) for mode in (*modes, self._bound[variable])]
        alike = all(name.endswith("inheritance") for name in told)
        if first != disease and len(modes) == 1 and alike and modes[0] != self._bound[variable]:
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
        near = [r for r in proof.rivals if len(r.fails) < len(proof.clues)]
        if not near:
            return
        # A twin that no source maps has the disease's own name, and would read as a contradiction.
        own = {self._lex.folded(curie) for curie in self._bound.values()}
        told = (r for r in near if self._lex.folded(r.id) not in own)
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

    def _conclusion(self, variable: str, hop: _Hop) -> str:
        if variable == self._target:
            return self._question.answer
        name = self._name(variable)
        slots = {"there": name, SLOTS.get(hop.category, "there"): name}
        return self._words.conclusion(hop.order, hop.category, **slots)
